"""MARC 21 in XML: the same rows as in ISO 2709, and nothing that XML can do beyond that."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc import MARCReader, record_to_xml

from db.models import Item, Title
from desk.errors import ImportFailed
from desk.registry import marcxml_file
from desk.registry.importing import items_file
from desk.registry.item_rows import ItemRow
from desk.registry.marc_file import MarcFile
from desk.registry.marc_record import ItemField
from desk.registry.marcxml_file import MarcXmlFile
from tests.desk.registry.files import Desk, counts, marc, skipped

SLIM = "http://www.loc.gov/MARC21/slim"
EXCHANGE = "info:lc/xmlns/marcxchange-v1"


def record(title: str = "Kongens Fald", *barcodes: str, prefix: str = "", number: str = "") -> str:
    """Word a record with an item for each barcode."""
    p = f"{prefix}:" if prefix else ""
    fields = [f'<{p}controlfield tag="001">{number}</{p}controlfield>'] if number else []
    fields += [
        f'<{p}datafield tag="{tag}" ind1="1" ind2="0"><{p}subfield code="a">{escape(text)}</{p}subfield></{p}datafield>'
        for tag, text in (("100", "Jensen, Johannes V.,"), ("245", f"{title} /"))
    ]
    fields += [
        f'<{p}datafield tag="949" ind1=" " ind2=" ">\n  <{p}subfield code="i">{barcode}</{p}subfield>'
        f'\n  <{p}subfield code="x">standard</{p}subfield></{p}datafield>'
        for barcode in barcodes
    ]
    return f"<{p}record><{p}leader>00000nam a2200000 a 4500</{p}leader>{''.join(fields)}</{p}record>\n"


def collection(*records: str, begin: str = "<collection>", end: str = "</collection>") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{begin}\n{"".join(records)}{end}\n'


def read(tmp_path: Path, content: str | bytes, **where: str) -> MarcXmlFile:
    path = tmp_path / "file.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    file = items_file(path, ItemField(**where))
    assert isinstance(file, MarcXmlFile)
    return file


def found(file: MarcXmlFile) -> list[tuple[int, str]]:
    """Record and barcode of each item, or record and code of its problem."""
    return [(row.record, row.barcode if isinstance(row, ItemRow) else row.why) for row in file.rows()]


def refused(tmp_path: Path, content: str | bytes) -> tuple[str, str]:
    """Give why a file is refused as a whole, and the line."""
    with pytest.raises(ImportFailed) as caught:
        found(read(tmp_path, content))
    return caught.value.why, caught.value.detail


@pytest.mark.parametrize(
    ("begin", "end", "prefix"),
    [
        ("<collection>", "</collection>", ""),
        (f'<collection xmlns="{SLIM}">', "</collection>", ""),
        (f'<marc:collection xmlns:marc="{SLIM}">', "</marc:collection>", "marc"),
        (f'<m:collection xmlns:m="{EXCHANGE}">', "</m:collection>", "m"),
        ("<!-- <record> --><collection>", "</collection>", ""),
    ],
)
def test_records_are_read_with_and_without_a_namespace(tmp_path: Path, begin: str, end: str, prefix: str) -> None:
    records = [record("Ærø & omegn", "510", "511", prefix=prefix), record("Bog", "512", prefix=prefix)]
    file = read(tmp_path, collection(*records, begin=begin, end=end))
    rows = [row for row in file.rows() if isinstance(row, ItemRow)]
    assert [(row.record, row.barcode, row.title) for row in rows] == [
        (1, "510", "Ærø & omegn"),
        (1, "511", "Ærø & omegn"),
        (2, "512", "Bog"),
    ]
    assert file.records == 2


def test_records_in_an_envelope_of_somebody_elses_are_found(tmp_path: Path) -> None:
    envelope = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><metadata>'
        f'<marc:record xmlns:marc="{SLIM}">{record("Bog", "510", prefix="marc")[len("<marc:record>") :]}'
        "</metadata></record></ListRecords></OAI-PMH>"
    )
    assert found(read(tmp_path, envelope)) == [(1, "510")]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_letters_are_read_as_the_file_says(tmp_path: Path, encoding: str) -> None:
    content = collection(record("Ærø", "510")).replace("UTF-8", encoding).encode(encoding)
    (row,) = read(tmp_path, content).rows()
    assert isinstance(row, ItemRow)
    assert row.title == "Ærø"


def test_a_byte_order_mark_and_blank_lines_before_it_do_not_matter(tmp_path: Path) -> None:
    assert found(read(tmp_path, b"\xef\xbb\xbf" + collection(record("Bog", "510")).encode())) == [(1, "510")]
    assert found(read(tmp_path, "\n\n" + f"<collection>{record('Bog', '510')}</collection>")) == [(1, "510")]


def test_field_and_subfields_are_as_the_library_keeps_them(tmp_path: Path) -> None:
    content = collection(record("Bog", "510").replace('"949"', '"952"').replace('"i"', '"p"'))
    assert found(read(tmp_path, content, tag="952", barcode="p")) == [(1, "510")]
    file = read(tmp_path, content)
    assert (found(file), [remark.why for remark in file.remarks]) == ([], ["no_items"])


def test_a_record_without_a_title_is_told_once_an_item_and_costs_no_other(tmp_path: Path) -> None:
    content = collection(record(" ", "510", "511"), record("Bog", "512"))
    assert found(read(tmp_path, content)) == [(1, "title"), (1, "title"), (2, "512")]


def test_what_comes_before_the_wrong_place_is_read_and_the_line_is_told(tmp_path: Path) -> None:
    content = collection(record("Bog", "510"), record("To", "511").replace("</datafield>", "</datfield>", 1))
    *rows, problem = read(tmp_path, content).rows()
    assert [row.barcode for row in rows if isinstance(row, ItemRow)] == ["510"]
    assert not isinstance(problem, ItemRow)
    assert (problem.record, problem.why, problem.detail) == (2, "not_xml", "6")


def test_a_file_that_was_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    content = collection(record("Bog", "510"), record("To", "511"))
    assert found(read(tmp_path, content[: content.index("511")])) == [(1, "510"), (2, "truncated")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<html><body>Ingen poster</body></html>", "not_marc"),
        ("<collection></collection>", "not_marc"),
        ("<record xmlns='http://www.openarchives.org/OAI/2.0/'/>", "not_marc"),
        ("<collection><record>", "truncated"),
        ("<collection>\n</record>", "not_xml"),
        ("<?xml version='1.0' encoding='klingon'?><collection/>", "not_xml"),
        ("<?xml version='1.0' encoding='shift_jis'?><collection/>", "not_xml"),
        ("<", "not_xml"),
        ("<a>" * 5000, "not_xml"),
        (b"<collection>\xff\xfe</collection>", "not_xml"),
    ],
)
def test_a_file_without_a_record_is_refused_as_a_whole(tmp_path: Path, content: str | bytes, why: str) -> None:
    assert refused(tmp_path, content)[0] == why


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE collection [<!ENTITY e0 "ha">{BOMB}]>',
        '<!DOCTYPE collection [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE collection [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        '<!DOCTYPE collection [<!ENTITY e "harmless">]>',
    ],
)
def test_entities_are_refused_before_anything_is_read(tmp_path: Path, doctype: str) -> None:
    content = collection(record("&e;", "510").replace("&amp;", "&"), begin=f"{doctype}\n<collection>")
    assert refused(tmp_path, content) == ("entities", "2")


def test_an_entity_that_another_file_would_explain_is_not_dropped_in_silence(tmp_path: Path) -> None:
    begin = '<!DOCTYPE collection SYSTEM "marc.dtd">\n<collection>'
    content = collection(record("Bog", "510"), record("R&oslash;d", "511").replace("&amp;", "&"), begin=begin)
    assert found(read(tmp_path, content)) == [(1, "510"), (2, "entities")]


def test_a_record_without_end_takes_no_memory_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marcxml_file, "LONGEST_RECORD", 10_000)
    monkeypatch.setattr(marcxml_file, "MOST_FIELDS", 100)
    long = record("x" * 20_000, "510")
    many = record("Bog", *(["511"] * 200))
    assert found(read(tmp_path, collection(long, many, record("Bog", "512")))) == [
        (1, "too_long"),
        (2, "too_long"),
        (3, "512"),
    ]


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    path, one = tmp_path / "large.xml", record("Bog " * 500, "510")
    with path.open("w") as file:
        file.write("<collection>")
        for _number in range(8_000):
            file.write(one)
        file.write("</collection>")
    size = path.stat().st_size
    assert size > 16_000_000
    tracemalloc.start()
    try:
        read_through = MarcXmlFile(path, ItemField())
        assert sum(1 for _row in read_through.rows()) == 8_000
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < size / 4
    assert read_through.total == read_through.records == 8_000


@given(st.binary(max_size=60), st.integers(0, 700))
def test_bytes_overwritten_anywhere_never_take_what_came_before(tmp_path: Path, noise: bytes, place: int) -> None:
    first = collection(record("Bog", "510"), end="")
    rest = (record("To", "511") + record("Tre", "512") + "</collection>").encode()
    place = min(place, len(rest))
    rows = found(read(tmp_path, first.encode() + rest[:place] + noise + rest[place + len(noise) :]))
    assert rows[0] == (1, "510")


@given(st.binary(max_size=200))
def test_any_bytes_that_begin_as_xml_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    why = ""
    try:
        found(read(tmp_path, b"<" + content))
    except ImportFailed as failed:
        why = failed.why
    assert why in {"", "not_marc", "not_xml", "truncated", "entities"}


# The two kinds of file beside each other.


def rows_of_store(desk: Desk) -> list[tuple[object, ...]]:
    return desk.house.rows(
        Item.select(
            Item.barcode, Item.material_group, Item.branch, Title.title, Title.author, Title.year, Title.source_key
        )
        .join(Title, on=(Item.title == Title.id))
        .order_by(Item.barcode)
    )


def as_xml(path: Path, most: int) -> Iterator[bytes]:
    """Turn the first records of a file into MARCXML, by pymarc, which has no types here."""
    to_xml: Any = record_to_xml
    with path.open("rb") as file:
        for number, one in enumerate(MARCReader(file, to_unicode=True, force_utf8=False)):
            if number == most:
                return
            assert one is not None
            made: bytes = to_xml(one, namespace=True)
            yield made


async def test_real_records_give_the_same_rows_from_xml_as_from_iso_2709(
    desk: Desk, shared: Path, tmp_path: Path
) -> None:
    source, most = shared / "data" / "marc21-music-1000.mrc", 300
    xml = b"<collection>" + b"".join(as_xml(source, most)) + b"</collection>"
    iso = b"\x1d".join(source.read_bytes().split(b"\x1d")[:most]) + b"\x1d"
    from_iso = await desk.raw_items(iso, "music.mrc")
    there = rows_of_store(desk)
    again = await desk.raw_items(xml, "music.xml")
    assert (again.read, again.added, again.updated) == (from_iso.read, 0, from_iso.added)
    assert rows_of_store(desk) == there
    assert len(there) > 300
    assert (again.records, len(again.skipped), again.notes) == (
        from_iso.records,
        len(from_iso.skipped),
        from_iso.notes,
    )


def test_real_records_are_the_same_item_by_item(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "marc21-music-1000.mrc"
    path = tmp_path / "all.xml"
    path.write_bytes(b"<collection>" + b"".join(as_xml(source, 1000)) + b"</collection>")
    iso, xml = MarcFile(source, ItemField()), MarcXmlFile(path, ItemField())
    assert list(xml.rows()) == list(iso.rows())
    assert (xml.records, xml.remarks) == (iso.records, iso.remarks)


async def test_what_came_before_the_wrong_place_is_in_the_store(desk: Desk) -> None:
    content = collection(record("Bog", "510"), "<record><leader></record>", record("To", "511"))
    report = await desk.raw_items(content.encode(), "items.xml")
    assert counts(report) == (2, 1, 0, 1)
    assert skipped(report) == [(2, "not_xml")]
    assert [row[0] for row in rows_of_store(desk)] == ["510"]


async def test_a_file_that_is_refused_as_a_whole_changes_nothing(desk: Desk) -> None:
    with pytest.raises(ImportFailed):
        await desk.raw_items(
            collection(record(), begin='<!DOCTYPE c [<!ENTITY e "x">]><c>', end="</c>").encode(), "i.xml"
        )
    assert rows_of_store(desk) == []


async def test_the_file_is_told_by_what_is_in_it_not_by_its_name(desk: Desk) -> None:
    assert counts(await desk.raw_items(collection(record("Bog", "510")).encode(), "items.csv")) == (1, 1, 0, 0)
    assert counts(await desk.raw_items(marc("To", "511"), "items.xml")) == (1, 1, 0, 0)
    assert counts(await desk.raw_items(b"barcode;title\n512;Tre", "items.mrx")) == (1, 1, 0, 0)
