"""What is packed in a file is read: our own prints, gzip, zip. What cannot be is told, and never passed over."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from db.scanner import Sought, scan
from db.unpacking import unpacked
from desk.prints.pdf import pdf_of

NAME = "Kanarina Fjerholm-Qvist Ærø"
LETTER = Path(__file__).parents[2] / "desk" / "privacy" / "deletion" / "letter.typ"


def a_print(*lines: str) -> bytes:
    """Print something with our own program and one of our own templates."""
    content = {
        "title": "Et brev",
        "language": "da",
        "library": "Struer",
        "made": "i dag",
        "to": list(lines),
        "text": ["Kære låner " + "og så videre " * 30],
        "regards": "Hilsen",
    }
    return pdf_of(LETTER, "letter", content, datetime(2026, 3, 10, 9, tzinfo=UTC))


def zipped(content: bytes, name: str = "liste.txt") -> bytes:
    """Pack as zip."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return whole.getvalue()


def encrypted(pdf: bytes) -> bytes:
    """Let a PDF be opened by a password alone."""
    writer, whole = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf))), io.BytesIO()
    writer.encrypt("hemmelig", algorithm="AES-256")
    writer.write(whole)
    return whole.getvalue()


def places(path: Path, *strings: str) -> list[int]:
    """Say which strings the scanner finds in a file."""
    sought = Sought(tuple(text.encode() for text in strings), len(strings))
    return [one.string for one in scan([path], [bytes(32)], sought, lambda _done, _of: None).found]


def test_what_our_own_prints_say_is_found(tmp_path: Path) -> None:
    path = tmp_path / "brev"
    path.write_bytes(a_print(NAME, "Kanarieflugten 4716", "Låner 4716 4716"))
    assert NAME.encode() not in path.read_bytes()
    assert places(path, NAME, "Kanarieflugten 4716", "4716 4716", "Qvist Ærø", "Ib Hansen") == [0, 1, 2, 3]
    assert unpacked(path).is_whole


def test_a_name_that_the_paper_breaks_is_found(tmp_path: Path) -> None:
    path = tmp_path / "brev.pdf"
    path.write_bytes(a_print("Ib", "x" * 55 + " " + " ".join([NAME] * 9)))
    assert places(path, f"{NAME} {NAME} {NAME} {NAME} {NAME} {NAME}") == [0]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
def test_what_is_packed_is_found(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "gammel.log"
    path.write_bytes(pack(f"i går ringede {NAME}".encode()))
    assert places(path, NAME, "Ib Hansen") == [0]
    path.write_bytes(pack(a_print(NAME)))
    assert places(path, NAME, "Ib Hansen") == [0]
    assert unpacked(path).is_whole


def test_the_name_of_what_is_packed_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(b"intet", f"{NAME}.txt"))
    assert places(path, NAME) == [0]


@pytest.mark.parametrize(
    "content",
    [
        encrypted(a_print(NAME)),
        gzip.compress(b"x" * 9000)[:-20],
        zipped(zipped(b"x")),
        b"\x89PNG\r\n\x1a\n" + bytes(range(50)),
        b"7z\xbc\xaf\x27\x1c" + bytes(range(50)),
        a_print(NAME).replace(b"/ToUnicode", b"/ToNobody_"),
        a_print(NAME).replace(b"/FlateDecode", b"/LZWDecode  "),
    ],
    ids=["encrypted", "cut off", "zip in zip", "picture", "another kind", "no letters", "another filter"],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert not unpacked(path).is_whole
    assert scan([path], [bytes(32)], Sought((b"Fjerholm",), 1), lambda _done, _of: None).closed == 1


def test_what_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(b"x" * 5000))
    assert unpacked(path).is_whole
    monkeypatch.setattr("db.unpacking.MOST_BYTES", 4000)
    assert not unpacked(path).is_whole


@pytest.mark.parametrize(
    "content", [b"", b"ordinary", bytes(range(256)) * 12, b"{}"], ids=["empty", "text", "bytes", "json"]
)
def test_a_file_that_packs_nothing_is_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"." + content)
    assert unpacked(path).is_whole
    assert unpacked(path).pieces == []
