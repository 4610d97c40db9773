"""The decision lane (C4, C5, C7): what needs a human waits there, and the next scan does not wait for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from db.models import LendingRule
from desk.circulation.refusals import LiftedBy
from desk.counter.orders import END
from desk.counter.records import Answer, LeftAlone, Lent, Question, Renewed, Returned, ToDecide, TurnedDown
from desk.desk import Desk
from desk.errors import InvalidInput, StoreIsBusy
from tests.builders import House, a_house, new_store
from tests.desk.counter.at_work import AtWork, at_work
from tests.holding import held


async def to_decide(counter: AtWork) -> ToDecide:
    """Wait until the last scan lies in the lane."""
    outcome = (await counter.settled())[-1]
    assert isinstance(outcome, ToDecide)
    return outcome


async def test_a_decision_does_not_hold_up_the_next_scan(house: House, tmp_path: Path) -> None:
    person, odd, ordinary = house.borrower(), house.item(parts=2), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, odd, ordinary)
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "ToDecide", "Lent"]
        assert counter.decision.answers == (Answer.ALL_PARTS, Answer.PART_MISSING, Answer.WAIT)


async def test_what_nobody_may_change_is_refused_outright(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    house.block(person, "D")
    house.block(person, "U")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, house.item())
        outcome = (await counter.settled())[-1]
        assert isinstance(outcome, TurnedDown)
        assert {reason.code: reason.may_override for reason in outcome.reasons} == {
            "block_D": LiftedBy.NOBODY,
            "block_U": LiftedBy.SUPERVISOR,
        }
        assert counter.work.decisions == {}


async def test_all_parts_counted_lends_it(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
        assert isinstance(await counter.answer(Answer.ALL_PARTS), Lent)
        assert counter.work.decisions == {}
    assert house.open_loans() == {thing.item_id: person.borrower_id}


async def test_a_missing_part_leaves_it_here(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
        outcome = await counter.answer(Answer.PART_MISSING)
        assert isinstance(outcome, LeftAlone)
        assert outcome.part_missing
    assert house.open_loans() == {}


async def test_on_loan_to_another_is_returned_and_lent_here(house: House, tmp_path: Path) -> None:
    first, second, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, first)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(second.card, thing)
        await to_decide(counter)
        assert counter.decision.answers == (Answer.RETURN_AND_LEND, Answer.WAIT, Answer.NOTHING)
        assert isinstance(await counter.answer(Answer.RETURN_AND_LEND), Lent)
    assert house.open_loans() == {thing.item_id: second.borrower_id}


async def test_one_answer_leads_to_the_next_question(house: House, tmp_path: Path) -> None:
    first, second, thing = house.borrower(), house.borrower(), house.item(parts=2)
    await house.lend(thing, first, parts_counted=True)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(second.card, thing)
        await to_decide(counter)
        assert isinstance(await counter.answer(Answer.RETURN_AND_LEND), ToDecide)
        assert isinstance(await counter.answer(Answer.ALL_PARTS), Lent)
    assert house.open_loans() == {thing.item_id: second.borrower_id}


async def test_what_they_have_already_is_renewed_or_returned(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    house.clock.forward(days=5)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
        assert counter.decision.answers == (Answer.RENEW, Answer.RETURN, Answer.NOTHING)
        assert isinstance(await counter.answer(Answer.RENEW), Renewed)
        await counter.scan(thing)
        await to_decide(counter)
        assert isinstance(await counter.answer(Answer.RETURN), Returned)
    assert house.open_loans() == {}


async def test_a_renewal_that_is_refused_says_why(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(group="14dag")
    await house.lend(thing, person)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
        outcome = await counter.answer(Answer.RENEW)
        assert isinstance(outcome, TurnedDown)
        assert "deniedMaterialIsNotLoanable" in {reason.code for reason in outcome.reasons}


async def test_a_book_without_a_borrower_asks_what_is_meant(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    one, two, three = (house.item() for _ in range(3))
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        await counter.order(END)
        for thing in (one, two, three):
            await counter.scan(thing)
            assert (await to_decide(counter)).decision.question is Question.NO_BORROWER
            answer = {one: Answer.LEND_TO_LAST, two: Answer.RETURN, three: Answer.NOTHING}[thing]
            await counter.answer(answer)
        assert counter.kinds[-5::2] == ["Lent", "Returned", "LeftAlone"]
    assert house.open_loans() == {one.item_id: person.borrower_id}


async def test_without_a_last_borrower_lending_to_one_is_not_offered(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.scan(house.item())
        assert Answer.LEND_TO_LAST not in (await to_decide(counter)).decision.answers
        with pytest.raises(InvalidInput):
            await counter.answer(Answer.LEND_TO_LAST)
        assert len(counter.work.decisions) == 1


async def test_a_code_that_is_a_card_and_a_book_asks_which(house: House, tmp_path: Path) -> None:
    house.borrower(card="12345678")
    thing = house.item(barcode="12345678")
    async with at_work(house, tmp_path) as counter:
        await counter.scan("12345678")
        assert (await to_decide(counter)).decision.question is Question.AMBIGUOUS
        await counter.answer(Answer.AS_CARD)
        await counter.scan("12345678")
        await to_decide(counter)
        assert isinstance(await counter.answer(Answer.AS_ITEM), Lent)
    assert set(house.open_loans()) == {thing.item_id}


async def test_waiting_keeps_it_in_the_lane(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
        await counter.answer(Answer.WAIT)
        assert counter.decision.waits
        assert isinstance(await counter.answer(Answer.ALL_PARTS), Lent)


async def test_what_was_not_offered_is_no_answer(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
        for answer in (Answer.RETURN_AND_LEND, Answer.OVERRIDE, Answer.RETURN):
            with pytest.raises(InvalidInput):
                await counter.answer(answer)


async def test_the_same_answer_pressed_twice_is_carried_out_once(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        entry_id = (await to_decide(counter)).decision.entry_id
        await asyncio.gather(*(counter.work.answer(entry_id, Answer.ALL_PARTS, counter.who) for _ in range(2)))
        assert counter.kinds == ["VisitOpened", "ToDecide", "Lent"]


async def test_an_answer_while_the_store_is_held_leaves_the_question(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        person, thing = house.borrower(), house.item(parts=2)
        impatient = new_store(house.store.url, busy_seconds=0.01)
        async with at_work(house, tmp_path, desk=Desk(impatient)) as counter:
            await counter.scan(person.card, thing)
            await to_decide(counter)
            with held(house.store.url), pytest.raises(StoreIsBusy):
                await counter.answer(Answer.ALL_PARTS)
            assert isinstance(await counter.answer(Answer.ALL_PARTS), Lent)
        impatient.close()


# Overrides


async def test_a_supervisors_override_lends_it_and_holds_for_the_rest_of_the_visit(
    house: House, tmp_path: Path
) -> None:
    person = house.borrower()
    house.block(person, "U")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, house.item())
        await to_decide(counter)
        assert Answer.OVERRIDE in counter.decision.answers
        assert isinstance(await counter.override(), Lent)
        await counter.scan(house.item())
        assert isinstance((await counter.settled())[-1], Lent)
        await counter.order(END)
        await counter.scan(person.card, house.item())
        await to_decide(counter)


async def test_one_override_answers_the_visits_other_decisions_too(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    house.block(person, "U")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, house.item(), house.item(), house.item(parts=2))
        await counter.settled()
        await counter.override(entry_id=next(iter(counter.work.decisions)))
        assert counter.kinds[-3:] == ["Lent", "Lent", "ToDecide"]
        assert [reason.code for reason in counter.decision.reasons] == ["parts"]


async def test_an_override_needs_a_reason(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    house.block(person, "U")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, house.item())
        await to_decide(counter)
        with pytest.raises(InvalidInput):
            await counter.override(" ")
        assert len(counter.work.decisions) == 1


async def test_there_is_nothing_to_override_in_parts_to_count(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.scan(house.borrower().card, house.item(parts=2))
        await to_decide(counter)
        with pytest.raises(InvalidInput):
            await counter.override()


# A restart


async def test_a_decision_survives_a_restart_and_waits(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=2, title="Puslespil")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await to_decide(counter)
    async with at_work(house, tmp_path) as counter:
        assert counter.decision.waits
        assert counter.decision.item is not None
        assert counter.decision.item.title == "Puslespil"
        assert [reason.code for reason in counter.decision.reasons] == ["parts"]
        assert isinstance(await counter.answer(Answer.ALL_PARTS), Lent)
    async with at_work(house, tmp_path) as counter:
        assert counter.work.decisions == {}


async def test_an_ambiguous_code_survives_a_restart_with_its_code(house: House, tmp_path: Path) -> None:
    house.borrower(card="12345678")
    house.item(barcode="12345678")
    async with at_work(house, tmp_path) as counter:
        await counter.scan("12345678")
        await to_decide(counter)
    async with at_work(house, tmp_path) as counter:
        await counter.answer(Answer.AS_CARD)
        assert counter.kinds == ["VisitOpened"]


async def test_a_decision_that_was_answered_when_the_program_died_is_not_answered_twice(
    house: House, tmp_path: Path
) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        visit = (await to_decide(counter)).decision.visit
    assert visit is not None
    await house.lend(thing, person, visit=visit.visit, parts_counted=True)
    async with at_work(house, tmp_path) as counter:
        assert [reason.code for reason in counter.decision.reasons] == ["already_theirs", "parts"]
        await counter.answer(Answer.NOTHING)
    assert house.open_loans() == {thing.item_id: person.borrower_id}


async def test_what_a_decision_keeps_in_the_queue_names_nothing(house: House, tmp_path: Path) -> None:
    person = house.borrower(name="Karla Nørregaard")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, house.item(parts=2, title="Løvejagten"))
        await to_decide(counter)
        (entry,) = await counter.queue.entries("deciding")
        assert "Karla" not in entry.context
        assert "jagten" not in entry.context
        assert entry.code not in repr(entry)


async def test_no_lending_rule_is_no_question(house: House, tmp_path: Path) -> None:
    house.put(LendingRule.delete())
    async with at_work(house, tmp_path) as counter:
        await counter.scan(house.borrower().card, house.item())
        assert isinstance((await counter.settled())[-1], TurnedDown)
