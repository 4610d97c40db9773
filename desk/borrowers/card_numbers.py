"""Which numbers a new card may have: what is scanned is told by look-up (C1), so no number means two things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.models import Borrower, Card, Item, Staff
from desk.command import query
from desk.counter.codes import clean_code, problem_with_card
from desk.staff.records import indexed_staff_card
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

# Why a code can be no card's number, in the words of ``InvalidInput``; everything else about it is ``invalid``.
SHAPES = {"": "", "empty": "missing", "cpr": "looks_like_cpr", "not_ascii": "no_bars"}


@query(Right.EDIT_BORROWER)
def card_fault(transaction: Transaction, number: str) -> str:
    """Say why a number cannot be given to a new card, or give an empty text.

    Args:
        transaction: a view of the store.
        number: as it was typed or scanned.

    Returns:
        ``missing``; ``invalid`` (too long, or unreadable); ``no_bars`` (letters no barcode has); ``looks_like_cpr``;
        ``taken`` (somebody's card); ``item``; ``staff_card``; or ``borrower_number`` (somebody's lånernummer).
    """
    return card_faults(transaction, [number]).get(number, "")


def card_faults(transaction: Transaction, numbers: Sequence[str]) -> dict[str, str]:
    """Say of each number that cannot be given to a new card why, as :func:`card_fault` does."""
    codes = {number: clean_code(number) for number in numbers}
    faults = {code: SHAPES.get(problem, "invalid") for code in codes.values() if (problem := problem_with_card(code))}
    free = [code for code in codes.values() if code not in faults]
    vault = transaction.vault
    staff_cards = {vault.index(indexed_staff_card(code)): code for code in free}
    held = (
        ("borrower_number", Borrower.select(Borrower.number).where(Borrower.number.in_(free))),
        ("staff_card", Staff.select(Staff.card_index).where(Staff.card_index.in_(list(staff_cards)))),
        ("item", Item.select(Item.barcode).where(Item.barcode.in_(free))),
        ("taken", Card.select(Card.number).where(Card.number.in_(free))),
    )
    for why, those in held:
        for (found,) in transaction.all(those) if free else ():
            faults[staff_cards[found] if why == "staff_card" else found] = why
    return {number: faults[code] for number, code in codes.items() if code in faults}
