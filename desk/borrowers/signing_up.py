"""Creating a borrower at the counter: two minutes with a queue waiting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, Card
from db.models.borrowers import CARD_KINDS
from desk.borrowers.card_numbers import card_fault
from desk.borrowers.changing import refuse_circle, refuse_taken_cpr, write_telephones
from desk.borrowers.cpr import born_with, checked_cpr
from desk.borrowers.details import (
    NO_ADDRESS,
    NO_TELEPHONES,
    UNPROTECTED,
    Absence,
    Address,
    BirthDate,
    Cpr,
    Detail,
    Email,
    Group,
    Guardian,
    HomeBranch,
    Language,
    Municipality,
    Name,
    Protection,
    Telephones,
    columns_of,
)
from desk.borrowers.searching import write_search_words
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.counter.codes import clean_code
from desk.errors import InvalidInput
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card handed out at sign-up, with the PIN the borrower typed twice (hashed already), if one was."""

    number: str = field(repr=False)
    kind: str = "library"
    pin_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CreatedBorrower:
    """Who was created."""

    borrower_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBorrower(Command[CreatedBorrower]):
    """Create a borrower. Nothing is written unless all of it can be.

    Attributes:
        cpr: a CPR or replacement number; None: somebody without one (an institution).
        birth_date: None: read from the CPR number.
        numbers: drawn at random for the lånernummer; more than one, since some may be taken.
        log_key: 32 random bytes.
        card: None: the health card is the only one, found by its CPR number.
    """

    right: ClassVar[Right] = Right.EDIT_BORROWER

    name: str = field(repr=False)
    cpr: str | None = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    group_id: int
    branch_id: int
    address: Address = NO_ADDRESS
    telephones: Telephones = NO_TELEPHONES
    email: str = field(default="", repr=False)
    municipality: str = ""
    language: str = "da"
    protection: Protection = UNPROTECTED
    guardian_id: int | None = None
    card: NewCard | None = None
    numbers: tuple[str, ...] = field(repr=False)
    log_key: bytes = field(repr=False)


def _created(transaction: Transaction, borrower_id: int) -> CreatedBorrower:
    number = transaction.value(Borrower.select(Borrower.number).where(Borrower.id == borrower_id))
    return CreatedBorrower(borrower_id, number or "")


@carries_out(
    CreateBorrower,
    row_id=lambda created: created.borrower_id,
    again=lambda transaction, _command, borrower_id: _created(transaction, borrower_id),
)
def create_borrower(transaction: Transaction, command: CreateBorrower) -> CreatedBorrower:
    """Create a borrower with a card and telephones.

    Raises:
        InvalidInput: names the field and what is wrong with it: among them ``cpr``: ``taken``, ``card``: ``taken``, and
            ``number``: ``taken`` when every lånernummer that was drawn belongs to somebody.
    """
    today = local_date(command.at)
    born = command.birth_date
    cpr_columns = columns_of(transaction, Cpr(command.cpr), today)
    if born is None and command.cpr is not None:
        born = born_with(checked_cpr(command.cpr, today))
    details: tuple[Detail, ...] = (
        Name(command.name),
        BirthDate(born),
        command.address,
        Email(command.email),
        command.telephones,
        Absence(None, None),
        Group(command.group_id),
        HomeBranch(command.branch_id),
        Municipality(command.municipality),
        Language(command.language),
        command.protection,
        Guardian(command.guardian_id),
    )
    columns = dict(cpr_columns)
    for detail in details:
        columns |= columns_of(transaction, detail, today)
    refuse_taken_cpr(transaction, columns[Borrower.cpr_index], None)
    refuse_circle(transaction, command.guardian_id, None)
    card = None if command.card is None else free_card(transaction, command.card)
    if command.address == NO_ADDRESS:
        columns[Borrower.address_dated] = None
    number = _free_number(transaction, command.numbers)
    columns |= {Borrower.number: number, Borrower.log_key: command.log_key}
    borrower_id = transaction.run(Borrower.insert(columns))
    if card is not None:
        transaction.run(Card.insert(borrower=borrower_id, number=card.number, kind=card.kind, pin_hash=card.pin_hash))
    write_telephones(transaction, borrower_id, command.telephones)
    write_search_words(transaction, [borrower_id])
    note(transaction, command.who, command.at, Action.CREATE, Purpose.SIGN_UP, borrower_id)
    return CreatedBorrower(borrower_id, number)


def free_card(transaction: Transaction, card: NewCard) -> NewCard:
    """Check a card that is to be handed out.

    Raises:
        InvalidInput: ``card``: as :func:`~desk.borrowers.card_numbers.card_fault` says; ``kind``: ``unknown``.
    """
    if card.kind not in CARD_KINDS:
        raise InvalidInput("kind", "unknown")
    fault = card_fault(transaction, card.number)
    if fault:
        raise InvalidInput("card", fault)
    return NewCard(clean_code(card.number), card.kind, card.pin_hash)


def _free_number(transaction: Transaction, drawn: tuple[str, ...]) -> str:
    taken = {row[0] for row in transaction.all(Borrower.select(Borrower.number).where(Borrower.number.in_(drawn)))}
    for number in drawn:
        if number not in taken:
            return number
    raise InvalidInput("number", "taken")
