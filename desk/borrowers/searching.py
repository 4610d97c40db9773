"""By which words a borrower is found (C11), written whenever something they come from changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from peewee import Field

from db.bulk import insert_many
from db.models import Borrower, Card, Listing, SearchWord, Telephone
from db.search import distinct, folded, place_in_lists, words_in

if TYPE_CHECKING:
    from db.store import Transaction

# The details whose words are searched, by their keys in the data map. The CPR number is found by its index alone.
SEARCHED = frozenset({"name", "birth_date", "address", "email", "telephone", "cards", "number"})
AT_ONCE = 500
# What people leave out or put in: O'Brien and OBrien, Anne-Marie and Annemarie.
INSIDE_NAMES = re.compile(r"[-'’´`‐‑]")


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
        street: the street line; an address-protected borrower's is searched too, and never shown in a list.
        email: found from its beginning, and by each of its parts.
        telephones: as they were written; the country code 45 is left out.
        cards: their numbers, by each of their parts.
    """
    words = name_words(name) + words_in(street) + [number]
    if born is not None:
        words += [f"{born:%d%m%Y}", f"{born:%d%m%y}"]
    if email:
        words += [folded(email), *words_in(email.partition("@")[0])]
    words += [word for word in map(telephone_word, telephones) if word]
    words += [word for card in cards for word in words_in(card)]
    return distinct(words)


def name_words(name: str) -> list[str]:
    """Give the words that a name is found by."""
    return words_in(name) + words_in(INSIDE_NAMES.sub("", name))


def telephone_word(written: str) -> str:
    """Give a telephone number's digits as they are searched: a Danish one without its country code."""
    digits = re.sub(r"\D", "", written)
    is_danish = digits.startswith(("45", "0045")) and len(digits.removeprefix("00")) == 10
    return digits.removeprefix("00").removeprefix("45") if is_danish else digits


def write_search_words(transaction: Transaction, borrower_ids: Sequence[int]) -> None:
    """Write the words of some borrowers anew, and their place in lists, from what lies in the store now."""
    for start in range(0, len(borrower_ids), AT_ONCE):
        _write(transaction, borrower_ids[start : start + AT_ONCE])


def _write(transaction: Transaction, borrower_ids: Sequence[int]) -> None:
    telephones = _by_borrower(transaction, Telephone.borrower, Telephone.number, borrower_ids)
    cards = _by_borrower(transaction, Card.borrower, Card.number, borrower_ids)
    rows = transaction.all(
        Borrower.select(
            Borrower.id, Borrower.number, Borrower.name, Borrower.birth_date, Borrower.street, Borrower.email
        ).where(Borrower.id.in_(borrower_ids))
    )
    transaction.run(SearchWord.delete().where(SearchWord.borrower.in_(borrower_ids)))
    transaction.run(Listing.delete().where(Listing.borrower.in_(borrower_ids)))
    words, listings = [], []
    for borrower_id, number, name, born, street, email in rows:
        own = search_words(
            number=number,
            name=name,
            born=born,
            street=street,
            email=email,
            telephones=telephones[borrower_id],
            cards=cards[borrower_id],
        )
        words += [(borrower_id, word) for word in own]
        listings.append((place_in_lists(name, born), borrower_id, f" {' '.join(own)} "))
    insert_many(transaction, (SearchWord.borrower, SearchWord.word), words)
    insert_many(transaction, (Listing.place, Listing.borrower, Listing.words), listings)


def _by_borrower(
    transaction: Transaction, borrower: Field, value: Field, borrower_ids: Sequence[int]
) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for borrower_id, text in transaction.all(borrower.model.select(borrower, value).where(borrower.in_(borrower_ids))):
        found[borrower_id].append(text)
    return found
