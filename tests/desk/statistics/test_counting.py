"""What happens is counted where, when and for whom it happened, by groups and never by person; undo counts back."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
from peewee import fn

from db.models import (
    Borrower,
    BorrowerGroup,
    Card,
    Fee,
    FeeLoan,
    LendingRule,
    Loan,
    LoanOccasion,
    Message,
    SearchWord,
    StatisticsCount,
)
from desk.circulation.records import LoanRecord, RenewalRecord, ReturnRecord
from desk.circulation.undoing import Undo
from tests.builders import House, another_counter
from tests.counting_events import counted, sums
from tests.reserving import Reserving

TUESDAY_AT_ELEVEN = (date(2026, 3, 10), 11)


async def undo(house: House, done: LoanRecord | ReturnRecord | RenewalRecord) -> None:
    await house.desk.do(
        Undo(
            command_id=house.new_id(),
            who=house.who(),
            at=house.clock(),
            trail=done.trail,
            done_at=house.clock(),
            item_id=done.item.item_id,
        )
    )


async def test_a_loan_a_renewal_and_a_return_are_counted_once_each(house: House) -> None:
    person, thing = house.borrower(group="barn"), house.item(group="14dag")
    house.rule("barn", "14dag", renewable=True, renewals=2)
    house.put(Borrower.update(municipality="671"))
    loan = await house.lend(thing, person)
    house.clock.forward(days=2)
    await house.renew(loan, person)
    house.clock.forward(hours=3)
    await house.take_back(thing, who=house.who(counter=house.other_counter))
    thursday, codes = date(2026, 3, 12), ("barn", "671", "14dag")
    assert counted(house) == {
        ("loan", *TUESDAY_AT_ELEVEN, house.branch, *codes): 1,
        ("renewal", thursday, 11, house.branch, *codes): 1,
        ("return", thursday, 14, house.other_branch, *codes): 1,
    }


async def test_the_same_again_counts_the_same_cell_up(house: House) -> None:
    for _time in range(3):
        await house.lend(house.item(), house.borrower())
    assert list(counted(house).values()) == [3]


async def test_what_was_not_on_loan_or_was_refused_is_not_counted(house: House) -> None:
    thing, person = house.item(), house.borrower()
    await house.take_back(thing)
    house.block(person, "U")
    assert await house.refusals(thing, person)
    assert counted(house) == {}


async def test_a_command_that_comes_again_is_counted_once(house: House) -> None:
    command = house.check_out_command(house.item(), house.borrower())
    await house.desk.do(command)
    await house.desk.do(command)
    assert sums(house) == {"loan": 1}


async def test_what_is_taken_from_another_and_lent_here_is_a_return_and_a_loan(house: House) -> None:
    child, adult, thing = house.borrower(group="barn"), house.borrower(), house.item()
    await house.lend(thing, child)
    before = counted(house)
    taken_over = await house.lend(thing, adult, return_first=True)
    both = {(what, group) for what, _day, _hour, _branch, group, *_more in counted(house)}
    assert both == {("loan", "barn"), ("return", "barn"), ("loan", "voksen")}
    await undo(house, taken_over)
    assert counted(house) == before


async def test_undo_counts_back_what_was_counted_and_nothing_else(house: House) -> None:
    person, thing, other = house.borrower(), house.item(), house.item()
    await house.lend(other, person)
    one = counted(house)
    loan = await house.lend(thing, person)
    house.clock.forward(minutes=2)
    # Somebody else lends meanwhile: the cell has moved on, and is counted back all the same.
    await house.lend(house.item(), house.borrower())
    await undo(house, loan)
    assert list(one.values()) == [1]
    assert list(counted(house).values()) == [2]


async def test_undo_over_the_hour_counts_the_hour_before_back(house: House) -> None:
    house.clock.now = datetime(2026, 3, 10, 10, 58, tzinfo=UTC)
    loan = await house.lend(house.item(), house.borrower())
    house.clock.forward(minutes=4)
    await undo(house, loan)
    assert counted(house) == {}


async def test_a_renewal_and_a_return_are_counted_back_too(house: House) -> None:
    person, thing = house.borrower(), house.item()
    loan = await house.lend(thing, person)
    house.clock.forward(days=1)
    lent = counted(house)
    await undo(house, await house.renew(loan, person))
    assert counted(house) == lent
    await undo(house, await house.take_back(thing))
    assert counted(house) == lent


async def test_a_return_that_somebody_waits_for_is_counted(house: House) -> None:
    thing, waiting = house.item(), house.borrower()
    await house.lend(thing, house.borrower())
    await Reserving(house).reserve(thing, waiting)
    await house.take_back(thing)
    assert sums(house) == {"loan": 1, "return": 1}


@pytest.mark.parametrize(
    ("instant", "day", "hour"),
    [
        # A minute before and at midnight in Copenhagen, in winter and in summer.
        (datetime(2026, 3, 10, 22, 59, tzinfo=UTC), date(2026, 3, 10), 23),
        (datetime(2026, 3, 10, 23, 0, tzinfo=UTC), date(2026, 3, 11), 0),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1), 23),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2), 0),
        # The clock goes from 2 to 3: there is no hour 2 that night.
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29), 1),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29), 3),
        # It goes from 3 back to 2: hour 2 comes twice and is one.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25), 2),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25), 2),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), date(2026, 10, 25), 3),
    ],
)
async def test_day_and_hour_are_those_of_the_clock_on_the_wall(
    house: House, instant: datetime, day: date, hour: int
) -> None:
    house.clock.now = instant
    await house.lend(house.item(), house.borrower())
    assert [cell[1:3] for cell in counted(house)] == [(day, hour)]


async def test_what_lay_in_the_drop_box_counts_on_the_day_it_is_booked_on(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    # A Monday morning; the branch was last open on Saturday.
    house.clock.now = datetime(2026, 4, 13, 7, tzinfo=UTC)
    await house.take_back(thing, from_drop_box=True)
    assert [cell[1:3] for cell in counted(house) if cell[0] == "return"] == [(date(2026, 4, 11), 9)]


async def test_a_figure_outlives_the_borrower_and_the_group(house: House) -> None:
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    await house.take_back(thing)
    before = counted(house)
    for table in (FeeLoan, Fee, Message, Loan, LoanOccasion, SearchWord, Card, Borrower):
        house.put(table.delete())
    house.put(LendingRule.delete())
    house.put(BorrowerGroup.delete())
    assert counted(house) == before


async def test_many_counters_at_once_lose_no_count_and_wait_in_no_circle(house: House) -> None:
    """Half of them lend from the shelf; the others take items over, which counts two cells in one transaction."""
    counters = 8
    people = [house.borrower(group=group) for group in ("barn", "voksen") * (counters // 2)]
    fresh = [[house.item() for _turn in range(4)] for _counter in range(counters // 2)]
    taken = [[house.item() for _turn in range(4)] for _counter in range(counters // 2)]
    for things, holder in zip(taken, people, strict=False):
        for thing in things:
            await house.lend(thing, holder)

    async def work(number: int, desks: list[object]) -> None:
        desk = desks[number]
        for thing in (fresh + taken)[number]:
            command = house.check_out_command(thing, people[-1 - number], return_first=number >= counters // 2)
            await desk.do(command)  # type: ignore[attr-defined]

    with ExitStack() as opened:
        desks: list[object] = [opened.enter_context(another_counter(house)) for _ in range(counters)]
        await asyncio.gather(*(work(number, desks) for number in range(counters)))
    assert sums(house) == {"loan": 48, "return": 16}


async def test_two_who_take_back_at_once_never_count_below_nought(house: House) -> None:
    loans = [await house.lend(house.item(), house.borrower()) for _ in range(6)]
    with ExitStack() as opened:
        desks = [opened.enter_context(another_counter(house)) for _ in loans]
        commands = [
            Undo(
                command_id=house.new_id(),
                who=house.who(),
                at=house.clock() + timedelta(seconds=1),
                trail=loan.trail,
                done_at=house.clock(),
                item_id=loan.item.item_id,
            )
            for loan in loans
        ]
        await asyncio.gather(*(desk.do(command) for desk, command in zip(desks, commands, strict=True)))
    assert house.value(StatisticsCount.select(fn.COUNT(StatisticsCount.count))) == 0
