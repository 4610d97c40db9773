"""What lies packed in a file that is no database: the streams of a PDF and the text they print, gzip, zip (G4).

A PDF prints figures of glyphs; which letters they are says a table of the font (``ToUnicode``). Whose font a string is
set in is not followed up: it is read by each table in turn, and where it is another's, nonsense comes of it. What
cannot be read so is told: pictures, what is encrypted, and packings that nobody here makes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 64 << 20
"""What is larger, packed or unpacked, is told as not read: a file of ours is a thousandth of it."""
PDF, ZIP, GZIP, BZIP2, XZ = b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
CLOSED: Final = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF"),
    *(b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd", b"Rar!"),
)
"""How pictures begin, and archives of other kinds."""
# What a stream of a PDF may be packed with besides; pictures are no text, and are told.
OTHER_FILTERS: Final = re.compile(rb"/(LZWDecode|ASCII85Decode|ASCIIHexDecode|RunLengthDecode|DCTDecode|JPXDecode)")
STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
HEAD_BYTES: Final = 4096
"""How long before a stream its description begins, at most."""
TOKEN: Final = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|\b(?:Td|TD|Tm|ET|T\*)|['\"]", re.DOTALL)
ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
CHARACTERS: Final = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
RANGES: Final = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
HEX: Final = rb"<\s*([0-9A-Fa-f]+)\s*>"


@dataclass(slots=True)
class Unpacked:
    """What was packed in a file.

    Attributes:
        pieces: contents, as they lay before they were packed.
        texts: what a PDF prints, read by each table of letters it has.
        is_whole: False: something in it cannot be read.
    """

    pieces: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_whole: bool = True


def unpacked(path: Path) -> Unpacked:
    """Unpack a file; of one that has nothing packed in it, nothing.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        begin = file.read(1024)
    if not _is_packed(begin):
        return Unpacked(is_whole=not begin.startswith(CLOSED))
    if path.stat().st_size > MOST_BYTES:
        return Unpacked(is_whole=False)
    return _unpacked(path.read_bytes())


def _is_packed(begin: bytes) -> bool:
    return begin.startswith((ZIP, GZIP, BZIP2, XZ)) or PDF in begin


def _unpacked(content: bytes) -> Unpacked:
    try:
        if content.startswith(ZIP):
            return _of_archive(content)
        if content.startswith((GZIP, BZIP2, XZ)):
            return _and_within([_read(content)])
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        # Cut off, encrypted, packed by a newer program, or too large. zipfile says the second by RuntimeError, and a
        # way of packing that it does not know by NotImplementedError.
        return Unpacked(is_whole=False)
    return _of_pdf(content)


def _read(content: bytes) -> bytes:
    kinds = ((GZIP, gzip.open), (BZIP2, bz2.open), (XZ, lzma.open))
    opened = next(opened for begin, opened in kinds if content.startswith(begin))
    with opened(io.BytesIO(content), "rb") as file:
        return _at_most(file.read(MOST_BYTES + 1))


def _of_archive(content: bytes) -> Unpacked:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            return Unpacked(is_whole=False)
        members = [archive.read(name) for name in archive.namelist()]
        names = "\n".join(archive.namelist()).encode()
    return _and_within([names, *members])


def _at_most(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise EOFError
    return content


def _and_within(pieces: list[bytes]) -> Unpacked:
    """Look once more into what came out; an archive in an archive is not followed further."""
    whole = Unpacked(list(pieces))
    for piece in pieces:
        if PDF in piece[:1024]:
            within = _of_pdf(piece)
            whole.pieces += within.pieces
            whole.texts += within.texts
            whole.is_whole &= within.is_whole
        elif piece.startswith((ZIP, GZIP, BZIP2, XZ, *CLOSED)):
            whole.is_whole = False
    return whole


def _of_pdf(content: bytes) -> Unpacked:
    streams, is_whole = [content], b"/Encrypt" not in content
    size = 0
    for begin in STREAM.finditer(content):
        head = content[max(0, begin.start() - HEAD_BYTES) : begin.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if OTHER_FILTERS.search(head):
            is_whole = False
        elif b"/FlateDecode" in head:
            unpacker = zlib.decompressobj()
            try:
                stream = unpacker.decompress(content[begin.end() :], MOST_BYTES)
            except zlib.error:
                is_whole = False
                continue
            size += len(stream)
            if size > MOST_BYTES or not unpacker.eof:
                return Unpacked(streams[1:], is_whole=False)
            streams.append(stream)
    tables = [table for stream in streams if (table := _table(stream))]
    fonts = sum(stream.count(b"/Identity-H") for stream in streams)
    has_tables = fonts <= sum(stream.count(b"/ToUnicode") for stream in streams)
    printed = [stream for stream in streams if re.search(rb"\bT[jJ]\b", stream)]
    texts = [text for stream in printed for text in _texts(stream, tables)]
    return Unpacked(streams[1:], texts, is_whole and has_tables)


def _table(stream: bytes) -> dict[int, str]:
    """Read which letters the figures of a font's glyphs are; of another stream, none."""
    table: dict[int, str] = {}
    for part in CHARACTERS.findall(stream):
        for code, letters in re.findall(HEX + rb"\s*" + HEX, part):
            table[int(code, 16)] = _letters(letters)
    for part in RANGES.findall(stream):
        for first, last, letters in re.findall(HEX + rb"\s*" + HEX + rb"\s*" + HEX, part):
            start, end, text = int(first, 16), int(last, 16), _letters(letters)
            if text and end - start < 1 << 16:
                table |= {start + n: text[:-1] + chr(ord(text[-1]) + n) for n in range(end - start + 1)}
        for first, _last, several in re.findall(HEX + rb"\s*" + HEX + rb"\s*\[([^\]]*)\]", part):
            table |= {int(first, 16) + n: _letters(one) for n, one in enumerate(re.findall(HEX, several))}
    return table


def _letters(figures: bytes) -> str:
    return bytes.fromhex(figures.decode("ascii").zfill(4)).decode("utf-16-be", "replace")


def _texts(stream: bytes, tables: list[dict[int, str]]) -> Iterator[str]:
    """Give what a stream prints, by each table, and as a font without one has it."""
    strings = [_string(token) for token in TOKEN.findall(stream)]
    yield "".join(" " if one is None else one.decode("latin-1") for one in strings)
    for table in tables:
        yield "".join(" " if one is None else "".join(_glyphs(one, table)) for one in strings)


def _glyphs(string: bytes, table: dict[int, str]) -> Iterator[str]:
    for place in range(0, len(string) - 1, 2):
        yield table.get(int.from_bytes(string[place : place + 2], "big"), "\ufffd")


def _string(token: bytes) -> bytes | None:
    """Give the bytes of a string; None: what stands here begins at another place of the paper."""
    if token.startswith(b"("):
        return ESCAPE.sub(_plain, token[1:-1])
    if token.startswith(b"<"):
        figures = b"".join(token[1:-1].split())
        return bytes.fromhex((figures + b"0" * (len(figures) % 2)).decode("ascii"))
    return None


def _plain(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    if code[:1].isdigit():
        return bytes([int(code, 8) & 0xFF])
    return b"" if code.endswith(b"\n") and len(code) < 3 and code != b"n" else ESCAPED.get(code, code)
