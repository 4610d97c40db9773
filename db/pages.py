"""SQLCipher files as they lie: every page decrypted and checked, free ones, slack and frames of the log included (G4).

SQL shows only what is not deleted, so the proof of an erasure does not ask it. Read in a program of its own
(:mod:`db.scanner`): closing a file that SQLite has open in the same program drops SQLite's locks.

The layout is SQLCipher 4's: a page of 4096 bytes ends in 16 of IV and 64 of HMAC-SHA-512 over what lies before it and
the page number; the first one begins with 16 bytes of salt. A log has a header of 32 bytes; each frame has one of 24.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE: Final = 4096
USABLE: Final = PAGE - 80
IV: Final = 16
SALT: Final = 16
LOG_HEADER: Final = 32
FRAME_HEADER: Final = 24
MAGIC: Final = b"SQLite format 3\0"
# Another program may be writing the very page: what does not fit its seal is read again.
TRIES: Final = 5
PAUSE_SECONDS: Final = 0.02


class PageUnreadable(Exception):
    """A page does not fit its seal: another key, or a damaged file. ``number`` counts from 1."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(f"{path}: page {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Image:
    """A page as it lies somewhere.

    Attributes:
        number: of the page, from 1.
        content: decrypted, ``USABLE`` bytes; the first page with the usual words in place of the salt.
        is_current: this is what the page holds now; else an older image of it, in the file or in the log.
    """

    number: int
    content: bytes = field(repr=False)
    is_current: bool = True


class PageKey:
    """The keys of one file: the raw one it is opened with, and the one its seals are made with."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        turned = bytes(byte ^ 0x3A for byte in salt)
        self._seal_key = hashlib.pbkdf2_hmac("sha512", key, turned, 2, 32)

    def opened(self, stored: bytes, number: int) -> bytes | None:
        """Decrypt a page that fits its seal; None: it does not. A page of nothing but zeros was never written."""
        if not any(stored):
            return bytes(USABLE)
        start = SALT if number == 1 else 0
        sealed = stored[start : USABLE + IV]
        seal = hmac.digest(self._seal_key, sealed + number.to_bytes(4, "little"), "sha512")
        if seal != stored[USABLE + IV :]:
            return None
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(stored[USABLE : USABLE + IV])).decryptor()
        content = decryptor.update(stored[start:USABLE]) + decryptor.finalize()
        return MAGIC + content if number == 1 else content


def key_that_opens(path: Path, keys: list[bytes]) -> PageKey | None:
    """Find the key of a file that may be a database of ours; None: it is none, or somebody else's."""
    with path.open("rb") as file:
        first = file.read(PAGE)
    if len(first) < PAGE:
        return None
    for raw in keys:
        key = PageKey(raw, first[:SALT])
        if any(first) and key.opened(first, 1) is not None:
            return key
    return None


class PageFile:
    """A database file and its write-ahead log."""

    def __init__(self, path: Path, key: PageKey) -> None:
        self._path = path
        self._key = key
        self._log = path.with_name(f"{path.name}-wal")
        self._current = self._current_frames()

    @property
    def count(self) -> int:
        """How many pages there are to look at, in the file and in the log."""
        in_log = max(0, self._log_size() - LOG_HEADER) // (FRAME_HEADER + PAGE)
        return self._path.stat().st_size // PAGE + in_log

    def images(self) -> Iterator[Image]:
        """Give every page of the file, then every frame of the log.

        Raises:
            PageUnreadable: a page of the file cannot be read.
        """
        with self._path.open("rb") as file:
            number = 0
            while stored := file.read(PAGE):
                number += 1
                if len(stored) == PAGE:
                    yield Image(number, self._content(stored, number), number not in self._current)
        for place, (number, stored) in self._frames():
            content = self._key.opened(stored, number)
            if content is not None:
                yield Image(number, content, self._current.get(number) == place)

    def page(self, number: int) -> bytes:
        """Give what a page holds now."""
        place = self._current.get(number)
        with (self._path if place is None else self._log).open("rb") as file:
            file.seek((number - 1) * PAGE if place is None else place + FRAME_HEADER)
            return self._content(file.read(PAGE), number)

    def _content(self, stored: bytes, number: int) -> bytes:
        content = self._key.opened(stored, number) if len(stored) == PAGE else None
        for _try in range(TRIES):
            if content is not None:
                return content
            time.sleep(PAUSE_SECONDS)
            with self._path.open("rb") as file:
                file.seek((number - 1) * PAGE)
                again = file.read(PAGE)
            content = self._key.opened(again, number) if len(again) == PAGE else None
        raise PageUnreadable(self._path, number)

    def _log_size(self) -> int:
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def _frames(self) -> Iterator[tuple[int, tuple[int, bytes]]]:
        """Give every frame that lies in the log: its place, its page number and the page, of old rounds as well."""
        if self._log_size() <= LOG_HEADER:
            return
        with self._log.open("rb") as file:
            place = LOG_HEADER
            file.seek(place)
            while len(stored := file.read(FRAME_HEADER + PAGE)) == FRAME_HEADER + PAGE:
                yield place, (int.from_bytes(stored[:4], "big"), stored[FRAME_HEADER:])
                place += FRAME_HEADER + PAGE

    def _current_frames(self) -> dict[int, int]:
        """Give page → place of the newest committed frame; frames of an earlier round of the log do not count."""
        if self._log_size() <= LOG_HEADER:
            return {}
        committed: dict[int, int] = {}
        begun: dict[int, int] = {}
        with self._log.open("rb") as file:
            salts = file.read(LOG_HEADER)[16:24]
            place = LOG_HEADER
            while len(header := file.read(FRAME_HEADER)) == FRAME_HEADER and header[8:16] == salts:
                begun[int.from_bytes(header[:4], "big")] = place
                if int.from_bytes(header[4:8], "big"):
                    committed |= begun
                    begun = {}
                place += FRAME_HEADER + PAGE
                file.seek(place)
        return committed
