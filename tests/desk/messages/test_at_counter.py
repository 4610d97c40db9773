"""A borrower's messages at the counter: listed, read with a row in the log, tried again, cancelled (M2, G8, P6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from db.models import AccessLog, Borrower, Message
from desk.errors import NotFound
from desk.messages.at_counter import CancelMessage, ReadMessage, RetryMessage, messages_not_sent, messages_of
from desk.messages.content import content_goes_on
from desk.messages.words import PROBLEMS, state_words
from tests.builders import Person
from tests.messaging import Office, mail_server


def about(office: Office, person: Person, row_id: int) -> dict[str, Any]:
    house = office.house
    return {
        "command_id": house.new_id(),
        "who": house.who(),
        "at": house.clock(),
        "borrower_id": person.borrower_id,
        "row_id": row_id,
    }


def logged(office: Office) -> list[tuple[str, str]]:
    return office.house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed).order_by(AccessLog.number))


async def sent_or_not(office: Office, user: str) -> tuple[Person, int]:
    """Send a message to somebody; gives the row."""
    person = office.borrower(email=f"{user}@example.dk")
    office.queue(person)
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    return person, office.house.ids(Message)[-1]


async def test_the_list_says_when_what_how_and_what_became_of_it_and_not_what_it_said(office: Office) -> None:
    person, _row = await sent_or_not(office, "anna")
    office.clock.forward(minutes=5)
    office.queue(person, "bill")
    newest, oldest = await office.house.desk.ask(office.house.who(), messages_of, person.borrower_id)
    assert (newest.kind, newest.channel, newest.state) == ("bill", "email", "waiting")
    assert (oldest.kind, oldest.state) == ("deletion_approved", "sent")
    assert oldest.sent_at == office.clock() - timedelta(minutes=5)
    assert "sletning" not in repr(oldest)
    assert logged(office) == []


async def test_reading_what_a_message_said_is_logged(office: Office) -> None:
    person, row = await sent_or_not(office, "anna")
    text = await office.house.desk.do(ReadMessage(**about(office, person, row)))
    assert text.subject == "Din anmodning om sletning er godkendt"
    assert "sletning er godkendt" in text.body
    assert logged(office) == [("reveal", "messages")]
    assert "sletning" not in repr(text)


async def test_nobody_reads_a_message_on_somebody_elses_page(office: Office) -> None:
    _person, row = await sent_or_not(office, "anna")
    other = office.borrower()
    kinds: tuple[type[Any], ...] = (ReadMessage, RetryMessage, CancelMessage)
    for kind in kinds:
        with pytest.raises(NotFound):
            await office.house.desk.do(kind(**about(office, other, row)))
    assert logged(office) == []


@pytest.mark.parametrize("user", ["unknown", "silent"])
async def test_a_failed_message_is_tried_again_when_staff_say_so(office: Office, user: str) -> None:
    person, row = await sent_or_not(office, user)
    await office.house.desk.do(RetryMessage(**about(office, person, row)))
    assert office.states() == [("waiting", "")]
    office.house.put(Borrower.update(email="anna@example.dk").where(Borrower.id == person.borrower_id))
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    assert office.states() == [("sent", "")]
    assert len(post.mails) == 1
    assert logged(office) == [("change", "messages")]


async def test_a_message_that_had_nowhere_to_go_goes_where_the_borrower_can_be_reached_now(office: Office) -> None:
    person = office.borrower()
    office.queue(person)
    (row,) = office.house.ids(Message)
    with pytest.raises(NotFound, match="contact"):
        await office.house.desk.do(RetryMessage(**about(office, person, row)))
    office.house.put(Borrower.update(email="anna@example.dk").where(Borrower.id == person.borrower_id))
    await office.house.desk.do(RetryMessage(**about(office, person, row)))
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    assert [mail["To"] for mail in post.mails] == ["anna@example.dk"]


async def test_what_was_sent_or_waits_is_not_sent_again(office: Office) -> None:
    person, row = await sent_or_not(office, "anna")
    with pytest.raises(NotFound):
        await office.house.desk.do(RetryMessage(**about(office, person, row)))
    office.queue(person)
    with pytest.raises(NotFound):
        await office.house.desk.do(RetryMessage(**about(office, person, office.house.ids(Message)[-1])))


async def test_a_message_whose_content_has_gone_cannot_be_sent_again_and_says_so(office: Office) -> None:
    person, row = await sent_or_not(office, "unknown")
    gone: dict[str, None] = {"facts": None, "subject": None, "body": None}
    office.house.put(Message.update(**gone).where(Message.id == row))
    with pytest.raises(NotFound, match="message_content"):
        await office.house.desk.do(RetryMessage(**about(office, person, row)))
    text = await office.house.desk.do(ReadMessage(**about(office, person, row)))
    assert (text.body, text.record.has_content) == ("", False)


async def test_a_message_that_waits_is_cancelled_and_never_sent(office: Office) -> None:
    person = office.borrower(email="anna@example.dk")
    office.queue(person, cause="reminder:1")
    (row,) = office.house.ids(Message)
    await office.house.desk.do(CancelMessage(**about(office, person, row)))
    assert not office.queue(person, cause="reminder:1")
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    assert post.mails == []
    assert office.states() == [("failed", "cancelled")]


async def test_what_was_sent_cannot_be_cancelled(office: Office) -> None:
    person, row = await sent_or_not(office, "anna")
    with pytest.raises(NotFound):
        await office.house.desk.do(CancelMessage(**about(office, person, row)))
    assert office.states() == [("sent", "")]


async def test_what_was_not_sent_is_on_one_list(office: Office) -> None:
    await sent_or_not(office, "anna")
    failed, _row = await sent_or_not(office, "unknown")
    office.queue(unreached := office.borrower())
    before = office.clock.forward(hours=24)
    office.queue(office.borrower(email="new@example.dk"))
    rows = await office.house.desk.ask(office.house.who(), messages_not_sent, before)
    assert [row.borrower_id for row in rows] == [failed.borrower_id, unreached.borrower_id]


def test_the_content_goes_thirty_days_after_the_local_date(office: Office) -> None:
    assert content_goes_on(office.clock()).isoformat() == "2026-04-09"


@pytest.mark.parametrize("problem", PROBLEMS)
def test_why_a_message_was_not_sent_is_said_in_danish_words(problem: str) -> None:
    said = state_words("failed", problem)
    assert said.startswith("ikke sendt: ")
    assert problem not in said
