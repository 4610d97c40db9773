"""Branches and counters: added and renamed, never taken away (loans, reservations and tills lie with them)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from db.models import Branch, Counter
from desk.errors import InvalidInput, NotFound
from desk.registry.defaults import install_branch
from desk.set_up.changes import BranchChange, CounterChange
from desk.set_up.kinds import NOTHING_MORE, Kind, Written
from desk.set_up.records import BranchValues
from desk.set_up.rules import LONGEST_ISIL, named, refuse_taken

if TYPE_CHECKING:
    from db.store import Transaction


def _standing_branch(transaction: Transaction, change: BranchChange) -> BranchValues | None:
    if change.branch_id is None:
        return None
    row = transaction.one(Branch.select(Branch.name, Branch.isil).where(Branch.id == change.branch_id))
    if row is None:
        raise NotFound("branch")
    return BranchValues(*row)


def _checked_branch(transaction: Transaction, change: BranchChange, _today: date) -> BranchChange:
    after = BranchValues(named("name", change.after.name), named("isil", change.after.isil, LONGEST_ISIL))
    if not after.isil.isprintable():
        raise InvalidInput("isil", "missing")
    others = [
        row for row in transaction.all(Branch.select(Branch.id, Branch.name, Branch.isil)) if row[0] != change.branch_id
    ]
    refuse_taken("name", after.name, (name for _id, name, _isil in others))
    refuse_taken("isil", after.isil, (isil for _id, _name, isil in others))
    return replace(change, after=after, counter=named("counter", change.counter))


def _write_branch(transaction: Transaction, change: BranchChange, _today: date) -> Written:
    after = change.after
    if change.branch_id is None:
        branch_id = install_branch(transaction, name=after.name, isil=after.isil, counters=(change.counter,))
        return Written(new_id=branch_id)
    transaction.run(Branch.update(name=after.name, isil=after.isil).where(Branch.id == change.branch_id))
    return NOTHING_MORE


BRANCH = Kind("branch", lambda change: (change.branch_id or 0,), _standing_branch, _checked_branch, _write_branch)


def _standing_counter(transaction: Transaction, change: CounterChange) -> str | None:
    if change.counter_id is None:
        return None
    name: str | None = transaction.value(
        Counter.select(Counter.name).where((Counter.id == change.counter_id) & (Counter.branch == change.branch_id))
    )
    if name is None:
        raise NotFound("counter")
    return name


def _checked_counter(transaction: Transaction, change: CounterChange, _today: date) -> CounterChange:
    name = named("name", change.after)
    if transaction.value(Branch.select(Branch.id).where(Branch.id == change.branch_id)) is None:
        raise NotFound("branch")
    others = transaction.all(Counter.select(Counter.id, Counter.name).where(Counter.branch == change.branch_id))
    refuse_taken("name", name, (other for counter_id, other in others if counter_id != change.counter_id))
    return replace(change, after=name)


def _write_counter(transaction: Transaction, change: CounterChange, _today: date) -> Written:
    if change.counter_id is None:
        return Written(new_id=transaction.run(Counter.insert(branch=change.branch_id, name=change.after)))
    transaction.run(Counter.update(name=change.after).where(Counter.id == change.counter_id))
    return NOTHING_MORE


COUNTER = Kind(
    "counter",
    lambda change: (change.branch_id, change.counter_id or 0),
    _standing_counter,
    _checked_counter,
    _write_counter,
)
