"""Scenarios of messages: who is told what, when, in which language; and what became of it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from db.models import Message
from desk.borrowers.details import Email, Language, Telephones
from desk.messages.at_counter import CancelMessage, ReadMessage, RetryMessage, messages_not_sent, messages_of
from desk.messages.content import content_goes_on
from desk.messages.words import state_words
from desk.set_up.changes import ChannelsChange
from desk.set_up.records import Channels
from tests.desk.scenarios.telling import Story, kr
from tests.messaging import mail_server, sms_gateway


async def test_given_a_reserved_book_when_it_comes_back_then_a_mail_and_a_text_say_where_and_until_when(
    story: Story,
) -> None:
    """M1, R6: over every channel there is, with shelf and deadline and no title."""
    office = story.office
    ib = office.borrower(email="ib@example.dk", sms="20 12 34 56")
    await story.reserving.ready(ib)
    with mail_server() as post, sms_gateway() as gateway:
        office.sends_mail_to(post)
        office.sends_sms_to(gateway)
        assert (await story.night("messages"))["sent"] == 2
    (mail,), (text,) = post.mails, gateway.orders
    assert "senest ons. 18. mar." in mail.get_content()
    assert text["text"].startswith("Struer: Din reservering er klar i Struer på hylde 1.")
    assert "Pelle" not in mail.get_content() + text["text"]
    assert {state for _kind, _channel, state in story.told(ib)} == {"sent"}


async def test_given_somebody_who_reads_english_when_a_loan_is_soon_due_then_the_reminder_is_english(
    story: Story,
) -> None:
    """M1, M6: three days before, in the borrower's language, once."""
    house, office = story.house, story.office
    bob = office.borrower(email="bob@example.dk")
    await story.change(bob, Language("en"))
    loan = await house.lend(house.item(), bob)
    counts = []
    with mail_server() as post:
        office.sends_mail_to(post)
        for days in (-4, -3, -2, -1, 0):
            story.late(loan, days)
            counts.append((await story.night("recalls", "messages"))["reminders"])
    assert counts == [0, 1, 0, 0, 0]
    (mail,) = post.mails
    assert mail["Subject"] == "Your loans are due soon"
    assert "9 Apr" in mail.get_content()


