"""CSV as other systems and people write it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import ImportFailed
from desk.registry.csv_file import CsvFile, CsvRow


def read(tmp_path: Path, content: bytes) -> CsvFile:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return CsvFile(path, required=("barcode", "title"), known=("barcode", "title", "author"))


def lines(file: CsvFile) -> list[tuple[int, object]]:
    """Line and cells of each row, or line and code of its problem."""
    return [(row.line, row.cells["title"]) if isinstance(row, CsvRow) else (row.record, row.why) for row in file.rows()]


@pytest.mark.parametrize(
    "content",
    [
        "barcode;title\n1;Ærø\n".encode(),
        "\ufeffbarcode;title\n1;Ærø\n".encode(),
        "barcode;title\n1;Ærø\n".encode("iso-8859-1"),
        "barcode,title\r\n1,Ærø\r\n".encode(),
        "barcode,title\r1,Ærø".encode(),
        ' Barcode ; TITLE \n1;"Ærø"\n'.encode(),
    ],
    ids=["utf-8", "with a BOM", "iso-8859-1", "commas", "old Mac", "blanks and quotes"],
)
def test_a_file_is_read_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    assert lines(read(tmp_path, content)) == [(2, "Ærø")]


def test_rows_are_known_by_the_line_they_begin_on(tmp_path: Path) -> None:
    content = b'barcode;title\n1;"Et\nto"\n\n;;\n2;Tre\n'
    assert lines(read(tmp_path, content)) == [(2, "Et\nto"), (6, "Tre")]


def test_a_row_with_broken_letters_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    content = b"barcode;title\n1;\xc3\x86r\xc3\xb8\n2;\xc6r\xf8\n3;Fan\xc3\xb8\n"
    assert lines(read(tmp_path, content)) == [(2, "Ærø"), (3, "encoding"), (4, "Fanø")]


def test_control_bytes_are_no_letters_in_iso_8859_1_either(tmp_path: Path) -> None:
    assert lines(read(tmp_path, b"barcode;title\n1;\xc6r\xf8\n2;\x93Fan\xf8\x94\n")) == [(2, "Ærø"), (3, "encoding")]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    rest = b"".join(b"%d;Bog\n" % number for number in range(2, 60))
    found = lines(read(tmp_path, b'barcode;title\n1;"Bog\n' + rest))
    assert found[0] == (2, "quotes")
    assert found[1:] == [(line, "Bog") for line in range(3, 61)]


def test_inches_are_no_quotation_marks(tmp_path: Path) -> None:
    assert lines(read(tmp_path, b'barcode;title\n1;12" plade\n2;Bog\n')) == [(2, '12" plade'), (3, "Bog")]


def test_a_row_with_too_few_or_too_many_cells_is_told(tmp_path: Path) -> None:
    content = b"barcode;title\n1\n2;Bog;mere\n3;Bog;;\n4;Bog\n"
    assert lines(read(tmp_path, content)) == [(2, "cells"), (3, "cells"), (4, "Bog"), (5, "Bog")]


def test_an_unknown_column_is_remarked_on_and_left_out(tmp_path: Path) -> None:
    file = read(tmp_path, b"barcode;prise;title\n1;249,95;Bog\n")
    assert [(remark.why, remark.detail) for remark in file.remarks] == [("column", "prise")]
    assert lines(file) == [(2, "Bog")]


@pytest.mark.parametrize(
    ("content", "why", "detail"),
    [
        (b"", "empty", ""),
        (b"\n\n", "empty", ""),
        (b"title;author\nBog;Ib\n", "columns", "barcode"),
        (b"1;Bog\n2;Bog\n", "columns", "barcode, title"),
        (b"barcode;title;title\n", "column_twice", "title"),
        ("barcode;title\n".encode("utf-16"), "encoding", ""),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: bytes, why: str, detail: str) -> None:
    with pytest.raises(ImportFailed) as refused:
        read(tmp_path, content)
    assert (refused.value.why, refused.value.detail) == (why, detail)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "nothing.csv", "missing"), (tmp_path, "folder")):
        with pytest.raises(ImportFailed) as refused:
            CsvFile(path, required=(), known=())
        assert refused.value.why == why


@given(st.binary(max_size=400))
def test_any_bytes_below_a_header_are_read_or_told(tmp_path: Path, content: bytes) -> None:
    file = read(tmp_path, b"barcode;title\n" + content + b"\n9;Den sidste\n")
    found = lines(file)
    assert all(line >= 2 for line, _what in found)
    # Whatever stands above it, the last row is read: only an open quotation mark could have swallowed it.
    if b'"' not in content:
        assert found[-1][1] == "Den sidste"


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    why = ""
    try:
        lines(read(tmp_path, content))
    except ImportFailed as refused:
        why = refused.why
    assert why in {"", "empty", "columns", "column_twice", "encoding"}
