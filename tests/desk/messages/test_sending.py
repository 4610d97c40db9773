"""Sending what waits: once, in order, and what goes wrong is told and tried again after a while (M1, M2)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import Borrower, Message, Telephone
from desk.command import INSTALLATION
from desk.desk import Desk
from desk.messages.at_counter import messages_not_sent
from desk.messages.handing_over import BACK_OFF, BeginSending, MarkUncertain, messages_due
from desk.messages.records import Worded
from desk.messages.sending import report_of_dry_run
from desk.messages.template_files import FOLDER
from desk.settings import Settings
from tests.builders import House, another_counter, new_store
from tests.messaging import Certificates, Gateway, Office, Post, mail_server, sms_gateway


async def test_a_mail_is_handed_over_once_and_told_as_sent(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
        first, again = await office.run(), await office.run()
    assert (first.due, first.sent, again.due) == (1, 1, 0)
    assert office.states() == [("sent", "")]
    (mail,) = post.mails
    assert mail["To"] == "anna@example.dk"
    assert mail["Subject"] == "Din anmodning om sletning er godkendt"
    assert mail["From"] == "Struer <bibliotek@struer.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert "Dette er den sidste besked fra os." in mail.get_content()
    (message_id,) = post.times
    assert message_id == f"<{office.house.value(Message.select(Message.message_id))}@struer.example>"


async def test_what_was_sent_is_kept_as_it_was_sent(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk", sms="20 30 40 50"))
    with mail_server() as post, sms_gateway() as gateway:
        office.sends_mail_to(post)
        office.sends_sms_to(gateway)
        await office.run()
    rows = office.house.rows(Message.select(Message.channel, Message.body, Message.sent_at).order_by(Message.channel))
    (email, mailed, at), (sms, texted, _at) = rows
    assert (email, sms, at) == ("email", "sms", office.clock())
    assert mailed == post.mails[0].get_content().replace("\r\n", "\n")
    assert [texted] == [order["text"] for order in gateway.orders]


async def test_the_borrowers_language_decides_and_the_screens_stays(office: Office) -> None:
    office.queue(office.borrower(email="bob@example.dk", language="en"))
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    assert [mail["Subject"] for mail in sorted(post.mails, key=lambda mail: str(mail["To"]))] == [
        "Din anmodning om sletning er godkendt",
        "Your deletion request is approved",
    ]


async def test_what_was_queued_first_is_sent_first(office: Office) -> None:
    people = [office.borrower(email=f"nr{number}@example.dk") for number in range(9)]
    for person in people:
        office.queue(person, at=office.clock.forward(seconds=1))
    with mail_server() as post:
        office.sends_mail_to(post)
        office.settings = _at_once(office, 1)
        await office.run()
    assert [str(mail["To"]) for mail in post.mails] == [f"nr{number}@example.dk" for number in range(9)]


def _at_once(office: Office, count: int) -> Settings:
    return replace(office.settings, messages=replace(office.settings.messages, at_once=count))


async def test_the_address_is_the_one_that_holds_when_it_is_sent(office: Office) -> None:
    person = office.borrower(email="old@example.dk")
    office.queue(person)
    office.house.put(Borrower.update(email="new@example.dk").where(Borrower.id == person.borrower_id))
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    assert [mail["To"] for mail in post.mails] == ["new@example.dk"]


async def test_who_cannot_be_reached_any_more_is_listed_so(office: Office) -> None:
    person = office.borrower(email="anna@example.dk", sms="20304050")
    office.queue(person)
    office.house.put(Borrower.update(email="").where(Borrower.id == person.borrower_id))
    office.house.put(Telephone.delete().where(Telephone.borrower == person.borrower_id))
    with mail_server() as post, sms_gateway() as gateway:
        office.sends_mail_to(post)
        office.sends_sms_to(gateway)
        report = await office.run()
    assert report.sent == 0
    assert sorted(office.states()) == [("failed", "no_contact"), ("no_contact", "")]


@pytest.mark.parametrize(
    ("user", "state", "problem"),
    [
        ("unknown", "failed", "mailbox_unknown"),
        ("refused", "failed", "address_refused"),
        ("full", "waiting", "mailbox_busy"),
        ("hangup", "waiting", "server_away"),
        ("toolong", "failed", "content_refused"),
        ("silent", "failed", "uncertain"),
    ],
)
async def test_a_mail_that_is_refused_is_told_why_and_the_next_one_goes(
    office: Office, user: str, state: str, problem: str
) -> None:
    office.queue(office.borrower(email=f"{user}@example.dk"))
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
        office.settings = _at_once(office, 1)
        await office.run()
        again = await office.run()
    assert office.states() == [(state, problem), ("sent", "")]
    assert again.due == 0
    assert set(post.times.values()) == {1}


async def test_the_librarys_own_address_refused_is_told(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server(post=Post(refuses_sender=True)) as post:
        office.sends_mail_to(post)
        await office.run()
    assert office.states() == [("failed", "sender_refused")]


async def test_a_server_that_is_away_is_tried_again_later_and_later_and_nothing_is_lost(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
    for pause in BACK_OFF:
        report = await office.run()
        assert report.stopped == {"email": "server_away"}
        assert office.states() == [("waiting", "server_away")]
        office.clock.forward(seconds=pause.total_seconds() - 1)
        assert (await office.run()).due == 0
        office.clock.forward(seconds=1)
    assert sum(BACK_OFF, timedelta()) == timedelta(hours=10, minutes=36)
    # A weekend: it is the server that is away, and no message is lost for it.
    for _try in range(9):
        await office.run()
        assert office.states() == [("waiting", "server_away")]
        office.clock.forward(hours=8)
    with mail_server(port=post.port) as post:
        assert (await office.run()).sent == 1


async def test_a_server_that_is_away_is_not_asked_once_for_every_message(office: Office) -> None:
    for number in range(40):
        office.queue(office.borrower(email=f"nr{number}@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
    await office.run()
    assert office.states().count(("waiting", "server_away")) == office.settings.messages.at_once
    assert office.states().count(("waiting", "")) == 40 - office.settings.messages.at_once


async def test_connections_are_used_again(office: Office) -> None:
    for number in range(30):
        office.queue(office.borrower(email=f"nr{number}@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
        office.settings = _at_once(office, 3)
        await office.run()
    assert len(post.mails) == 30
    # What the server itself counts: the connections that greeted.
    assert post.greeted == 3


async def test_what_was_being_handed_over_when_a_run_was_killed_is_uncertain_and_not_sent_again(
    office: Office,
) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    (due,) = await office.house.desk.ask(INSTALLATION, messages_due, office.clock(), ("email",), frozenset(), 10)
    begin = BeginSending(
        command_id="killed", who=INSTALLATION, at=office.clock(), texts=(Worded(due.row_id, "Emne", "Tekst"),)
    )
    await office.house.desk.do(begin)
    with mail_server() as post:
        office.sends_mail_to(post)
        report = await office.run()
        office.clock.forward(days=2)
        await office.run()
    assert (report.uncertain, report.sent) == (1, 0)
    assert office.states() == [("failed", "uncertain")]
    assert post.mails == []


async def test_two_runs_at_once_send_each_message_once(office: Office) -> None:
    for number in range(60):
        office.queue(office.borrower(email=f"nr{number}@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post)
        other = new_store(office.house.store.url)
        try:
            first, second = await asyncio.gather(office.run(), office.run(Desk(other), other))
        finally:
            other.close()
    assert sorted((first.is_busy, second.is_busy)) == [False, True]
    assert set(post.times.values()) == {1}
    assert len(post.times) == 60


async def test_even_without_the_claim_a_message_is_taken_by_one_run_only(house: House, tmp_path: Path) -> None:
    office = Office(house, tmp_path)
    for number in range(20):
        office.queue(office.borrower(email=f"nr{number}@example.dk"))
    due = await house.desk.ask(INSTALLATION, messages_due, office.clock(), ("email",), frozenset(), 50)
    texts = tuple(Worded(message.row_id, "Emne", "Tekst") for message in due)
    with another_counter(house) as other:
        taken = await asyncio.gather(
            *(
                desk.do(BeginSending(command_id=name, who=INSTALLATION, at=office.clock(), texts=texts))
                for name, desk in (("one", house.desk), ("two", other))
            )
        )
    assert sorted(len(begun.taken) for begun in taken) == [0, 20]


@pytest.mark.parametrize(
    ("answer", "state", "problem"),
    [
        (200, "sent", ""),
        (202, "sent", ""),
        (400, "failed", "gateway_refused"),
        (403, "waiting", "gateway_forbids"),
        (404, "waiting", "gateway_elsewhere"),
        (405, "waiting", "gateway_elsewhere"),
        (410, "waiting", "gateway_elsewhere"),
        (408, "waiting", "gateway_busy"),
        (429, "waiting", "gateway_busy"),
        (500, "waiting", "gateway_failed"),
        (503, "waiting", "gateway_failed"),
        (302, "waiting", "gateway_failed"),
        (502, "failed", "uncertain"),
        (504, "failed", "uncertain"),
        ("nothing", "failed", "uncertain"),
        ("garbage", "failed", "uncertain"),
        ("slow", "failed", "uncertain"),
        ("broken off", "failed", "uncertain"),
        ("endless", "failed", "uncertain"),
        (401, "waiting", "token_refused"),
    ],
)
async def test_what_the_gateway_answers_decides(office: Office, answer: int | str, state: str, problem: str) -> None:
    office.queue(office.borrower(sms="20 30 40 50"))
    with sms_gateway(gateway=Gateway({"+4520304050": answer})) as gateway:
        office.sends_sms_to(gateway, timeout_seconds=0.3 if answer == "slow" else 5.0)
        await office.run()
    assert office.states() == [(state, problem)]
    assert [order["number"] for order in gateway.orders] == ["+4520304050"]


@pytest.mark.parametrize("answer", ["slow", "nothing", "garbage", 502, 504])
async def test_a_text_message_that_may_have_been_taken_is_not_sent_again_by_itself_and_is_listed(
    office: Office, answer: int | str
) -> None:
    office.queue(office.borrower(sms="20304050"))
    with sms_gateway(gateway=Gateway({"+4520304050": answer})) as gateway:
        office.sends_sms_to(gateway, timeout_seconds=0.3 if answer == "slow" else 5.0)
        await office.run()
        gateway.answers.clear()
        gateway.may_go_on.set()
        for _run in range(3):
            office.clock.forward(days=1)
            await office.run()
    assert len(gateway.orders) == 1
    listed = await office.house.desk.ask(office.house.who(), messages_not_sent, office.clock())
    assert [(message.record.state, message.record.problem) for message in listed] == [("failed", "uncertain")]


async def test_a_gateway_that_is_away_loses_nothing_and_is_tried_again(office: Office) -> None:
    office.queue(office.borrower(sms="20304050"))
    with sms_gateway() as gateway:
        office.sends_sms_to(gateway)
    assert (await office.run()).stopped == {"sms": "gateway_away"}
    assert office.states() == [("waiting", "gateway_away")]
    office.clock.forward(minutes=1)
    with sms_gateway() as gateway:
        office.sends_sms_to(gateway)
        await office.run()
    assert (office.states(), len(gateway.orders)) == ([("sent", "")], 1)


async def test_a_line_that_dies_before_anything_is_on_it_is_tried_again(
    office: Office, certificates: Certificates
) -> None:
    office.queue(office.borrower(sms="20304050"))
    with sms_gateway() as gateway:
        # No TLS is spoken there: the line ends in the handshake.
        office.sends_sms_to(replace(gateway, url=gateway.url.replace("http:", "https:")), ca_file=certificates.file)
        await office.run()
    assert [state for state, _problem in office.states()] == ["waiting"]
    assert gateway.orders == []


async def test_a_gateway_that_answers_nobody_is_left_alone_before_everything_is_uncertain(office: Office) -> None:
    people = [f"203040{number:02}" for number in range(40)]
    for number in people:
        office.queue(office.borrower(sms=number))
    with sms_gateway(gateway=Gateway(dict.fromkeys([f"+45{number}" for number in people], "nothing"))) as gateway:
        office.sends_sms_to(gateway)
        report = await office.run()
    assert report.stopped == {"sms": "gateway_away"}
    uncertain = office.states().count(("failed", "uncertain"))
    assert uncertain == len(gateway.orders) == office.settings.messages.at_once
    assert office.states().count(("waiting", "")) == len(people) - uncertain


async def test_a_text_message_tried_again_has_the_same_id(office: Office) -> None:
    office.queue(office.borrower(sms="20304050"))
    with sms_gateway(gateway=Gateway({"+4520304050": 500})) as gateway:
        office.sends_sms_to(gateway)
        await office.run()
        gateway.answers.clear()
        office.clock.forward(minutes=1)
        await office.run()
    assert office.states() == [("sent", "")]
    assert len({order["id"] for order in gateway.orders}) == 1
    assert len(gateway.orders) == 2


async def test_a_channel_that_is_not_set_up_waits_and_is_told(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk", sms="20304050"))
    with mail_server() as post:
        office.sends_mail_to(post)
        report = await office.run()
    assert report.not_set_up == {"sms": 1}
    assert sorted(office.states()) == [("sent", ""), ("waiting", "")]


async def test_a_broken_template_holds_back_its_own_messages_only(office: Office) -> None:
    folder = office.home / FOLDER / "da"
    folder.mkdir(parents=True)
    (folder / "deletion_approved.email.txt").write_text("Emne\n\nTil $navn\n", "utf-8")
    office.queue(office.borrower(email="anna@example.dk"))
    office.queue(office.borrower(email="bob@example.dk", language="en"))
    office.queue(office.borrower(email="cai@example.dk"), "receipt")
    with mail_server() as post:
        office.sends_mail_to(post)
        report = await office.run()
        assert (report.held_back, report.sent) == (1, 2)
        assert [(fault.line, fault.why, fault.detail) for fault in report.faults] == [(3, "unknown_field", "navn")]
        (folder / "deletion_approved.email.txt").write_text("Emne\n\nSlettet.\n", "utf-8")
        assert (await office.run()).sent == 1
    assert len(post.mails) == 3


async def test_a_message_whose_facts_are_none_fails_alone(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"), "receipt")
    office.queue(office.borrower(email="bob@example.dk"))
    first = office.house.ids(Message)[0]
    office.house.put(Message.update(facts='{"loans": "mange"}').where(Message.id == first))
    with mail_server() as post:
        office.sends_mail_to(post)
        await office.run()
    assert office.states() == [("failed", "facts"), ("sent", "")]


async def test_a_dry_run_counts_and_does_nothing(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk", sms="20304050"))
    with mail_server() as post:
        office.sends_mail_to(post)
        report = await report_of_dry_run(office.installation(), office.clock())
    assert (report.due, dict(report.not_set_up)) == (1, {"sms": 1})
    assert office.states() == [("waiting", "")] * 2
    assert post.mails == []


async def test_marking_uncertain_touches_nothing_that_waits(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    command = MarkUncertain(command_id="start", who=INSTALLATION, at=office.clock())
    assert await office.house.desk.do(command) == 0
    assert office.states() == [("waiting", "")]
