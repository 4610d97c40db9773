"""Asking whoever runs a command: what was not given, and passwords, which are never arguments."""

from __future__ import annotations

import sys

from desk.errors import InvalidInput
from desk.staff.passwords import is_pin
from desk.texts import _


def somebody_is_there() -> bool:
    """Tell whether there is a terminal to ask at."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """Ask for a line of text; a program that hands one over is not asked."""
    if somebody_is_there():
        sys.stderr.write(f"{question}: ")
        sys.stderr.flush()
    return sys.stdin.readline().strip()


def password(*, from_stdin: bool) -> str:
    """Get a password that is somebody's already: the first line of standard input, or asked for once."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass  # noqa: PLC0415  (only at a terminal)

    return getpass(_("Password") + ": ")


def new_password(*, from_stdin: bool) -> str:
    """Get a new password: the first line of standard input, or asked for twice.

    Raises:
        InvalidInput: it is empty, or the second differs from the first.
    """
    return _secret(_("Password"), "password", from_stdin=from_stdin)


def passphrase(*, from_stdin: bool) -> str:
    """Get a passphrase that a file has already: the first line of standard input, or asked for once."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass  # noqa: PLC0415  (only at a terminal)

    return getpass(_("Passphrase") + ": ")


def new_passphrase(*, from_stdin: bool) -> str:
    """Get a new passphrase: the first line of standard input, or asked for twice.

    Raises:
        InvalidInput: it is empty, or the second differs from the first.
    """
    return _secret(_("Passphrase"), "passphrase", from_stdin=from_stdin)


def new_pin(*, from_stdin: bool) -> str:
    """Get a new PIN: the next line of standard input, or asked for twice.

    Raises:
        InvalidInput: it is not 4 to 8 figures, or the second differs from the first.
    """
    pin = _secret(_("PIN"), "pin", from_stdin=from_stdin)
    if not is_pin(pin):
        raise InvalidInput("pin", "invalid")
    return pin


def person_number(*, from_stdin: bool) -> str:
    """Get a staff number, which is personal: the next line of standard input, or asked for; empty: there is none."""
    if from_stdin:
        return sys.stdin.readline().strip()
    from getpass import getpass  # noqa: PLC0415  (only at a terminal)

    return getpass(_("Staff number (empty: none)") + ": ").strip()


def _secret(what: str, field: str, *, from_stdin: bool) -> str:
    if from_stdin:
        secret = sys.stdin.readline().rstrip("\r\n")
    else:
        from getpass import getpass  # noqa: PLC0415  (only at a terminal)

        secret = getpass(f"{what}: ")
        again = _("{what}, once more").format(what=what)
        if getpass(f"{again}: ") != secret:
            raise InvalidInput(field, "differs")
    if not secret:
        raise InvalidInput(field, "missing")
    return secret
