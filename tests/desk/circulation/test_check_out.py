"""Check-out (C5, C6, R1, R5, R7): what is lent, and every reason why not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.models import Item, LendingRule, Loan, LoanOccasion, Override
from desk.circulation.check_out import check_out_assessment
from desk.circulation.refusals import CardStolen, CardStopped, LimitReached, TooYoung
from desk.command import Who
from desk.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, Refused
from tests.builders import House, Person, Thing


async def refused(house: House, thing: Thing, person: Person) -> Refused:
    """Check out what must be refused."""
    with pytest.raises(Refused) as caught:
        await house.lend(thing, person)
    return caught.value


async def test_a_book_is_lent_for_thirty_days(house: House) -> None:
    person, thing = house.borrower(), house.item(title="Pelle Erobreren")
    loan = await house.lend(thing, person)
    assert (loan.due_on, loan.closed_from) == (date(2026, 4, 9), None)
    assert (loan.item.title, loan.open_loans, loan.limit) == ("Pelle Erobreren", 1, 15)
    assert house.open_loans() == {thing.item_id: person.borrower_id}
    assert house.status(thing) == "on_loan"


@pytest.mark.parametrize(
    ("group", "material", "due"),
    [("voksen", "14dag", date(2026, 3, 24)), ("institution", "standard", date(2026, 5, 9))],
)
async def test_days_follow_borrower_group_and_material_group(
    house: House, group: str, material: str, due: date
) -> None:
    assert (await house.lend(house.item(group=material), house.borrower(group=group))).due_on == due


async def test_no_rule_for_the_pair_of_groups_is_a_refusal(house: House) -> None:
    house.put(LendingRule.delete())
    assert await house.refusals(house.item(), house.borrower()) == ("no_rule",)


async def test_without_a_counter_nothing_says_whose_calendar_counts(house: House) -> None:
    with pytest.raises(InvalidInput):
        await house.lend(house.item(), house.borrower(), who=Who(house.staff["staff"]))


async def test_a_borrower_or_item_that_is_gone_is_not_found(house: House) -> None:
    person, thing = house.borrower(), house.item()
    with pytest.raises(NotFound):
        await house.lend(Thing(thing.item_id + 99, "-"), person)
    with pytest.raises(NotFound):
        await house.lend(thing, Person(person.borrower_id + 99, person.card_id, "-"))


# Limits


async def test_a_limit_blocks_when_it_is_reached(house: House) -> None:
    house.limit(2)
    person = house.borrower()
    assert (await house.lend(house.item(), person)).open_loans == 1
    assert (await house.lend(house.item(), person)).open_loans == 2
    assert (await refused(house, house.item(), person)).reasons == (LimitReached(2, 2),)


async def test_returning_one_makes_room_for_another(house: House) -> None:
    house.limit(1)
    person, first = house.borrower(), house.item()
    await house.lend(first, person)
    await house.take_back(first)
    assert await house.refusals(house.item(), person) == ()


async def test_a_material_group_may_have_a_limit_of_its_own(house: House) -> None:
    house.rule("voksen", "film15", loan_limit=1)
    person = house.borrower()
    await house.lend(house.item(group="film15"), person)
    assert await house.refusals(house.item(group="film15"), person) == ("limit",)
    assert await house.refusals(house.item(), person) == ()


async def test_an_institution_may_have_a_hundred(house: House) -> None:
    loan = await house.lend(house.item(), house.borrower(group="institution"))
    assert loan.limit == 100


# Blocks (R5)


@pytest.mark.parametrize("kind", "OUFSWED")
async def test_every_kind_of_block_stops_a_loan(house: House, kind: str) -> None:
    person = house.borrower()
    house.block(person, kind)
    assert await house.refusals(house.item(), person) == (f"block_{kind}",)


async def test_the_last_day_of_a_block_still_counts(house: House) -> None:
    person = house.borrower()
    house.block(person, "U", until=date(2026, 3, 10))
    assert await house.refusals(house.item(), person) == ("block_U",)
    house.clock.forward(days=1)
    assert await house.refusals(house.item(), person) == ()


async def test_a_block_from_tomorrow_does_not_hold_today(house: House) -> None:
    person = house.borrower()
    house.block(person, "U", since=date(2026, 3, 11))
    assert await house.refusals(house.item(), person) == ()


async def test_a_block_of_a_card_follows_the_card_and_not_the_person(house: House) -> None:
    person = house.borrower()
    other_card = house.card(person.borrower_id, "ANDET-KORT")
    house.block(person, "O", of_card=True)
    assert await house.refusals(house.item(), person) == ("block_O",)
    assert await house.refusals(house.item(), other_card) == ()
    assert await house.refusals(house.item(), person, card_id=None) == ()


async def test_several_blocks_are_all_told(house: House) -> None:
    person = house.borrower()
    for kind in "UES":
        house.block(person, kind)
    assert set(await house.refusals(house.item(), person)) == {"block_U", "block_E", "block_S"}


async def test_a_stolen_card_is_refused_and_another_card_of_the_person_is_not(house: House) -> None:
    person = house.borrower(card_state="stolen")
    assert (await refused(house, house.item(), person)).reasons == (CardStolen(date(2026, 3, 10)),)
    assert await house.refusals(house.item(), house.card(person.borrower_id, "NYT-KORT")) == ()


async def test_a_stopped_card_is_refused(house: House) -> None:
    person = house.borrower(card_state="stopped")
    assert (await refused(house, house.item(), person)).reasons == (CardStopped(date(2026, 3, 10)),)


# Age


async def test_a_birthday_counts_on_its_day(house: House) -> None:
    assert await house.refusals(house.item(group="film15"), house.borrower(born=date(2011, 3, 10))) == ()
    tomorrow = house.borrower(born=date(2011, 3, 11))
    assert (await refused(house, house.item(group="film15"), tomorrow)).reasons == (TooYoung(15, date(2026, 3, 11)),)


async def test_born_on_29_february_is_a_year_older_on_1_march(house: House) -> None:
    person = house.borrower(born=date(2012, 2, 29))
    house.clock.now = datetime(2027, 2, 28, 11, 0, tzinfo=UTC)
    assert (await refused(house, house.item(group="film15"), person)).reasons == (TooYoung(15, date(2027, 3, 1)),)
    house.clock.forward(days=1)
    assert await house.refusals(house.item(group="film15"), person) == ()


async def test_an_unknown_birth_date_is_too_young_for_an_age_limit(house: House) -> None:
    person = house.borrower(born=None)
    assert (await refused(house, house.item(group="film15"), person)).reasons == (TooYoung(15, None),)
    assert await house.refusals(house.item(), person) == ()


# Items


@pytest.mark.parametrize("status", ["lost", "damaged", "discarded", "not_for_loan"])
async def test_an_item_that_may_not_go_out_says_so(house: House, status: str) -> None:
    assert await house.refusals(house.item(status=status), house.borrower()) == (f"status_{status}",)


@pytest.mark.parametrize("status", ["missing", "claimed_returned"])
async def test_an_item_that_was_missing_has_turned_up_when_it_is_lent(house: House, status: str) -> None:
    thing = house.item(status=status)
    assert (await house.lend(thing, house.borrower())).was_missing
    assert house.status(thing) == "on_loan"


async def test_an_item_in_parts_is_lent_when_the_parts_are_counted(house: House) -> None:
    person, thing = house.borrower(), house.item(parts=3)
    assert await house.refusals(thing, person) == ("parts",)
    assert await house.refusals(thing, person, parts_counted=True) == ()


async def test_what_a_borrower_has_already_is_not_lent_again(house: House) -> None:
    house.limit(1)
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    assert await house.refusals(thing, person) == ("already_theirs",)
    assert await house.refusals(thing, person, return_first=True) == ("already_theirs",)


async def test_on_loan_to_another_is_returned_and_lent_in_one_go(house: House) -> None:
    first, second, thing = house.borrower(), house.borrower(), house.item()
    loan = await house.lend(thing, first)
    house.clock.forward(days=2)
    assert await house.refusals(thing, second) == ("on_loan_to_another",)
    await house.lend(thing, second, return_first=True)
    assert house.open_loans() == {thing.item_id: second.borrower_id}
    closed = house.rows(Loan.select(Loan.returned_at, Loan.closed_on).where(Loan.id == loan.loan_id))
    assert closed == [(house.clock(), date(2026, 3, 12))]


async def test_a_loan_refused_after_a_return_leaves_the_first_loan_as_it_was(house: House) -> None:
    first, second, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, first)
    house.block(second, "D")
    assert await house.refusals(thing, second, return_first=True) == ("block_D",)
    assert house.open_loans() == {thing.item_id: first.borrower_id}


async def test_every_reason_is_told_at_once_the_worst_first(house: House) -> None:
    house.limit(1)
    thing = house.item(group="film15", parts=2)
    await house.lend(thing, house.borrower(), parts_counted=True)
    house.put(Item.update(status="damaged").where(Item.id == thing.item_id))
    person = house.borrower(born=date(2015, 1, 1), card_state="stolen")
    card = house.card(person.borrower_id, "RASK")
    await house.lend(house.item(), card)
    house.block(person, "U")
    assert await house.refusals(thing, person) == (
        "card_stolen",
        "block_U",
        "status_damaged",
        "on_loan_to_another",
        "age",
        "limit",
        "parts",
    )


async def test_a_refusal_changes_nothing_but_its_own_record(house: House) -> None:
    thing = house.item(status="lost")
    await house.refusals(thing, house.borrower())
    assert house.open_loans() == {}
    assert house.status(thing) == "lost"
    assert house.rows(LoanOccasion.select(LoanOccasion.id)) == []
    assert house.records() == [("CheckOut", "status_lost")]


# Overrides (C5)


@pytest.mark.parametrize("kind", "EUSW")
async def test_a_supervisor_overrides_the_blocks_that_give_way(house: House, kind: str) -> None:
    person, thing = house.borrower(), house.item()
    house.block(person, kind)
    await house.set_aside(person, thing, f"block_{kind}")
    assert await house.refusals(thing, person) == ()
    assert await house.refusals(house.item(), person) == ()


async def test_an_override_holds_for_this_visit_only(house: House) -> None:
    person, thing = house.borrower(), house.item()
    house.block(person, "U")
    await house.set_aside(person, thing, "block_U")
    assert await house.refusals(thing, person, visit="tomorrow") == ("block_U",)


async def test_an_override_holds_for_this_borrower_only(house: House) -> None:
    house.limit(1)
    first, second, thing = house.borrower(), house.borrower(), house.item()
    for person in (first, second):
        await house.lend(house.item(), person, visit="same")
    await house.set_aside(first, thing, "limit", visit="same")
    assert await house.refusals(thing, second, visit="same") == ("limit",)
    assert await house.refusals(thing, first, visit="same") == ()


async def test_a_limit_set_aside_does_not_set_aside_a_block(house: House) -> None:
    house.limit(1)
    person = house.borrower()
    await house.lend(house.item(), person)
    await house.set_aside(person, house.item(), "limit")
    house.block(person, "U")
    assert await house.refusals(house.item(), person) == ("block_U",)


async def test_an_age_limit_is_set_aside_for_the_item_in_hand_alone(house: House) -> None:
    child = house.borrower(group="barn", born=date(2014, 1, 1))
    film, another_film = house.item(group="film15"), house.item(group="film15")
    await house.set_aside(child, film, "age")
    assert await house.refusals(another_film, child) == ("age",)
    assert await house.refusals(film, child) == ()


@pytest.mark.parametrize(
    "refusal",
    ["block_D", "block_F", "block_O", "card_stolen", "status_lost", "status_discarded", "on_loan_to_another"],
)
async def test_what_nobody_may_override_cannot_be_set_aside(house: House, refusal: str) -> None:
    with pytest.raises(InvalidInput):
        await house.set_aside(house.borrower(), house.item(), refusal)


@pytest.mark.parametrize(("kind", "status"), [("D", "available"), ("F", "available"), ("", "lost"), ("", "discarded")])
async def test_a_row_written_past_the_desk_does_not_lift_what_nobody_may(house: House, kind: str, status: str) -> None:
    person, thing = house.borrower(), house.item(status=status)
    if kind:
        house.block(person, kind)
    code = f"block_{kind}" if kind else f"status_{status}"
    house.put(
        Override.insert(
            borrower=person.borrower_id,
            visit=f"visit-{person.borrower_id}",
            refusal=code,
            supervisor=house.staff["supervisor"],
            given_at=house.clock(),
            reason="snyd",
        )
    )
    assert await house.refusals(thing, person) == (code,)


async def test_staff_override_nothing(house: House) -> None:
    person = house.borrower()
    house.block(person, "U")
    with pytest.raises(NotAllowed):
        await house.set_aside(person, house.item(), "block_U", who=house.who())
    assert await house.refusals(house.item(), person) == ("block_U",)


async def test_an_override_needs_a_reason_and_is_kept_with_who_and_when(house: House) -> None:
    person, thing = house.borrower(), house.item()
    with pytest.raises(InvalidInput):
        await house.set_aside(person, thing, "limit", reason="  ")
    await house.set_aside(person, thing, "limit", reason="klasselæsning")
    columns = (Override.supervisor, Override.asked_by, Override.given_at, Override.reason)
    assert house.rows(Override.select(*columns)) == [
        (house.staff["supervisor"], house.staff["staff"], house.clock(), "klasselæsning")
    ]


async def test_an_assessment_says_what_stands_in_the_way_and_what_was_set_aside(house: House) -> None:
    person, thing = house.borrower(), house.item(parts=2)
    house.block(person, "U")
    await house.set_aside(person, thing, "block_U")
    assessment = await house.desk.ask(
        house.who(),
        check_out_assessment,
        thing.item_id,
        person.borrower_id,
        person.card_id,
        f"visit-{person.borrower_id}",
        house.counter,
        house.clock(),
    )
    assert [reason.code for reason in assessment.reasons] == ["parts"]
    assert assessment.overridden == ("block_U",)


# Occasions


async def occasions(house: House) -> list[int]:
    """Give how many loans each occasion has."""
    loans = house.rows(Loan.select(Loan.occasion).order_by(Loan.occasion))
    return [loans.count(occasion) for occasion in sorted(set(loans))]


async def test_what_is_lent_at_one_visit_with_one_due_date_is_one_occasion(house: House) -> None:
    person = house.borrower()
    for _ in range(3):
        await house.lend(house.item(), person)
    await house.lend(house.item(group="14dag"), person)
    assert await occasions(house) == [3, 1]


async def test_another_visit_or_card_or_borrower_is_another_occasion(house: House) -> None:
    person = house.borrower()
    await house.lend(house.item(), person, visit="morning")
    await house.lend(house.item(), person, visit="afternoon")
    await house.lend(house.item(), house.card(person.borrower_id, "ANDET"), visit="afternoon")
    await house.lend(house.item(), person, visit="afternoon", card_id=None)
    await house.lend(house.item(), house.borrower(), visit="afternoon")
    assert await occasions(house) == [1, 1, 1, 1, 1]


async def test_without_a_card_one_visit_is_still_one_occasion(house: House) -> None:
    person = house.borrower()
    for _ in range(2):
        await house.lend(house.item(), person, card_id=None)
    assert await occasions(house) == [2]


# The same command twice


async def test_a_command_that_comes_twice_gives_the_same_answer_and_one_loan(house: House) -> None:
    person, thing = house.borrower(), house.item()
    command = house.check_out_command(thing, person)
    first, again = await house.desk.do(command), await house.desk.do(command)
    assert (again.loan_id, again.due_on, again.open_loans) == (first.loan_id, first.due_on, first.open_loans)
    assert house.open_loans() == {thing.item_id: person.borrower_id}
    assert house.records() == [("CheckOut", "")]


async def test_a_command_that_comes_again_after_the_return_does_not_lend_again(house: House) -> None:
    person, thing = house.borrower(), house.item()
    command = house.check_out_command(thing, person)
    first = await house.desk.do(command)
    await house.take_back(thing)
    assert (await house.desk.do(command)).loan_id == first.loan_id
    assert house.open_loans() == {}


async def test_what_was_refused_stays_refused_when_it_comes_again(house: House) -> None:
    house.limit(1)
    person, first, second = house.borrower(), house.item(), house.item()
    await house.lend(first, person)
    command = house.check_out_command(second, person)
    assert await house.refusals(second, person, command_id=command.command_id) == ("limit",)
    await house.take_back(first)
    assert await house.refusals(second, person, command_id=command.command_id) == ("limit",)
    assert house.open_loans() == {}


async def test_the_id_of_another_kind_of_command_is_told_and_not_guessed(house: House) -> None:
    person, thing = house.borrower(), house.item()
    loan = house.check_out_command(thing, person)
    await house.desk.do(loan)
    with pytest.raises(AlreadyDone):
        await house.take_back(thing, command_id=loan.command_id)
    assert house.open_loans() == {thing.item_id: person.borrower_id}


async def test_a_record_names_no_person_and_no_title(house: House) -> None:
    person = house.borrower(name="Karla Nørregaard")
    await house.lend(house.item(title="Løvejagten"), person)
    assert house.records() == [("CheckOut", "")]
    assert "Karla" not in repr(await house.lend(house.item(), person))
