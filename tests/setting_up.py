"""A supervisor at F7, without a screen: changes what the library has decided, and reads what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from db.models import Loan, LoanOccasion
from desk.calendar import local_date
from desk.circulation.records import LoanRecord
from desk.set_up.changes import CalendarChange, Change, LendingRuleChange, LibraryChange
from desk.set_up.changing import ChangeSetUp
from desk.set_up.queries import calendar_days, effect_of, past_changes, what_is_decided
from desk.set_up.records import Effect, PastChange, RuleRecord, SetUpDone, SetUpRecord
from tests.builders import House


class SettingUp:
    """One supervisor in a house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.who = house.who("supervisor")

    async def decided(self) -> SetUpRecord:
        """Everything that is decided."""
        return await self.house.desk.ask(self.who, what_is_decided)

    async def change(self, change: Change, **more: Any) -> SetUpDone:
        """Save a change."""
        values: dict[str, Any] = {"command_id": self.house.new_id(), "who": self.who, "at": self.house.clock()}
        return await self.house.desk.do(ChangeSetUp(change=change, **(values | more)))

    async def effect(self, change: Change) -> Effect:
        """Say what a change would do."""
        return await self.house.desk.ask(self.who, effect_of, change, local_date(self.house.clock()))

    async def past(self) -> tuple[PastChange, ...]:
        """Who changed what, the newest first."""
        return await self.house.desk.ask(self.who, past_changes)

    async def rule(self, borrowers: str = "voksen", materials: str = "standard") -> RuleRecord:
        """The rule of a pair of groups."""
        decided = await self.decided()
        group = next(one.group_id for one in decided.borrower_groups if one.code == borrowers)
        material = next(one.group_id for one in decided.material_groups if one.code == materials)
        return next(one for one in decided.rules if (one.borrower_group_id, one.material_group_id) == (group, material))

    async def rule_change(self, borrowers: str = "voksen", materials: str = "standard", **to: Any) -> LendingRuleChange:
        """Word a change of a rule."""
        rule = await self.rule(borrowers, materials)
        assert rule.values is not None
        return LendingRuleChange(
            rule.borrower_group_id, rule.material_group_id, rule.values, replace(rule.values, **to)
        )

    async def library_change(self, **to: Any) -> LibraryChange:
        """Word a change of an amount or a period."""
        now = (await self.decided()).library
        return LibraryChange(now, replace(now, **to))

    async def days(
        self, first: date, last: date | None = None, *, is_open: bool | None = False, reason: str = "flytning"
    ) -> CalendarChange:
        """Word a decision about days of the first branch."""
        last = last or first
        read = await self.house.desk.ask(self.who, calendar_days, self.house.branch, first, last)
        own = tuple(one for one in read.own if first <= one.day <= last)
        return CalendarChange(self.house.branch, first, last, own, is_open, reason)

    async def close(self, first: date, last: date | None = None) -> SetUpDone:
        """Close days."""
        return await self.change(await self.days(first, last))


def due(house: House, loan: LoanRecord) -> date:
    """Read when a loan is due; its occasion says the same."""
    row = house.rows(
        Loan.select(Loan.due_on, LoanOccasion.due_on)
        .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
        .where(Loan.id == loan.loan_id)
    )[0]
    assert row[0] == row[1], "a loan and its occasion differ"
    day: date = row[0]
    return day


def occasion(house: House, loan: LoanRecord) -> int:
    """Read which occasion a loan belongs to."""
    return int(house.value(Loan.select(Loan.occasion).where(Loan.id == loan.loan_id)))
