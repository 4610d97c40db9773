"""What check-out, return and renewal answer with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from db.trail import Trail
from desk.circulation.refusals import Refusal
from desk.money.records import NOTHING, Charged


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item as a line shows it. ``branch_id`` is where it belongs."""

    item_id: int
    barcode: str
    title: str = field(repr=False)
    author: str = field(repr=False)
    material_group: str
    branch_id: int
    branch: str
    status: str
    parts: int


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """One open loan.

    Attributes:
        due_on: local date, never a closed day of the lending branch.
        closed_from: first closed day the due date was moved over, None if it was not moved.
        due_reason: why staff set the date by hand, empty otherwise.
        open_loans: the borrower's open loans, this one included; with ``limit`` only where they were counted.
        was_missing: the item had been missing or claimed returned, and has turned up.
        fulfilled: the borrower had reserved it, and the reservation is gone with this (P4). Not known any more when
            the answer is given again after a crash.
        others_wait: somebody else has a place in the title's queue, though this copy was free to be lent. Not known any
            more when the answer is given again.
        trail: what undo needs (C9); empty when the answer was given again.
    """

    loan_id: int
    item: ItemRecord
    borrower_id: int = field(repr=False)
    due_on: date
    closed_from: date | None = None
    due_reason: str = ""
    renewals: int = 0
    open_loans: int = 0
    limit: int = 0
    was_missing: bool = False
    fulfilled: bool = False
    others_wait: bool = False
    trail: Trail = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """What became of a returned item. Holds no borrower (C8).

    Attributes:
        loan_id: the loan that was closed; None: it was not on loan.
        closed_on: local date it counts as returned on.
        days_overdue: calendar days after the due date, 0 when in time.
        goes_to: the branch it is sent to, where it belongs or is awaited; None: it stays here.
        was_status: the item's status before.
        charged: the overdue fee, and what became of a claim (R3).
        shelf: its place on the pickup shelf here, where somebody will fetch it; None: it goes to its own.
        is_reserved: somebody waits for it, here or at the branch it is sent to.
        from_drop_box: it counts from the last open day before now, not from today.
        trail: what undo needs (C9); empty when the answer was given again.
    """

    item: ItemRecord
    loan_id: int | None
    closed_on: date
    days_overdue: int
    goes_to: str | None
    was_status: str
    charged: Charged = NOTHING
    shelf: int | None = None
    is_reserved: bool = False
    from_drop_box: bool = False
    trail: Trail = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class RenewalRecord:
    """One renewed loan. ``renewals`` of ``allowed`` are used; ``charged``: what an overdue one had accrued (C10).

    ``trail`` is what undo needs (C9).
    """

    loan_id: int
    item: ItemRecord
    due_on: date
    closed_from: date | None
    renewals: int
    allowed: int
    charged: Charged = NOTHING
    borrower_id: int = field(default=0, repr=False)
    trail: Trail = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What undo answers with (C9): the item as it is again.

    ``somebody_was_told``: a message about it had gone out, which nobody can take back.
    """

    item: ItemRecord
    somebody_was_told: bool = False


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """A loan on a borrower's list, with what renewing it today would say.

    Attributes:
        renewed_until: the date a renewal today would give; None when refused.
        denied: why it cannot be renewed, worst first.
    """

    loan_id: int
    item: ItemRecord
    due_on: date
    days_overdue: int
    renewals: int
    allowed: int
    renewed_until: date | None
    denied: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a check-out would run into right now.

    Attributes:
        reasons: every refusal, worst first; empty: nothing stands in the way.
        overridden: codes of refusals that a supervisor has already set aside for this visit.
    """

    item: ItemRecord
    reasons: tuple[Refusal, ...]
    overridden: tuple[str, ...]
