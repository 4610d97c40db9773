"""Scenarios of check-out: what is lent until when, and what is not lent and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.models import Loan
from desk.circulation.check_out import SetDueDate
from desk.circulation.refusals import LimitReached, TooYoung
from desk.counter.modes import CHECK_OUT
from desk.counter.orders import END, TO_RETURN
from desk.counter.records import Answer, Lent, Question, Renewed
from desk.errors import NotAllowed, Refused
from desk.money.queries import balance_of
from tests.desk.counter.at_work import at_work
from tests.desk.scenarios.telling import Story, kr


async def test_given_fifteen_books_at_home_when_one_more_is_scanned_then_it_waits_until_one_comes_back(
    story: Story,
) -> None:
    """C6, R1, *Semantics* (limits): a number blocks when it is reached."""
    house, anna, wanted = story.house, story.house.borrower(), story.house.item()
    lent = [await house.lend(house.item(), anna) for _number in range(15)]
    assert (lent[-1].open_loans, lent[-1].limit) == (15, 15)
    with pytest.raises(Refused) as refused:
        await house.lend(wanted, anna)
    assert refused.value.reasons == (LimitReached(15, 15),)
    await house.take_back_item(lent[0])
    assert (await house.lend(wanted, anna)).open_loans == 15


async def test_given_a_full_borrower_when_a_supervisor_agrees_then_it_holds_for_this_visit_only(story: Story) -> None:
    """C6, R7: an override is asked for again at the next visit."""
    house, anna = story.house, story.house.borrower()
    house.limit(1)
    await house.lend(house.item(), anna)
    second, third, fourth = (house.item() for _number in range(3))
    assert await house.refusals(second, anna) == ("limit",)
    await house.set_aside(anna, second, "limit")
    assert [await house.refusals(one, anna) for one in (second, third)] == [(), ()]
    assert await house.refusals(fourth, anna, visit="in the afternoon") == ("limit",)


async def test_given_a_book_nine_days_late_with_anna_when_ib_brings_it_then_she_pays_and_he_has_it(
    story: Story,
) -> None:
    """C6, R3: returned and lent in one go, the first borrower's fee kept right."""
    house, thing = story.house, story.house.item()
    anna, ib = house.borrower(name="Anna"), house.borrower(name="Ib")
    story.late(await house.lend(thing, anna), 9)
    assert await house.refusals(thing, ib) == ("on_loan_to_another",)
    lent = await house.lend(thing, ib, return_first=True)
    assert (await story.owed(anna), await story.owed(ib)) == (kr(120), 0)
    assert house.open_loans() == {thing.item_id: ib.borrower_id}
    assert lent.due_on > story.today
    assert await story.loans(anna) == ()


