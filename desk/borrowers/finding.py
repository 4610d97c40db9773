"""Borrower search (C11): as you type, the beginnings of several words in any order, from one letter up.

Each term is a range of search words, or several. Few words in the narrowest range: its borrowers are asked for the other
terms one by one, then put in order. Many in every range («a», «m j»): borrowers are asked in the order of the list until
the list is full, which is soon. So neither way ever looks at everybody who fits.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from peewee import SQL, Case, Expression, Query, fn

from db.models import Block, Borrower, BorrowerGroup, SearchWord
from db.statements import Slot, Statement
from desk.borrowers.records import Found, FoundBorrower
from desk.borrowers.rules import is_protected_on
from desk.borrowers.typed import Term, Typed, what_was_typed
from desk.command import query
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

MOST_FOUND = 50
# Words of a range up to which its borrowers are asked one by one; measured on 50,000 borrowers.
FEW_WORDS = 8_000
# No text in UTF-8 has this byte in it: a range of words ends before it.
END = b"\xff"


@query(Right.SEE_BORROWER)
def borrowers_found(transaction: Transaction, text: str, today: date) -> Found:
    """Find borrowers by what was typed, in the order of their names, then of their birth dates (C11).

    Args:
        transaction: a consistent view of the store.
        text: as it was typed; a whole CPR number in it is looked up under its blind index.
        today: local date, for blocks and address protection.

    Returns:
        At most 50 of them, and whether there are more.
    """
    typed = what_was_typed(text)
    if typed.is_empty or len(typed.cprs) > 1:
        # Two CPR numbers are two people.
        return Found((), has_more=False)
    if typed.cprs:
        index = transaction.vault.index(typed.cprs[0])
        rows = transaction.all(_with_cpr(_shape(typed.terms)), cpr_index=index, today=today, **_ranges(typed.terms))
    else:
        rows = _rows(transaction, typed, today)
    found = tuple(_record(row, today) for row in rows[:MOST_FOUND])
    return Found(found, has_more=len(rows) > MOST_FOUND)


def _rows(transaction: Transaction, typed: Typed, today: date) -> list[tuple[Any, ...]]:
    counted: list[tuple[int, Term]] = []
    for term in typed.terms:
        count = int(transaction.value(_word_count(len(term)), **_ranges((term,))))
        if not count:
            return []
        counted.append((count, term))
    # The narrowest first: whoever does not fit it is asked for nothing else.
    counted.sort(key=lambda one: one[0])
    terms = tuple(term for _count, term in counted)
    ask = _narrowest_first if counted[0][0] < FEW_WORDS else _in_order
    return transaction.all(ask(_shape(terms)), today=today, **_ranges(terms))


def _record(row: tuple[Any, ...], today: date) -> FoundBorrower:
    borrower_id, number, name, born, street, protected, until, group, blocked = row
    return FoundBorrower(
        borrower_id=borrower_id,
        number=number,
        name=name,
        birth_year=None if born is None else born.year,
        street="" if is_protected_on(protected, until, today) else street,
        group=group,
        is_blocked=bool(blocked),
    )


# Statements, one for each number of terms and of their spellings: a shape.


def _shape(terms: tuple[Term, ...]) -> tuple[int, ...]:
    return tuple(map(len, terms))


def _ranges(terms: tuple[Term, ...]) -> dict[str, bytes]:
    ranges: dict[str, bytes] = {}
    for number, term in enumerate(terms):
        for spelling, beginning in enumerate(term):
            ranges[f"from_{number}_{spelling}"] = beginning.encode("utf-8")
            ranges[f"to_{number}_{spelling}"] = beginning.encode("utf-8") + END
    return ranges


def _fits(word: Any, number: int, spellings: int) -> Expression:
    """Word that a search word lies in one of a term's ranges."""
    fits: Expression | None = None
    for spelling in range(spellings):
        one = (word >= Slot(f"from_{number}_{spelling}")) & (word < Slot(f"to_{number}_{spelling}"))
        fits = one if fits is None else fits | one
    if fits is None:
        raise ValueError("a term without a spelling")
    return fits


def _has_word(borrower: Any, number: int, spellings: int) -> Expression:
    """Word that a borrower has a search word that fits a term."""
    own: Any = SearchWord.alias()
    return fn.EXISTS(own.select(own.id).where((own.borrower == borrower) & _fits(own.word, number, spellings)))


@cache
def _word_count(spellings: int) -> Statement:
    some = SearchWord.select(SearchWord.id).where(_fits(SearchWord.word, 0, spellings)).limit(FEW_WORDS)
    return Statement(some.select_from(fn.COUNT(SQL("1"))))


@cache
def _narrowest_first(shape: tuple[int, ...]) -> Statement:
    narrowest: Any = SearchWord.alias()
    ids = narrowest.select(narrowest.borrower).where(_fits(narrowest.word, 0, shape[0]))
    for number, spellings in enumerate(shape[1:], 1):
        ids = ids.where(_has_word(narrowest.borrower, number, spellings))
    candidate: Any = Borrower.alias()
    return _listed(candidate, candidate.id.in_(ids))


@cache
def _in_order(shape: tuple[int, ...]) -> Statement:
    candidate: Any = Borrower.alias()
    return _listed(candidate, *(_has_word(candidate.id, *term) for term in enumerate(shape)))


@cache
def _with_cpr(shape: tuple[int, ...]) -> Statement:
    candidate: Any = Borrower.alias()
    fits = (_has_word(candidate.id, *term) for term in enumerate(shape))
    return _listed(candidate, candidate.cpr_index == Slot("cpr_index"), *fits)


def _listed(candidate: Any, *conditions: Expression) -> Statement:
    """Word the whole search: the first who fit, and only for those the rest of their rows."""
    first = candidate.select(candidate.id).where(*conditions).order_by(candidate.list_order, candidate.id)
    return Statement(_with_columns(first.limit(MOST_FOUND + 1)))


def _with_columns(ids: Query) -> Query:
    blocked = Block.select(Block.id).where(
        (Block.borrower == Borrower.id)
        & Block.lifted_at.is_null()
        & Block.card.is_null()
        & (Block.set_on <= Slot("today"))
        & (Block.ends_on.is_null() | (Block.ends_on >= Slot("today")))
    )
    return (
        Borrower.select(
            Borrower.id,
            Borrower.number,
            Borrower.name,
            Borrower.birth_date,
            Borrower.street,
            Borrower.address_protected,
            Borrower.protected_until,
            BorrowerGroup.name,
            Case(None, ((fn.EXISTS(blocked), 1),), 0),
        )
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .where(Borrower.id.in_(ids))
        .order_by(Borrower.list_order, Borrower.id)
    )
