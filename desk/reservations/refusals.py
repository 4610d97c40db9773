"""Why nothing is reserved (FBS, domain.md 4.4): every reason a type with its data; words are put on at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desk.circulation.refusals import Blocked, Refusal


@dataclass(frozen=True, slots=True)
class NotReserved(Refusal):
    """One FBS reason why there is no reservation. Nobody sets it aside at the counter."""

    gravity: ClassVar[int] = 30


@dataclass(frozen=True, slots=True)
class PatronIsBlocked(NotReserved):
    """A block in force."""

    block: Blocked
    code: ClassVar[str] = "patron_is_blocked"
    gravity: ClassVar[int] = 80


@dataclass(frozen=True, slots=True)
class PatronOwes(NotReserved):
    """What is owed has reached the limit (R4): paid below it, the borrower may reserve again."""

    owed_ore: int
    limit_ore: int
    code: ClassVar[str] = "patron_is_blocked"
    gravity: ClassVar[int] = 75


@dataclass(frozen=True, slots=True)
class AlreadyReserved(NotReserved):
    """The borrower is in the title's queue already, at ``place``; None: a copy is set aside already."""

    place: int | None
    code: ClassVar[str] = "already_reserved"


@dataclass(frozen=True, slots=True)
class AlreadyLoaned(NotReserved):
    """The borrower has a copy of the title at home."""

    code: ClassVar[str] = "already_loaned"


@dataclass(frozen=True, slots=True)
class ExceedsMaxReservations(NotReserved):
    """As many reservations as anybody may have (*Semantics*: blocks when reached)."""

    reservations: int
    limit: int
    code: ClassVar[str] = "exceeds_max_reservations"
    gravity: ClassVar[int] = 40


@dataclass(frozen=True, slots=True)
class LoaningProfileNotFound(NotReserved):
    """No rule for this borrower group and the title's material groups."""

    code: ClassVar[str] = "loaning_profile_not_found"
    gravity: ClassVar[int] = 65


@dataclass(frozen=True, slots=True)
class NotReservable(NotReserved):
    """No copy of the title may be reserved by this borrower group."""

    code: ClassVar[str] = "not_reservable"
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class NoReservableMaterials(NotReserved):
    """The title has no copy that goes round: all are lost, discarded, missing or not for loan."""

    code: ClassVar[str] = "no_reservable_materials"
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class MaterialNotReservable(NotReserved):
    """This copy may not be reserved by this borrower group, or cannot be got at."""

    code: ClassVar[str] = "material_not_reservable"
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class MaterialNotLoanable(NotReserved):
    """This copy is not for loan, or damaged."""

    code: ClassVar[str] = "material_not_loanable"
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class MaterialLost(NotReserved):
    """This copy is lost."""

    code: ClassVar[str] = "material_lost"
    gravity: ClassVar[int] = 60


@dataclass(frozen=True, slots=True)
class MaterialDiscarded(NotReserved):
    """This copy has been discarded. The capital is FBS's own."""

    code: ClassVar[str] = "material_Discarded"
    gravity: ClassVar[int] = 60
