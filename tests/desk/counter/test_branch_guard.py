"""A counter that stands in the wrong branch asks after five items of others, once a day, in the lane (C4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.counter.orders import TO_RETURN
from desk.counter.records import Answer, BranchAnswered, Question
from tests.builders import House, Thing
from tests.desk.counter.at_work import AtWork, at_work


def away(house: House, count: int) -> list[Thing]:
    """Items that belong to the other branch."""
    return [house.item(branch=house.other_branch) for _number in range(count)]


async def scanned(counter: AtWork, *things: Thing) -> list[Question]:
    """Scan things; gives what the lane asks then."""
    await counter.scan(*things)
    await counter.settled()
    return [decision.question for decision in counter.work.decisions.values()]


async def test_five_items_of_another_branch_ask_whether_this_is_the_right_one(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        assert await scanned(counter, *away(house, 4)) == []
        assert await scanned(counter, *away(house, 1)) == [Question.BRANCH]
        assert counter.decision.answers == (Answer.BRANCH_RIGHT, Answer.BRANCH_WRONG)
        # The scan after it does not wait for an answer.
        await scanned(counter, house.item())
        assert counter.kinds.count("Returned") == 6


@pytest.mark.parametrize("answer", [Answer.BRANCH_RIGHT, Answer.BRANCH_WRONG])
async def test_it_is_asked_once_a_day_and_again_the_next(house: House, tmp_path: Path, answer: Answer) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await scanned(counter, *away(house, 5))
        assert await counter.answer(answer) == BranchAnswered(answer is Answer.BRANCH_RIGHT)
        assert await scanned(counter, *away(house, 12)) == []
        house.clock.forward(days=1)
        assert await scanned(counter, *away(house, 5)) == [Question.BRANCH]


async def test_one_item_of_ones_own_among_the_first_and_nothing_is_asked(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        assert await scanned(counter, *away(house, 4), house.item(), *away(house, 9)) == []


async def test_loans_count_as_well_and_what_was_not_understood_does_not(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, "9999999999")
        assert await scanned(counter, *away(house, 3)) == []
        await counter.order(TO_RETURN)
        await counter.scan("8888888888")
        assert await scanned(counter, *away(house, 2)) == [Question.BRANCH]


async def test_a_restart_asks_nothing_twice_and_keeps_the_question(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await scanned(counter, *away(house, 4))
    async with at_work(house, tmp_path) as counter:
        assert await scanned(counter, *away(house, 1)) == [Question.BRANCH]
    async with at_work(house, tmp_path) as counter:
        assert [decision.question for decision in counter.work.decisions.values()] == [Question.BRANCH]
        await counter.answer(Answer.BRANCH_RIGHT)
        assert await scanned(counter, *away(house, 6)) == []
