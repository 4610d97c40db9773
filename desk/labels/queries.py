"""Queries for labels. They ask for nothing of a borrower, so that IT may print cards too (T3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.models import Card, Item, Library, Title
from desk.command import query
from desk.errors import NotFound
from desk.labels.records import LabelRecord
from desk.labels.rules import barcode, card_number
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@query(Right.PRINT_LABELS)
def card_label(transaction: Transaction, raw: str) -> LabelRecord:
    """Give the label of a card.

    Args:
        transaction: a view of the store.
        raw: the card's number, from whoever wants the label.

    Raises:
        InvalidInput: as :func:`~desk.labels.rules.card_number` says, before anything is looked up.
        NotFound: ``card``.
    """
    code = card_number(raw)
    if transaction.value(Card.select(Card.id).where(Card.number == code)) is None:
        raise NotFound("card")
    return LabelRecord(code, _library(transaction))


@query(Right.PRINT_LABELS)
def item_label(transaction: Transaction, raw: str) -> LabelRecord:
    """Give the label of an item.

    Args:
        transaction: a view of the store.
        raw: the item's barcode, from whoever wants the label.

    Raises:
        InvalidInput: as :func:`~desk.labels.rules.barcode` says.
        NotFound: ``item``.
    """
    code = barcode(raw)
    row = transaction.one(Item.select(Title.title).join(Title, on=(Item.title == Title.id)).where(Item.barcode == code))
    if row is None:
        raise NotFound("item")
    return LabelRecord(code, _library(transaction), row[0])


def _library(transaction: Transaction) -> str:
    return str(transaction.value(Library.select(Library.name)) or "")
