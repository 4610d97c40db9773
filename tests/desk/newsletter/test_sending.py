"""A newsletter goes out once per address, says how to unsubscribe, and leaves figures alone behind (M4, P12)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from db.models import Mailing
from desk.command import INSTALLATION
from desk.errors import InvalidInput
from desk.newsletter.mailing import AnswerUncertain, BeginMailing, OfferRecipients, TakeRecipients
from desk.newsletter.queries import recipients_waiting, uncertain_mails
from desk.newsletter.sending import PATIENCE_REFUSED
from desk.settings import NewsletterSettings
from tests.desk.newsletter.subscribing import LETTER, WAYS_OUT, Editor
from tests.messaging import Certificates, Handler, Post, mail_server


async def subscribed(editor: Editor, *users: str) -> None:
    for user in users:
        await editor.subscribe(f"{user}@example.dk", user.capitalize(), "Møller")


async def test_everybody_gets_it_once_with_the_way_out(editor: Editor) -> None:
    await subscribed(editor, "anna", "bo")
    await editor.subscribe("cille@example.dk", "<b>Cille")
    with mail_server() as post:
        report = await editor.send(post)
        again = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.due, report.mailing.sent, report.mailing.is_done) == (3, 3, True)
    assert again.was_sent
    assert sorted(str(mail["To"]) for mail in post.mails) == [
        "anna@example.dk",
        "bo@example.dk",
        "cille@example.dk",
    ]
    mails = {str(mail["To"]).partition("@")[0]: mail for mail in post.mails}
    mail, token = mails["anna"], editor.token("anna@example.dk")
    assert mail["Subject"] == "Nyt i marts"
    assert mail["From"].addresses[0].addr_spec == "bibliotek@struer.example"
    assert mail["List-Unsubscribe"] == (
        f"<https://struer.example/afmeld/{token}>, <mailto:nyt@struer.example?subject={token}>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert "Kære Anna" in parts["text/plain"].splitlines()
    assert f"Afmeld nyhedsbrevet: https://struer.example/afmeld/{token}" in parts["text/plain"]
    assert f'<a href="https://struer.example/afmeld/{token}">Afmeld nyhedsbrevet</a>' in parts["text/html"]
    hostile = mails["cille"].get_body(("html",))
    assert hostile is not None
    assert "Kære &lt;b&gt;Cille" in hostile.get_content()
    assert editor.still_named() == []
    assert len({mail["Message-ID"] for mail in post.mails}) == 3


async def test_with_a_mail_address_alone_there_is_no_one_click(editor: Editor) -> None:
    await subscribed(editor, "anna")
    only = NewsletterSettings(unsubscribe_mail="nyt@struer.example", sender="nyhedsbrev@struer.example")
    editor.office.settings = replace(editor.office.settings, newsletter=only)
    with mail_server() as post:
        await editor.send(post)
    (mail,) = post.mails
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["List-Unsubscribe"].startswith("<mailto:nyt@struer.example?subject=")
    assert mail["From"].addresses[0].addr_spec == "nyhedsbrev@struer.example"


async def test_a_long_way_out_stays_an_address(editor: Editor) -> None:
    await subscribed(editor, "anna")
    page = f"https://struer.example/{'afmeld/' * 30}?kode="
    editor.office.settings = replace(editor.office.settings, newsletter=NewsletterSettings(unsubscribe_url=page))
    with mail_server() as post:
        await editor.send(post)
    header = f"List-Unsubscribe: <{page}{editor.token('anna@example.dk')}>\r\n"
    assert header.encode() in post.raw[0]


async def test_the_same_text_goes_out_once_more_only_when_asked(editor: Editor) -> None:
    await subscribed(editor, "anna")
    with mail_server() as post:
        await editor.send(post)
        await editor.send(post, again=True)
        changed = editor.office.home / "andet.md"
        changed.write_text(LETTER + "\nMere\n", "utf-8")
        await editor.send(post, file=changed)
    assert len(post.mails) == 3
    assert len(post.times) == 3


async def begun_and_killed(editor: Editor, *, offered: bool) -> None:
    """Be a run that was killed over its first mail: before its last line was sent, or with it on its way."""
    house = editor.house
    usual: dict[str, Any] = {"who": INSTALLATION, "at": house.clock()}
    digest = sha256(LETTER.encode()).hexdigest()
    begun = await house.desk.do(BeginMailing(command_id="b", digest=digest, **usual))
    row_ids = await house.desk.ask(INSTALLATION, recipients_waiting, begun.mailing_id, 0, 1)
    await house.desk.do(TakeRecipients(command_id="t", mailing_id=begun.mailing_id, row_ids=row_ids, **usual))
    if offered:
        await house.desk.do(OfferRecipients(command_id="o", row_ids=row_ids, **usual))


async def test_whose_mail_was_only_begun_when_it_was_killed_gets_it_from_the_next_run(editor: Editor) -> None:
    await subscribed(editor, "anna", "bo", "cille")
    with mail_server() as post:
        editor.office.sends_mail_to(post)
        await begun_and_killed(editor, offered=False)
        report = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.sent, report.mailing.uncertain, report.mailing.is_done) == (3, 0, True)
    assert sorted(str(mail["To"]) for mail in post.mails) == ["anna@example.dk", "bo@example.dk", "cille@example.dk"]
    assert editor.still_named() == []


@pytest.mark.parametrize("arrived", [True, False])
async def test_whose_mail_was_being_handed_over_when_it_was_killed_is_uncertain_until_somebody_says(
    editor: Editor, *, arrived: bool
) -> None:
    await subscribed(editor, "anna", "bo", "cille")
    house = editor.house
    with mail_server() as post:
        editor.office.sends_mail_to(post)
        await begun_and_killed(editor, offered=True)
        report = await editor.send(post)
        assert report.mailing is not None
        assert (report.mailing.sent, report.mailing.uncertain, report.mailing.is_done) == (2, 1, True)
        assert (await editor.send(post)).was_sent
        assert len(post.mails) == 2
        (mail,) = await house.desk.ask(INSTALLATION, uncertain_mails)
        answer = AnswerUncertain(
            command_id="a", who=INSTALLATION, at=house.clock(), row_ids=(mail.row_id,), arrived=arrived
        )
        assert await house.desk.do(answer) == 1
        report = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.sent, report.mailing.uncertain, report.mailing.is_done) == (3, 0, True)
    assert len(post.mails) == 2 + (not arrived)
    assert editor.still_named() == []


async def test_whether_the_last_newsletter_came_is_no_question_when_there_is_a_new_one(editor: Editor) -> None:
    await subscribed(editor, "silent", "anna")
    with mail_server() as post:
        await editor.send(post)
        assert len(await editor.house.desk.ask(INSTALLATION, uncertain_mails)) == 1
        await editor.unsubscribe("silent@example.dk")
        assert await editor.house.desk.ask(INSTALLATION, uncertain_mails) == ()
        await editor.subscribe("silent@example.dk")
        await editor.send(post, again=True)
        other = editor.office.home / "andet.md"
        other.write_text(LETTER + "\nMere\n", "utf-8")
        await editor.unsubscribe("silent@example.dk")
        await editor.send(post, file=other)
    assert await editor.house.desk.ask(INSTALLATION, uncertain_mails) == ()


async def test_who_unsubscribes_before_their_turn_gets_nothing(editor: Editor) -> None:
    await subscribed(editor, "anna", "bo")
    with mail_server() as post:
        port = post.port
    # Nobody listens: nothing was sent, everybody waits.
    editor.office.sends_mail_to(post)
    report = await editor.send()
    assert report.stopped == "server_away"
    assert report.mailing is not None
    assert (report.mailing.waiting, report.mailing.is_done) == (2, False)
    await editor.unsubscribe("anna@example.dk")
    await subscribed(editor, "dan")
    with mail_server(port=port) as post:
        report = await editor.send(post)
    assert [str(mail["To"]) for mail in post.mails] == ["bo@example.dk"]
    assert report.mailing is not None
    assert (report.mailing.sent, report.mailing.is_done) == (1, True)


async def test_what_a_mailbox_refuses_is_told_and_what_is_busy_is_tried_by_the_next_run(editor: Editor) -> None:
    await subscribed(editor, "unknown", "full", "anna", "toolong", "refused")
    with mail_server() as post:
        report = await editor.send(post)
        assert report.mailing is not None
        assert (report.mailing.sent, report.mailing.failed, report.mailing.waiting) == (1, 3, 1)
        assert report.problems["mailbox_unknown"] == report.problems["mailbox_busy"] == 1
        for _run in range(4):
            report = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.failed, report.mailing.waiting, report.mailing.is_done) == (4, 0, True)
    assert len(post.mails) == 1


class LetsNobodyThrough(Handler):
    """A server that does not know the library's address any more: it relays for nobody but one."""

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's own name)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("first@"):
            return await super().handle_RCPT(server, session, envelope, address, options)
        return "550 5.7.1 relaying denied"


