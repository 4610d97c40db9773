"""What tells that somebody was here: every string of a borrower's rows that could be found again (G4).

Read from the rows themselves, before they go. ``everywhere`` are strings that are looked for in every file;
``in_pages`` are those that other people and the library's own files have as well (a surname, the subject of a message),
looked for where a row can be told that has them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from peewee import Field, fn

from db.models import (
    Block,
    Borrower,
    Card,
    DeletionRequest,
    Fee,
    Listing,
    Loan,
    LoanOccasion,
    Message,
    Override,
    Payment,
    SearchWord,
    Subscriber,
    Telephone,
)
from db.search import folded
from desk.borrowers.searching import telephone_word
from desk.errors import NotFound
from desk.labels.rules import grouped
from desk.privacy.erasure.in_notes import own_numbers
from desk.privacy.erasure.wishes import leaves_newsletter, subscribed_as

if TYPE_CHECKING:
    from db.store import Transaction

# What nobody else has: found anywhere, it is this person's.
OWN: tuple[Field, ...] = (
    Borrower.number,
    Borrower.cpr_sealed,
    Borrower.cpr_index,
    Borrower.log_key,
    Borrower.email,
    Telephone.number,
    Card.number,
    Card.pin_hash,
    Message.message_id,
    LoanOccasion.visit,
    Override.visit,
)
# What somebody wrote about them, and where they live: everywhere if it is long enough to be theirs alone.
WRITTEN: tuple[Field, ...] = (
    Borrower.name,
    Borrower.care_of,
    Borrower.street,
    Borrower.internal_note,
    Borrower.note_to_borrower,
    Block.reason,
    Block.lift_reason,
    Loan.due_reason,
    Fee.note,
    Fee.settle_reason,
    Payment.reference,
    Payment.reason,
    Override.reason,
    Message.body,
    DeletionRequest.decision_reason,
)
# What others have too: words, and what the program itself composes.
SHARED: tuple[Field, ...] = (
    SearchWord.word,
    Listing.place,
    Listing.words,
    Listing.later_words,
    Message.cause,
    Message.facts,
    Message.subject,
)

SHORTEST = 4
"""Bytes; what is shorter stands everywhere and tells nothing. It is looked for by its row."""
SHORTEST_WRITTEN = 12
"""Bytes from which on what somebody wrote is not also a word of a template or of a log."""
FEWEST_FIGURES = 8
"""Of a number; shorter ones are parts of other numbers everywhere."""
COMMON = 20
"""A word that more people than these are found by tells nobody: it is looked for in no page."""
PIECE = 60
"""Characters: a residue may have lost its beginning, so what is long is looked for in pieces as well."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is looked for. Shows nothing of it."""

    borrower_id: int
    everywhere: tuple[bytes, ...] = field(repr=False)
    in_pages: tuple[bytes, ...] = field(repr=False)
    blind_index: bytes | None = field(default=None, repr=False)
    number: str = field(default="", repr=False)
    related: tuple[str, ...] = field(default=(), repr=False)
    """Lånernumre of who answers for the person and for whom the person answers: their prints name the person."""
    own_numbers: tuple[str, ...] = field(default=(), repr=False)
    """What is the person's alone whoever's note it stands in."""
    unsubscribed: str = field(default="", repr=False)
    """The address that goes from the newsletter's list as well; empty: none does."""

    @property
    def fingerprint(self) -> str:
        """Tell by one word whether two are the same."""
        return sha256(self.to_json().encode("ascii")).hexdigest()

    def to_json(self) -> str:
        """Write it down; it goes nowhere but into the encrypted pending file and to the scanner."""
        return json.dumps(
            {
                "borrower_id": self.borrower_id,
                "everywhere": [one.hex() for one in self.everywhere],
                "in_pages": [one.hex() for one in self.in_pages],
                "blind_index": None if self.blind_index is None else self.blind_index.hex(),
                "number": self.number,
                "related": self.related,
                "own_numbers": self.own_numbers,
                "unsubscribed": self.unsubscribed,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Identity:
        """Read it back."""
        read = json.loads(text)
        return cls(
            read["borrower_id"],
            tuple(bytes.fromhex(one) for one in read["everywhere"]),
            tuple(bytes.fromhex(one) for one in read["in_pages"]),
            None if read["blind_index"] is None else bytes.fromhex(read["blind_index"]),
            read["number"],
            tuple(read.get("related", ())),
            own_numbers=tuple(read.get("own_numbers", ())),
            unsubscribed=read.get("unsubscribed", ""),
        )


def identity_of(transaction: Transaction, borrower_id: int) -> Identity:
    """Gather what tells a borrower.

    Args:
        transaction: one view of the store, in which the borrower still is.
        borrower_id: whose.

    Raises:
        NotFound: the borrower is gone.
    """
    own = transaction.one(
        Borrower.select(Borrower.number, Borrower.cpr_sealed, Borrower.cpr_index, Borrower.name).where(
            Borrower.id == borrower_id
        )
    )
    if own is None:
        raise NotFound("borrower")
    number, sealed, blind_index, name = own
    everywhere = [stored for one in OWN for stored in _stored(transaction, one, borrower_id)]
    everywhere += [grouped(number).encode()]
    if sealed is not None:
        cpr = transaction.vault.open(sealed)
        everywhere += [cpr.encode(), f"{cpr[:6]}-{cpr[6:]}".encode()]
    for one in _stored(transaction, Telephone.number, borrower_id):
        everywhere.append(telephone_word(one.decode()).encode())
    written = [stored for one in WRITTEN for stored in _stored(transaction, one, borrower_id)]
    shared = [stored for one in SHARED for stored in _stored(transaction, one, borrower_id)]
    unsubscribed = subscribed_as(transaction, borrower_id) if leaves_newsletter(transaction, borrower_id) else ""
    if unsubscribed:
        names = (Subscriber.first_name, Subscriber.last_name)
        subscriber = transaction.one(Subscriber.select(*names).where(Subscriber.email == unsubscribed)) or ()
        everywhere.append(unsubscribed.encode())
        written += [one.encode() for one in subscriber]
    everywhere += [name.encode(), *(one for one in written if len(one) >= SHORTEST_WRITTEN)]
    common = _common_words(transaction, borrower_id)
    shared += [*written, *(word.encode() for word in name.split())]
    shared = [one for one in shared if folded(one.decode()).strip() not in common]
    shared += [piece for one in written + shared for piece in _pieces(one)]
    related = _related(transaction, borrower_id)
    numbers = own_numbers(transaction, borrower_id)
    return Identity(
        borrower_id,
        _told(everywhere),
        _told(shared),
        blind_index,
        number,
        related,
        own_numbers=numbers,
        unsubscribed=unsubscribed,
    )


def _related(transaction: Transaction, borrower_id: int) -> tuple[str, ...]:
    of_guardian = Borrower.id == Borrower.select(Borrower.guardian).where(Borrower.id == borrower_id)
    who = Borrower.select(Borrower.number).where(of_guardian | (Borrower.guardian == borrower_id))
    return tuple(number for (number,) in transaction.all(who.order_by(Borrower.number)))


def _common_words(transaction: Transaction, borrower_id: int) -> frozenset[str]:
    """Give those of a borrower's search words that many others are found by as well."""
    words = [
        word
        for (word,) in transaction.all(SearchWord.select(SearchWord.word).where(SearchWord.borrower == borrower_id))
    ]
    rows = transaction.all(
        SearchWord.select(SearchWord.word)
        .where(SearchWord.word.in_(words) & (SearchWord.borrower != borrower_id))
        .group_by(SearchWord.word)
        .having(fn.COUNT(SearchWord.id) > COMMON)
    )
    return frozenset(row[0] for row in rows)


def _stored(transaction: Transaction, column: Field, borrower_id: int) -> Iterator[bytes]:
    """Give what lies in a column of the borrower's rows, as it is stored."""
    table: Any = column.model
    theirs = table.id if table is Borrower else table.borrower
    for (value,) in transaction.all(table.select(column).where(theirs == borrower_id)):
        if value:
            yield value.encode() if isinstance(value, str) else bytes(value)


def _pieces(stored: bytes) -> Iterator[bytes]:
    """Take what is long apart, a line at a time and no piece longer than a line of a slip or two."""
    text = stored.decode("utf-8", errors="ignore")
    if len(text) <= PIECE:
        return
    for line in text.splitlines():
        for start in range(0, len(line), PIECE):
            piece = line[start : start + PIECE].encode()
            if len(piece) >= SHORTEST_WRITTEN:
                yield piece


def _told(found: Iterable[bytes]) -> tuple[bytes, ...]:
    """Give what is long enough to tell anything, once each, in an order of their own."""
    return tuple(sorted({one for one in found if _tells(one)}))


def _tells(stored: bytes) -> bool:
    shortest = FEWEST_FIGURES if stored.isdigit() else SHORTEST
    return len(stored) >= shortest and stored.count(0) * 2 < len(stored)
