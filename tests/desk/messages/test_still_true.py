"""Nobody is told what is true no more: every message is held against the rows when it is sent (M1, C8, R4)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from db.models import Fee, Message, Reservation
from desk.messages.at_counter import messages_not_sent
from desk.messages.words import state_words
from tests.builders import Person, Thing
from tests.desk.messages.test_reminding import night
from tests.messaging import Office, mail_server
from tests.owing import Owing
from tests.reserving import Reserving

TODAY = date(2026, 3, 10)


@pytest.fixture
def owing(office: Office) -> Owing:
    """People who come too late."""
    return Owing(office.house)


@pytest.fixture
def anna(office: Office) -> Person:
    """Somebody who can be reached by mail."""
    return office.borrower(email="anna@example.dk")


async def sent(office: Office) -> list[str]:
    """Send what is due, and give what the mails said."""
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    return [" ".join(mail.get_content().split()) for mail in post.mails]


def fates(office: Office, kind: str) -> list[tuple[str, str]]:
    """Give state and problem of the messages of a kind."""
    rows = office.house.rows(
        Message.select(Message.state, Message.problem).where(Message.kind == kind).order_by(Message.id)
    )
    return [(state, problem) for state, problem in rows]


async def give_back(office: Office, thing: Thing) -> None:
    await office.house.take_back(thing)


async def test_given_a_reminder_waits_when_one_of_two_loans_is_returned_then_it_counts_one(
    office: Office, owing: Owing, anna: Person
) -> None:
    things = [owing.lent(anna, due_on=TODAY + timedelta(days=3))[0] for _loan in range(2)]
    await night(office.house)
    await give_back(office, things[0])
    (said,) = await sent(office)
    assert "Du har 1 lån" in said
    (facts,) = office.house.rows(Message.select(Message.facts))
    assert json.loads(facts[0])["loans"] == 1


@pytest.mark.parametrize("days", [3, -3])
async def test_given_everything_has_been_returned_then_reminder_and_recall_lapse_and_nobody_has_to_look(
    office: Office, owing: Owing, anna: Person, days: int
) -> None:
    thing, _loan = owing.lent(anna, due_on=TODAY + timedelta(days=days))
    await night(office.house)
    await give_back(office, thing)
    assert await sent(office) == []
    assert office.states() == [("failed", "lapsed")]
    assert state_words("failed", "lapsed") == "ikke sendt: bortfaldet"
    assert await office.house.desk.ask(office.house.who(), messages_not_sent, office.clock()) == ()
    # Told as lapsed, not forgotten: the next night does not tell the same cause again.
    assert await night(office.house) == (0, 0)


async def test_given_the_mail_was_away_until_the_day_was_over_then_the_reminder_lapses(
    office: Office, owing: Owing, anna: Person
) -> None:
    owing.lent(anna, due_on=TODAY + timedelta(days=1))
    await night(office.house)
    with mail_server() as post:
        office.sends_mail_to(post)
    await office.run()
    assert office.states() == [("waiting", "server_away")]
    office.clock.forward(days=2)
    assert await sent(office) == []
    assert office.states() == [("failed", "lapsed")]


@pytest.mark.parametrize(
    ("days", "rises"), [(7, "Gebyret stiger efter 7 og 30 dage."), (8, "Gebyret stiger efter 30 dage."), (31, "")]
)
async def test_given_a_recall_waited_then_it_names_only_the_rises_still_to_come(
    office: Office, owing: Owing, anna: Person, days: int, rises: str
) -> None:
    owing.lent(anna, due_on=TODAY - timedelta(days=1))
    await night(office.house)
    office.clock.forward(days=days - 1)
    (said,) = await sent(office)
    assert ("Gebyret stiger" in said) == bool(rises)
    assert rises in said


async def test_given_what_is_recalled_has_been_billed_then_the_bill_speaks(
    office: Office, owing: Owing, anna: Person
) -> None:
    _thing, loan = owing.lent(anna, due_on=TODAY - timedelta(days=1))
    await night(office.house)
    await owing.claimed(loan, due_on=TODAY - timedelta(days=1))
    await sent(office)
    assert fates(office, "recall") == [("failed", "lapsed")]
    assert fates(office, "bill") == [("sent", "")]


async def test_given_one_of_two_claimed_is_returned_then_the_bill_lists_what_is_left(
    office: Office, owing: Owing, anna: Person
) -> None:
    house, occasion = office.house, owing.occasion(anna)
    (_first, one), (second, two) = (owing.lent(anna, occasion=occasion, price_ore=20_000) for _loan in range(2))
    await owing.claimed(one)  # moves the clock to the night of it
    house.put(Fee.delete())
    house.put(Message.delete())
    await house.desk.do(owing.claim_command(one, two))
    (facts,) = house.rows(Message.select(Message.facts).where(Message.kind == "bill"))
    assert json.loads(facts[0])["amount_ore"] == 2 * 27_500 + 23_000
    await give_back(office, second)
    said = [mail for mail in await sent(office) if "regning" in mail]
    assert len(said) == 1
    assert "505,00" in said[0]


async def test_given_a_bill_that_nothing_has_happened_to_then_it_is_sent_as_it_was_queued(
    office: Office, owing: Owing, anna: Person
) -> None:
    _thing, loan = owing.lent(anna, price_ore=20_000)
    await owing.claimed(loan)
    before = office.house.rows(Message.select(Message.facts).where(Message.kind == "bill"))
    await sent(office)
    assert office.house.rows(Message.select(Message.facts).where(Message.kind == "bill")) == before
    assert fates(office, "bill") == [("sent", "")]


async def test_given_what_was_claimed_is_returned_then_the_bill_lapses(
    office: Office, owing: Owing, anna: Person
) -> None:
    thing, loan = owing.lent(anna)
    await owing.claimed(loan)
    await give_back(office, thing)
    await sent(office)
    assert fates(office, "bill") == [("failed", "lapsed")]


@pytest.mark.parametrize(("paid", "fate"), [(10_000, ("failed", "lapsed")), (2_000, ("sent", ""))])
async def test_given_something_is_paid_then_the_block_notice_lapses_below_the_limit_and_else_says_what_is_left(
    office: Office, owing: Owing, anna: Person, paid: int, fate: tuple[str, str]
) -> None:
    thing, _loan = owing.lent(anna)
    await owing.owes(anna, 5_000)
    await owing.returned(thing, 31)
    await owing.paid(anna, 5_000 + paid)
    said = await sent(office)
    assert fates(office, "block") == [fate]
    assert all("210,00" in mail for mail in said)


async def test_given_the_copy_is_ready_under_another_number_then_the_mail_says_that_one(
    office: Office, anna: Person
) -> None:
    await Reserving(office.house).ready(anna)
    office.house.put(Reservation.update(pickup_number=77))
    (said,) = await sent(office)
    assert "på hylde 77" in said


async def test_given_the_deadline_is_over_when_the_mail_server_is_back_then_nobody_is_sent_for_it(
    office: Office, anna: Person
) -> None:
    await Reserving(office.house).ready(anna)
    office.clock.forward(days=15)
    assert await sent(office) == []
    assert office.states() == [("failed", "lapsed")]


async def test_given_it_was_fetched_while_nobody_knew_whether_the_mail_arrived_then_sending_again_lapses(
    office: Office, anna: Person
) -> None:
    reserving = Reserving(office.house)
    thing = await reserving.ready(anna)
    office.house.put(Message.update(state="failed", try_at=None, problem="uncertain"))
    await office.house.lend(thing, anna)
    office.house.put(Message.update(state="waiting", try_at=office.clock(), problem=""))
    assert await sent(office) == []
    assert office.states() == [("failed", "lapsed")]
