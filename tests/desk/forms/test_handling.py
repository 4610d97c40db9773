"""Handled means gone, in the same transaction (P13): a time, a group's books, a suggestion, a bag."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from db.models import AccessLog, Borrower, CommandRecord, Form, Item, PurchaseWish, Reservation, Telephone
from desk.borrowers.searching import write_search_words
from desk.calendar import local_date
from desk.errors import InvalidInput, NotFound, Refused
from desk.forms.commands import (
    HandleForm,
    OpenForm,
    PassSuggestionOn,
    ReceiveForm,
    ReserveForGroup,
    TakeOffPurchases,
)
from desk.forms.queries import count_of_forms, purchase_list, waiting_forms
from desk.forms.reading import read_form
from desk.forms.records import FormContent
from tests.builders import House, Person, Thing, another_counter
from tests.desk.forms.sent import EMAIL, PHONE, STRINGS, WISH, form


async def received(house: House, kind: str = "appointment", **more: Any) -> int:
    """Take a form in; gives its id."""
    before = set(house.ids(Form))
    content = read_form(form(kind, **more), house.clock(), None)
    assert isinstance(content, FormContent)
    await house.desk.do(ReceiveForm(command_id=house.new_id(), who=house.who(), at=house.clock(), content=content))
    (new,) = set(house.ids(Form)) - before
    return int(new)


def usual(house: House, form_id: int) -> dict[str, Any]:
    """What every command about a form has."""
    return {"command_id": house.new_id(), "who": house.who(), "at": house.clock(), "form_id": form_id}


def group_command(house: House, form_id: int, thing: Thing, *who: Person) -> ReserveForGroup:
    """Word a reading group's reservations."""
    title_id = house.value(Item.select(Item.title).where(Item.id == thing.item_id))
    return ReserveForGroup(
        **usual(house, form_id), borrower_ids=tuple(one.borrower_id for one in who), title_id=title_id
    )


def reachable(house: House, email: str = "", phone: str = "") -> Person:
    """Sign up somebody with an e-mail address or a telephone."""
    person = house.borrower()
    house.put(Borrower.update(email=email).where(Borrower.id == person.borrower_id))
    if phone:
        house.put(Telephone.insert(borrower=person.borrower_id, number=phone))
    house.store.write_here(lambda transaction: write_search_words(transaction, [person.borrower_id]))
    return person


@pytest.mark.parametrize("kind", ["appointment", "holiday_bag"])
async def test_a_form_that_was_handled_is_gone_and_only_that_it_was_is_on_record(house: House, kind: str) -> None:
    form_id, other = await received(house, kind), await received(house, kind, name="Ib")
    command = HandleForm(**usual(house, form_id))
    await house.desk.do(command)
    assert house.ids(Form) == [other]
    await house.desk.do(command)
    assert house.ids(Form) == [other]
    rows = house.rows(CommandRecord.select().where(CommandRecord.kind == "HandleForm"))
    assert len(rows) == 1
    assert rows[0][3] is None


async def test_a_form_that_a_colleague_handled_is_told_as_gone(house: House) -> None:
    form_id = await received(house)
    with another_counter(house) as colleague:
        await colleague.do(HandleForm(**usual(house, form_id)))
    with pytest.raises(NotFound):
        await house.desk.do(HandleForm(**usual(house, form_id)))
    with pytest.raises(NotFound):
        await house.desk.do(OpenForm(**usual(house, form_id)))
    with pytest.raises(NotFound):
        await house.desk.do(PassSuggestionOn(**usual(house, form_id)))


async def test_opening_says_everything_and_is_noted_at_the_borrower_whose_address_it_is(house: House) -> None:
    form_id = await received(house, name="Å [/] \u2603")
    opened = await house.desk.do(OpenForm(**usual(house, form_id)))
    assert (opened.content.values["name"], opened.content.values["about"]) == ("Å [/] \u2603", WISH)
    reachable(house, phone="20 99 47 16")
    await house.desk.do(OpenForm(**usual(house, form_id)))
    last = house.rows(AccessLog.select().order_by(AccessLog.number))[-2:]
    assert [row[4] is None for row in last] == [True, False]
    reachable(house, email=EMAIL.upper())
    await house.desk.do(OpenForm(**usual(house, form_id)))
    assert house.rows(AccessLog.select().order_by(AccessLog.number))[-1][4] is None, "it may be either of them"


