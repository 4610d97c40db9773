"""Why the rules say no (C5): every reason a type with its data; words are put on at the edge.

Each says who could lift it: the people at the counter by doing something (``at_counter``), a supervisor by
overriding (``supervisor``), or nobody. Supervisors may override the limit, blocks E, U, S and W, age and
reserved-for-another; nobody may override D, F, a stolen card, a lost or discarded item, on loan to another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import ClassVar

OVERRIDABLE_BLOCKS = frozenset("EUSW")


class LiftedBy(Enum):
    """Who can make a refusal go away on the spot."""

    NOBODY = "nobody"
    SUPERVISOR = "supervisor"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. ``gravity`` orders reasons, the worst (highest) first."""

    code: ClassVar[str] = ""
    lifted_by: ClassVar[LiftedBy] = LiftedBy.NOBODY
    gravity: ClassVar[int] = 0

    @property
    def may_override(self) -> LiftedBy:
        """Tell who may lift this very refusal."""
        return self.lifted_by


@dataclass(frozen=True, slots=True)
class Blocked(Refusal):
    """A block in force (R5). ``ends_on`` is inclusive; None: until lifted."""

    kind: str
    since: date
    ends_on: date | None
    reason: str = field(repr=False)
    gravity: ClassVar[int] = 80

    @property
    def code(self) -> str:  # type: ignore[override]  # the kind is part of the code: block_U, block_E …
        """Name the block's kind."""
        return f"block_{self.kind}"

    @property
    def may_override(self) -> LiftedBy:
        """Only E, U, S and W give way to a supervisor."""
        return LiftedBy.SUPERVISOR if self.kind in OVERRIDABLE_BLOCKS else LiftedBy.NOBODY


@dataclass(frozen=True, slots=True)
class DebtReached(Refusal):
    """The borrower owes as much as blocks (R4): computed from the fees at this moment. Both amounts in øre."""

    owed_ore: int
    limit_ore: int
    code: ClassVar[str] = "block_E"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.SUPERVISOR
    gravity: ClassVar[int] = 75


@dataclass(frozen=True, slots=True)
class CardStolen(Refusal):
    """The card was reported stolen; the person may use another card."""

    since: date | None
    code: ClassVar[str] = "card_stolen"
    gravity: ClassVar[int] = 90


@dataclass(frozen=True, slots=True)
class CardStopped(Refusal):
    """The card is stopped (too many wrong PINs, or replaced)."""

    since: date | None
    code: ClassVar[str] = "card_stopped"
    gravity: ClassVar[int] = 85


@dataclass(frozen=True, slots=True)
class LimitReached(Refusal):
    """The number of open loans has reached the limit (*Semantics*: blocks when reached)."""

    open_loans: int
    limit: int
    code: ClassVar[str] = "limit"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.SUPERVISOR
    gravity: ClassVar[int] = 40


@dataclass(frozen=True, slots=True)
class TooYoung(Refusal):
    """The material has an age limit; ``old_enough_on`` is the birthday that lifts it, None: birth date unknown."""

    age_limit: int
    old_enough_on: date | None
    code: ClassVar[str] = "age"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.SUPERVISOR
    gravity: ClassVar[int] = 50


@dataclass(frozen=True, slots=True)
class OnLoanToAnother(Refusal):
    """Another borrower has it: it must be returned first, which can be done here."""

    code: ClassVar[str] = "on_loan_to_another"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class AlreadyTheirs(Refusal):
    """The borrower has it already: renew or return."""

    due_on: date
    code: ClassVar[str] = "already_theirs"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class ReservedForAnother(Refusal):
    """Somebody else has reserved it.

    Attributes:
        shelf: its place on the pickup shelf; None: it does not lie there.
        on_shelf_since: local date it has lain there since.
        branch: where it is awaited when it is set aside for another branch; empty: here, or it is not set aside.
        is_trapped: it is set aside for them; else it is on loan, and they are the next to have it.
    """

    shelf: int | None = None
    on_shelf_since: date | None = None
    branch: str = ""
    is_trapped: bool = True
    code: ClassVar[str] = "reserved_for_another"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.SUPERVISOR
    gravity: ClassVar[int] = 55


