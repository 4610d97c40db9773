"""What a MARC record says of its items, whatever file it came in: a title, and a field for each item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.registry.cells import BadCell, code, text, title_key, year
from desk.registry.item_rows import ItemRow
from desk.registry.report import Problem

if TYPE_CHECKING:
    from pymarc import Field, Record

# A title in the record ends in what the next element begins with on a catalogue card.
_CARD_MARKS = re.compile(r"[\s/:;=,]+$")


@dataclass(frozen=True, slots=True)
class ItemField:
    """Where a library keeps its items in a record: the field, and in it barcode and material type."""

    tag: str = "949"
    barcode: str = "i"
    material: str = "x"


# What an item's row of a MARC file says; what it does not say stays as it is when an item is updated.
COLUMNS = frozenset({"author", "year", "material_group"})


def items_in(record: Record, number: int, where: ItemField, remarks: list[Problem]) -> Iterator[ItemRow | Problem]:
    """Give a record's items, and a problem for each that cannot be read.

    Args:
        record: taken apart already.
        number: of the record in its file, from 1.
        where: the library keeps its items.
        remarks: takes the remark that there are none.
    """
    fields = record.get_fields(where.tag)
    if not fields:
        remarks.append(Problem(number, "no_items", where.tag))
        return
    try:
        title, author = _title(record), _author(record)
    except BadCell as bad:
        yield from (Problem(number, bad.why) for _field in fields)
        return
    key = _key(record, title, author)
    for field in fields:
        try:
            yield ItemRow(
                record=number,
                barcode=code(_subfield(field, where.barcode), "barcode"),
                title=title,
                author=author,
                year=_year(record),
                source_key=key,
                material_group=text(_subfield(field, where.material), longest=100),
            )
        except BadCell as bad:
            yield Problem(number, bad.why)


def _subfield(field: Field, name: str) -> str:
    """Give a subfield's text, empty when there is none (or when it is a control field, which has none)."""
    return "" if field.control_field else field.get(name, "") or ""


def _title(record: Record) -> str:
    found = record.get("245")
    if found is None or found.control_field:
        raise BadCell("title")
    words = " ".join(part.value for part in found.subfields if part.code in {"a", "b", "n", "p"})
    title = _CARD_MARKS.sub("", text(words))
    if not title:
        raise BadCell("title")
    return title


def _author(record: Record) -> str:
    for tag in ("100", "110", "700"):
        for found in record.get_fields(tag):
            name = _CARD_MARKS.sub("", text(_subfield(found, "a")))
            if name:
                return name
    return ""


def _year(record: Record) -> int | None:
    for tag in ("264", "260"):
        for found in record.get_fields(tag):
            printed = year(_subfield(found, "c"))
            if printed is not None:
                return printed
    coded = record.get("008")
    return None if coded is None or not coded.data else year(coded.data[7:11])


def _key(record: Record, title: str, author: str) -> str:
    """Give the key a title is found again by: its number and whose number it is, else its words."""
    number, owner = (text((field.data or "") if (field := record.get(tag)) else "") for tag in ("001", "003"))
    return f"id:{owner}:{number}" if number else title_key(title, author)
