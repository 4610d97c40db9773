"""Scenarios of a busy Saturday: several counters at the same moment, and exactly what is allowed."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from desk.circulation.records import LoanRecord
from desk.errors import Refused
from tests.builders import another_counter
from tests.desk.scenarios.telling import Story, kr


async def test_given_twelve_books_at_home_when_six_counters_lend_one_more_each_then_three_are_lent(
    story: Story,
) -> None:
    """R7, C6: the limit is counted inside the transaction that uses it."""
    house, anna = story.house, story.house.borrower()
    for _number in range(12):
        await house.lend(house.item(), anna)
    commands = [house.check_out_command(house.item(), anna) for _number in range(6)]
    with ExitStack() as opened:
        desks = [opened.enter_context(another_counter(house)) for _number in commands]
        work = [desk.do(command) for desk, command in zip(desks, commands, strict=True)]
        outcomes = await asyncio.gather(*work, return_exceptions=True)
    assert sum(isinstance(one, LoanRecord) for one in outcomes) == 3
    assert [one.codes for one in outcomes if isinstance(one, Refused)] == [("limit",)] * 3
    assert len(await story.loans(anna)) == 15


async def test_given_two_late_books_of_one_visit_when_two_counters_take_them_back_at_once_then_one_fee(
    story: Story,
) -> None:
    """R7, R3: one fee for one occasion and date, whoever is first."""
    house, anna = story.house, story.house.borrower()
    one, two = [await house.lend(house.item(), anna) for _number in range(2)]
    story.late(one, 9)
    returns = [house.return_command(story.thing_of(loan)) for loan in (one, two)]
    with another_counter(house) as elsewhere:
        await asyncio.gather(house.desk.do(returns[0]), elsewhere.do(returns[1]))
    assert story.owing.amounts(anna) == [kr(120)]
    assert [len(fee.titles) for fee in (await story.owing.balance(anna)).fees] == [2]
