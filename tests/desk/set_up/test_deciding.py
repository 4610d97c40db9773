"""What is decided holds from now on, is written down, and never overwrites what a colleague has just decided (R8)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from db.models import BorrowerGroup, Fee, FeeTier, LendingRule, LibraryRules, SetUpChange, Staff
from desk.circulation.refusals import LimitReached
from desk.desk import Desk
from desk.errors import DeskError, InvalidInput, NotAllowed, NotFound, Refused
from desk.set_up.changes import (
    BorrowerGroupChange,
    BranchChange,
    Change,
    ChannelsChange,
    CounterChange,
    LendingRuleChange,
    MaterialGroupChange,
    MunicipalitiesChange,
    TiersChange,
)
from desk.set_up.changing import ChangedMeanwhile, ChangeSetUp
from desk.set_up.records import (
    BorrowerGroupValues,
    BranchValues,
    Channels,
    Effect,
    MaterialGroupValues,
    Tier,
)
from tests.builders import House, another_counter
from tests.setting_up import SettingUp


@pytest.fixture
def lone(house: House) -> SettingUp:
    """The supervisor."""
    return SettingUp(house)


async def why_not(lone: SettingUp, change: Change) -> tuple[str, str]:
    """Try to save a change; gives field and why it was refused, and sees that nothing was written."""
    before = lone.house.rows(SetUpChange.select(SetUpChange.id))
    with pytest.raises(InvalidInput) as caught:
        await lone.change(change)
    with pytest.raises(InvalidInput):
        await lone.effect(change)
    assert lone.house.rows(SetUpChange.select(SetUpChange.id)) == before
    return caught.value.field, caught.value.why


# Lending rules.


async def test_shorter_loans_hold_for_new_loans_and_leave_open_ones_alone(house: House, lone: SettingUp) -> None:
    person = house.borrower()
    before = await house.lend(house.item(), person)
    change = await lone.rule_change(loan_days=14)
    assert await lone.effect(change) == Effect(keep_date=1)
    await lone.change(change)
    after = await house.lend(house.item(), person)
    assert (before.due_on, after.due_on) == (date(2026, 4, 9), date(2026, 3, 24))
    assert house.value(LendingRule.select(LendingRule.loan_days).where(LendingRule.id == 1)) == 14


async def test_only_the_pair_that_is_changed_changes(lone: SettingUp) -> None:
    others = [rule for rule in (await lone.decided()).rules if rule != await lone.rule()]
    await lone.change(await lone.rule_change(loan_days=14, reservable=False, loan_limit=2))
    assert [rule for rule in (await lone.decided()).rules if rule != await lone.rule()] == others


async def test_a_limit_says_who_is_above_it(house: House, lone: SettingUp) -> None:
    many, few = house.borrower(), house.borrower()
    for _number in range(3):
        await house.lend(house.item(), many)
    for _number in range(2):
        await house.lend(house.item(), few)
    change = await lone.rule_change(loan_limit=2)
    assert (await lone.effect(change)).above_limit == 1
    await lone.change(change)
    with pytest.raises(Refused) as refused:
        await house.lend(house.item(), few)
    assert refused.value.reasons == (LimitReached(2, 2),)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"loan_days": 0}, "loan_days"),
        ({"loan_days": 3651}, "loan_days"),
        ({"renewals": -1}, "renewals"),
        ({"loan_limit": 0}, "loan_limit"),
    ],
)
async def test_a_rule_that_cannot_be_meant_is_refused(lone: SettingUp, values: dict[str, Any], field: str) -> None:
    assert await why_not(lone, await lone.rule_change(**values)) == (field, "bounds")


async def test_what_changes_nothing_is_told(lone: SettingUp) -> None:
    assert await why_not(lone, await lone.rule_change()) == ("set_up", "same")


async def test_a_pair_of_groups_that_are_gone_has_no_rule(lone: SettingUp) -> None:
    change = await lone.rule_change(loan_days=14)
    with pytest.raises(NotFound):
        await lone.change(replace(change, material_group_id=999, before=None))


async def test_a_pair_without_a_rule_gets_one(house: House, lone: SettingUp) -> None:
    rule = await lone.rule()
    assert rule.values is not None
    house.put(LendingRule.delete().where(LendingRule.id == 1))
    change = LendingRuleChange(rule.borrower_group_id, rule.material_group_id, None, rule.values)
    await lone.change(change)
    assert (await lone.rule()).values == rule.values


# Groups.


async def test_a_new_borrower_group_lends_as_the_one_it_was_made_from(house: House, lone: SettingUp) -> None:
    institution = next(one for one in (await lone.decided()).borrower_groups if one.code == "institution")
    values = BorrowerGroupValues("Læseklub Ærø", 30, notices="reminders")
    await lone.change(BorrowerGroupChange(None, None, values, like=institution.group_id))
    made = (await lone.decided()).borrower_groups[-1]
    assert (made.code, made.values) == ("laeseklubaeroe", values)
    person = house.borrower(group="laeseklubaeroe")
    assert (await house.lend(house.item(), person)).due_on == date(2026, 5, 9)


async def test_a_new_material_group_is_lent_as_the_one_it_was_made_from(house: House, lone: SettingUp) -> None:
    short = next(one for one in (await lone.decided()).material_groups if one.code == "14dag")
    await lone.change(MaterialGroupChange(None, None, MaterialGroupValues("spil", 12), like=short.group_id))
    made = (await lone.decided()).material_groups[-1]
    assert (made.code, made.values.age_limit) == ("spil", 12)
    assert (await house.lend(house.item(group="spil"), house.borrower())).due_on == date(2026, 3, 24)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (BorrowerGroupValues("  ", 15), ("name", "missing")),
        (BorrowerGroupValues("x" * 41, 15), ("name", "too_long")),
        (BorrowerGroupValues("BARN", 15), ("name", "taken")),
        (BorrowerGroupValues("klub", 0), ("loan_limit", "bounds")),
        (BorrowerGroupValues("klub", 15, fees="double"), ("fees", "unknown")),
        (BorrowerGroupValues("klub", 15, notices="never"), ("notices", "unknown")),
    ],
)
async def test_a_group_that_cannot_be_meant_is_refused(
    lone: SettingUp, values: BorrowerGroupValues, refused: tuple[str, str]
) -> None:
    assert await why_not(lone, BorrowerGroupChange(None, None, values, like=1)) == refused


async def test_a_group_keeps_its_own_name_when_something_else_changes(lone: SettingUp) -> None:
    group = (await lone.decided()).borrower_groups[0]
    after = replace(group.values, fees="none")
    await lone.change(BorrowerGroupChange(group.group_id, group.values, after))
    assert (await lone.decided()).borrower_groups[0].values == after


async def test_a_name_with_markup_and_escapes_is_kept_as_text(lone: SettingUp) -> None:
    await lone.change(BorrowerGroupChange(None, None, BorrowerGroupValues("klub [/]\x1b[2J", 5), like=1))
    assert (await lone.decided()).borrower_groups[-1].values.name == "klub [/][2J"


# Amounts.


def owing(house: House, *ore: int) -> None:
    """Let borrowers owe something, each their own amount."""
    for amount in ore:
        house.put(
            Fee.insert(
                borrower=house.borrower().borrower_id,
                type="fee",
                reason="by_hand",
                amount_ore=amount,
                charged_on=date(2026, 3, 1),
                created_at=house.clock(),
            )
        )


async def test_a_lower_debt_limit_says_whom_it_blocks_and_a_higher_one_whom_it_frees(
    house: House, lone: SettingUp
) -> None:
    # Blocked when it is reached: 100 kr. are, 99,99 are not; whoever owes 200 kr. is blocked already.
    owing(house, 9_999, 10_000, 19_999, 20_000)
    assert await lone.effect(await lone.library_change(debt_limit_ore=10_000)) == Effect(blocked=2)
    assert await lone.effect(await lone.library_change(debt_limit_ore=20_001)) == Effect(freed=1)
    assert await lone.effect(await lone.library_change(handling_ore=0)) == Effect()
    await lone.change(await lone.library_change(debt_limit_ore=10_000, reminder_days=5))
    row = house.rows(LibraryRules.select(LibraryRules.debt_limit_ore, LibraryRules.reminder_days))[0]
    assert row == (10_000, 5)


@pytest.mark.parametrize("field", ["debt_limit_ore", "claim_from_day", "shelf_days", "reservation_limit"])
async def test_an_amount_or_period_of_nothing_is_refused(lone: SettingUp, field: str) -> None:
    assert await why_not(lone, await lone.library_change(**{field: 0})) == (field, "bounds")


async def test_a_negative_amount_is_refused(lone: SettingUp) -> None:
    assert await why_not(lone, await lone.library_change(handling_ore=-1)) == ("handling_ore", "bounds")


async def test_fee_tiers_are_added_in_the_order_of_their_days_and_charge_nobody(house: House, lone: SettingUp) -> None:
    owing(house, 12_000)
    before = (await lone.decided()).tiers
    change = TiersChange(before, (*before, Tier(15, 15_000, 7_000)))
    assert await lone.effect(change) == Effect()
    await lone.change(change)
    assert [tier.from_day for tier in (await lone.decided()).tiers] == [1, 8, 15, 31]
    assert house.rows(Fee.select(Fee.amount_ore)) == [(12_000,)]
    after = (await lone.decided()).tiers
    await lone.change(TiersChange(after, after[1:]))
    assert house.value(FeeTier.select(FeeTier.adult_ore).where(FeeTier.from_day == 8)) == 12_000


@pytest.mark.parametrize(
    ("tier", "refused"),
    [
        (Tier(0, 2_000, 1_000), ("from_day", "bounds")),
        (Tier(40, -1, 12_000), ("adult_ore", "bounds")),
        (Tier(8, 12_000, 5_500), ("from_day", "twice")),
        (Tier(40, 22_999, 12_000), ("adult_ore", "falls")),
        (Tier(40, 23_000, 11_999), ("child_ore", "falls")),
    ],
)
async def test_a_tier_that_cannot_be_meant_is_refused(lone: SettingUp, tier: Tier, refused: tuple[str, str]) -> None:
    before = (await lone.decided()).tiers
    assert await why_not(lone, TiersChange(before, (*before, tier))) == refused


# Places, channels, municipalities.


async def test_a_new_branch_begins_with_a_week_and_a_counter(lone: SettingUp) -> None:
    await lone.change(BranchChange(None, None, BranchValues("Hvidbjerg", "DK-767102"), counter="Skranke A"))
    made = (await lone.decided()).branches[-1]
    assert (made.values.name, [one.name for one in made.counters], len(made.hours)) == ("Hvidbjerg", ["Skranke A"], 6)
    await lone.change(CounterChange(made.branch_id, None, None, "Skranke B"))
    made = (await lone.decided()).branches[-1]
    assert [one.name for one in made.counters] == ["Skranke A", "Skranke B"]


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (BranchValues("struer", "DK-1"), ("name", "taken")),
        (BranchValues("Ny", "767101"), ("isil", "taken")),
        (BranchValues("", "DK-1"), ("name", "missing")),
        (BranchValues("Ny", "x" * 17), ("isil", "too_long")),
    ],
)
async def test_a_branch_that_is_there_already_or_has_no_name_is_refused(
    lone: SettingUp, values: BranchValues, refused: tuple[str, str]
) -> None:
    assert await why_not(lone, BranchChange(None, None, values)) == refused


async def test_two_counters_of_a_branch_never_have_one_name(house: House, lone: SettingUp) -> None:
    assert await why_not(lone, CounterChange(house.branch, None, None, "struer 1")) == ("name", "taken")
    await lone.change(CounterChange(house.other_branch, None, None, "Struer 1"))
    await lone.change(CounterChange(house.branch, house.counter, "Struer 1", "Voksenskranken"))
    assert (await lone.decided()).branches[0].counters[0].name == "Voksenskranken"


async def test_a_kind_of_message_goes_over_the_channels_that_are_chosen(lone: SettingUp) -> None:
    assert (await lone.decided()).channels["reminder"] == Channels(sms=True, email=True)
    only_mail = Channels(sms=False, email=True)
    await lone.change(ChannelsChange("reminder", Channels(sms=True, email=True), only_mail))
    channels = (await lone.decided()).channels
    assert (channels["reminder"], channels["recall"]) == (only_mail, Channels(sms=True, email=True))


async def test_municipalities_are_three_figures(lone: SettingUp) -> None:
    await lone.change(MunicipalitiesChange((), ("0671", "665", "665")))
    assert (await lone.decided()).municipalities == ("665", "671")
    assert await why_not(lone, MunicipalitiesChange(("665", "671"), ("Struer",))) == ("municipalities", "invalid")


# Who, when, and at once.


async def test_it_is_written_down_who_changed_what_and_when(house: House, lone: SettingUp) -> None:
    house.clock.now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    change = await lone.rule_change(loan_days=14)
    done = await lone.change(change)
    name = house.value(Staff.select(Staff.name).where(Staff.id == house.staff["supervisor"]))
    (past,) = await lone.past()
    assert (past.change_id, past.at, past.staff, past.what) == (done.change_id, house.clock(), name, "rule")
    assert past.about == (change.borrower_group_id, change.material_group_id)
    assert isinstance(past.before, dict)
    assert isinstance(past.after, dict)
    assert (past.before["loan_days"], past.after["loan_days"]) == (30, 14)


async def test_what_was_added_is_written_down_under_its_own_number(lone: SettingUp) -> None:
    await lone.change(BranchChange(None, None, BranchValues("Hvidbjerg", "DK-767102")))
    made = (await lone.decided()).branches[-1]
    (past,) = await lone.past()
    assert (past.about, past.before) == ((made.branch_id,), None)


async def test_the_later_of_two_supervisors_is_told_who_was_first(house: House, lone: SettingUp) -> None:
    first, second = await lone.rule_change(loan_days=14), await lone.rule_change(loan_days=21)
    await lone.change(first)
    earlier = house.clock()
    house.clock.forward(minutes=3)
    with pytest.raises(ChangedMeanwhile) as caught:
        await lone.change(second)
    name = house.value(Staff.select(Staff.name).where(Staff.id == house.staff["supervisor"]))
    assert (caught.value.by, caught.value.at) == (name, earlier)
    assert (await lone.rule()).values == first.after


async def test_of_two_at_the_very_same_moment_one_is_saved(house: House, lone: SettingUp) -> None:
    changes = [await lone.rule_change(loan_days=days) for days in range(14, 22)]
    with another_counter(house) as other:
        desks: list[Desk] = [house.desk, other] * 4
        commands = [
            ChangeSetUp(command_id=house.new_id(), who=lone.who, at=house.clock(), change=change) for change in changes
        ]
        outcomes = await asyncio.gather(
            *(desk.do(command) for desk, command in zip(desks, commands, strict=True)), return_exceptions=True
        )
    refused = [outcome for outcome in outcomes if isinstance(outcome, DeskError)]
    assert len(refused) == 7
    assert all(isinstance(outcome, ChangedMeanwhile) for outcome in refused)
    assert len(await lone.past()) == 1


async def test_a_change_sent_twice_is_done_once_and_answers_the_same(house: House, lone: SettingUp) -> None:
    change = await lone.rule_change(loan_days=14)
    first = await lone.change(change, command_id="once")
    assert await lone.change(change, command_id="once") == first
    assert len(await lone.past()) == 1


async def test_neither_staff_nor_it_decide_anything(house: House, lone: SettingUp) -> None:
    change = await lone.rule_change(loan_days=14)
    for role in ("staff", "it"):
        with pytest.raises(NotAllowed):
            await lone.change(change, who=house.who(role))
    assert (await lone.rule()).values == change.before
    assert house.value(BorrowerGroup.select(BorrowerGroup.loan_limit).where(BorrowerGroup.id == 1)) == 15
