"""Queries about borrowers. A look that shows somebody anew is a command, and logged: :mod:`desk.borrowers.looking`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from db.models import (
    Block,
    Borrower,
    BorrowerGroup,
    Branch,
    Card,
    Library,
    Message,
    Reservation,
    Staff,
    Telephone,
)
from db.statements import Slot, Statement
from desk.borrowers.cpr import is_replacement, masked_cpr
from desk.borrowers.records import BlockRecord, BorrowerPage, BorrowerRecord, CardRecord, Choices
from desk.borrowers.rules import has_digital_services, is_protected_on, stopped_by_pins
from desk.circulation.queries import blocks_in_force, open_loan_count
from desk.circulation.rules import age_on
from desk.command import query
from desk.counter.codes import clean_code, meaning_of
from desk.money.debt import LIMIT_ORE, OWED_BY_BORROWER
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

AT_COUNTER = Statement(
    Borrower.select(
        Borrower.number,
        Borrower.name,
        Borrower.birth_date,
        BorrowerGroup.name,
        Branch.name,
        Borrower.language,
        Borrower.address_protected,
        Borrower.protected_until,
        BorrowerGroup.loan_limit,
        Borrower.internal_note,
        Staff.name,
        Borrower.internal_note_at,
        Borrower.municipality,
        OWED_BY_BORROWER,
        LIMIT_ORE,
    )
    .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
    .join(Branch, on=(Borrower.home_branch == Branch.id))
    .join(Staff, JOIN.LEFT_OUTER, on=(Borrower.internal_note_by == Staff.id))
    .where(Borrower.id == Slot("borrower_id"))
)
READY = Statement(
    Reservation.select(Branch.name, Reservation.pickup_number)
    .join(Branch, on=(Reservation.pickup_branch == Branch.id))
    .where((Reservation.borrower == Slot("borrower_id")) & (Reservation.state == "readyForPickup"))
    .order_by(Reservation.pickup_number, Branch.id)
)
LIBRARY = Statement(Library.select(Library.isil, Library.municipalities).limit(1))


@query(Right.LEND)
def borrower_at_counter(
    transaction: Transaction, borrower_id: int, card_id: int | None, today: date
) -> BorrowerRecord | None:
    """Give again what the counter shows of a borrower whose visit is open (C12)."""
    row = transaction.one(AT_COUNTER, borrower_id=borrower_id)
    if row is None:
        return None
    number, name, born, group, branch, language, protected, until, limit, note, note_by, note_at = row[:12]
    municipality, owed, debt_limit = row[12:]
    isil, municipalities = transaction.one(LIBRARY) or ("", "")
    return BorrowerRecord(
        borrower_id=borrower_id,
        number=number,
        name=name,
        age=None if born is None else age_on(born, today),
        group=group,
        home_branch=branch,
        language=language,
        address_protected=is_protected_on(protected, until, today),
        open_loans=open_loan_count(transaction, borrower_id),
        limit=limit,
        card=_card(transaction, borrower_id, card_id),
        blocks=blocks_in_force(transaction, borrower_id, card_id, today),
        note=note,
        note_by=note_by or "",
        note_at=note_at,
        digital_services=has_digital_services(municipality, isil, municipalities),
        owed_ore=owed,
        debt_limit_ore=debt_limit,
        ready=tuple(transaction.all(READY, borrower_id=borrower_id)),
    )


CARD_COLUMNS = (Card.id, Card.number, Card.kind, Card.state, Card.state_since, Card.pin_hash, Card.wrong_pins)


def _card(transaction: Transaction, borrower_id: int, card_id: int | None) -> CardRecord | None:
    if card_id is None:
        return None
    row = transaction.one(Card.select(*CARD_COLUMNS).where((Card.id == card_id) & (Card.borrower == borrower_id)))
    return None if row is None else _card_record(row)


def _card_record(row: tuple[Any, ...]) -> CardRecord:
    card_id, number, kind, state, since, pin_hash, wrong_pins = row
    return CardRecord(card_id, number, kind, state, since, pin_hash is not None, stopped_by_pins(wrong_pins, state))


@query(Right.SEE_BORROWER)
def borrower_page(transaction: Transaction, borrower_id: int, card_id: int | None, today: date) -> BorrowerPage | None:
    """Give again the page of a borrower that is open; opening it is :class:`~desk.borrowers.looking.OpenPage`."""
    borrower = borrower_at_counter(transaction, borrower_id, card_id, today)
    row = transaction.one(
        Borrower.select(
            Borrower.birth_date,
            Borrower.cpr_sealed,
            Borrower.care_of,
            Borrower.street,
            Borrower.postcode,
            Borrower.city,
            Borrower.address_dated,
            Borrower.email,
            Borrower.protected_until,
            Borrower.absent_from,
            Borrower.absent_until,
            Borrower.borrower_group,
            Borrower.home_branch,
            Borrower.municipality,
            Borrower.guardian,
            Borrower.note_to_borrower,
            Staff.name,
            Borrower.note_to_borrower_at,
        )
        .join(Staff, JOIN.LEFT_OUTER, on=(Borrower.note_to_borrower_by == Staff.id))
        .where(Borrower.id == borrower_id)
    )
    if borrower is None or row is None:
        return None
    born, sealed, *address, dated, email, until, away_from, away_until, group, branch, municipality, guardian = row[:15]
    cpr = "" if sealed is None else transaction.vault.open(sealed)
    telephones = transaction.value(Telephone.select(fn.COUNT(Telephone.id)).where(Telephone.borrower == borrower_id))
    reservations = _counts_of_reservations(transaction, borrower_id)
    children = transaction.value(Borrower.select(fn.COUNT(Borrower.id)).where(Borrower.guardian == borrower_id))
    return BorrowerPage(
        borrower=borrower,
        birth_date=born,
        masked_cpr=masked_cpr(cpr) if cpr else "",
        is_replacement=bool(cpr) and is_replacement(cpr),
        has_address=any(address),
        address_dated=dated,
        telephones=telephones,
        has_email=bool(email),
        protected_until=until if borrower.address_protected else None,
        absent_from=away_from,
        absent_until=away_until,
        group_id=group,
        home_branch_id=branch,
        municipality=municipality,
        has_guardian=guardian is not None,
        responsible_for=children,
        note_to_borrower=row[15],
        note_to_borrower_by=row[16] or "",
        note_to_borrower_at=row[17],
        reservations=sum(reservations.values()),
        ready=reservations.get("readyForPickup", 0),
        owed_ore=borrower.owed_ore,
        messages=transaction.value(Message.select(fn.COUNT(Message.id)).where(Message.borrower == borrower_id)),
        cards=cards_of(transaction, borrower_id),
        blocks=blocks_of(transaction, borrower_id),
    )


def _counts_of_reservations(transaction: Transaction, borrower_id: int) -> dict[str, int]:
    rows = transaction.all(
        Reservation.select(Reservation.state, fn.COUNT(Reservation.id))
        .where(Reservation.borrower == borrower_id)
        .group_by(Reservation.state)
    )
    return dict(rows)


@query(Right.SEE_BORROWER)
def cards_of(transaction: Transaction, borrower_id: int) -> tuple[CardRecord, ...]:
    """List a borrower's cards, those in use first."""
    rows = transaction.all(
        Card.select(*CARD_COLUMNS).where(Card.borrower == borrower_id).order_by(Card.state != "active", Card.id)
    )
    return tuple(map(_card_record, rows))


