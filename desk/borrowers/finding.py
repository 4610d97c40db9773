"""Borrower search (C11): as you type, the beginnings of several words in any order, from one letter up.

Each term is a range of search words, or several. Few words in the narrowest range: its borrowers are looked at one by
one, then put in order. Many in every range («a», «m j»): the listings are read in their order until the answer is full,
which is soon. So neither way looks at everybody who fits.

Whoever has every word in the name comes first: among those who were read. Of few they are up to 200, so that it is so
of every answer that is worth reading to its end; of many they are the 51 that come first in the alphabet, since to look
for a name beyond them would be to look at everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from peewee import OP, SQL, Case, Expression, Field, NodeList, Query, fn

from db.models import Block, Borrower, BorrowerGroup, Listing, SearchWord
from db.search import range_of, words_and_joined
from db.statements import Slot, Statement
from desk.borrowers.records import Found, FoundBorrower
from desk.borrowers.rules import is_protected_on
from desk.borrowers.typed import Term, Typed, what_was_typed
from desk.command import query
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

MOST_FOUND = 50
# How many are read to find those whose name fits, where few are looked at.
MOST_RANKED = 200
# Words of a range up to which its borrowers are looked at one by one, for one term, two, three and more: the more
# terms, the fewer fit all of them, and the longer it takes in order until the answer is full. Measured on 50,000.
FEW_WORDS = (6_000, 6_000, 8_000, 10_000)
# What a pattern would take for any text; in a word it stands for itself.
WILD, ESCAPED = re.compile("[%_!]"), r"!\g<0>"


@query(Right.SEE_BORROWER)
def borrowers_found(transaction: Transaction, text: str, today: date) -> Found:
    """Find borrowers by what was typed: those whose name has every word, then the rest (C11).

    Both in the order of their names, then of their birth dates.

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
    rows = _with_that_cpr(transaction, typed, today) if typed.cprs else _by_words(transaction, typed.terms, today)
    rows.sort(key=lambda row: not _is_named(row[2], typed.terms))
    found = tuple(_record(row, today) for row in rows[:MOST_FOUND])
    return Found(found, has_more=len(rows) > MOST_FOUND)


def _with_that_cpr(transaction: Transaction, typed: Typed, today: date) -> list[tuple[Any, ...]]:
    index = transaction.vault.index(typed.cprs[0])
    return transaction.all(_with_cpr(_shape(typed.terms)), cpr_index=index, today=today, **_patterns(typed.terms))


def _by_words(transaction: Transaction, terms: tuple[Term, ...], today: date) -> list[tuple[Any, ...]]:
    few = FEW_WORDS[min(len(terms), len(FEW_WORDS)) - 1]
    counted: list[tuple[int, Term]] = []
    for term in terms:
        count = int(transaction.value(_word_count(len(term)), most=few, **_ranges(term)))
        if not count:
            return []
        counted.append((count, term))
    # The narrowest first, and of those that were not counted to their end the longest: the fewest are looked at twice.
    counted.sort(key=lambda one: (one[0], -len(one[1][0])))
    (least, narrowest), *_others = counted
    ordered = tuple(term for _count, term in counted)
    if least == few:
        return transaction.all(_among_all(_shape(ordered)), today=today, **_patterns(ordered))
    # The listing of each is asked about the narrowest term too: whether a word leads to somebody yet, it alone knows.
    asked = _among_few(len(narrowest), _shape(ordered))
    return transaction.all(asked, today=today, **_ranges(narrowest), **_patterns(ordered))


def _is_named(name: str, terms: tuple[Term, ...]) -> bool:
    """Tell whether every term is the beginning of a word of a name."""
    words = words_and_joined(name)
    return all(any(word.startswith(term) for word in words) for term in terms)


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


def _ranges(term: Term) -> dict[str, bytes]:
    """Give the ends of the ranges of words a term stands for."""
    ranges: dict[str, bytes] = {}
    for spelling, beginning in enumerate(term):
        ranges[f"from_{spelling}"], ranges[f"to_{spelling}"] = range_of(beginning)
    return ranges


def _patterns(terms: tuple[Term, ...]) -> dict[str, str]:
    """Give what the words of a listing are compared with: a word that begins so, somewhere in the text."""
    return {
        f"like_{number}_{spelling}": f"% {WILD.sub(ESCAPED, beginning)}%"
        for number, term in enumerate(terms)
        for spelling, beginning in enumerate(term)
    }


def _in_ranges(word: Field, spellings: int) -> Expression:
    return _any((word >= Slot(f"from_{n}")) & (word < Slot(f"to_{n}")) for n in range(spellings))


def _fit(shape: tuple[int, ...]) -> list[Expression]:
    """Word that a listing has a word for every term; those of an address whose protection has ended count as well."""
    return [
        _any(_has(Listing.words, number, spelling) for spelling in range(spellings))
        | (
            (Listing.later_from <= Slot("today"))
            & _any(_has(Listing.later_words, number, spelling) for spelling in range(spellings))
        )
        for number, spellings in enumerate(shape)
    ]


def _has(words: Field, number: int, spelling: int) -> Expression:
    pattern = Slot(f"like_{number}_{spelling}")
    return Expression(words, OP.ILIKE, NodeList((pattern, SQL("ESCAPE '!'"))))


def _any(conditions: Iterable[Expression]) -> Expression:
    return reduce(or_, conditions)


@cache
def _word_count(spellings: int) -> Statement:
    some = SearchWord.select(SearchWord.id).where(_in_ranges(SearchWord.word, spellings)).limit(Slot("most"))
    return Statement(some.select_from(fn.COUNT(SQL("1"))))


@cache
def _among_few(spellings: int, shape: tuple[int, ...]) -> Statement:
    few = SearchWord.select(SearchWord.borrower).where(_in_ranges(SearchWord.word, spellings))
    return _first(Listing.borrower.in_(few), *_fit(shape), most=MOST_RANKED)


@cache
def _among_all(shape: tuple[int, ...]) -> Statement:
    return _first(*_fit(shape))


@cache
def _with_cpr(shape: tuple[int, ...]) -> Statement:
    theirs: Any = Borrower.alias()
    with_it = theirs.select(theirs.id).where(theirs.cpr_index == Slot("cpr_index"))
    return _first(Listing.borrower.in_(with_it), *_fit(shape))


def _first(*conditions: Expression, most: int = MOST_FOUND) -> Statement:
    """Word the whole search: the first who fit, and only for those the rest of their rows."""
    first = Listing.select(Listing.borrower).where(*conditions).order_by(Listing.place, Listing.borrower)
    return Statement(_with_columns(first.limit(most + 1)))


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
        .switch(Borrower)
        .join(Listing, on=(Listing.borrower == Borrower.id))
        .where(Borrower.id.in_(ids))
        .order_by(Listing.place, Borrower.id)
    )
