"""Who may borrow what, how long and how much (R1): lending rules, borrower groups, material groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import ModelInsert, fn

from db.models import Borrower, BorrowerGroup, Item, LendingRule, Loan, MaterialGroup, Reservation
from db.models.rules import FEES, NOTICES
from desk.errors import InvalidInput, NotFound
from desk.set_up.changes import BorrowerGroupChange, LendingRuleChange, MaterialGroupChange
from desk.set_up.kinds import NOTHING_MORE, Kind, Written
from desk.set_up.records import BorrowerGroupValues, Effect, MaterialGroupValues, RuleValues
from desk.set_up.rules import code_for, named, refuse_taken, within

if TYPE_CHECKING:
    from db.store import Transaction

RULE_COLUMNS = (
    LendingRule.loan_days,
    LendingRule.renewals,
    LendingRule.renewable,
    LendingRule.reservable,
    LendingRule.loan_limit,
)

# Lending rules.


def rule_values(row: Sequence[Any]) -> RuleValues:
    """Read a rule's columns."""
    return RuleValues(row[0], row[1], bool(row[2]), bool(row[3]), row[4])


def _standing_rule(transaction: Transaction, change: LendingRuleChange) -> RuleValues | None:
    row = transaction.one(LendingRule.select(*RULE_COLUMNS).where(_of_pair(change)))
    return None if row is None else rule_values(row)


def _of_pair(change: LendingRuleChange) -> object:
    return (LendingRule.borrower_group == change.borrower_group_id) & (
        LendingRule.material_group == change.material_group_id
    )


def _checked_rule(transaction: Transaction, change: LendingRuleChange, _today: date) -> LendingRuleChange:
    for table, group_id in (
        (BorrowerGroup, change.borrower_group_id),
        (MaterialGroup, change.material_group_id),
    ):
        if transaction.value(table.select(table.id).where(table.id == group_id)) is None:
            raise NotFound("group")
    for field in ("loan_days", "renewals", "loan_limit"):
        within(field, getattr(change.after, field))
    return change


def _write_rule(transaction: Transaction, change: LendingRuleChange, _today: date) -> Written:
    after = change.after
    columns = {
        LendingRule.loan_days: after.loan_days,
        LendingRule.renewals: after.renewals,
        LendingRule.renewable: after.renewable,
        LendingRule.reservable: after.reservable,
        LendingRule.loan_limit: after.loan_limit,
    }
    if change.before is None:
        pair = {
            LendingRule.borrower_group: change.borrower_group_id,
            LendingRule.material_group: change.material_group_id,
        }
        transaction.run(LendingRule.insert(columns | pair))
    else:
        transaction.run(LendingRule.update(columns).where(_of_pair(change)))
    return NOTHING_MORE


def _effect_of_rule(transaction: Transaction, change: LendingRuleChange, _today: date) -> Effect:
    open_loans = (
        Loan.select(fn.COUNT(Loan.id))
        .join(Item, on=(Loan.item == Item.id))
        .join(Borrower, on=(Loan.borrower == Borrower.id))
        .where(
            Loan.returned_at.is_null()
            & (Item.material_group == change.material_group_id)
            & (Borrower.borrower_group == change.borrower_group_id)
        )
    )
    above = waiting = 0
    limit = change.after.loan_limit
    if limit is not None and (change.before is None or limit != change.before.loan_limit):
        each = open_loans.group_by(Loan.borrower).having(fn.COUNT(Loan.id) > limit)
        above = len(transaction.all(each))
    if change.before is not None and change.before.reservable and not change.after.reservable:
        of_the_group = Item.select(Item.title).where(Item.material_group == change.material_group_id)
        waiting = transaction.value(
            Reservation.select(fn.COUNT(Reservation.id))
            .join(Borrower, on=(Reservation.borrower == Borrower.id))
            .where(
                (Borrower.borrower_group == change.borrower_group_id)
                & (Reservation.state == "reserved")
                & Reservation.title.in_(of_the_group)
            )
        )
    return Effect(keep_date=int(transaction.value(open_loans)), above_limit=above, waiting=int(waiting))


LENDING_RULE = Kind(
    "rule",
    lambda change: (change.borrower_group_id, change.material_group_id),
    _standing_rule,
    _checked_rule,
    _write_rule,
    _effect_of_rule,
)

# Borrower groups.


def _standing_borrower_group(transaction: Transaction, change: BorrowerGroupChange) -> BorrowerGroupValues | None:
    if change.group_id is None:
        return None
    row = transaction.one(
        BorrowerGroup.select(
            BorrowerGroup.name, BorrowerGroup.loan_limit, BorrowerGroup.fees, BorrowerGroup.notices
        ).where(BorrowerGroup.id == change.group_id)
    )
    if row is None:
        raise NotFound("group")
    return BorrowerGroupValues(*row)


