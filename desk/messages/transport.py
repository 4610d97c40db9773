"""What hands a message over: one interface, one implementation a channel."""

from __future__ import annotations

import ssl
from datetime import datetime
from pathlib import Path
from typing import Protocol

from desk.errors import SettingsError
from desk.messages.records import Outgoing
from desk.texts import _


class NotTaken(Exception):
    """A message was not handed over.

    Attributes:
        problem: a code, worded at the edge; nothing of whoever it was for.
        is_passing: whether the same may go well later.
        stops: whether there is no point in trying others: the server is away, or does not let us in.
        because: what a channel is left alone for after several of these, if that is not the problem itself.
    """

    def __init__(self, problem: str, *, is_passing: bool = False, stops: bool = False, because: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.because = because
        self.is_passing = is_passing or stops
        self.stops = stops


class Transport(Protocol):
    """Hands messages of one channel over, several at a time, over connections it keeps."""

    async def hand_over(self, message: Outgoing, library: str, at: datetime) -> None:
        """Hand a message over; it returns when the other side has taken it.

        Args:
            message: to whom, and what.
            library: who writes.
            at: the instant, aware UTC.

        Raises:
            NotTaken: it was not, or nobody knows.
        """

    async def close(self) -> None:
        """Take leave of the other side."""


def trusting(ca_file: str) -> ssl.SSLContext:
    """Make what verifies the other side's certificate and name.

    Args:
        ca_file: the certificates to trust, PEM; empty: the system's.

    Raises:
        SettingsError: the file cannot be read, or holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=str(Path(ca_file).expanduser()) if ca_file else None)
    except (OSError, ssl.SSLError):
        raise SettingsError(_("The certificates in {file} cannot be read.").format(file=ca_file)) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_untrusted(error: BaseException | None) -> bool:
    """Tell whether an error came from a certificate that is not to be trusted."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
