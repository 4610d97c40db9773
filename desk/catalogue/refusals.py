"""Why an item does not get a status (C15); words are put on at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desk.circulation.refusals import LiftedBy, Refusal


@dataclass(frozen=True, slots=True)
class StatusAlready(Refusal):
    """The item has that status already."""

    status: str
    code: ClassVar[str] = "status_already"


@dataclass(frozen=True, slots=True)
class StatusByScanOnly(Refusal):
    """On loan, on the shelf, in transit: that comes about over the counter, and is not set by hand."""

    status: str
    code: ClassVar[str] = "status_by_scan_only"


@dataclass(frozen=True, slots=True)
class ReturnFirst(Refusal):
    """The item is on loan: only what leaves the loan open may be said of it before it is returned."""

    code: ClassVar[str] = "status_return_first"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER


@dataclass(frozen=True, slots=True)
class NobodyHasIt(Refusal):
    """Claimed returned, but nobody has it on loan, so nobody can claim it."""

    code: ClassVar[str] = "status_nobody_has_it"


@dataclass(frozen=True, slots=True)
class SetAsideForSomebody(Refusal):
    """It lies on a pickup shelf for somebody, or is on its way there: at home is what it is not."""

    code: ClassVar[str] = "status_set_aside"
    lifted_by: ClassVar[LiftedBy] = LiftedBy.COUNTER
