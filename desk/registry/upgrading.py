"""Bringing a store up to this program: tables, the beginning of the access log, search words (``desk upgrade``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from peewee import JOIN

from db.models import Borrower, SearchWord
from desk.borrowers.searching import AT_ONCE, write_search_words
from desk.catalogue.title_words import titles_without_words, write_title_words
from desk.installation import told_in_our_types
from desk.privacy.access_log import begin_log

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.installation import Installation
    from desk.registry.report import Progress

WriteWords: TypeAlias = "Callable[[Transaction, list[int]], None]"


def upgrade(installation: Installation, progress: Progress) -> list[str]:
    """Bring a store up to this program. Broken off, it goes on where it was when it is run again.

    Args:
        installation: not opened yet: its store may be another version's.
        progress: told how many borrowers and titles can be searched for, of how many could not.

    Returns:
        The names of the migrations applied; none when the store was up to date.

    Raises:
        StoreError: it cannot be opened, or a newer program has already changed it.
    """
    store = installation.store
    with told_in_our_types():
        applied = store.migrate()
        store.write_here(begin_log)
        work: list[tuple[WriteWords, list[int]]] = [
            *_batches(write_search_words, store.read_here(borrowers_without_words)),
            *_batches(write_title_words, store.read_here(titles_without_words)),
        ]
        total, done = sum(len(batch) for _write, batch in work), 0
        for write_words, batch in work:
            store.write_here(lambda transaction, write_words=write_words, batch=batch: write_words(transaction, batch))  # type: ignore[misc]
            done += len(batch)
            progress(done, total)
    return applied


def _batches(write: WriteWords, missing: list[int]) -> Iterator[tuple[WriteWords, list[int]]]:
    for start in range(0, len(missing), AT_ONCE):
        yield write, missing[start : start + AT_ONCE]


def borrowers_without_words(transaction: Transaction) -> list[int]:
    """Give the ids of the borrowers that no word leads to."""
    rows = transaction.all(
        Borrower.select(Borrower.id)
        .join(SearchWord, JOIN.LEFT_OUTER, on=(SearchWord.borrower == Borrower.id))
        .where(SearchWord.id.is_null())
    )
    return [row[0] for row in rows]