@dataclass(frozen=True, slots=True)
class StatusForbids(Refusal):
    """The item's status does not let it out: lost, damaged, discarded, not_for_loan."""

    status: str
    gravity: ClassVar[int] = 70

    @property
    def code(self) -> str:  # type: ignore[override]  # the status is part of the code
        """Name the status."""
        return f"status_{self.status}"


@dataclass(frozen=True, slots=True)
class PartsToCount(Refusal):
    """The item has several parts, which somebody must count."""

    parts: int
    code: ClassVar[str] = "parts"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 10


@dataclass(frozen=True, slots=True)
class NoLendingRule(Refusal):
    """No rule for this borrower group and material group."""

    code: ClassVar[str] = "no_rule"
    gravity: ClassVar[int] = 65


@dataclass(frozen=True, slots=True)
class NoOpenDay(Refusal):
    """The calendar has no open day within the bounded search (R2)."""

    searched_until: date
    code: ClassVar[str] = "no_open_day"
    gravity: ClassVar[int] = 65


@dataclass(frozen=True, slots=True)
class RecordedRefusal(Refusal):
    """A refusal read back from the command record: the code is all that was kept."""

    recorded: str
    gravity: ClassVar[int] = 0

    @property
    def code(self) -> str:  # type: ignore[override]  # the code is the data
        """Give the code as it was kept."""
        return self.recorded


@dataclass(frozen=True, slots=True)
class TooLateToUndo(Refusal):
    """What was done more than five minutes ago stays done (C9)."""

    code: ClassVar[str] = "too_late_to_undo"


@dataclass(frozen=True, slots=True)
class ChangedSince(Refusal):
    """Something that would be taken back has been changed since, by another command; ``what``: which table."""

    what: str
    code: ClassVar[str] = "changed_since"


# Renewal (FBS renewalStatus, domain.md 4.3)


@dataclass(frozen=True, slots=True)
class RenewalDenied(Refusal):
    """One FBS reason why a loan is not renewed."""

    gravity: ClassVar[int] = 30


@dataclass(frozen=True, slots=True)
class DeniedMaxRenewalsReached(RenewalDenied):
    """Renewed as often as the rule allows."""

    renewals: int
    allowed: int
    code: ClassVar[str] = "deniedMaxRenewalsReached"


@dataclass(frozen=True, slots=True)
class DeniedReserved(RenewalDenied):
    """Somebody else waits for the title, and no free copy serves them."""

    code: ClassVar[str] = "deniedReserved"
    gravity: ClassVar[int] = 35


@dataclass(frozen=True, slots=True)
class DeniedLoanerIsBlocked(RenewalDenied):
    """A block in force."""

    block: Blocked | DebtReached
    code: ClassVar[str] = "deniedLoanerIsBlocked"
    gravity: ClassVar[int] = 80

    @property
    def may_override(self) -> LiftedBy:
        """As the block itself."""
        return self.block.may_override


@dataclass(frozen=True, slots=True)
class DeniedMaterialIsNotLoanable(RenewalDenied):
    """The material group may not be renewed, or the item is no longer for loan."""

    code: ClassVar[str] = "deniedMaterialIsNotLoanable"


@dataclass(frozen=True, slots=True)
class DeniedLoaningProfileNotFound(RenewalDenied):
    """No rule for this borrower group and material group."""

    code: ClassVar[str] = "deniedLoaningProfileNotFound"


@dataclass(frozen=True, slots=True)
class DeniedClaimed(RenewalDenied):
    """A replacement has been claimed for it (FBS: deniedOtherReason): it is returned or paid, not renewed."""

    code: ClassVar[str] = "deniedOtherReason"


@dataclass(frozen=True, slots=True)
class DeniedNoLaterDate(RenewalDenied):
    """Renewing today would not move the due date (FBS: deniedOtherReason); ``from_day`` is when it would."""

    from_day: date | None
    code: ClassVar[str] = "deniedOtherReason"


def worst_first(reasons: list[Refusal]) -> tuple[Refusal, ...]:
    """Order reasons as they are told: the worst first."""
    return tuple(sorted(reasons, key=lambda reason: -reason.gravity))
