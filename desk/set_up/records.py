"""What the library has decided, as values that are read, compared and written whole (R8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.calendar import Calendar


@dataclass(frozen=True, slots=True)
class RuleValues:
    """What one borrower group may do with one material group (R1); ``loan_limit`` None: only the group's own."""

    loan_days: int
    renewals: int
    renewable: bool
    reservable: bool
    loan_limit: int | None = None


@dataclass(frozen=True, slots=True)
class BorrowerGroupValues:
    """A borrower group; ``fees`` is normal or none, ``notices`` all or reminders."""

    name: str
    loan_limit: int
    fees: str = "normal"
    notices: str = "all"


@dataclass(frozen=True, slots=True)
class MaterialGroupValues:
    """A material group; ``age_limit`` in years, None: for all."""

    name: str
    age_limit: int | None = None


@dataclass(frozen=True, slots=True)
class LibraryValues:
    """The amounts (øre) and periods (days) of the whole library; see ``LibraryRules``."""

    debt_limit_ore: int
    child_until_age: int
    claim_from_day: int
    unknown_price_ore: int
    handling_ore: int
    shelf_days: int
    reservation_limit: int
    interest_days: int
    reminder_days: int


@dataclass(frozen=True, slots=True)
class Tier:
    """What returning late costs from a day overdue on (R3), in øre."""

    from_day: int
    adult_ore: int
    child_ore: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a branch is open on a weekday (Monday is 0), in minutes after local midnight."""

    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A date on which a branch differs from its week."""

    day: date
    is_open: bool
    reason: str


@dataclass(frozen=True, slots=True)
class BranchValues:
    """A branch's name and its ISIL or internal id."""

    name: str
    isil: str


@dataclass(frozen=True, slots=True)
class Channels:
    """Which channels a kind of message takes."""

    sms: bool
    email: bool


# What a screen shows of all that.


@dataclass(frozen=True, slots=True)
class BorrowerGroupRecord:
    """A borrower group as it stands."""

    group_id: int
    code: str
    values: BorrowerGroupValues
    borrowers: int


@dataclass(frozen=True, slots=True)
class MaterialGroupRecord:
    """A material group as it stands."""

    group_id: int
    code: str
    values: MaterialGroupValues
    items: int


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A pair of groups; ``values`` None: no rule, so nothing is lent (it is to be written)."""

    borrower_group_id: int
    material_group_id: int
    values: RuleValues | None


@dataclass(frozen=True, slots=True)
class CounterRecord:
    """A counter as it stands."""

    counter_id: int
    name: str


@dataclass(frozen=True, slots=True)
class BranchRecord:
    """A branch with its week and its counters."""

    branch_id: int
    values: BranchValues
    hours: tuple[Hours, ...]
    counters: tuple[CounterRecord, ...]


@dataclass(frozen=True, slots=True)
class SetUpRecord:
    """Everything but the calendar's dates."""

    borrower_groups: tuple[BorrowerGroupRecord, ...]
    material_groups: tuple[MaterialGroupRecord, ...]
    rules: tuple[RuleRecord, ...]
    library: LibraryValues
    tiers: tuple[Tier, ...]
    branches: tuple[BranchRecord, ...]
    channels: dict[str, Channels]
    municipalities: tuple[str, ...]
    own_municipality: str


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """A branch's calendar, with the loans due on some of its days.

    Attributes:
        calendar: which days are open.
        own: every day that differs from the week, with its reason.
        due: how many open loans are due on a day; days without any are left out.
    """

    branch_id: int
    calendar: Calendar
    own: tuple[OwnDay, ...]
    due: dict[date, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do, before it is saved.

    Attributes:
        keep_date: open loans that keep the due date they have.
        above_limit: borrowers with more open loans than the new limit.
        blocked: borrowers who would be blocked by what they owe and are not now.
        freed: borrowers who would be blocked no longer.
        waiting: reservations that would be passed over.
        due: open loans due on days that would be closed.
        due_first, due_last: the days they would be due on instead.
        pickups: items on the pickup shelf whose deadline would fall on a closed day.
    """

    keep_date: int = 0
    above_limit: int = 0
    blocked: int = 0
    freed: int = 0
    waiting: int = 0
    due: int = 0
    due_first: date | None = None
    due_last: date | None = None
    pickups: int = 0


@dataclass(frozen=True, slots=True)
class SetUpDone:
    """That a change was saved.

    Attributes:
        change_id: its row in the record of changes.
        moved: open loans whose due date went to a later day.
        left: open loans that are still due on a closed day: :class:`~desk.set_up.changing.MoveDueDates` moves them.
    """

    change_id: int
    moved: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What one batch of the nightly run moved off closed days.

    Attributes:
        moved: open loans whose due date went to a later day.
        left: open loans that are still due on a closed day.
        pickups: waiting items that lie on the shelf for longer.
    """

    moved: int
    left: int
    pickups: int


@dataclass(frozen=True, slots=True)
class OnClosedDays:
    """What is due at a branch, or to be fetched there, on days on which it is closed.

    Attributes:
        opens: False: it does not open within a year, and nothing can be moved.
    """

    branch_id: int
    loans: int
    pickups: int
    opens: bool


@dataclass(frozen=True, slots=True)
class PastChange:
    """One line of who changed what and when. ``before`` is None for what was added."""

    change_id: int
    at: datetime
    staff: str
    what: str
    about: tuple[int | str, ...]
    before: object
    after: object
    moved: int