async def test_given_a_loan_nobody_returns_when_the_nights_go_by_then_reminder_recalls_bill_and_block_once_each(
    story: Story,
) -> None:
    """M1, M6, R3: day −3, day 1, day 8 and day 31; each told once however often the night is run."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk")
    loan = await house.lend(house.item(), anna)
    told: list[tuple[int, str]] = []
    for day in (-4, -3, -2, 0, 1, 2, 7, 8, 9, 30, 31, 32, 40):
        story.late(loan, day)
        for _run in range(2):
            await story.night("claims", "recalls")
        told += [(day, kind) for kind, _channel, _state in story.told(anna)[len(told) :]]
    assert told == [(-3, "reminder"), (1, "recall"), (8, "recall"), (31, "bill"), (31, "block")]
    (facts,) = [facts for kind, facts in story.reserving.messages(anna) if kind == "block"]
    assert json.loads(facts)["owed_ore"] == await story.owed(anna) == kr(555)


async def test_given_a_mailbox_that_does_not_exist_when_staff_mend_the_address_then_it_is_sent_on_their_word(
    story: Story,
) -> None:
    """M1, M2: a failed one says why in words, and can be tried again."""
    house, office = story.house, story.office
    anna = office.borrower(email="unknown@example.dk")
    await story.reserving.ready(anna)
    with mail_server() as post:
        office.sends_mail_to(post)
        assert (await story.night("messages"))["failed"] == 1
        (line,) = await house.desk.ask(house.who(), messages_of, anna.borrower_id)
        assert state_words(line.state, line.problem) == "ikke sendt: e-mailadressen findes ikke"
        await story.change(anna, Email("anna@example.dk"))
        assert (await story.night("messages"))["sent"] == 0
        await house.desk.do(RetryMessage(**story.about(anna), row_id=line.row_id))
        assert (await story.night("messages"))["sent"] == 1
    assert [mail["To"] for mail in post.mails] == ["anna@example.dk"]


async def test_given_a_server_that_is_away_when_it_answers_again_then_everything_is_sent_once_without_a_hand(
    story: Story,
) -> None:
    """M1: a passing error is tried again later by itself; a permanent one is not."""
    office = story.office
    for address in ("anna@example.dk", "unknown@example.dk"):
        await story.reserving.ready(office.borrower(email=address))
    with mail_server() as post:
        office.sends_mail_to(post)
        port = post.port
    await office.run()
    assert office.states() == [("waiting", "server_away"), ("waiting", "server_away")]
    office.clock.forward(hours=1)
    with mail_server(port=port) as post:
        for _run in range(3):
            await office.run()
    assert office.states() == [("sent", ""), ("failed", "mailbox_unknown")]
    assert list(post.times.values()) == [1]


async def test_given_somebody_without_address_or_telephone_when_a_book_is_ready_then_the_list_says_so_until_there_is(
    story: Story,
) -> None:
    """M2: no contact details; it is sent when there are some and staff say so."""
    house, office, anna = story.house, story.office, story.office.borrower()
    await story.reserving.ready(anna)
    assert story.told(anna) == [("reservation_ready", "none", "no_contact")]
    (unsent,) = await house.desk.ask(house.who(), messages_not_sent, house.clock())
    assert unsent.borrower_id == anna.borrower_id
    await story.change(anna, Telephones(("20123456",), sms=0))
    await house.desk.do(RetryMessage(**story.about(anna), row_id=unsent.record.row_id))
    with sms_gateway() as gateway:
        office.sends_sms_to(gateway)
        await story.night("messages")
    assert [order["number"] for order in gateway.orders] == ["+4520123456"]
    assert await house.desk.ask(house.who(), messages_not_sent, house.clock()) == ()


@pytest.mark.parametrize(
    ("answer", "state", "again"), [(500, "waiting", "sent"), (400, "failed", "failed"), ("garbage", "failed", "failed")]
)
async def test_given_a_gateway_in_trouble_when_it_answers_then_it_is_told_apart_what_is_worth_another_try(
    story: Story, answer: int | str, state: str, again: str
) -> None:
    """M1: a passing error is tried again, under the same id; a permanent one, or what nobody can read, is not."""
    office, anna = story.office, story.office.borrower(sms="20123456")
    await story.reserving.ready(anna)
    with sms_gateway() as gateway:
        office.sends_sms_to(gateway)
        gateway.answers["+4520123456"] = answer
        await office.run()
        assert [one for _kind, _channel, one in story.told(anna)] == [state]
        gateway.answers.clear()
        office.clock.forward(hours=12)
        await office.run()
    assert len({order["id"] for order in gateway.orders}) == 1
    assert [one for _kind, _channel, one in story.told(anna)] == [again]


async def test_given_a_message_that_waits_when_staff_cancel_it_then_it_is_never_sent_and_the_line_says_so(
    story: Story,
) -> None:
    """M2."""
    house, office, anna = story.house, story.office, story.office.borrower(email="anna@example.dk")
    await story.reserving.ready(anna)
    (line,) = await house.desk.ask(house.who(), messages_of, anna.borrower_id)
    await house.desk.do(CancelMessage(**story.about(anna), row_id=line.row_id))
    with mail_server() as post:
        office.sends_mail_to(post)
        await story.night()
    assert post.mails == []
    (line,) = await house.desk.ask(house.who(), messages_of, anna.borrower_id)
    assert state_words(line.state, line.problem) == "ikke sendt: annulleret i skranken"


async def test_given_a_message_that_was_sent_when_the_loan_is_over_then_when_and_how_stay_and_what_it_said_has_an_end(
    story: Story,
) -> None:
    """P6, P4, M2: the reservation is gone, the line stays; its content goes after thirty days."""
    house, office, anna = story.house, story.office, story.office.borrower(email="anna@example.dk")
    thing = await story.reserving.ready(anna)
    with mail_server() as post:
        office.sends_mail_to(post)
        await story.night("messages")
    sent_at = house.clock()
    house.clock.forward(days=2)
    await house.lend(thing, anna)
    assert story.reserving.reservations(anna) == 0
    (line,) = await house.desk.ask(house.who(), messages_of, anna.borrower_id)
    assert (line.kind, line.state, line.sent_at, line.has_content) == ("reservation_ready", "sent", sent_at, True)
    assert content_goes_on(line.at) == date(2026, 4, 9)
    text = await house.desk.do(ReadMessage(**story.about(anna), row_id=line.row_id))
    assert "hylde 1" in text.body


async def test_given_recalls_by_mail_only_when_somebody_has_both_then_no_text_is_queued(story: Story) -> None:
    """M1, R8: which channels a kind takes is the library's choice, also none."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk", sms="20123456")
    both, mail_only, none = Channels(sms=True, email=True), Channels(sms=False, email=True), Channels(False, False)
    await story.supervisor.change(ChannelsChange("recall", both, mail_only))
    await story.supervisor.change(ChannelsChange("reminder", both, none))
    loan = await house.lend(house.item(), anna)
    for day in (-1, 1):
        story.late(loan, day)
        await story.night("recalls")
    assert story.told(anna) == [("recall", "email", "waiting")]


async def test_given_180_kr_owed_when_a_late_return_passes_the_limit_then_she_is_told_that_nothing_can_be_lent(
    story: Story,
) -> None:
    """M1, R4: the block notice when the limit is reached, not before and not again."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk")
    await story.owing.owes(anna, kr(180))
    one, two = [await house.lend(house.item(), anna, visit=visit) for visit in ("first", "second")]
    story.late(one, 1)
    assert story.told(anna) == []
    for loan in (one, two):
        await house.take_back_item(loan)
    assert story.told(anna) == [("block", "email", "waiting")]
    facts = house.value(Message.select(Message.facts))
    assert facts == '{"limit_ore": 20000, "owed_ore": 20000}'
