"""MARC 21 as library systems give it away."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import ImportFailed
from desk.registry.item_rows import ItemRow
from desk.registry.marc_file import MarcFile
from desk.registry.marc_record import ItemField
from tests.desk.registry.files import marc

GOOD = marc("Kongens Fald", "5100000085", "5100000093", number="28847238")


def read(tmp_path: Path, content: bytes, **where: str) -> MarcFile:
    path = tmp_path / "file.mrc"
    path.write_bytes(content)
    return MarcFile(path, ItemField(**where))


def found(file: MarcFile) -> list[tuple[int, str]]:
    """Record and barcode of each item, or record and code of its problem."""
    return [(row.record, row.barcode if isinstance(row, ItemRow) else row.why) for row in file.rows()]


def only(file: MarcFile) -> ItemRow:
    (row,) = file.rows()
    assert isinstance(row, ItemRow)
    return row


def test_a_record_gives_an_item_for_each_field(tmp_path: Path) -> None:
    assert found(read(tmp_path, GOOD)) == [(1, "5100000085"), (1, "5100000093")]


def test_title_author_and_year_are_read_without_the_cataloguers_marks(tmp_path: Path) -> None:
    row = only(read(tmp_path, marc("Kongens Fald", "510", material="SCORE")))
    assert (row.title, row.author, row.year, row.material_group) == (
        "Kongens Fald",
        "Jensen, Johannes V.",
        1901,
        "SCORE",
    )


def test_a_title_is_found_again_by_its_number_or_by_its_words(tmp_path: Path) -> None:
    assert only(read(tmp_path, marc("Kongens Fald", "510", number="28847238"))).source_key == "id::28847238"
    assert only(read(tmp_path, marc("Kongens Fald", "510"))).source_key == "title:kongens fald|jensen, johannes v."


def test_field_and_subfields_are_as_the_library_keeps_them(tmp_path: Path) -> None:
    content = marc("Kongens Fald", "510", tag="952")
    assert found(read(tmp_path, content, tag="952")) == [(1, "510")]
    assert found(read(tmp_path, content, tag="952", barcode="p")) == [(1, "barcode")]


def test_a_record_without_items_is_remarked_on(tmp_path: Path) -> None:
    file = read(tmp_path, marc("Uden eksemplarer") + GOOD)
    assert [record for record, _barcode in found(file)] == [2, 2]
    assert [(remark.record, remark.why) for remark in file.remarks] == [(1, "no_items")]


def test_a_record_without_a_title_is_told_once_an_item(tmp_path: Path) -> None:
    assert found(read(tmp_path, marc(" ", "510", "511"))) == [(1, "title"), (1, "title")]


def test_a_file_that_was_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    assert found(read(tmp_path, GOOD + GOOD[:-40])) == [(1, "5100000085"), (1, "5100000093"), (2, "truncated")]


@pytest.mark.parametrize("padding", [b"\n", b"\r\n", b"\x1a", b"\x00\x00"])
def test_what_other_programs_put_between_records_is_passed_over(tmp_path: Path, padding: bytes) -> None:
    assert [record for record, _barcode in found(read(tmp_path, GOOD + padding + GOOD + padding))] == [1, 1, 2, 2]


def test_a_damaged_record_costs_no_other(tmp_path: Path) -> None:
    damaged = b"00009" + GOOD[5:]
    misdirected = GOOD[:12] + b"99999" + GOOD[17:]
    content = damaged + GOOD + misdirected + GOOD
    assert found(read(tmp_path, content)) == [
        (1, "damaged"),
        *[(2, "5100000085"), (2, "5100000093")],
        (3, "damaged"),
        *[(4, "5100000085"), (4, "5100000093")],
    ]


def test_letters_are_read_as_utf_8_also_where_the_record_does_not_say_so(tmp_path: Path) -> None:
    content = marc("Ærø", "510")
    silent = content[:9] + b" " + content[10:]
    assert only(read(tmp_path, content)).title == "Ærø"
    assert only(read(tmp_path, silent)).title == "Ærø"


def test_letters_are_read_as_marc_8(tmp_path: Path) -> None:
    content = marc("Axrx", "510").replace(b"Axrx", b"\xa5r\xb2x")
    assert only(read(tmp_path, content[:9] + b" " + content[10:])).title == "Ærøx"


@pytest.mark.parametrize("says", [b"a", b" "])
def test_letters_that_are_none_are_told(tmp_path: Path, says: bytes) -> None:
    content = marc("Axrx", "510").replace(b"Axrx", b"A\xffr\x9f")
    assert found(read(tmp_path, content[:9] + says + content[10:] + GOOD))[0] == (1, "encoding")


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "empty"), (b"\r\n", "empty"), (b"barcode;title\n1;Bog", "not_marc")]
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(ImportFailed) as refused:
        read(tmp_path, content)
    assert refused.value.why == why


def test_the_thousand_records_of_a_music_library_are_read(shared: Path) -> None:
    file = MarcFile(shared / "data" / "marc21-music-1000.mrc", ItemField())
    rows = list(file.rows())
    assert all(isinstance(row, ItemRow) for row in rows)
    assert (file.records, len(rows), len(file.remarks)) == (1000, 1238, 17)


@given(st.binary(min_size=1, max_size=200), st.integers(0, len(GOOD) - 1))
def test_bytes_overwritten_anywhere_never_stop_the_rest(tmp_path: Path, noise: bytes, place: int) -> None:
    broken = GOOD[:place] + noise + GOOD[place + len(noise) :]
    rows = found(read(tmp_path, GOOD + broken + b"\x1d" + GOOD))
    assert [what for _record, what in rows[:2]] == ["5100000085", "5100000093"]
    assert [what for _record, what in rows[-2:]] == ["5100000085", "5100000093"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    why = ""
    try:
        found(read(tmp_path, content))
    except ImportFailed as refused:
        why = refused.why
    assert why in {"", "empty", "not_marc"}