@query(Right.SEE_BORROWER)
def blocks_of(transaction: Transaction, borrower_id: int) -> tuple[BlockRecord, ...]:
    """List a borrower's blocks, those in force first, the newest first."""
    setter: Any = Staff.alias()
    lifter: Any = Staff.alias()
    rows = transaction.all(
        Block.select(
            Block.id,
            Block.kind,
            Block.set_on,
            Block.reason,
            Block.ends_on,
            setter.name,
            Block.lifted_at,
            lifter.name,
            Block.lift_reason,
            Block.card,
        )
        .join(setter, JOIN.LEFT_OUTER, on=(Block.set_by == setter.id))
        .switch(Block)
        .join(lifter, JOIN.LEFT_OUTER, on=(Block.lifted_by == lifter.id))
        .where(Block.borrower == borrower_id)
        .order_by(Block.lifted_at.is_null().desc(), Block.set_on.desc(), Block.id.desc())
    )
    return tuple(
        BlockRecord(number, kind, set_on, reason, ends, by or "", lifted_at, lifter or "", lift_reason or "", card)
        for number, kind, set_on, reason, ends, by, lifted_at, lifter, lift_reason, card in rows
    )


@query(Right.SEE_BORROWER)
def choices(transaction: Transaction) -> Choices:
    """Give the borrower groups (id, code, name) and the branches (id, name) there are to choose from."""
    groups = transaction.all(
        BorrowerGroup.select(BorrowerGroup.id, BorrowerGroup.code, BorrowerGroup.name).order_by(BorrowerGroup.id)
    )
    branches = transaction.all(Branch.select(Branch.id, Branch.name).order_by(Branch.id))
    return Choices(tuple(groups), tuple(branches))


@query(Right.SEE_BORROWER)
def borrower_with_code(transaction: Transaction, code: str) -> int | None:
    """Give the borrower a card, a CPR number or a lånernummer belongs to, or None."""
    meaning = meaning_of(transaction, code)
    if meaning.borrower_id is not None:
        return meaning.borrower_id
    found: int | None = transaction.value(Borrower.select(Borrower.id).where(Borrower.number == clean_code(code)))
    return found
