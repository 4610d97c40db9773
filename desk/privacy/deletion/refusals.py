"""Why a deletion is not registered or approved: types with data, worded at the edge (:mod:`screens.deletions.words`).

Nobody overrides any of them: what stands in the way is settled, and the second pair of eyes is another person's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from desk.circulation.refusals import LiftedBy, Refusal


@dataclass(frozen=True, slots=True)
class AlreadyRequested(Refusal):
    """The borrower has asked before, and it has not been carried out yet."""

    since: date
    code: ClassVar[str] = "deletion_requested"


@dataclass(frozen=True, slots=True)
class SamePerson(Refusal):
    """Whoever decides is whoever registered it, perhaps by another account (G2)."""

    code: ClassVar[str] = "deletion_same_person"
    gravity: ClassVar[int] = 100


@dataclass(frozen=True, slots=True)
class NoPersonNumber(Refusal):
    """An account says of whom it is no more than a name: two persons cannot be told apart.

    Attributes:
        whose: ``approver`` or ``registrant``.
        name: as on the status line.
    """

    whose: str
    name: str
    gravity: ClassVar[int] = 95

    @property
    def code(self) -> str:  # type: ignore[override]  # whose it is, is part of the code
        """Name whose account it is."""
        return f"deletion_no_number_{self.whose}"


@dataclass(frozen=True, slots=True)
class LoansOpen(Refusal):
    """Something is not returned."""

    count: int
    code: ClassVar[str] = "deletion_loans"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 80


@dataclass(frozen=True, slots=True)
class FeesUnsettled(Refusal):
    """Something is neither paid nor waived; the amount in øre."""

    owed_ore: int
    code: ClassVar[str] = "deletion_fees"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 70


@dataclass(frozen=True, slots=True)
class CreditOwed(Refusal):
    """The library owes the borrower; the amount in øre."""

    credit_ore: int
    code: ClassVar[str] = "deletion_credit"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class Responsible(Refusal):
    """The borrower answers for others who are not of age."""

    count: int
    code: ClassVar[str] = "deletion_responsible"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
    gravity: ClassVar[int] = 50
