"""Search for titles (C15): as you type, the beginnings of several words of title and author in any order.

Each term is a range of title words. The narrowest range is read in its order, up to a bound, and of each word's title
it is asked whether it has the other terms too; so no search looks at every title, however few letters there are. What
lies beyond the bound is told as «more», and every further letter brings it nearer.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from peewee import SQL, Expression, Query, fn

from db.models import Item, Title, TitleWord
from db.search import distinct, place_in_lists, range_of, words_in
from db.statements import Slot, Statement
from desk.catalogue.records import FoundTitle, FoundTitles
from desk.command import query
from desk.counter.codes import clean_code
from desk.staff.rights import Right
from desk.wording import plain

if TYPE_CHECKING:
    from db.store import Transaction

MOST_FOUND = 50
LONGEST_SEARCH = 100
MOST_TERMS = 8
# Words of the narrowest range that are looked at: as many as take about 100 ms when no title has the other terms.
LOOKED_AT = 10_000
# A title may have several words that begin alike, and comes once for each.
ENOUGH = 5 * MOST_FOUND
# A number may be typed in groups: «2 884 723 8».
_NUMBER = re.compile(r"[0-9]+(?:[ -][0-9]+)*")
NOTHING = FoundTitles((), has_more=False)


@query(Right.LEND)
def found_titles(transaction: Transaction, text: str) -> FoundTitles:
    """Find titles by what was typed, in the order of the alphabet (C15).

    Args:
        transaction: a consistent view of the store.
        text: as it was typed: beginnings of words, a barcode or a title's number (FAUST); what goes beyond 100
            characters or 8 words is left out.

    Returns:
        At most 50 titles. The title of a copy whose barcode was typed, or that has the number that was typed, comes
        first.
    """
    typed = plain(text)[:LONGEST_SEARCH].strip()
    if not typed:
        return NOTHING
    terms = terms_in(typed)
    copy = transaction.one(COPY, barcode=clean_code(typed))
    ids, has_more = _by_words(transaction, terms) if terms else ([], False)
    first = copy[1] if copy is not None else _with_number(transaction, typed)
    if first is not None:
        ids = distinct([first, *ids])
    shown = ids[:MOST_FOUND]
    titles = [FoundTitle(*row) for row in transaction.all(_with_columns(shown))] if shown else []
    titles.sort(key=lambda one: (one.title_id != first, place_in_lists(one.title, None), one.title_id))
    return FoundTitles(tuple(titles), has_more or len(ids) > MOST_FOUND, None if copy is None else copy[0])


def terms_in(typed: str) -> list[str]:
    """Give the beginnings of words that all have to fit; what a longer one says already is left out."""
    terms = distinct(words_in(typed))[:MOST_TERMS]
    return [term for term in terms if not any(other != term and other.startswith(term) for other in terms)]


def _by_words(transaction: Transaction, terms: list[str]) -> tuple[list[int], bool]:
    """Give titles that have every term, and whether there may be more that nobody looked at."""
    counted: list[tuple[int, str]] = []
    for term in terms:
        first, end = range_of(term)
        count = int(transaction.value(WORD_COUNT, first=first, end=end, most=LOOKED_AT))
        if not count:
            return [], False
        counted.append((count, term))
    # The narrowest first; of those that were not counted to their end the longest.
    counted.sort(key=lambda one: (one[0], -len(one[1])))
    values: dict[str, bytes] = {}
    for place, (_count, term) in enumerate(counted):
        values[f"first_{place}"], values[f"end_{place}"] = range_of(term)
    rows = transaction.all(_with_all(len(counted)), most=LOOKED_AT, **values)
    return distinct(row[0] for row in rows), len(rows) == ENOUGH or counted[0][0] == LOOKED_AT


def _with_number(transaction: Transaction, typed: str) -> int | None:
    """Give the title that has the number that was typed as one of its words, if only one has."""
    if not _NUMBER.fullmatch(typed):
        return None
    rows = transaction.all(WITH_WORD, word=re.sub("[ -]", "", typed))
    return rows[0][0] if len(rows) == 1 else None


COPY = Statement(Item.select(Item.id, Item.title).where(Item.barcode == Slot("barcode")))
WITH_WORD = Statement(TitleWord.select(TitleWord.title).where(TitleWord.word == Slot("word")).limit(2))
WORD_COUNT = Statement(
    TitleWord.select(TitleWord.id)
    .where((TitleWord.word >= Slot("first")) & (TitleWord.word < Slot("end")))
    .limit(Slot("most"))
    .select_from(fn.COUNT(SQL("1")))
)


def _with_columns(title_ids: list[int]) -> Query:
    copy: Any = Item.alias()
    copies = copy.select(fn.COUNT(copy.id)).where((copy.title == Title.id) & (copy.status != "discarded"))
    at_home: Any = Item.alias()
    available = at_home.select(fn.COUNT(at_home.id)).where(
        (at_home.title == Title.id) & (at_home.status == "available")
    )
    columns = (Title.id, Title.title, Title.author, Title.year, copies, available)
    return Title.select(*columns).where(Title.id.in_(title_ids))


@cache
def _with_all(terms: int) -> Statement:
    """Word the search for so many terms: titles in the order of the narrowest term's words, until there are enough.

    The outer query has no order of its own: with one, everything within the bound would be looked at first.
    """
    near = (
        TitleWord.select(TitleWord.title.alias("title_id"))
        .where(_in_range(TitleWord, 0))
        .order_by(TitleWord.word, TitleWord.title)
        .limit(Slot("most"))
        .alias("near")
    )
    others = [fn.EXISTS(_has_word(near.c.title_id, number)) for number in range(1, terms)]
    fitting = near.select_from(near.c.title_id)
    return Statement((fitting.where(*others) if others else fitting).limit(ENOUGH))


def _has_word(title_id: Any, number: int) -> Any:
    other: Any = TitleWord.alias()
    return other.select(SQL("1")).where((other.title == title_id) & _in_range(other, number))


def _in_range(words: Any, number: int) -> Expression:
    in_range: Expression = (words.word >= Slot(f"first_{number}")) & (words.word < Slot(f"end_{number}"))
    return in_range
