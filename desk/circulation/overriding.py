"""Override (C5): a supervisor sets refusals aside for one visit, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, Override
from desk.circulation.refusals import OVERRIDABLE_BLOCKS
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

FOR_THE_VISIT = frozenset({"limit"} | {f"block_{kind}" for kind in OVERRIDABLE_BLOCKS})
FOR_ONE_ITEM = frozenset({"age", "reserved_for_another"})


@dataclass(frozen=True, slots=True)
class OverrideRecord:
    """Which refusals no longer hold for a visit."""

    borrower_id: int
    visit: str
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(Command[OverrideRecord]):
    """Set refusals aside for one visit. ``who`` is the supervisor who stepped up, ``asked_by`` who asked.

    Attributes:
        item_id: the item in hand: an age limit and somebody's reservation are set aside for it alone, the rest for the
            whole visit.
        reason: in the supervisor's words; kept with who and when.
    """

    right: ClassVar[Right] = Right.OVERRIDE

    borrower_id: int
    visit: str
    refusals: tuple[str, ...]
    item_id: int
    asked_by: int | None
    reason: str


@carries_out(
    SetAside,
    row_id=lambda record: record.borrower_id,
    again=lambda _transaction, command, _row_id: OverrideRecord(command.borrower_id, command.visit, command.refusals),
)
def set_aside(transaction: Transaction, command: SetAside) -> OverrideRecord:
    """Write down one override for each refusal.

    Raises:
        InvalidInput: no reason, or a refusal that nobody may set aside.
        NotFound: the borrower is gone.
    """
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    if not command.refusals or set(command.refusals) - FOR_THE_VISIT - FOR_ONE_ITEM:
        raise InvalidInput("refusals", "not_overridable")
    if transaction.value(Borrower.select(Borrower.id).where(Borrower.id == command.borrower_id)) is None:
        raise NotFound("borrower")
    for refusal in command.refusals:
        transaction.run(
            Override.insert(
                borrower=command.borrower_id,
                visit=command.visit,
                refusal=refusal,
                item=command.item_id if refusal in FOR_ONE_ITEM else None,
                supervisor=command.who.staff_id,
                asked_by=command.asked_by,
                counter=command.who.counter_id,
                given_at=command.at,
                reason=command.reason.strip()[:200],
            )
        )
    note(transaction, command.who, command.at, Action.OVERRIDE, Purpose.LENDING, command.borrower_id)
    return OverrideRecord(command.borrower_id, command.visit, command.refusals)
