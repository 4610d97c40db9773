"""What a code means: told by look-up, not by which box had focus (C1).

No code is given out that means two things: a card's number is never an item's barcode, a staff card or a lånernummer
(:mod:`desk.borrowers.card_numbers`), and an item with the barcode of a card that was handed out is not imported. A code
can be ambiguous all the same, and then somebody is asked: an item's ten figures may be a borrower's CPR number, since a
barcode is as it was printed and a CPR number as it was given, and neither of the two can be refused for the other's
sake; and a store filled by an earlier version may hold a card and an item of one number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import Value

from db.models import Borrower, Card, Item
from db.statements import Slot, Statement
from desk.command import query
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

LONGEST_CODE = 64
LONGEST_HEARD = 4096
# Stands for what no file can hold. No text has it in it, so a code with it is told to be unreadable.
UNREADABLE = "\ufffe"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code is. Both a card and an item: somebody must say which.

    Attributes:
        problem: why it can be nothing: ``empty``, ``too_long``, ``unreadable``; empty text: it was looked up.
        card_id: None with a borrower: found by the CPR number of the health card.
    """

    problem: str = ""
    borrower_id: int | None = None
    card_id: int | None = None
    item_id: int | None = None
    looks_like_cpr: bool = False

    @property
    def is_item_only(self) -> bool:
        """Whether it is an item and nobody's card."""
        return self.item_id is not None and self.borrower_id is None


def storable(raw: str) -> str:
    """Make a code fit for the queue whatever a device sent: a novel is cut, what is no character is marked."""
    return LONE_SURROGATE.sub(UNREADABLE, raw[:LONGEST_HEARD])


def clean_code(raw: str) -> str:
    """Trim and upper-case a code; leading zeros are kept (*Semantics*)."""
    return raw.strip().upper()


def problem_with(code: str) -> str:
    """Say why a cleaned code cannot be one, or give an empty text."""
    if not code:
        return "empty"
    if len(code) > LONGEST_CODE:
        return "too_long"
    if not code.isprintable() or any(0xD800 <= ord(character) <= 0xDFFF for character in code):
        return "unreadable"
    return ""


def problem_with_bars(code: str) -> str:
    """Say why a cleaned code cannot stand on a label: as :func:`problem_with`, or ``not_ascii``."""
    # Code 128 has no bars for æ, ø and å.
    return problem_with(code) or ("" if code.isascii() else "not_ascii")


def problem_with_card(code: str) -> str:
    """Say why a cleaned code can be no card's number: as :func:`problem_with_bars`, or ``cpr``.

    What may be a CPR number is never a card's (product.md, D): a health card is found by the CPR number itself.
    """
    return problem_with_bars(code) or ("cpr" if cpr_in(code.replace(" ", "")) is not None else "")


def cpr_in(code: str) -> str | None:
    """Give the ten digits of a code that could be a CPR number (day 1–31, or 61–91 for a replacement number)."""
    digits = code[:6] + code[7:] if len(code) == 11 and code[6] in "- " else code
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
        return None
    day, month = int(digits[:2]), int(digits[2:4])
    return digits if (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12 else None


CARDS_AND_ITEMS = Statement(
    Card.select(Value("card"), Card.id, Card.borrower)
    .where(Card.number == Slot("code"))
    .union_all(Item.select(Value("item"), Item.id, Item.title).where(Item.barcode == Slot("code")))
)
BORROWER_WITH_CPR = Statement(Borrower.select(Borrower.id).where(Borrower.cpr_index == Slot("cpr_index")))


@query(Right.LEND)
def meaning_of(transaction: Transaction, raw: str) -> CodeMeaning:
    """Look a code up among cards, items and, when it could be one, CPR numbers."""
    code = clean_code(raw)
    problem = problem_with(code)
    if problem:
        return CodeMeaning(problem=problem)
    found = {row[0]: row for row in transaction.all(CARDS_AND_ITEMS, code=code)}
    card, item = found.get("card"), found.get("item")
    borrower_id = card[2] if card else None
    cpr = cpr_in(code)
    if cpr is not None and card is None:
        borrower_id = transaction.value(BORROWER_WITH_CPR, cpr_index=transaction.vault.index(cpr))
    return CodeMeaning(
        borrower_id=borrower_id,
        card_id=card[1] if card else None,
        item_id=item[1] if item else None,
        looks_like_cpr=cpr is not None,
    )