async def test_given_her_own_book_when_she_brings_it_to_the_counter_again_then_it_is_renewed(
    story: Story, tmp_path: Path
) -> None:
    """C6, C10: what is theirs already is offered to be renewed."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    first = await house.lend(thing, anna)
    house.clock.forward(days=10)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(anna.card, thing)
        await counter.settled()
        assert counter.decision.answers[0] is Answer.RENEW
        outcome = await counter.answer(Answer.RENEW)
    assert isinstance(outcome, Renewed)
    assert [(loan.due_on, loan.renewals) for loan in await story.loans(anna)] == [(outcome.renewal.due_on, 1)]
    assert outcome.renewal.due_on > first.due_on


@pytest.mark.parametrize("status", ["lost", "discarded", "damaged", "not_for_loan"])
async def test_given_a_book_out_of_use_when_it_is_lent_then_not_and_when_it_is_well_again_then_it_is(
    story: Story, status: str
) -> None:
    """C6, C15, *Semantics* (item status)."""
    house, anna = story.house, story.house.borrower()
    (thing,) = story.shelves.title("Kongens Fald")
    await story.shelves.set_status(thing, status)
    assert await house.refusals(thing, anna) == (f"status_{status}",)
    await story.shelves.set_status(thing, "available", "i orden")
    assert await house.refusals(thing, anna) == ()


async def test_given_a_missing_book_when_somebody_brings_it_to_the_counter_then_it_is_lent_and_found(
    story: Story,
) -> None:
    """C6: missing is no reason not to lend what lies on the counter."""
    house, anna = story.house, story.house.borrower()
    (thing,) = story.shelves.title("Kongens Fald")
    await story.shelves.set_status(thing, "missing")
    assert (await house.lend(thing, anna)).was_missing
    await house.take_back(thing)
    assert (house.status(thing), story.shelves.on_page(thing).reason) == ("available", "")


async def test_given_a_film_from_fifteen_when_she_turns_fifteen_then_she_may_have_it_that_day(story: Story) -> None:
    """C6, *Semantics* (age): a birthday counts on its day, 29 February on 1 March in common years."""
    house = story.house
    anna, film = house.borrower(group="barn", born=date(2012, 2, 29)), house.item(group="film15")
    story.at(2027, 2, 28, 23, 59)
    with pytest.raises(Refused) as refused:
        await house.lend(film, anna)
    assert refused.value.reasons == (TooYoung(15, date(2027, 3, 1)),)
    story.at(2027, 3, 1, 0, 1)
    assert (await house.lend(film, anna)).due_on == date(2027, 3, 15)


async def test_given_a_game_in_three_parts_when_they_have_been_counted_then_it_is_lent(
    story: Story, tmp_path: Path
) -> None:
    """C6: an item in several parts is asked about, and the next scan does not wait."""
    house, anna = story.house, story.house.borrower()
    game, book = house.item(parts=3), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(anna.card, game, book)
        await counter.settled()
        assert house.open_loans() == {book.item_id: anna.borrower_id}
        assert isinstance(await counter.answer(Answer.ALL_PARTS), Lent)
    assert house.open_loans() == {book.item_id: anna.borrower_id, game.item_id: anna.borrower_id}


async def test_given_a_due_date_set_by_hand_when_it_comes_back_by_then_it_is_not_late(story: Story) -> None:
    """C6, R2: by hand and with a reason, and still never a closed day."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    lent = await house.lend(thing, anna)
    by_hand = SetDueDate(
        command_id=house.new_id(),
        who=house.who(),
        at=house.clock(),
        loan_id=lent.loan_id,
        due_on=date(2026, 5, 14),
        reason="højskole",
    )
    changed = await house.desk.do(by_hand)
    assert (changed.due_on, changed.closed_from) == (date(2026, 5, 15), date(2026, 5, 14))
    story.on(date(2026, 5, 15))
    assert (await house.take_back(thing)).days_overdue == 0
    assert await story.owed(anna) == 0


async def test_given_nobody_at_the_counter_when_a_book_is_scanned_then_it_can_be_lent_to_the_last_borrower(
    story: Story, tmp_path: Path
) -> None:
    """C6, *Semantics* (an item with no borrower): A aflevér, L lån til sidste låner, X intet."""
    house, anna, forgotten = story.house, story.house.borrower(), story.house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(anna.card, house.item())
        await counter.order(END)
        await counter.scan(forgotten)
        await counter.settled()
        assert counter.decision.question is Question.NO_BORROWER
        assert counter.decision.answers == (Answer.RETURN, Answer.LEND_TO_LAST, Answer.NOTHING)
        assert isinstance(await counter.answer(Answer.LEND_TO_LAST), Lent)
    assert [loan.item.item_id for loan in await story.loans(anna)][-1] == forgotten.item_id


async def test_given_the_return_pile_when_a_borrower_shows_the_card_then_lending_begins(
    story: Story, tmp_path: Path
) -> None:
    """*Semantics* (a borrower's card in F3), C8: the pile is returned first, then the borrower is served."""
    house, anna, ib = story.house, story.house.borrower(), story.house.borrower()
    back, wanted = house.item(), house.item()
    await house.lend(back, anna)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(back, ib.card, wanted)
        await counter.settled()
        assert counter.work.place.mode == CHECK_OUT
    assert house.open_loans() == {wanted.item_id: ib.borrower_id}


async def test_given_a_code_typed_in_small_letters_when_it_is_scanned_then_it_is_the_same_and_zeros_stay(
    story: Story, tmp_path: Path
) -> None:
    """*Semantics* (codes): trimmed, in capitals, leading zeros kept."""
    house = story.house
    anna, thing = house.borrower(card="00AB17"), house.item(barcode="007X")
    async with at_work(house, tmp_path) as counter:
        await counter.scan(" 00ab17 ", "7x", "007x")
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "NotUnderstood", "Lent"]
    assert house.open_loans() == {thing.item_id: anna.borrower_id}


async def test_given_somebody_from_it_when_they_try_to_lend_then_nothing_is_lent(story: Story) -> None:
    """*Semantics* (roles): it looks after the installation, and sees no borrower."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    with pytest.raises(NotAllowed):
        await house.lend(thing, anna, who=house.who("it"))
    with pytest.raises(NotAllowed):
        await house.desk.ask(house.who("it"), balance_of, anna.borrower_id)
    assert house.ids(Loan) == []
