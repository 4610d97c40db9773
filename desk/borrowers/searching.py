"""By which words a borrower is found (C11), written whenever something they come from changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from peewee import Field

from db.bulk import insert_many
from db.models import Borrower, Card, Listing, SearchWord, Telephone
from db.search import distinct, folded, place_in_lists, words_and_joined, words_in

if TYPE_CHECKING:
    from db.store import Transaction

# The details whose words are searched, by their keys in the data map. The CPR number is found by its index alone.
# Protection decides whether the address leads to anybody.
SEARCHED = frozenset({"name", "birth_date", "address", "email", "telephone", "cards", "number", "protection"})
AT_ONCE = 500


def search_words(
    *,
    number: str,
    name: str,
    born: date | None,
    street: str,
    email: str,
    telephones: Iterable[str],
    cards: Iterable[str],
) -> list[str]:
    """Give the words that lead to a borrower.

    Args:
        number: lånernummer.
        name: as it is said.
        born: local date.
        street: the street line; empty: none, or one that must not lead to anybody.
        email: found from its beginning, and by each of its parts.
        telephones: as they were written; the country code 45 is left out.
        cards: their numbers, by each of their parts.
    """
    words = words_and_joined(name) + words_in(street) + [number]
    if born is not None:
        words += [f"{born:%d%m%Y}", f"{born:%d%m%y}"]
    if email:
        words += [folded(email), *words_in(email.partition("@")[0])]
    words += [word for word in map(telephone_word, telephones) if word]
    words += [word for card in cards for word in words_in(card)]
    return distinct(words)


def telephone_word(written: str) -> str:
    """Give a telephone number's digits as they are searched: a Danish one without its country code."""
    digits = re.sub(r"\D", "", written)
    is_danish = digits.startswith(("45", "0045")) and len(digits.removeprefix("00")) == 10
    return digits.removeprefix("00").removeprefix("45") if is_danish else digits


def write_search_words(transaction: Transaction, borrower_ids: Sequence[int]) -> None:
    """Write the words of some borrowers anew, and their place in lists, from what lies in the store now.

    The address of somebody who is protected leads to nobody: who knows the street would learn that they live there.
    """
    for start in range(0, len(borrower_ids), AT_ONCE):
        _write(transaction, borrower_ids[start : start + AT_ONCE])


def _write(transaction: Transaction, borrower_ids: Sequence[int]) -> None:
    telephones = _by_borrower(transaction, Telephone.borrower, Telephone.number, borrower_ids)
    cards = _by_borrower(transaction, Card.borrower, Card.number, borrower_ids)
    rows = transaction.all(
        Borrower.select(
            Borrower.id,
            Borrower.number,
            Borrower.name,
            Borrower.birth_date,
            Borrower.street,
            Borrower.email,
            Borrower.address_protected,
            Borrower.protected_until,
        ).where(Borrower.id.in_(borrower_ids))
    )
    transaction.run(SearchWord.delete().where(SearchWord.borrower.in_(borrower_ids)))
    transaction.run(Listing.delete().where(Listing.borrower.in_(borrower_ids)))
    words, listings = [], []
    for borrower_id, number, name, born, street, email, is_protected, until in rows:
        own = search_words(
            number=number,
            name=name,
            born=born,
            street="" if is_protected else street,
            email=email,
            telephones=telephones[borrower_id],
            cards=cards[borrower_id],
        )
        # Nobody writes on the day a protection ends, so the words lie ready, and a search looks at the date.
        ends = until if is_protected else None
        later = [] if ends is None else [word for word in distinct(words_in(street)) if word not in own]
        words += [(borrower_id, word) for word in own + later]
        listings.append(
            (
                place_in_lists(name, born),
                borrower_id,
                as_listed(own),
                as_listed(later) if later else "",
                None if ends is None or not later else ends + timedelta(days=1),
            )
        )
    insert_many(transaction, (SearchWord.borrower, SearchWord.word), words)
    columns = (Listing.place, Listing.borrower, Listing.words, Listing.later_words, Listing.later_from)
    insert_many(transaction, columns, listings)


def as_listed(words: Iterable[str]) -> str:
    """Give words as one text in which each begins after a blank."""
    return f" {' '.join(words)} "


def _by_borrower(
    transaction: Transaction, borrower: Field, value: Field, borrower_ids: Sequence[int]
) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for borrower_id, text in transaction.all(borrower.model.select(borrower, value).where(borrower.in_(borrower_ids))):
        found[borrower_id].append(text)
    return found
