"""By which words a title is found (C15), written whenever a title is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from peewee import JOIN

from db.bulk import insert_many
from db.models import Title, TitleWord
from db.search import distinct, words_and_joined, words_in

if TYPE_CHECKING:
    from db.store import Transaction

AT_ONCE = 500
# How the key of a title begins that has a number of its own: ``id:``, whose number it is, the number.
NUMBERED = "id:"


def title_words(title: str, author: str, source_key: str) -> list[str]:
    """Give the words that lead to a title.

    Args:
        title: as it is said.
        author: likewise; empty: nobody is named.
        source_key: the title's key; with a number in it (FAUST), the number is a word too.
    """
    return distinct([*words_and_joined(title), *words_and_joined(author), *words_in(number_in(source_key))])


def number_in(source_key: str) -> str:
    """Give a title's number, empty when it has none."""
    return source_key.split(":", 2)[-1] if source_key.startswith(NUMBERED) else ""


def write_title_words(transaction: Transaction, title_ids: Sequence[int]) -> None:
    """Write the words of some titles anew, from what lies in the store now."""
    for start in range(0, len(title_ids), AT_ONCE):
        some = list(title_ids[start : start + AT_ONCE])
        transaction.run(TitleWord.delete().where(TitleWord.title.in_(some)))
        columns = (Title.id, Title.title, Title.author, Title.source_key)
        add_title_words(transaction, transaction.all(Title.select(*columns).where(Title.id.in_(some))))


def add_title_words(transaction: Transaction, titles: Iterable[tuple[int, str, str, str]]) -> None:
    """Write the words of titles that have none yet.

    Args:
        transaction: the command's.
        titles: id, title, author and key of each.
    """
    rows = ((title_id, word) for title_id, *said in titles for word in title_words(*said))
    insert_many(transaction, (TitleWord.title, TitleWord.word), rows)


def titles_without_words(transaction: Transaction) -> list[int]:
    """Give the ids of the titles that no word leads to."""
    rows = transaction.all(
        Title.select(Title.id)
        .join(TitleWord, JOIN.LEFT_OUTER, on=(TitleWord.title == Title.id))
        .where(TitleWord.id.is_null())
    )
    return [row[0] for row in rows]