class TakesItForSpam(Handler):
    """A server that says so at the end of the text."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "554 5.7.1 This is spam"


async def test_a_server_that_refuses_everybody_uses_no_mailing_up(editor: Editor) -> None:
    await subscribed(editor, "anna", "bo", "cille", "dan", "eva")
    with mail_server(handler=LetsNobodyThrough(Post())) as post:
        report = await editor.send(post)
    assert report.mailing is not None
    assert (report.stopped, report.mailing.failed, report.mailing.waiting) == ("server_refuses_all", 0, 5)
    with mail_server() as post:
        report = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.sent, report.mailing.is_done, len(post.mails)) == (5, True, 5)


@pytest.mark.parametrize(("handler", "sent"), [(LetsNobodyThrough, 1), (TakesItForSpam, 0)])
async def test_a_server_that_begins_to_refuse_everybody_is_left_alone_midway(
    editor: Editor, handler: type[Handler], sent: int
) -> None:
    await subscribed(editor, "first")
    for number in range(40):
        await editor.subscribe(f"u{number}@town{number % 3}.example", "Ib", "Møller")
    with mail_server(handler=handler(Post())) as post:
        report = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.sent, report.mailing.failed, report.mailing.waiting) == (sent, 0, 41 - sent)
    assert report.stopped == "server_refuses_all"
    assert PATIENCE_REFUSED <= sum(report.problems.values()) < 40


async def test_a_few_wrong_addresses_are_failed_though_nobody_else_is_on_the_list(editor: Editor) -> None:
    await subscribed(editor, "unknown")
    with mail_server() as post:
        report = await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.failed, report.mailing.is_done) == (1, True)


async def test_a_server_that_hangs_up_after_the_text_is_not_asked_again(editor: Editor) -> None:
    await subscribed(editor, "silent", "anna")
    with mail_server() as post:
        report = await editor.send(post)
        await editor.send(post)
    assert report.mailing is not None
    assert (report.mailing.sent, report.mailing.uncertain) == (1, 1)
    assert len(post.mails) == 2


async def test_nothing_goes_over_a_line_that_is_not_to_be_trusted(editor: Editor, certificates: Certificates) -> None:
    await subscribed(editor, "anna")
    with mail_server(security="starttls", certificates=certificates.server("elsewhere.example")) as post:
        editor.office.sends_mail_to(post, security="starttls", ca_file=certificates.file)
        report = await editor.send()
        assert report.stopped == "server_untrusted"
    with mail_server(security="starttls", certificates=certificates.server()) as post:
        editor.office.sends_mail_to(post, security="starttls", ca_file=certificates.file)
        report = await editor.send()
    assert len(post.mails) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"uden overskrift", "no_subject"), (b"# Nyt\n\n\xff\xfe", "not_utf8"), (b"# Nyt\n", "empty")],
)
async def test_a_file_that_is_no_newsletter_is_refused(editor: Editor, content: bytes, why: str) -> None:
    editor.file.write_bytes(content)
    with mail_server() as post, pytest.raises(InvalidInput) as refused:
        await editor.send(post)
    assert refused.value.why == why
    assert editor.house.rows(Mailing.select()) == []


async def test_without_a_way_out_or_a_server_nothing_is_begun(editor: Editor) -> None:
    with pytest.raises(InvalidInput) as refused:
        await editor.send()
    assert refused.value.why == "no_server"
    editor.office.settings = replace(editor.office.settings, newsletter=NewsletterSettings())
    with mail_server() as post, pytest.raises(InvalidInput) as refused:
        await editor.send(post)
    assert refused.value.why == "no_way_out"
    editor.office.settings = replace(editor.office.settings, newsletter=WAYS_OUT)
    for missing in (editor.office.home / "mangler.md", editor.office.home):
        with mail_server() as post, pytest.raises(InvalidInput) as refused:
            await editor.send(post, file=missing)
        assert refused.value.why == "unreadable"
    assert editor.house.rows(Mailing.select()) == []
