"""What lies at hand in the demo: cards and books for its virtual devices (V2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db.models import Borrower, Card, Item, Library, Title
from desk.command import query
from desk.errors import NotFound
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

CARDS = 6
BOOKS = 5


@dataclass(frozen=True, slots=True)
class AtHand:
    """Cards and books that somebody could pick up.

    Attributes:
        cards: number and holder's name, made up.
        books: barcode and title, five of them; the last one lies on the pickup shelf for somebody, if one does.
    """

    cards: tuple[tuple[str, str], ...] = field(repr=False)
    books: tuple[tuple[str, str], ...] = field(repr=False)


@query(Right.LEND)
def at_hand(transaction: Transaction, branch_id: int, not_these: frozenset[str]) -> AtHand:
    """Find cards to lay down and books to lend.

    No look of it is noted: the people are made up.

    Args:
        transaction: the reading one.
        branch_id: where the counter stands; books of other branches are not at hand.
        not_these: barcodes that are taken already.

    Raises:
        NotFound: ``demo``: the people of this store are not made up.
    """
    if not transaction.value(Library.select(Library.made_up)):
        raise NotFound("demo")
    cards = transaction.all(
        Card.select(Card.number, Borrower.name)
        .join(Borrower, on=(Card.borrower == Borrower.id))
        .where(Card.state == "active")
        .order_by(Card.id)
        .limit(CARDS)
    )
    return AtHand(tuple(cards), _books(transaction, branch_id, not_these))


def _books(transaction: Transaction, branch_id: int, not_these: frozenset[str]) -> tuple[tuple[str, str], ...]:
    def of(status: str, most: int) -> list[tuple[str, str]]:
        return transaction.all(
            Item.select(Item.barcode, Title.title)
            .join(Title, on=(Item.title == Title.id))
            .where((Item.branch == branch_id) & (Item.status == status) & Item.barcode.not_in(list(not_these)))
            .order_by(Item.id)
            .limit(most)
        )

    waiting = of("on_shelf", 1)
    return (*of("available", BOOKS - len(waiting)), *waiting)
