"""Is whoever is being signed up here already? Shown, and never in the way (C11: told apart by birth year and street).

Showing somebody is a look, so each search is a command, with a row in the access log for everybody it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import fn

from db.models import Borrower, SearchWord
from db.search import distinct, words_in
from desk.borrowers.cpr import checked_cpr
from desk.borrowers.queries import borrower_with_code
from desk.borrowers.rules import is_protected_on
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import InvalidInput
from desk.privacy.access_log import NOT_FOUND, note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

MOST_SHOWN = 5
SHOWN = ("name", "birth_date", "address")


@dataclass(frozen=True, slots=True)
class KnownBorrower:
    """As much of a borrower as tells them from somebody of the same name.

    Attributes:
        born_in: the year of birth, None: not known.
        street: empty when there is none, or name and address are protected.
    """

    borrower_id: int
    name: str = field(repr=False)
    born_in: int | None = field(repr=False)
    street: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDoubles(Command[tuple[KnownBorrower, ...]]):
    """Look for borrowers with the same birth date and name, or the same name and street, for a sign-up."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    street: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindHolder(Command[tuple[KnownBorrower, ...]]):
    """Look for the borrower who has a CPR number that somebody is to be signed up with. Gives one, or none."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    cpr: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindGuardian(Command[tuple[KnownBorrower, ...]]):
    """Look for whoever is to be financially responsible, by card, CPR number or lånernummer. Gives one, or none."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    code: str = field(repr=False)


AnySearch = FindDoubles | FindHolder | FindGuardian


def _found_again(transaction: Transaction, command: AnySearch, _row_id: int | None) -> tuple[KnownBorrower, ...]:
    found: tuple[KnownBorrower, ...] = _FINDERS[type(command)](transaction, command)
    return found


@carries_out(FindDoubles, again=_found_again)
def find_doubles(transaction: Transaction, command: FindDoubles) -> tuple[KnownBorrower, ...]:
    """Give those who may be the same person, and note that they were shown."""
    return _noted(transaction, command, _doubles(transaction, command))


@carries_out(FindHolder, again=_found_again)
def find_holder(transaction: Transaction, command: FindHolder) -> tuple[KnownBorrower, ...]:
    """Give whoever has the number, and note that they were shown.

    Raises:
        InvalidInput: it is no CPR number.
    """
    return _noted(transaction, command, _holder(transaction, command))


@carries_out(FindGuardian, again=_found_again)
def find_guardian(transaction: Transaction, command: FindGuardian) -> tuple[KnownBorrower, ...]:
    """Give whoever the code belongs to, and note that they were shown.

    Raises:
        InvalidInput: ``guardian``: ``has_guardian``, somebody else answers for them; nobody is shown then.
    """
    return _noted(transaction, command, _guardian(transaction, command))


def _noted(transaction: Transaction, command: AnySearch, found: tuple[KnownBorrower, ...]) -> tuple[KnownBorrower, ...]:
    """Add a row for each who is shown, or one for a search that found nobody."""
    for one in found:
        shown = SHOWN if one.street else SHOWN[:2]
        note(transaction, command.who, command.at, Action.SEARCH, Purpose.SIGN_UP, one.borrower_id, revealed=shown)
    if not found:
        note(transaction, command.who, command.at, Action.SEARCH, Purpose.SIGN_UP, outcome=NOT_FOUND)
    return found


def _doubles(transaction: Transaction, command: FindDoubles) -> tuple[KnownBorrower, ...]:
    name, street = distinct(words_in(command.name)), distinct(words_in(command.street))
    if not name:
        return ()
    ids: set[int] = set()
    if command.birth_date is not None:
        born = _with_words(transaction, [f"{command.birth_date:%d%m%Y}"])
        rows = transaction.all(
            Borrower.select(Borrower.id, Borrower.name).where(
                Borrower.id.in_(born) & (Borrower.birth_date == command.birth_date)
            )
        )
        ids |= {borrower_id for borrower_id, theirs in rows if _is_same_name(name, words_in(theirs))}
    if street:
        rows = transaction.all(
            Borrower.select(
                Borrower.id, Borrower.name, Borrower.street, Borrower.address_protected, Borrower.protected_until
            ).where(Borrower.id.in_(_with_words(transaction, distinct(name + street))))
        )
        ids |= {
            borrower_id
            for borrower_id, theirs, where, protected, until in rows
            if set(words_in(theirs)) == set(name)
            and words_in(where) == words_in(command.street)
            # Whoever types a protected address must not learn that it is right.
            and not is_protected_on(protected, until, local_date(command.at))
        }
    return _known(transaction, ids, local_date(command.at))


def _is_same_name(one: list[str], other: list[str]) -> bool:
    """Tell whether two names may be one person's: in any order, and one may leave out a middle name."""
    shorter, longer = sorted((set(one), set(other)), key=len)
    return bool(shorter) and shorter <= longer


def _with_words(transaction: Transaction, words: list[str]) -> list[int]:
    """Give those who are found by each of some whole words."""
    rows = transaction.all(
        SearchWord.select(SearchWord.borrower)
        .where(SearchWord.word.in_(words))
        .group_by(SearchWord.borrower)
        .having(fn.COUNT(SearchWord.word.distinct()) == len(words))
    )
    return [row[0] for row in rows]


def _holder(transaction: Transaction, command: FindHolder) -> tuple[KnownBorrower, ...]:
    today = local_date(command.at)
    index = transaction.vault.index(checked_cpr(command.cpr, today))
    holder = transaction.value(Borrower.select(Borrower.id).where(Borrower.cpr_index == index))
    return () if holder is None else _known(transaction, (holder,), today)


def _guardian(transaction: Transaction, command: FindGuardian) -> tuple[KnownBorrower, ...]:
    borrower_id = borrower_with_code(transaction, command.code)
    if borrower_id is None:
        return ()
    if transaction.value(Borrower.select(Borrower.guardian).where(Borrower.id == borrower_id)) is not None:
        raise InvalidInput("guardian", "has_guardian")
    return _known(transaction, (borrower_id,), local_date(command.at))


def _known(transaction: Transaction, ids: Iterable[int], today: date) -> tuple[KnownBorrower, ...]:
    rows = transaction.all(
        Borrower.select(
            Borrower.id,
            Borrower.name,
            Borrower.birth_date,
            Borrower.street,
            Borrower.address_protected,
            Borrower.protected_until,
        )
        .where(Borrower.id.in_(tuple(ids)))
        .order_by(Borrower.id)
        .limit(MOST_SHOWN)
    )
    return tuple(
        KnownBorrower(
            borrower_id,
            name,
            None if born is None else born.year,
            "" if is_protected_on(protected, until, today) else street,
        )
        for borrower_id, name, born, street, protected, until in rows
    )


_FINDERS: dict[type[Any], Any] = {FindDoubles: _doubles, FindHolder: _holder, FindGuardian: _guardian}
