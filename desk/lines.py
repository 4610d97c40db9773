"""Where messages go, told by the name alone: nobody is asked what a name means."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

# An address in plain ASCII: it stands in a header.
ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name alone: nobody is asked what a name means."""
    if host.casefold() == "localhost":
        return True
    from ipaddress import ip_address  # noqa: PLC0415  (only where a line is open)

    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_private_line(url: str) -> bool:
    """Tell whether nobody can listen in on a line: it is encrypted, or does not leave this machine (P11)."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises for what is no port)
    except ValueError:
        return False
    if not parts.hostname or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
