"""What the operating system says went wrong, in our own words: its own are English whatever language is on."""

from __future__ import annotations

import errno
import os

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


def _of_number(number: int) -> str:
    return _(WORDS[number]) if number in WORDS else _("error {number} of the system").format(number=number)
