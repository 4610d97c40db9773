"""Changing what the library has decided (R8): one command for every kind of change, and a record of who did it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import JOIN

from db.models import LibraryRules, SetUpChange, Staff
from db.statements import Statement
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import InvalidInput
from desk.set_up import changes
from desk.set_up.amounts import CHANNELS, LIBRARY, MUNICIPALITIES, TIERS
from desk.set_up.due_dates import calendar_from, move_due_dates, move_pickups
from desk.set_up.kinds import Kind
from desk.set_up.lending import BORROWER_GROUP, LENDING_RULE, MATERIAL_GROUP
from desk.set_up.opening import CALENDAR, HOURS
from desk.set_up.places import BRANCH, COUNTER
from desk.set_up.records import OwnDay, SetUpDone
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

KINDS: dict[type[Any], Kind] = {
    changes.LendingRuleChange: LENDING_RULE,
    changes.BorrowerGroupChange: BORROWER_GROUP,
    changes.MaterialGroupChange: MATERIAL_GROUP,
    changes.LibraryChange: LIBRARY,
    changes.TiersChange: TIERS,
    changes.HoursChange: HOURS,
    changes.CalendarChange: CALENDAR,
    changes.BranchChange: BRANCH,
    changes.CounterChange: COUNTER,
    changes.ChannelsChange: CHANNELS,
    changes.MunicipalitiesChange: MUNICIPALITIES,
}


@dataclass(eq=False)
class ChangedMeanwhile(InvalidInput):
    """What was to be changed is no longer as it was read: somebody else was first. Nothing was written.

    Attributes:
        by: whoever changed it, empty when that is not on record.
        at: when, None likewise.
    """

    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSetUp(Command[SetUpDone]):
    """Change one thing that the library has decided."""

    right: ClassVar[Right] = Right.SET_UP

    change: changes.Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDueDates(Command[SetUpDone]):
    """Move the due dates that still fall on a closed day of a branch.

    Sent after every change of a calendar until none are left: there may be more than one transaction takes, and a
    check-out that had read the calendar just before may have been written just after.
    """

    right: ClassVar[Right] = Right.SET_UP

    branch_id: int


# Every change goes through this row, so that of two at once the later sees what the earlier wrote.
ONE_AT_A_TIME = Statement(LibraryRules.select(LibraryRules.id).for_update())


def checked(transaction: Transaction, change: changes.Change, today: date) -> changes.Change:
    """Give a change as it can be written.

    Raises:
        ChangedMeanwhile: it was read before somebody else changed it.
        InvalidInput: it cannot be meant, or changes nothing (``set_up``: ``same``).
        NotFound: what it is about is not there.
    """
    kind = KINDS[type(change)]
    standing = kind.standing(transaction, change)
    if standing != change.before:
        by, at = _last_change(transaction, kind.what, kind.about(change))
        raise ChangedMeanwhile("set_up", "changed", by, at)
    cleaned: changes.Change = kind.checked(transaction, change, today)
    if _after(cleaned) == change.before:
        raise InvalidInput("set_up", "same")
    return cleaned


def _after(change: changes.Change) -> object:
    """Give what is wanted in the form of what was before."""
    if not isinstance(change, changes.CalendarChange):
        return change.after
    if change.is_open is None:
        return ()
    days = (date.fromordinal(change.first.toordinal() + ahead) for ahead in range(change.days))
    return tuple(OwnDay(day, change.is_open, change.reason) for day in days)


def _last_change(transaction: Transaction, what: str, about: tuple[int | str, ...]) -> tuple[str, datetime | None]:
    """Say who changed a thing last. Spans of days overlap, so of a calendar any change of the branch counts."""
    same = SetUpChange.about == as_json(about)
    if what == "calendar":
        same = SetUpChange.about.startswith(as_json(about[:1])[:-1] + ",")
    row = transaction.one(
        SetUpChange.select(Staff.name, SetUpChange.at)
        .join(Staff, JOIN.LEFT_OUTER, on=(SetUpChange.staff == Staff.id))
        .where((SetUpChange.what == what) & same)
        .order_by(SetUpChange.id.desc())
        .limit(1)
    )
    return ("", None) if row is None else (row[0] or "", row[1])


@carries_out(
    ChangeSetUp,
    row_id=lambda done: done.change_id,
    again=lambda transaction, _command, change_id: _done_again(transaction, change_id),
)
def change_set_up(transaction: Transaction, command: ChangeSetUp) -> SetUpDone:
    """Change what the library has decided, and write down who did.

    Raises:
        ChangedMeanwhile: somebody else was first; nothing is overwritten.
        InvalidInput: it cannot be meant, or changes nothing.
        NotFound: what it is about is not there.
    """
    transaction.lock(ONE_AT_A_TIME)
    today = local_date(command.at)
    change = checked(transaction, command.change, today)
    kind = KINDS[type(change)]
    written = kind.write(transaction, change, today)
    about = kind.about(change)
    if written.new_id is not None:
        about = (*about[:-1], written.new_id)
    change_id = transaction.run(
        SetUpChange.insert(
            at=command.at,
            staff=command.who.staff_id,
            what=kind.what,
            about=as_json(about),
            before=as_json(change.before),
            after=as_json(_kept(change)),
            moved=written.moved,
        )
    )
    return SetUpDone(change_id, written.moved, written.left)


def _kept(change: changes.Change) -> object:
    """Give what is written down of what is wanted: of many days, that they are alike."""
    if isinstance(change, changes.CalendarChange):
        return {"is_open": change.is_open, "reason": change.reason}
    return change.after


def as_json(value: object) -> str:
    """Write a value down; dates as ISO text."""
    if isinstance(value, tuple):
        value = [asdict(one) if _is_value(one) else one for one in value]
    elif _is_value(value):
        value = asdict(value)  # type: ignore[call-overload]  # a frozen dataclass, as just asked
    return json.dumps(value, default=date.isoformat, ensure_ascii=False)


def _is_value(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _done_again(transaction: Transaction, change_id: int) -> SetUpDone:
    moved = transaction.value(SetUpChange.select(SetUpChange.moved).where(SetUpChange.id == change_id))
    return SetUpDone(change_id, int(moved or 0))


@carries_out(MoveDueDates, again=lambda _transaction, _command, _row_id: SetUpDone(0))
def move_due_dates_left(transaction: Transaction, command: MoveDueDates) -> SetUpDone:
    """Move a bounded number of due dates to the next open day; with none left it moves none.

    Raises:
        InvalidInput: ``calendar``: ``no_open_day``.
    """
    transaction.lock(ONE_AT_A_TIME)
    today = local_date(command.at)
    calendar = calendar_from(transaction, command.branch_id, today)
    moved, left = move_due_dates(transaction, command.branch_id, today, calendar)
    move_pickups(transaction, command.branch_id, today, calendar)
    return SetUpDone(0, moved, left)
