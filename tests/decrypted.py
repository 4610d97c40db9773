"""SQLCipher files decrypted as they lie: every page, free ones and slack included, and every frame of the log.

Written from SQLCipher's documented layout, not with its library: SQL would show only what is not deleted.
A page of 4096 bytes ends in 80 reserved ones: 16 of its own IV, 64 of HMAC. The first page begins with 16 of salt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
IV = 16
SALT = 16
LOG_HEADER = 32
FRAME_HEADER = 24


def page_of(stored: bytes, key: bytes, *, is_first: bool) -> bytes:
    """Decrypt one page as it lies in a file.

    Args:
        stored: 4096 bytes.
        key: the raw key.
        is_first: page 1, which begins with the salt.
    """
    start = SALT if is_first else 0
    iv = stored[PAGE - RESERVED : PAGE - RESERVED + IV]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(stored[start : PAGE - RESERVED]) + decryptor.finalize()


def pages_of(path: Path, key: bytes) -> Iterator[bytes]:
    """Decrypt every page of a database file."""
    content = path.read_bytes()
    for start in range(0, len(content) - PAGE + 1, PAGE):
        yield page_of(content[start : start + PAGE], key, is_first=start == 0)


def frames_of(log: Path, key: bytes) -> Iterator[bytes]:
    """Decrypt every frame of a write-ahead log, old ones that a checkpoint left behind included."""
    content = log.read_bytes()
    size = FRAME_HEADER + PAGE
    for start in range(LOG_HEADER, len(content) - size + 1, size):
        number = int.from_bytes(content[start : start + 4], "big")
        stored = content[start + FRAME_HEADER : start + size]
        yield page_of(stored, key, is_first=number == 1)


def found_in_database(path: Path, key: bytes, strings: Iterable[str]) -> set[str]:
    """Tell which strings lie in a database or its log, decrypted."""
    wanted = {text: text.encode() for text in strings}
    log = path.with_name(f"{path.name}-wal")
    found: set[str] = set()
    for page in (*pages_of(path, key), *(frames_of(log, key) if log.exists() else ())):
        found |= {text for text, stored in wanted.items() if stored in page}
    return found


def found_in_files(folder: Path, strings: Iterable[str]) -> dict[str, set[str]]:
    """Tell which strings lie open in the files below a folder: file → strings."""
    wanted = {text: text.encode() for text in strings}
    found: dict[str, set[str]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        hits = {text for text, stored in wanted.items() if stored in content}
        if hits:
            found[str(path.relative_to(folder))] = hits
    return found
