"""An unknown CPR number at the counter: a question, its answer, and the visit of whoever was created (C4, C7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.models import AccessLog
from desk.borrowers.commands import CreateBorrower
from desk.borrowers.proposing import proposals
from desk.counter.holds import PRIVACY, SIGN_UP
from desk.counter.orders import END, LAST_BORROWER, TO_RETURN
from desk.counter.records import (
    AlreadyOpen,
    Answer,
    Lent,
    NotUnderstood,
    Question,
    Returned,
    SignUpEnded,
    ToDecide,
    VisitOpened,
)
from desk.errors import InvalidInput
from tests.builders import House
from tests.desk.counter.at_work import AtWork, at_work

CPR = "6101905004"


async def create(house: House, cpr: str | None = CPR) -> int:
    """Create somebody, as the sign-up does."""
    command = CreateBorrower(
        command_id=house.new_id(),
        who=house.who(),
        at=house.clock(),
        name="Karla Nørregaard",
        cpr=cpr,
        group_id=1,
        branch_id=house.branch,
        numbers=("90000001",),
        log_key=b"k" * 32,
    )
    return (await house.desk.do(command)).borrower_id


async def asked(counter: AtWork, code: str = CPR) -> int:
    """Scan an unknown CPR number, and give the decision it becomes."""
    await counter.scan(code)
    await counter.settled()
    assert counter.decision.question is Question.UNKNOWN_CPR
    return counter.decision.entry_id


async def test_an_unknown_cpr_number_asks_whether_to_create(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        entry_id = await asked(counter)
        assert counter.decision.answers == (Answer.CREATE, Answer.NOTHING)
        assert counter.work.code_of(entry_id) == CPR
    assert house.rows(AccessLog.select(AccessLog.action, AccessLog.outcome)) == [("visit", "not_found")]


async def test_in_return_it_stays_a_refused_line(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(CPR)
        assert (await counter.settled())[-1] == NotUnderstood("unknown_cpr")


@pytest.mark.parametrize("code", ["3102901234", "0101575000"])
async def test_a_day_that_is_none_or_has_not_come_is_nobody_to_create(house: House, tmp_path: Path, code: str) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.scan(code)
        assert (await counter.settled())[-1] == NotUnderstood("unknown_cpr")


async def test_nothing_settles_it_and_the_number_is_gone(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        entry_id = await asked(counter)
        assert await counter.answer(Answer.NOTHING) == NotUnderstood("unknown_cpr")
        assert counter.work.code_of(entry_id) == ""
        assert await counter.queue.entries("waiting", "deciding") == []


async def test_creating_takes_the_sign_up_and_is_no_answer_by_itself(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await asked(counter)
        with pytest.raises(InvalidInput):
            await counter.answer(Answer.CREATE)
        assert len(counter.work.decisions) == 1


async def test_whoever_was_created_has_their_visit_opened(house: House, tmp_path: Path) -> None:
    thing = house.item()
    async with at_work(house, tmp_path) as counter:
        entry_id = await asked(counter)
        borrower_id = await create(house)
        house.clock.forward(minutes=2)
        await counter.work.signed_up(borrower_id, counter.who, entry_id)
        opened = counter.outcomes[-1]
        assert isinstance(opened, VisitOpened)
        assert opened.borrower.name == "Karla Nørregaard"
        assert counter.work.place.touched_at == house.clock()
        assert counter.work.decisions == {}
        await counter.scan(thing, CPR)
        assert [type(one) for one in (await counter.settled())[-2:]] == [Lent, AlreadyOpen]
    assert house.open_loans() == {thing.item_id: borrower_id}


async def test_what_is_scanned_while_somebody_is_signed_up_waits_for_them_in_order(
    house: House, tmp_path: Path
) -> None:
    things = [house.item() for _number in range(3)]
    async with at_work(house, tmp_path) as counter:
        entry_id = await asked(counter)
        counter.work.hold(cards_pass=False, by=SIGN_UP)
        await counter.scan(*things)
        borrower_id = await create(house)
        assert counter.work.waiting == 3
        await counter.work.signed_up(borrower_id, counter.who, entry_id)
        counter.work.release(SIGN_UP)
        assert [one.loan.item.item_id for one in (await counter.settled())[-3:] if isinstance(one, Lent)] == [
            thing.item_id for thing in things
        ]
    assert house.open_loans() == dict.fromkeys((thing.item_id for thing in things), borrower_id)


async def test_the_curtain_over_a_sign_up_lets_go_only_of_its_own(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    async with at_work(house, tmp_path) as counter:
        counter.work.hold(cards_pass=False, by=SIGN_UP)
        counter.work.hold(cards_pass=True, by=PRIVACY)
        await counter.scan(person.card)
        for _round in range(5):
            # One thread answers in order: whatever the card set going has been done.
            await house.desk.ask(counter.who, proposals)
        counter.work.release(PRIVACY)
        await counter.queue.place()
        assert (counter.work.waiting, counter.outcomes) == (1, [])
        counter.work.release(SIGN_UP)
        assert isinstance((await counter.settled())[-1], VisitOpened)


async def test_another_borrowers_visit_goes_on_and_the_question_is_settled(house: House, tmp_path: Path) -> None:
    other, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        entry_id = await asked(counter)
        await counter.scan(other.card)
        await counter.settled()
        await counter.work.signed_up(await create(house), counter.who, entry_id)
        assert counter.outcomes[-1] == SignUpEnded(created=True)
        assert counter.work.decisions == {}
        await counter.scan(thing)
        await counter.settled()
    assert house.open_loans() == {thing.item_id: other.borrower_id}


async def test_somebody_created_without_a_scan_has_their_visit_opened_too(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.work.signed_up(await create(house, cpr=None), counter.who)
        assert isinstance(counter.outcomes[-1], VisitOpened)
        assert counter.work.place.mode == "check_out"
        kept = counter.work.place
    async with at_work(house, tmp_path) as counter:
        assert counter.work.place == kept


async def test_the_question_survives_a_restart_with_its_number(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await asked(counter)
        (entry,) = await counter.queue.entries("deciding")
        assert CPR not in entry.context
        assert CPR not in repr(entry)
    async with at_work(house, tmp_path) as counter:
        assert counter.decision.waits
        entry_id = counter.decision.entry_id
        assert counter.work.code_of(entry_id) == CPR
        await counter.work.signed_up(await create(house), counter.who, entry_id)
        assert isinstance(counter.outcomes[-1], VisitOpened)
    async with at_work(house, tmp_path) as counter:
        assert counter.work.decisions == {}


async def test_created_before_the_program_died_is_found_and_not_created_twice(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await asked(counter)
    borrower_id = await create(house)
    async with at_work(house, tmp_path) as counter:
        with pytest.raises(InvalidInput, match="taken"):
            await create(house)
        await counter.work.signed_up(borrower_id, counter.who, counter.decision.entry_id, created=False)
        assert isinstance(counter.outcomes[-1], VisitOpened)


async def test_an_unknown_number_ends_the_visit_that_is_open(house: House, tmp_path: Path) -> None:
    first, mine, theirs, later = house.borrower(), house.item(), house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(first.card, mine, CPR, theirs)
        outcome = (await counter.settled())[-1]
        assert counter.kinds == ["VisitOpened", "Lent", "ToDecide", "ToDecide"]
        assert counter.work.place.visit is None
        assert isinstance(outcome, ToDecide)
        assert outcome.decision.question is Question.NO_BORROWER
        assert Answer.LEND_TO_LAST not in outcome.decision.answers, "it may not be lent to the borrower before"
    assert house.open_loans() == {mine.item_id: first.borrower_id}
    async with at_work(house, tmp_path) as counter:
        await counter.scan(later)
        outcome = (await counter.settled())[-1]
        assert isinstance(outcome, ToDecide)
        assert Answer.LEND_TO_LAST not in outcome.decision.answers
        await counter.order(LAST_BORROWER)
        assert isinstance((await counter.settled())[-1], VisitOpened)
        await counter.scan(theirs)
        assert isinstance((await counter.settled())[-1], Lent)


async def test_after_an_unknown_number_and_esc_the_last_borrower_is_offered_again(house: House, tmp_path: Path) -> None:
    first, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(first.card, CPR)
        await counter.order(END)
        await counter.scan(thing)
        outcome = (await counter.settled())[-1]
        assert isinstance(outcome, ToDecide)
        assert Answer.LEND_TO_LAST in outcome.decision.answers


@pytest.mark.parametrize("code", ["3102901234", "9999999999"])
async def test_ten_figures_that_are_nobodys_number_end_no_visit(house: House, tmp_path: Path, code: str) -> None:
    first, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(first.card, code, thing)
        assert isinstance((await counter.settled())[-1], Lent)


async def test_whoever_is_created_after_another_visit_has_their_own(house: House, tmp_path: Path) -> None:
    first = house.borrower()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(first.card)
        entry_id = await asked(counter)
        await counter.work.signed_up(await create(house), counter.who, entry_id)
        assert isinstance(counter.outcomes[-1], VisitOpened)


async def test_an_item_of_ten_figures_is_still_an_item(house: House, tmp_path: Path) -> None:
    thing = house.item(barcode=CPR)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(thing)
        assert isinstance((await counter.settled())[-1], Returned)
        assert not any(isinstance(one, ToDecide) for one in counter.outcomes)
