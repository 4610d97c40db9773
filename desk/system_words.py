"""What the operating system says went wrong, in our own words: its own are English whatever language is on."""

from __future__ import annotations

import errno
import os
import re

from desk.texts import N_, _

# The beginning of no sentence: each stands behind «cannot be read:» or the like.
WORDS = {
    errno.ENOENT: N_("the file or its folder is not there"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.EISDIR: N_("the path is a folder"),
    errno.EACCES: N_("this user lacks the right to it"),
    errno.EPERM: N_("this user lacks the right to it"),
    errno.EEXIST: N_("the name is taken"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.EFBIG: N_("the file is too large"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EXDEV: N_("the folders lie on different disks"),
    errno.EIO: N_("the disk reports a fault"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("the path is a link to itself"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
    errno.EBUSY: N_("another program uses the file"),
    errno.ETXTBSY: N_("another program uses the file"),
    errno.ECONNREFUSED: N_("nothing answers there"),
    errno.ETIMEDOUT: N_("nothing answers there"),
    errno.ENETUNREACH: N_("nothing answers there"),
    errno.EHOSTUNREACH: N_("nothing answers there"),
}
# What the drivers and the TOML reader say, by a part of it; the first that fits.
SAID = (
    ("certificate", N_("the server's certificate is not to be trusted")),
    ("does not support ssl", N_("the server does not encrypt the line")),
    ("password authentication failed", N_("the server refuses the user or the password")),
    ("no password supplied", N_("the server refuses the user or the password")),
    ("no pg_hba.conf entry", N_("the server lets this machine or user not in")),
    ("too many", N_("the server has all the connections it takes")),
    ("starting up", N_("the server is starting or stopping")),
    ("shutting down", N_("the server is starting or stopping")),
    ("administrator command", N_("the server is starting or stopping")),
    ("connection refused", N_("nothing answers there")),
    ("timeout", N_("nothing answers there")),
    ("timed out", N_("nothing answers there")),
    ("resolve host", N_("there is no server of that name")),
    ("translate host name", N_("there is no server of that name")),
    ("closed the connection", N_("the line to the server broke")),
    ("connection is lost", N_("the line to the server broke")),
    ("database", N_("there is no database of that name")),
    ("role", N_("the server refuses the user or the password")),
    ("no such table", N_("a table is missing")),
    ("no such column", N_("a column is missing")),
    ("relation", N_("a table is missing")),
    ("column", N_("a column is missing")),
)
_PLACE = re.compile(r"at line (\d+), column (\d+)")
_NUMBERS = {os.strerror(number): number for number in errno.errorcode}


def system_words(error: OSError | ValueError | str) -> str:
    """Say why the system would not.

    Args:
        error: what was raised; a ValueError is a name with a null character in it. Or the system's own words, where
            only those have come so far: any others are given back as they are.
    """
    if isinstance(error, str):
        return _of_number(_NUMBERS[error]) if error in _NUMBERS else error
    if isinstance(error, OSError):
        return _of_number(error.errno or 0)
    return _("the name cannot be used")


def driver_words(said: str) -> str:
    """Say in our own words what a database's driver says; what is not known is given back as it is."""
    folded = said.casefold()
    is_drivers = any(mark in folded for mark in ("connection", "fatal", "no such", "does not exist", "timeout"))
    for part, words in SAID if is_drivers else ():
        if part in folded:
            return _(words)
    return said


def toml_words(error: ValueError) -> str:
    """Say where a file is no TOML; the reader's own words are English, and about its grammar."""
    place = _PLACE.search(str(error))
    if place is None:
        return _("it ends in the middle of something")
    return _("line {line}, character {column} is not TOML").format(line=place[1], column=place[2])


def _of_number(number: int) -> str:
    return _(WORDS[number]) if number in WORDS else _("error {number} of the system").format(number=number)
