"""What F7 reads: everything that is decided, the days of a branch, what a change would do, who changed what."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from peewee import JOIN, fn

from db.models import (
    Borrower,
    BorrowerGroup,
    Branch,
    Counter,
    Item,
    LendingRule,
    Library,
    MaterialGroup,
    SetUpChange,
    Staff,
)
from desk.borrowers.rules import own_municipality
from desk.command import query
from desk.set_up.amounts import channels, library_values, municipalities, tiers
from desk.set_up.changes import Change
from desk.set_up.changing import KINDS, checked
from desk.set_up.due_dates import calendar_from, due_from, own_days
from desk.set_up.lending import RULE_COLUMNS, rule_values
from desk.set_up.opening import hours_of
from desk.set_up.records import (
    BorrowerGroupRecord,
    BorrowerGroupValues,
    BranchRecord,
    BranchValues,
    CalendarDays,
    CounterRecord,
    Effect,
    MaterialGroupRecord,
    MaterialGroupValues,
    PastChange,
    RuleRecord,
    SetUpRecord,
)
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

LATEST = 200


@query(Right.SET_UP)
def what_is_decided(transaction: Transaction) -> SetUpRecord:
    """Give everything that the library has decided, but for the days of its calendars."""
    isil = str(transaction.value(Library.select(Library.isil)) or "")
    borrower_groups = _borrower_groups(transaction)
    material_groups = _material_groups(transaction)
    rules = {
        (borrower_group, material_group): rule_values(row)
        for borrower_group, material_group, *row in transaction.all(
            LendingRule.select(LendingRule.borrower_group, LendingRule.material_group, *RULE_COLUMNS)
        )
    }
    return SetUpRecord(
        borrower_groups=borrower_groups,
        material_groups=material_groups,
        rules=tuple(
            RuleRecord(one.group_id, other.group_id, rules.get((one.group_id, other.group_id)))
            for one in borrower_groups
            for other in material_groups
        ),
        library=library_values(transaction),
        tiers=tiers(transaction),
        branches=_branches(transaction),
        channels=channels(transaction),
        municipalities=municipalities(transaction),
        own_municipality=own_municipality(isil),
    )


def _borrower_groups(transaction: Transaction) -> tuple[BorrowerGroupRecord, ...]:
    rows = transaction.all(
        BorrowerGroup.select(
            BorrowerGroup.id,
            BorrowerGroup.code,
            BorrowerGroup.name,
            BorrowerGroup.loan_limit,
            BorrowerGroup.fees,
            BorrowerGroup.notices,
            fn.COUNT(Borrower.id),
        )
        .join(Borrower, JOIN.LEFT_OUTER, on=(Borrower.borrower_group == BorrowerGroup.id))
        .group_by(BorrowerGroup.id)
        .order_by(BorrowerGroup.id)
    )
    return tuple(
        BorrowerGroupRecord(group_id, code, BorrowerGroupValues(name, limit, fees, notices), count)
        for group_id, code, name, limit, fees, notices, count in rows
    )


def _material_groups(transaction: Transaction) -> tuple[MaterialGroupRecord, ...]:
    rows = transaction.all(
        MaterialGroup.select(
            MaterialGroup.id, MaterialGroup.code, MaterialGroup.name, MaterialGroup.age_limit, fn.COUNT(Item.id)
        )
        .join(Item, JOIN.LEFT_OUTER, on=(Item.material_group == MaterialGroup.id))
        .group_by(MaterialGroup.id)
        .order_by(MaterialGroup.id)
    )
    return tuple(
        MaterialGroupRecord(group_id, code, MaterialGroupValues(name, age), count)
        for group_id, code, name, age, count in rows
    )


def _branches(transaction: Transaction) -> tuple[BranchRecord, ...]:
    counters = transaction.all(Counter.select(Counter.branch, Counter.id, Counter.name).order_by(Counter.id))
    return tuple(
        BranchRecord(
            branch_id,
            BranchValues(name, isil),
            hours_of(transaction, branch_id),
            tuple(CounterRecord(counter_id, label) for branch, counter_id, label in counters if branch == branch_id),
        )
        for branch_id, name, isil in transaction.all(
            Branch.select(Branch.id, Branch.name, Branch.isil).order_by(Branch.id)
        )
    )


@query(Right.SET_UP)
def calendar_days(transaction: Transaction, branch_id: int, first: date, last: date) -> CalendarDays:
    """Give a branch's calendar, every date it differs on, and the loans due from one date to another, both included."""
    return CalendarDays(
        branch_id=branch_id,
        calendar=calendar_from(transaction, branch_id, first),
        own=own_days(transaction, branch_id, date.min),
        due=due_from(transaction, branch_id, first, last),
    )


@query(Right.SET_UP)
def effect_of(transaction: Transaction, change: Change, today: date) -> Effect:
    """Say what a change would do, without doing it.

    Raises:
        ChangedMeanwhile: it was read before somebody else changed it.
        InvalidInput: it cannot be meant, or changes nothing.
        NotFound: what it is about is not there.
    """
    cleaned = checked(transaction, change, today)
    return KINDS[type(cleaned)].effect(transaction, cleaned, today)


@query(Right.SET_UP)
def past_changes(transaction: Transaction) -> tuple[PastChange, ...]:
    """Give the latest changes, the newest first: who changed what and when, from what to what."""
    rows = transaction.all(
        SetUpChange.select(
            SetUpChange.id,
            SetUpChange.at,
            Staff.name,
            SetUpChange.what,
            SetUpChange.about,
            SetUpChange.before,
            SetUpChange.after,
            SetUpChange.moved,
        )
        .join(Staff, JOIN.LEFT_OUTER, on=(SetUpChange.staff == Staff.id))
        .order_by(SetUpChange.id.desc())
        .limit(LATEST)
    )
    return tuple(
        PastChange(number, at, name or "", what, tuple(json.loads(about)), json.loads(before), json.loads(after), moved)
        for number, at, name, what, about, before, after, moved in rows
    )
