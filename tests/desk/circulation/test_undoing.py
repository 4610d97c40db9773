"""Undo (C9): the store is as it was before, whatever was taken back; what somebody has touched since stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.models import AccessLog, Borrower, Loan, LoanOccasion, Message, PutBack
from db.trail import Inserted, TrailBroken, take_back
from desk.circulation.commands import SetDueDate
from desk.circulation.records import LoanRecord, RenewalRecord, ReturnRecord, TakenBack
from desk.circulation.undoing import Undo
from desk.errors import Refused
from tests.builders import House, Person
from tests.dump import dump
from tests.reserving import Reserving


async def undo(house: House, done: LoanRecord | ReturnRecord | RenewalRecord, **more: Any) -> TakenBack:
    """Press Ctrl+Z."""
    values: dict[str, Any] = {
        "command_id": house.new_id(),
        "who": house.who(),
        "at": house.clock(),
        "trail": done.trail,
        "done_at": house.clock(),
        "item_id": done.item.item_id,
    }
    return await house.desk.do(Undo(**(values | more)))


async def test_a_loan_is_taken_back_and_nothing_is_left_of_it(house: House) -> None:
    person, thing = house.borrower(), house.item()
    before = dump(house)
    lent = await house.lend(thing, person)
    assert dump(house) != before
    await undo(house, lent, borrower_id=person.borrower_id)
    assert dump(house) == before


async def test_a_second_loan_of_the_same_occasion_leaves_the_first_and_its_occasion(house: House) -> None:
    person = house.borrower()
    await house.lend(house.item(), person)
    thing = house.item()
    before = dump(house)
    await undo(house, await house.lend(thing, person))
    assert dump(house) == before


async def test_a_missing_item_that_was_lent_is_missing_again(house: House) -> None:
    person, thing = house.borrower(), house.item(status="missing")
    before = dump(house)
    await undo(house, await house.lend(thing, person))
    assert dump(house) == before


async def test_an_item_taken_from_another_and_lent_here_is_the_others_again(house: House) -> None:
    anna, ib, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, anna)
    house.clock.forward(days=1)
    before = dump(house)
    await undo(house, await house.lend(thing, ib, return_first=True))
    assert dump(house) == before


async def test_a_return_is_taken_back_and_the_loan_goes_on(house: House) -> None:
    person, thing = house.borrower(), house.item(branch=None)
    await house.lend(thing, person)
    house.clock.forward(days=40)
    before = dump(house)
    await undo(house, await house.take_back(thing))
    assert dump(house) == before


async def test_a_renewal_is_taken_back_with_its_occasion(house: House) -> None:
    person, thing = house.borrower(), house.item()
    lent = await house.lend(thing, person)
    house.clock.forward(days=10)
    before = dump(house)
    await undo(house, await house.renew(lent, person))
    assert dump(house) == before


async def test_a_return_that_was_trapped_gives_the_reservation_its_place_and_the_message_goes(house: House) -> None:
    lender, waiting, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, lender)
    await Reserving(house).reserve(thing, waiting)
    before = dump(house)
    returned = await house.take_back(thing)
    assert returned.shelf == 1
    assert house.ids(Message)
    await undo(house, returned)
    assert dump(house) == before


async def test_a_message_that_has_been_sent_stays_on_the_list(house: House) -> None:
    lender, waiting, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, lender)
    await Reserving(house).reserve(thing, waiting)
    house.put(Borrower.update(email="a@example.dk").where(Borrower.id == waiting.borrower_id))
    returned = await house.take_back(thing)
    house.put(Message.update(state="sent", sent_at=house.clock()))
    await undo(house, returned)
    assert len(house.ids(Message)) == 1
    assert house.open_loans() == {thing.item_id: lender.borrower_id}


async def test_a_trapped_return_on_its_way_to_another_branch_is_taken_back(house: House) -> None:
    lender, waiting, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, lender)
    await Reserving(house).reserve(thing, waiting, pickup_branch_id=house.other_branch)
    before = dump(house)
    await undo(house, await house.take_back(thing))
    assert dump(house) == before


async def test_a_loan_that_fulfilled_a_reservation_gives_it_back_with_its_shelf_place(house: House) -> None:
    waiting, thing = house.borrower(), house.item()
    await Reserving(house).reserve(thing, waiting)
    await house.take_back(thing)
    before = dump(house)
    lent = await house.lend(thing, waiting)
    assert lent.fulfilled
    await undo(house, lent)
    assert dump(house) == before


async def test_a_loan_of_another_copy_leaves_the_set_aside_one_as_it_was(house: House) -> None:
    waiting, thing = house.borrower(), house.item()
    reserving = Reserving(house)
    await reserving.reserve(thing, waiting)
    await house.take_back(thing)
    copy = reserving.copy_of(thing)
    before = dump(house)
    lent = await house.lend(copy, waiting)
    assert lent.fulfilled
    assert house.ids(PutBack)
    await undo(house, lent)
    assert dump(house) == before


async def test_a_reservation_whose_shelf_place_is_taken_meanwhile_is_not_squeezed_in(house: House) -> None:
    waiting, other, thing, more = house.borrower(), house.borrower(), house.item(), house.item()
    reserving = Reserving(house)
    await reserving.reserve(thing, waiting)
    await house.take_back(thing)
    lent = await house.lend(thing, waiting)
    await reserving.reserve(more, other)
    await house.take_back(more)
    before = dump(house)
    with pytest.raises(Refused) as refused:
        await undo(house, lent)
    assert refused.value.codes == ("changed_since",)
    assert dump(house) == before


async def test_after_five_minutes_it_stays_done(house: House) -> None:
    person, thing = house.borrower(), house.item()
    lent, done_at = await house.lend(thing, person), house.clock()
    house.clock.forward(minutes=5)
    house.clock.forward(seconds=1)
    with pytest.raises(Refused) as refused:
        await undo(house, lent, done_at=done_at)
    assert refused.value.codes == ("too_late_to_undo",)
    assert house.open_loans() == {thing.item_id: person.borrower_id}


@pytest.mark.parametrize("touch", ["returned", "renewed", "date set by hand"])
async def test_what_was_changed_since_is_not_taken_back(house: House, touch: str) -> None:
    person, thing = house.borrower(), house.item()
    lent = await house.lend(thing, person)
    house.clock.forward(minutes=1)
    match touch:
        case "returned":
            await house.take_back(thing)
        case "renewed":
            house.clock.forward(days=1)
            await house.renew(lent, person)
        case _:
            values: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
            due = lent.due_on.replace(day=lent.due_on.day + 1)
            await house.desk.do(SetDueDate(**values, loan_id=lent.loan_id, due_on=due, reason="ferie"))
    before = dump(house)
    with pytest.raises(Refused) as refused:
        await undo(house, lent)
    assert refused.value.codes == ("changed_since",)
    assert dump(house) == before


async def test_pressed_twice_it_is_taken_back_once(house: House) -> None:
    person, thing = house.borrower(), house.item()
    first = await house.lend(thing, person)
    await undo(house, first, command_id="once")
    await house.lend(thing, person)
    await undo(house, first, command_id="once")
    assert house.open_loans() == {thing.item_id: person.borrower_id}


async def test_that_a_loan_was_taken_back_is_in_the_borrowers_log_and_a_return_names_nobody(house: House) -> None:
    person, thing = house.borrower(), house.item()
    await undo(house, await house.lend(thing, person), borrower_id=person.borrower_id)
    actions = [action for (action,) in house.rows(AccessLog.select(AccessLog.action).order_by(AccessLog.number))]
    assert actions == ["lend", "undo"]
    await house.lend(thing, person)
    await undo(house, await house.take_back(thing))
    actions = [action for (action,) in house.rows(AccessLog.select(AccessLog.action).order_by(AccessLog.number))]
    assert actions == ["lend", "undo", "lend"]


def test_a_row_that_may_stay_is_left_where_it_is(house: House) -> None:
    person, thing = house.borrower(), house.item()
    _lent(house, person, thing.item_id)
    (loan_id,) = house.ids(Loan)
    stale = Inserted(Loan, loan_id, {"renewals": 5}, may_stay=True)
    house.store.write_here(lambda transaction: take_back(transaction, [stale]))
    assert house.ids(Loan) == [loan_id]
    with pytest.raises(TrailBroken):
        house.store.write_here(lambda transaction: take_back(transaction, [Inserted(Loan, loan_id, {"renewals": 5})]))


def _lent(house: House, person: Person, item_id: int) -> None:
    occasion = house.put(LoanOccasion.insert(borrower=person.borrower_id, visit="v", due_on=date(2026, 4, 9)))
    house.put(
        Loan.insert(
            item=item_id,
            borrower=person.borrower_id,
            occasion=occasion,
            lent_at=house.clock(),
            due_on=date(2026, 4, 9),
        )
    )


async def test_a_loan_whose_occasion_a_renewal_has_joined_is_taken_back_and_leaves_the_occasion(house: House) -> None:
    person, older, thing = house.borrower(), house.item(), house.item()
    renewable = await house.lend(older, person, visit="earlier")
    house.clock.forward(days=1)
    lent = await house.lend(thing, person)
    renewed = await house.renew(renewable, person)
    assert renewed.due_on == lent.due_on
    await undo(house, lent, borrower_id=person.borrower_id)
    assert house.open_loans() == {older.item_id: person.borrower_id}
    left = house.rows(Loan.select(LoanOccasion.due_on).join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id)))
    assert left == [(renewed.due_on,)]


async def test_what_others_have_come_to_depend_on_stays_and_says_so(house: House) -> None:
    person, thing = house.borrower(), house.item()
    lent = await house.lend(thing, person)
    (occasion,) = house.ids(LoanOccasion)
    depended_on = (Inserted(LoanOccasion, occasion),)
    with pytest.raises(Refused) as refused:
        await undo(house, lent, trail=depended_on)
    assert refused.value.codes == ("changed_since",)
    assert house.open_loans() == {thing.item_id: person.borrower_id}


async def test_several_renewals_of_one_key_are_taken_back_together_fee_and_all(house: House) -> None:
    person, things = house.borrower(), [house.item() for _number in range(3)]
    loans = [await house.lend(thing, person) for thing in things]
    house.clock.forward(days=40)
    before = dump(house)
    renewed = [await house.renew(loan, person) for loan in loans]
    assert sum(renewal.charged.fee_ore for renewal in renewed) > 0
    trail = tuple(step for renewal in renewed for step in renewal.trail)
    more = tuple(thing.item_id for thing in things[1:])
    await undo(house, renewed[0], trail=trail, more_item_ids=more, borrower_id=person.borrower_id)
    assert dump(house) == before


@pytest.mark.parametrize(("state", "told"), [("sent", True), ("sending", True), ("waiting", False), ("failed", False)])
async def test_whoever_undoes_is_told_that_the_message_has_gone(house: House, state: str, told: bool) -> None:
    lender, waiting, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, lender)
    await Reserving(house).reserve(thing, waiting)
    house.put(Borrower.update(email="a@example.dk").where(Borrower.id == waiting.borrower_id))
    returned = await house.take_back(thing)
    house.put(Message.update(state=state, sent_at=house.clock() if state == "sent" else None))
    taken_back = await undo(house, returned, command_id="once")
    assert taken_back.somebody_was_told is told
    again = await undo(house, returned, command_id="once")
    assert again == taken_back
