"""Queries about borrowers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import JOIN

from db.models import Block, Borrower, BorrowerGroup, Branch, Card, Staff
from desk.borrowers.records import BlockRecord, BorrowerRecord, CardRecord
from desk.circulation.queries import blocks_in_force, open_loan_count
from desk.circulation.rules import age_on
from desk.command import query
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@query(Right.LEND)
def borrower_at_counter(
    transaction: Transaction, borrower_id: int, card_id: int | None, today: date
) -> BorrowerRecord | None:
    """Give what the counter shows of a borrower whose card was scanned (C12)."""
    row = transaction.one(
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
        )
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .join(Branch, on=(Borrower.home_branch == Branch.id))
        .join(Staff, JOIN.LEFT_OUTER, on=(Borrower.internal_note_by == Staff.id))
        .where(Borrower.id == borrower_id)
    )
    if row is None:
        return None
    number, name, born, group, branch, language, is_protected, until, limit, note, note_by, note_at = row
    return BorrowerRecord(
        borrower_id=borrower_id,
        number=number,
        name=name,
        age=None if born is None else age_on(born, today),
        group=group,
        home_branch=branch,
        language=language,
        address_protected=bool(is_protected) and (until is None or until >= today),
        open_loans=open_loan_count(transaction, borrower_id),
        limit=limit,
        card=_card(transaction, borrower_id, card_id),
        blocks=blocks_in_force(transaction, borrower_id, card_id, today),
        note=note,
        note_by=note_by or "",
        note_at=note_at,
    )


def _card(transaction: Transaction, borrower_id: int, card_id: int | None) -> CardRecord | None:
    if card_id is None:
        return None
    row = transaction.one(
        Card.select(Card.id, Card.number, Card.kind, Card.state, Card.state_since).where(
            (Card.id == card_id) & (Card.borrower == borrower_id)
        )
    )
    return None if row is None else CardRecord(*row)


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
        )
        .join(setter, JOIN.LEFT_OUTER, on=(Block.set_by == setter.id))
        .switch(Block)
        .join(lifter, JOIN.LEFT_OUTER, on=(Block.lifted_by == lifter.id))
        .where(Block.borrower == borrower_id)
        .order_by(Block.lifted_at.is_null().desc(), Block.set_on.desc(), Block.id.desc())
    )
    return tuple(
        BlockRecord(number, kind, set_on, reason, ends_on, by or "", lifted_at, lifted_by or "", lift_reason or "")
        for number, kind, set_on, reason, ends_on, by, lifted_at, lifted_by, lift_reason in rows
    )