async def test_a_groups_title_is_reserved_for_each_who_fetches_and_the_form_is_gone(house: House) -> None:
    form_id, book = await received(house, "reading_group"), house.item()
    first, second = house.borrower(), house.borrower()
    command = group_command(house, form_id, book, first, second, first)
    reserved = await house.desk.do(command)
    assert (reserved.count, reserved.first.place) == (2, 1)
    assert sorted(house.rows(Reservation.select(Reservation.borrower))) == [(first.borrower_id,), (second.borrower_id,)]
    assert house.ids(Form) == []
    assert await house.desk.do(command) == reserved
    assert len(house.ids(Reservation)) == 2


async def test_a_refusal_reserves_for_nobody_and_leaves_the_form(house: House) -> None:
    form_id, book = await received(house, "reading_group"), house.item()
    fine, blocked = house.borrower(), house.borrower()
    house.block(blocked, "U")
    with pytest.raises(Refused):
        await house.desk.do(group_command(house, form_id, book, fine, blocked))
    assert (house.ids(Reservation), house.ids(Form)) == ([], [form_id])
    with pytest.raises(InvalidInput):
        await house.desk.do(group_command(house, form_id, book))
    other = await received(house, "appointment")
    with pytest.raises(InvalidInput):
        await house.desk.do(group_command(house, other, book, fine))
    assert house.ids(Form) == [form_id, other]


async def test_a_suggestion_stands_on_the_purchase_list_without_who_suggested_it(house: House) -> None:
    form_id = await received(house, "purchase_suggestion")
    await house.desk.do(PassSuggestionOn(**usual(house, form_id)))
    assert house.ids(Form) == []
    (wish,) = await house.desk.ask(house.who(), purchase_list)
    assert (wish.title, wish.author, wish.year) == (WISH, "Ib", 2025)
    assert not any(text in repr(house.rows(PurchaseWish.select())) for text in set(STRINGS) - {WISH})
    other = await received(house, "holiday_bag")
    with pytest.raises(InvalidInput):
        await house.desk.do(PassSuggestionOn(**usual(house, other)))
    removal: dict[str, Any] = {"command_id": "off", "who": house.who("it"), "at": house.clock()}
    assert (await house.desk.do(TakeOffPurchases(**removal, wish_ids=(wish.wish_id,)))).count == 1
    assert await house.desk.ask(house.who(), purchase_list) == ()


async def test_what_waited_longest_stands_first_and_is_red_on_its_ninetieth_day(house: House) -> None:
    now = house.clock()
    young = await received(house, at=now - timedelta(days=89))
    old = await received(house, "reading_group", at=now - timedelta(days=90))
    today = local_date(now)
    lines = await house.desk.ask(house.who(), waiting_forms, today)
    assert [(line.form_id, line.kind, line.is_late, line.late_on - today) for line in lines] == [
        (old, "reading_group", True, timedelta()),
        (young, "appointment", False, timedelta(days=1)),
    ]
    assert await house.desk.ask(house.who(), count_of_forms) == 2


async def test_a_seal_that_was_moved_to_another_form_does_not_open(house: House) -> None:
    first, second = await received(house), await received(house, name="Ib")
    seal = house.value(Form.select(Form.sealed).where(Form.id == first))
    house.put(Form.update(sealed=seal).where(Form.id == second))
    with pytest.raises(InvalidTag):
        await house.desk.do(OpenForm(**usual(house, second)))


async def test_a_telephone_that_is_anothers_borrower_number_leads_to_nobody(house: House) -> None:
    person = house.borrower()
    house.put(Borrower.update(number="20994716").where(Borrower.id == person.borrower_id))
    house.store.write_here(lambda transaction: write_search_words(transaction, [person.borrower_id]))
    form_id = await received(house)
    assert PHONE.endswith("20 99 47 16")
    await house.desk.do(OpenForm(**usual(house, form_id)))
    assert house.rows(AccessLog.select().order_by(AccessLog.number))[-1][4] is None
