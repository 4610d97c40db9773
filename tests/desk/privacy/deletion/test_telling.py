"""The borrower is told before anything is deleted (G1): over the wire within 20 s, and never twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.models import Borrower, DeletionRequest, Fee, Message
from desk.command import Who
from desk.errors import NotErasable, NotFound
from desk.messages.handing_over import MarkUncertain
from desk.privacy.deletion.commands import BeginNotice, MakeLetter, NoteNotice
from desk.privacy.deletion.letter import letter_pdf, write_letter
from desk.privacy.deletion.telling import Told, tell_borrower
from desk.set_up.changes import ChannelsChange
from desk.set_up.records import Channels
from tests.asking_to_go import Farewell
from tests.builders import INSTALLATION, Person
from tests.messaging import Gateway, Office, Post, free_port, mail_server, sms_gateway
from tests.pdfs import text_of
from tests.setting_up import SettingUp


class Telling:
    """An approved request, and the borrower who is to be told."""

    def __init__(self, farewell: Farewell, folder: Path) -> None:
        self.farewell, self.office = farewell, Office(farewell.house, folder)
        self.who = Who(farewell.supervisor, farewell.house.counter)

    async def approved(self, **more: Any) -> tuple[int, Person]:
        """Approve the request of somebody who can be reached as it says."""
        person = self.office.borrower(**more)
        request_id = await self.farewell.ask(person)
        await self.farewell.approve(request_id)
        return request_id, person

    async def tell(self, request_id: int, patience: float = 20.0) -> Told:
        """Tell the borrower."""
        office = self.office
        return await tell_borrower(office.installation(), request_id, self.who, office.clock, office.new_id, patience)

    def noted(self, request_id: int) -> tuple[Any, ...]:
        """Read what the request says about it."""
        house = self.farewell.house
        columns = (DeletionRequest.notice, DeletionRequest.noticed_at)
        return house.rows(DeletionRequest.select(*columns).where(DeletionRequest.id == request_id))[0]

    def about(self) -> dict[str, Any]:
        """Give what every command has in common."""
        return self.farewell.about(self.farewell.supervisor)


@pytest.fixture
def telling(farewell: Farewell, tmp_path: Path) -> Telling:
    """A library that tells borrowers, on each engine in turn."""
    return Telling(farewell, tmp_path)


async def test_a_mail_is_handed_over_before_anything_is_deleted(telling: Telling) -> None:
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        request_id, person = await telling.approved(email="anna@struer.example", sms="20112233")
        assert await telling.tell(request_id) == Told("email")
    assert telling.noted(request_id) == ("email", telling.office.clock())
    (mail,) = post.mails
    assert mail["To"] == "anna@struer.example"
    assert "dine oplysninger slettes nu" in mail.get_content()
    house = telling.farewell.house
    assert house.value(Borrower.select(Borrower.name).where(Borrower.id == person.borrower_id)) == "Ib Hansen"
    assert telling.office.states() == [("sent", "")]


async def test_who_reads_english_and_has_a_mobile_only_gets_a_text_message_in_english(telling: Telling) -> None:
    with sms_gateway() as gateway:
        telling.office.sends_sms_to(gateway)
        request_id, _person = await telling.approved(sms="20112233", language="en")
        assert await telling.tell(request_id) == Told("sms")
    assert [order["number"] for order in gateway.orders] == ["+4520112233"]
    assert "your data are being deleted now" in gateway.orders[0]["text"]


async def test_a_borrower_who_has_been_told_is_not_told_again(telling: Telling) -> None:
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        request_id, _person = await telling.approved(email="anna@struer.example")
        for _time in range(2):
            assert await telling.tell(request_id) == Told("email")
    assert len(post.mails) == 1


async def test_what_was_being_handed_over_when_the_program_was_killed_is_not_handed_over_again(
    telling: Telling,
) -> None:
    house = telling.farewell.house
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        request_id, _person = await telling.approved(email="anna@struer.example")
        await house.desk.do(
            BeginNotice(**telling.about(), request_id=request_id, channel="email", subject="x", body="x")
        )
        assert await telling.tell(request_id) == Told("", "uncertain")
        with pytest.raises(NotFound):
            await house.desk.do(
                BeginNotice(**telling.about(), request_id=request_id, channel="sms", subject="", body="x")
            )
        # Also when a night has found it meanwhile.
        await house.desk.do(MarkUncertain(command_id=house.new_id(), who=INSTALLATION, at=house.clock()))
        assert await telling.tell(request_id) == Told("", "uncertain")
    assert post.mails == []
    assert telling.noted(request_id) == (None, None)


async def test_a_mail_that_is_refused_is_told_and_a_text_message_goes_in_its_place(telling: Telling) -> None:
    with mail_server() as post, sms_gateway() as gateway:
        telling.office.sends_mail_to(post)
        request_id, _person = await telling.approved(email="unknown@struer.example", sms="20112233")
        assert await telling.tell(request_id) == Told("", "mailbox_unknown")
        telling.office.sends_sms_to(gateway)
        assert await telling.tell(request_id) == Told("sms")
    assert telling.office.states() == [("failed", "mailbox_unknown"), ("sent", "")]


async def test_a_server_that_is_away_can_be_tried_again_by_a_supervisor(telling: Telling) -> None:
    telling.office.sends_mail_to(Post(port=free_port()))
    request_id, _person = await telling.approved(email="anna@struer.example")
    assert await telling.tell(request_id) == Told("", "server_away")
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        assert await telling.tell(request_id) == Told("email")
    assert len(post.mails) == 1


async def test_who_does_not_answer_in_time_may_have_taken_it(telling: Telling) -> None:
    with sms_gateway(gateway=Gateway(answers={"+4520112233": "slow"})) as gateway:
        telling.office.sends_sms_to(gateway)
        request_id, _person = await telling.approved(sms="20112233")
        assert await telling.tell(request_id, patience=0.3) == Told("", "uncertain")
    assert telling.office.states() == [("failed", "uncertain")]
    assert telling.noted(request_id) == (None, None)


async def test_without_server_contact_details_or_the_librarys_wish_nothing_is_sent_and_the_reason_is_told(
    telling: Telling,
) -> None:
    nobody, _person = await telling.approved()
    assert await telling.tell(nobody) == Told("", "no_contact")
    not_set_up, _person = await telling.approved(email="anna@struer.example")
    assert await telling.tell(not_set_up) == Told("", "not_set_up")
    both, neither = Channels(sms=True, email=True), Channels(sms=False, email=False)
    await SettingUp(telling.farewell.house).change(ChannelsChange("deletion_approved", both, neither))
    assert await telling.tell(not_set_up) == Told("", "switched_off")
    assert telling.farewell.house.rows(Message.select(Message.id)) == []


async def test_a_template_of_the_librarys_with_a_slip_in_it_is_told_and_nothing_is_sent(telling: Telling) -> None:
    folder = telling.office.home / "templates" / "da"
    folder.mkdir(parents=True)
    (folder / "deletion_approved.email.txt").write_text("Farvel\n\n$nvan\n", encoding="utf-8")
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        request_id, _person = await telling.approved(email="anna@struer.example")
        assert await telling.tell(request_id) == Told("", "template")
    assert post.mails == []


async def test_only_the_borrower_of_an_approved_request_is_told(telling: Telling) -> None:
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        person = telling.office.borrower(email="anna@struer.example")
        request_id = await telling.farewell.ask(person)
        with pytest.raises(NotFound):
            await telling.tell(request_id)
        await telling.farewell.approve(request_id)
        await telling.farewell.withdraw(request_id, person)
        with pytest.raises(NotFound):
            await telling.tell(request_id)
    assert post.mails == []


async def test_what_the_supervisor_chose_is_kept_once(telling: Telling) -> None:
    house = telling.farewell.house
    request_id, _person = await telling.approved()
    await house.desk.do(NoteNotice(**telling.about(), request_id=request_id, notice="print"))
    with pytest.raises(NotFound):
        await house.desk.do(NoteNotice(**telling.about(), request_id=request_id, notice="none"))
    assert telling.noted(request_id) == ("print", house.clock())
    assert await telling.tell(request_id) == Told("print")


async def test_nobody_is_told_that_it_is_done_now_when_something_has_come_in_between(telling: Telling) -> None:
    house = telling.farewell.house
    with mail_server() as post:
        telling.office.sends_mail_to(post)
        request_id, person = await telling.approved(email="anna@struer.example")
        owed = {"type": "other", "reason": "by_hand", "amount_ore": 2000}
        dated = {"charged_on": house.clock().date(), "created_at": house.clock()}
        house.put(Fee.insert(borrower=person.borrower_id, **owed, **dated))
        with pytest.raises(NotErasable):
            await telling.tell(request_id)
    assert post.mails == []
    with pytest.raises(NotErasable):
        await house.desk.do(MakeLetter(**telling.about(), request_id=request_id))
    assert telling.noted(request_id) == (None, None)
    assert house.rows(Message.select(Message.id)) == []


async def test_a_letter_says_it_to_the_borrower_in_the_borrowers_language(telling: Telling, tmp_path: Path) -> None:
    house = telling.farewell.house
    request_id, person = await telling.approved(name="Anna Åbo", language="en")
    address = {"care_of": "c/o Bo", "street": "Nygade 4", "postcode": "7600", "city": "Struer"}
    house.put(Borrower.update(**address).where(Borrower.id == person.borrower_id))
    letter = await house.desk.do(MakeLetter(**telling.about(), request_id=request_id))
    said = text_of(letter_pdf(letter))
    for wanted in ("Anna Åbo", "c/o Bo", "Nygade 4", "7600 Struer", "your data are being deleted now"):
        assert wanted in said
    assert "Anna" not in repr(letter)
    first, second = (write_letter(letter, tmp_path / "exports") for _time in range(2))
    assert first.name == f"{letter.number}-sletning-2026-03-10.pdf"
    assert second.name == f"{letter.number}-sletning-2026-03-10-2.pdf"
    assert first.stat().st_mode & 0o777 == 0o600
