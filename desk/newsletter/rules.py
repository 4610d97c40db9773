"""Rules about the newsletter, as pure functions of values."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable

from desk.errors import InvalidInput
from desk.lines import ADDRESS
from desk.wording import plain

LONGEST_EMAIL = 254
LONGEST_NAME = 100

_LONG_NUMBER = re.compile(r"(?:[0-9][ -]?){6}")


def folded_email(typed: str) -> str:
    """Give an address as the list holds it: the same however it was typed."""
    return unicodedata.normalize("NFC", plain(typed).strip()).casefold()


def checked_email(typed: str) -> str:
    """Give an address as the list holds it, if mail can be sent to it.

    Raises:
        InvalidInput: ``newsletter_email``: ``missing`` or ``invalid``.
    """
    email = folded_email(typed)
    if not email:
        raise InvalidInput("newsletter_email", "missing")
    if len(email) > LONGEST_EMAIL or not _can_be_sent_to(email):
        raise InvalidInput("newsletter_email", "invalid")
    return email


def _can_be_sent_to(email: str) -> bool:
    user, _at, domain = email.rpartition("@")
    try:
        written = f"{user}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return False
    is_parted = all(user.split("."))
    return ADDRESS.fullmatch(written) is not None and "." in domain and is_parted


def checked_name(typed: str) -> str:
    """Give a name as text that can do nothing but be read; it may be empty.

    Raises:
        InvalidInput: ``newsletter_name``: ``too_long``, or ``number``: a CPR or card number would link the list to
            a borrower (P12).
    """
    name = " ".join(plain(typed).split())
    if len(name) > LONGEST_NAME:
        raise InvalidInput("newsletter_name", "too_long")
    if _LONG_NUMBER.search(name):
        raise InvalidInput("newsletter_name", "number")
    return name


def parted_name(name: str) -> tuple[str, str]:
    """Part a whole name into first and last name, as a proposal: the last word is the last name."""
    words = name.split()
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (name.strip(), "")


def spelled(email: str) -> str:
    """Give an address letter by letter, so that it can be read back aloud and seen across the counter."""
    user, at, domain = email.rpartition("@")
    return "\n".join(part for part in (" ".join(user), " ".join(f"{at}{domain}")) if part)


def email_of_token(token: str, pairs: Iterable[tuple[str, str]]) -> str | None:
    """Find whose token it is; None: nobody's (any more).

    Args:
        token: as it stood in a link or a subject.
        pairs: addresses with their tokens.
    """
    wanted = token.strip().encode("utf-8")
    return next((email for email, own in pairs if hmac.compare_digest(own.encode("ascii"), wanted)), None)
