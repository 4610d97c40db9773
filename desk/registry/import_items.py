"""Titles and items from elsewhere: new ones added, known ones updated by their barcode (at most 200 a command)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import Field, fn

from db.bulk import by_name, folded, insert_many, update_many
from db.models import Branch, Card, Item, MaterialGroup, Staff, Title
from desk.catalogue.title_words import write_title_words
from desk.command import Command, carries_out
from desk.errors import InvalidInput
from desk.registry.item_rows import ItemRow
from desk.registry.report import BatchResult, Problem
from desk.staff.records import indexed_staff_card
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

STANDARD = "standard"
LONGEST_TYPE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportItems(Command[BatchResult]):
    """Add items, or update those whose barcode is known. An item's status and loan stay as they are.

    Attributes:
        rows: of one file, no barcode twice.
        columns: which optional columns the file has; the others stay as they are in an item that is updated.
        branch_id: where an item belongs that does not say.
    """

    right: ClassVar[Right] = Right.IMPORT

    rows: tuple[ItemRow, ...] = field(repr=False)
    columns: frozenset[str]
    branch_id: int


@dataclass(frozen=True, slots=True)
class _Known:
    """An item the store has already."""

    item_id: int
    title_id: int
    source_key: str


@carries_out(ImportItems)
def import_items(transaction: Transaction, command: ImportItems) -> BatchResult:
    """Add and update items.

    Raises:
        InvalidInput: the store has no material group ``standard``.
    """
    materials = by_name(transaction, MaterialGroup.id, MaterialGroup.code, MaterialGroup.name)
    branches = by_name(transaction, Branch.id, Branch.isil, Branch.name)
    if STANDARD not in materials:
        raise InvalidInput("material_group", "missing")
    rows, skipped = [], []
    for row in command.rows:
        if row.branch and folded(row.branch) not in branches:
            skipped.append(Problem(row.record, "branch", row.branch[:LONGEST_TYPE]))
        else:
            rows.append(row)
    known = _known_items(transaction, rows)
    cards = _cards_among(transaction, [row.barcode for row in rows if row.barcode not in known])
    skipped += [Problem(row.record, cards[row.barcode]) for row in rows if row.barcode in cards]
    rows = [row for row in rows if row.barcode not in cards]
    titles = _titles(transaction, rows, known, command.columns)
    placed = [
        (
            row,
            titles[row.source_key],
            materials.get(folded(row.material_group) or STANDARD, materials[STANDARD]),
            branches.get(folded(row.branch), command.branch_id),
        )
        for row in rows
    ]
    insert_many(
        transaction,
        (
            Item.barcode,
            Item.title,
            Item.material_group,
            Item.branch,
            Item.shelf_mark,
            Item.price_ore,
            Item.parts,
            Item.status_since,
        ),
        (
            (row.barcode, title, material, branch, row.shelf_mark, row.price_ore, row.parts, command.at)
            for row, title, material, branch in placed
            if row.barcode not in known
        ),
    )
    _update(transaction, [one for one in placed if one[0].barcode in known], known, command.columns)
    return BatchResult(
        added=len(rows) - len(known),
        updated=len(known),
        skipped=tuple(skipped),
        remarks=tuple(
            Problem(row.record, "material", row.material_group[:LONGEST_TYPE])
            for row in rows
            if row.material_group and folded(row.material_group) not in materials
        ),
    )


def _cards_among(transaction: Transaction, barcodes: list[str]) -> dict[str, str]:
    """Find new barcodes that are cards: what is scanned is told by look-up, and would mean two things (C1)."""
    if not barcodes:
        return {}
    vault = transaction.vault
    staff_cards = {vault.index(indexed_staff_card(barcode)): barcode for barcode in barcodes}
    of_staff = transaction.all(Staff.select(Staff.card_index).where(Staff.card_index.in_(list(staff_cards))))
    of_borrowers = transaction.all(Card.select(Card.number).where(Card.number.in_(barcodes)))
    return {staff_cards[found]: "barcode_staff_card" for (found,) in of_staff} | {
        number: "barcode_card" for (number,) in of_borrowers
    }


def _known_items(transaction: Transaction, rows: Iterable[ItemRow]) -> dict[str, _Known]:
    barcodes = [row.barcode for row in rows]
    found = transaction.all(
        Item.select(Item.barcode, Item.id, Title.id, Title.source_key)
        .join(Title, on=(Item.title == Title.id))
        .where(Item.barcode.in_(barcodes))
    )
    return {barcode: _Known(item_id, title_id, key) for barcode, item_id, title_id, key in found}


def _titles(
    transaction: Transaction, rows: list[ItemRow], known: Mapping[str, _Known], columns: frozenset[str]
) -> dict[str, int]:
    """Give the title of each row by its key: found, put right in place, or new."""
    wanted = {row.source_key: row for row in rows}
    found = {
        key: (title_id, (title, author, year))
        for key, title_id, title, author, year in transaction.all(
            Title.select(Title.source_key, Title.id, Title.title, Title.author, Title.year).where(
                Title.source_key.in_(list(wanted))
            )
        )
    }
    ids = {key: title_id for key, (title_id, _words) in found.items()}
    changed = []
    for key, (title_id, (title, author, year)) in found.items():
        row = wanted[key]
        words = (row.title, row.author if "author" in columns else author, row.year if "year" in columns else year)
        if words != (title, author, year):
            changed.append((*words, key, title_id))
    for key, title_id in _renamed(transaction, rows, known, ids).items():
        row = wanted[key]
        changed.append((row.title, row.author, row.year, key, title_id))
        ids[key] = title_id
    update_many(transaction, Title.id, (Title.title, Title.author, Title.year, Title.source_key), changed)
    new = [row for key, row in wanted.items() if key not in ids]
    insert_many(
        transaction,
        (Title.title, Title.author, Title.year, Title.source_key),
        ((row.title, row.author, row.year, row.source_key) for row in new),
    )
    if new:
        keys = [row.source_key for row in new]
        ids.update(transaction.all(Title.select(Title.source_key, Title.id).where(Title.source_key.in_(keys))))
    write_title_words(transaction, [*(ids[row.source_key] for row in new), *(row[-1] for row in changed)])
    return ids


def _renamed(
    transaction: Transaction, rows: list[ItemRow], known: Mapping[str, _Known], ids: Mapping[str, int]
) -> dict[str, int]:
    """Find the titles whose words were put right: all their items come with one key, which nobody has yet.

    Such a title keeps its row, so that what hangs on it (a queue of reservations, say) stays with it.
    """
    moves: dict[int, list[str]] = {}
    for row in rows:
        item = known.get(row.barcode)
        if item is not None and item.source_key != row.source_key and row.source_key not in ids:
            moves.setdefault(item.title_id, []).append(row.source_key)
    if not moves:
        return {}
    counts = transaction.all(
        Item.select(Item.title, fn.COUNT(Item.id)).where(Item.title.in_(list(moves))).group_by(Item.title)
    )
    renamed: dict[str, int] = {}
    for title_id, count in counts:
        keys = moves[title_id]
        if len(keys) == count and len(set(keys)) == 1:
            renamed.setdefault(keys[0], title_id)
    return renamed


def _update(
    transaction: Transaction,
    placed: list[tuple[ItemRow, int, int, int]],
    known: Mapping[str, _Known],
    columns: frozenset[str],
) -> None:
    """Update items by the columns the file has; where it says no branch, the item keeps its own."""
    optional: tuple[tuple[str, Field, Any], ...] = (
        ("material_group", Item.material_group, lambda one: one[2]),
        ("shelf_mark", Item.shelf_mark, lambda one: one[0].shelf_mark),
        ("price", Item.price_ore, lambda one: one[0].price_ore),
        ("parts", Item.parts, lambda one: one[0].parts),
    )
    given = [(column, value) for name, column, value in optional if name in columns]
    update_many(
        transaction,
        Item.id,
        [Item.title, *(column for column, _value in given)],
        ((one[1], *(value(one) for _column, value in given), known[one[0].barcode].item_id) for one in placed),
    )
    update_many(
        transaction,
        Item.id,
        [Item.branch],
        ((branch, known[row.barcode].item_id) for row, _title, _material, branch in placed if row.branch),
    )