def _checked_borrower_group(transaction: Transaction, change: BorrowerGroupChange, _today: date) -> BorrowerGroupChange:
    name = named("name", change.after.name)
    within("loan_limit", change.after.loan_limit)
    if change.after.fees not in FEES:
        raise InvalidInput("fees", "unknown")
    if change.after.notices not in NOTICES:
        raise InvalidInput("notices", "unknown")
    others = transaction.all(BorrowerGroup.select(BorrowerGroup.id, BorrowerGroup.name))
    refuse_taken("name", name, (other for group_id, other in others if group_id != change.group_id))
    if change.group_id is None and change.like not in {group_id for group_id, _name in others}:
        raise NotFound("group")
    return replace(change, after=replace(change.after, name=name))


def _write_borrower_group(transaction: Transaction, change: BorrowerGroupChange, _today: date) -> Written:
    after = change.after
    columns = {"name": after.name, "loan_limit": after.loan_limit, "fees": after.fees, "notices": after.notices}
    if change.group_id is not None:
        transaction.run(BorrowerGroup.update(**columns).where(BorrowerGroup.id == change.group_id))
        return NOTHING_MORE
    codes = [row[0] for row in transaction.all(BorrowerGroup.select(BorrowerGroup.code))]
    group_id = transaction.run(BorrowerGroup.insert(code=code_for(after.name, codes), **columns))
    rules = LendingRule.select(LendingRule.material_group, *RULE_COLUMNS).where(
        LendingRule.borrower_group == change.like
    )
    for material_id, *row in transaction.all(rules):
        transaction.run(_new_rule(group_id, material_id, row))
    return Written(new_id=group_id)


def _new_rule(borrower_group_id: int, material_group_id: int, row: list[Any]) -> ModelInsert:
    loan_days, renewals, renewable, reservable, loan_limit = row
    return LendingRule.insert(
        borrower_group=borrower_group_id,
        material_group=material_group_id,
        loan_days=loan_days,
        renewals=renewals,
        renewable=renewable,
        reservable=reservable,
        loan_limit=loan_limit,
    )


def _effect_of_borrower_group(transaction: Transaction, change: BorrowerGroupChange, _today: date) -> Effect:
    if change.group_id is None or change.before is None or change.before.loan_limit == change.after.loan_limit:
        return Effect()
    above = (
        Loan.select(Loan.borrower)
        .join(Borrower, on=(Loan.borrower == Borrower.id))
        .where(Loan.returned_at.is_null() & (Borrower.borrower_group == change.group_id))
        .group_by(Loan.borrower)
        .having(fn.COUNT(Loan.id) > change.after.loan_limit)
    )
    return Effect(above_limit=len(transaction.all(above)))


BORROWER_GROUP = Kind(
    "borrower_group",
    lambda change: (change.group_id or 0,),
    _standing_borrower_group,
    _checked_borrower_group,
    _write_borrower_group,
    _effect_of_borrower_group,
)

# Material groups.


def _standing_material_group(transaction: Transaction, change: MaterialGroupChange) -> MaterialGroupValues | None:
    if change.group_id is None:
        return None
    row = transaction.one(
        MaterialGroup.select(MaterialGroup.name, MaterialGroup.age_limit).where(MaterialGroup.id == change.group_id)
    )
    if row is None:
        raise NotFound("group")
    return MaterialGroupValues(*row)


def _checked_material_group(transaction: Transaction, change: MaterialGroupChange, _today: date) -> MaterialGroupChange:
    name = named("name", change.after.name)
    within("age_limit", change.after.age_limit)
    others = transaction.all(MaterialGroup.select(MaterialGroup.id, MaterialGroup.name))
    refuse_taken("name", name, (other for group_id, other in others if group_id != change.group_id))
    if change.group_id is None and change.like not in {group_id for group_id, _name in others}:
        raise NotFound("group")
    return replace(change, after=replace(change.after, name=name))


def _write_material_group(transaction: Transaction, change: MaterialGroupChange, _today: date) -> Written:
    columns = {"name": change.after.name, "age_limit": change.after.age_limit}
    if change.group_id is not None:
        transaction.run(MaterialGroup.update(**columns).where(MaterialGroup.id == change.group_id))
        return NOTHING_MORE
    codes = [row[0] for row in transaction.all(MaterialGroup.select(MaterialGroup.code))]
    group_id = transaction.run(MaterialGroup.insert(code=code_for(change.after.name, codes), **columns))
    rules = LendingRule.select(LendingRule.borrower_group, *RULE_COLUMNS).where(
        LendingRule.material_group == change.like
    )
    for borrower_group_id, *row in transaction.all(rules):
        transaction.run(_new_rule(borrower_group_id, group_id, row))
    return Written(new_id=group_id)


MATERIAL_GROUP = Kind(
    "material_group",
    lambda change: (change.group_id or 0,),
    _standing_material_group,
    _checked_material_group,
    _write_material_group,
)
