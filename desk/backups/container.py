"""A back-up as a file: a heading that says what it is, sealed, and the encrypted copy of the store behind it.

::

    skranke back-up 1⏎ │ whose (8) │ length (4) │ nonce (12) │ sealed heading │ the store's copy, encrypted page by page

The heading holds the copy's length and fingerprint, so that a file cut off or changed anywhere is told before a byte of
it is used. Both are under the installation's key ``store``; the file holds no key (see :mod:`desk.backups.key_file`).
"""

from __future__ import annotations

import hmac
import json
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from desk.errors import BackupError
from desk.system_words import system_words

MAGIC: Final = b"skranke back-up 1\n"
KIND: Final = b"skranke back-up "
_SHAPE: Final = struct.Struct(">8sI12s")
PIECE: Final = 1024 * 1024
LONGEST_HEADING: Final = 16 * 1024 * 1024

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a back-up says of itself.

    Attributes:
        made_at: aware UTC; the copy holds everything that was committed before, and maybe a little more.
        expires_on: the first local date on which the file is to be gone.
        migrations: the names of those the store had had.
        size: bytes of the copy.
        fingerprint: its SHA-256, in hexadecimal.
        tombstones: how many lines the list of tombstones had.
        tombstones_head: the seal of its newest line, in hexadecimal.
        log_number: the access log's newest row when the copy was begun.
        log_seal: its seal, in hexadecimal; empty: the log was not begun.
        settings: the text of ``desk.toml``.
        templates: the library's own texts of messages, by their path below ``templates``.
    """

    made_at: datetime
    expires_on: date
    migrations: tuple[str, ...]
    size: int
    fingerprint: str
    tombstones: int
    tombstones_head: str
    log_number: int
    log_seal: str
    settings: str
    templates: Mapping[str, str]


def pack(draft: Path, body: Path, heading: Heading, key: bytes) -> None:
    """Write a back-up: the heading, then the copy. On the disk before this returns.

    Args:
        draft: where; it must not be there.
        body: the copy of the store.
        heading: with the copy's length and fingerprint.
        key: the installation's key of the store.

    Raises:
        OSError: it cannot be written.
    """
    nonce = os.urandom(12)
    sealed = _cipher(key).encrypt(nonce, _as_json(heading), MAGIC)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file, body.open("rb") as copy:
        file.write(MAGIC + _SHAPE.pack(_whose(key), len(sealed), nonce) + sealed)
        while piece := copy.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def fingerprint_of(path: Path) -> str:
    """Give a file's SHA-256, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def heading_of(path: Path, key: bytes) -> Heading:
    """Read what a back-up says of itself.

    Raises:
        BackupError: ``missing``, ``unreadable``, ``not_a_backup``, ``truncated``, ``newer`` (another version's),
            ``other_key``, or ``damaged``.
    """
    with _opened(path) as file:
        return _heading(path, file, key)


def unpack(path: Path, key: bytes, target: Path, progress: Progress) -> Heading:
    """Write a back-up's copy of the store into a file, on the disk before this returns.

    Args:
        path: the back-up.
        key: the installation's key of the store.
        target: a file that is not there. When this raises, what lies there is no store.
        progress: told bytes written of bytes to be written.

    Raises:
        BackupError: as :func:`heading_of`; the whole file is looked at.
        OSError: the target cannot be written.
    """
    with _opened(path) as file:
        heading = _heading(path, file, key)
        found, done = sha256(), 0
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as copy:
            while piece := _read(path, file, PIECE):
                found.update(piece)
                done += len(piece)
                copy.write(piece)
                progress(min(done, heading.size), heading.size)
            copy.flush()
            os.fsync(copy.fileno())
    if done < heading.size:
        raise BackupError(str(path), "truncated")
    if done > heading.size or found.hexdigest() != heading.fingerprint:
        raise BackupError(str(path), "damaged")
    return heading


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise BackupError(str(path), "missing") from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a null character in it.
        raise BackupError(str(path), "unreadable", system_words(error)) from None


def _read(path: Path, file: IO[bytes], many: int) -> bytes:
    try:
        return file.read(many)
    except OSError as error:
        raise BackupError(str(path), "unreadable", system_words(error)) from None


def _heading(path: Path, file: IO[bytes], key: bytes) -> Heading:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (30 ms that no start waits for)

    magic = _read(path, file, len(MAGIC))
    if magic != MAGIC:
        if magic.startswith(KIND) and len(magic) == len(MAGIC):
            raise BackupError(str(path), "newer")
        # What is cut off within its first words is a beginning of ours.
        raise BackupError(str(path), "truncated" if magic and MAGIC.startswith(magic) else "not_a_backup")
    beginning = _read(path, file, _SHAPE.size)
    if len(beginning) < _SHAPE.size:
        raise BackupError(str(path), "truncated")
    whose, length, nonce = _SHAPE.unpack(beginning)
    if whose != _whose(key):
        raise BackupError(str(path), "other_key")
    if length > LONGEST_HEADING:
        raise BackupError(str(path), "damaged")
    sealed = _read(path, file, length)
    if len(sealed) < length:
        raise BackupError(str(path), "truncated")
    try:
        return _from_json(_cipher(key).decrypt(nonce, sealed, MAGIC))
    except InvalidTag:
        raise BackupError(str(path), "damaged") from None


def _whose(key: bytes) -> bytes:
    """Give what a key is known by, and cannot be worked out from."""
    return hmac.digest(key, b"skranke back-up: whose", "sha256")[:8]


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (as above)

    return AESGCM(hmac.digest(key, b"skranke back-up: heading", "sha256"))


def _as_json(heading: Heading) -> bytes:
    content = asdict(heading) | {
        "made_at": heading.made_at.isoformat(),
        "expires_on": heading.expires_on.isoformat(),
    }
    return json.dumps(content).encode()


def _from_json(content: bytes) -> Heading:
    read = json.loads(content)
    read["made_at"] = datetime.fromisoformat(read["made_at"])
    read["expires_on"] = date.fromisoformat(read["expires_on"])
    read["migrations"] = tuple(read["migrations"])
    return Heading(**read)
