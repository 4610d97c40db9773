"""Nothing about a borrower leaves over a line that others can read, and nothing of a name becomes a header (P11)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.errors import SettingsError
from desk.messages.mail import mail_of
from desk.messages.records import Outgoing
from desk.messages.transport import NotTaken
from desk.settings import read
from tests.messaging import Certificates, Office, mail_server, sms_gateway

AT = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
SENDER = "bibliotek@struer.example"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_goes_over_tls_with_a_password(office: Office, certificates: Certificates, security: str) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    office.secrets.keep_password("mail-password", "hemmelig")
    with mail_server(security=security, certificates=certificates.server(), password="hemmelig") as post:
        office.sends_mail_to(post, security=security, ca_file=certificates.file, user="biblioteket")
        report = await office.run()
    assert (report.sent, report.stopped) == (1, {})
    assert len(post.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_mail_server_that_cannot_be_trusted_gets_nothing(
    office: Office, certificates: Certificates, security: str, wrong: str
) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    shown = certificates.server("elsewhere.example" if wrong == "name" else "127.0.0.1")
    with mail_server(security=security, certificates=shown) as post:
        office.sends_mail_to(post, security=security, ca_file=certificates.file if wrong == "name" else "", user="")
        report = await office.run()
    assert report.stopped == {"email": "server_untrusted"}
    assert office.states() == [("waiting", "server_untrusted")]
    assert post.mails == []


async def test_a_mail_server_without_tls_gets_nothing_where_tls_is_asked_for(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post, security="starttls")
        report = await office.run()
    assert report.stopped == {"email": "no_tls"}
    assert post.mails == []


async def test_a_wrong_password_stops_the_channel_and_fails_nothing(office: Office, certificates: Certificates) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    office.secrets.keep_password("mail-password", "forkert")
    with mail_server(security="tls", certificates=certificates.server(), password="hemmelig") as post:
        office.sends_mail_to(post, security="tls", ca_file=certificates.file, user="biblioteket")
        report = await office.run()
    assert report.stopped == {"email": "login_refused"}
    assert office.states() == [("waiting", "login_refused")]


async def test_the_gateway_is_told_over_https_with_a_token(office: Office, certificates: Certificates) -> None:
    office.queue(office.borrower(sms="20304050"))
    office.secrets.keep_password("sms-token", "hemmelig")
    with sms_gateway(certificates.server()) as gateway:
        office.sends_sms_to(gateway, ca_file=certificates.file)
        report = await office.run()
    assert report.sent == 1
    assert gateway.tokens == {"Bearer hemmelig"}
    (order,) = gateway.orders
    assert order.keys() == {"id", "number", "sender", "text"}
    assert order["sender"] == "Struer"


async def test_a_gateway_that_cannot_be_trusted_gets_nothing(office: Office, certificates: Certificates) -> None:
    office.queue(office.borrower(sms="20304050"))
    with sms_gateway(certificates.server()) as gateway:
        office.sends_sms_to(gateway)
        report = await office.run()
    assert report.stopped == {"sms": "gateway_untrusted"}
    assert gateway.orders == []


async def test_certificates_that_are_not_there_are_told_by_name(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk"))
    with mail_server() as post:
        office.sends_mail_to(post, security="tls", ca_file="/nowhere/ca.pem")
        with pytest.raises(SettingsError, match=re.escape("/nowhere/ca.pem")):
            await office.run()
    assert office.states() == [("waiting", "")]


def refusal(toml: str) -> str:
    with pytest.raises(SettingsError) as refused:
        read(tomllib.loads(toml), Path("/library/desk.toml"))
    return str(refused.value)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[mail]\nhost="mail.struer.dk"\nsecurity="none"\nsender="b@s.dk"', "mail.security"),
        ('[mail]\nhost="192.168.1.5"\nsecurity="none"\nsender="b@s.dk"', "mail.security"),
        ('[mail]\nhost="mail.struer.dk"', "mail.sender"),
        ('[mail]\nhost="mail.struer.dk"\nsender="b@s.dk\\nBcc: x@y.dk"', "mail.sender"),
        ('[sms]\nurl="http://gateway.dk/sms"', "sms.url"),
        ('[sms]\nurl="ftp://gateway.dk"', "sms.url"),
        ('[sms]\nurl="https://"', "sms.url"),
        ('[sms]\nurl="https://gateway.dk:99999/"', "sms.url"),
        ('[sms]\ncountry="+45"', "sms.country"),
        ('[sms]\nsender="Bibliotek Å"', "sms.sender"),
    ],
)
def test_an_open_line_is_refused_by_the_settings(toml: str, said: str) -> None:
    assert said in refusal(toml)


@pytest.mark.parametrize(
    "toml",
    [
        '[mail]\nhost="127.0.0.1"\nsecurity="none"\nsender="b@s.dk"',
        '[mail]\nhost="localhost"\nsecurity="none"\nsender="b@s.dk"',
        '[mail]\nhost="::1"\nsecurity="none"\nsender="b@s.dk"',
        '[sms]\nurl="http://127.0.0.1:8080/sms"',
        '[sms]\nurl="http://[::1]:8080/sms"',
        '[sms]\nurl="https://gateway.dk/sms"',
    ],
)
def test_a_line_within_this_machine_or_encrypted_is_taken(toml: str) -> None:
    read(tomllib.loads(toml), Path("/library/desk.toml"))


def outgoing(to: str = "anna@example.dk", subject: str = "Emne", body: str = "Tekst\n") -> Outgoing:
    return Outgoing(1, "email", to, subject, body, "abc", 1)


@pytest.mark.parametrize(
    "to",
    [
        "anna@example.dk\r\nBcc: alle@example.dk",
        "anna@example.dk\nX: y",
        "anna@example.dk, alle@example.dk",
        "<anna@example.dk>",
        "anna",
        "",
        "ånna@example.dk",
        "a\u202eb@example.dk",
        f"anna@{'æ' * 70}.dk",
    ],
)
def test_an_address_that_could_be_more_than_one_address_is_sent_nothing(to: str) -> None:
    with pytest.raises(NotTaken) as refused:
        mail_of(outgoing(to), SENDER, "Struer Bibliotek", AT)
    assert (refused.value.problem, refused.value.is_passing) == ("address_refused", False)


def test_neither_subject_nor_librarys_name_makes_a_header() -> None:
    mail = mail_of(
        outgoing(subject="Regning\r\nBcc: alle@example.dk"), SENDER, "Struer\r\nBcc: alle@example.dk <x@y.dk>", AT
    )
    assert "Bcc" not in mail
    assert not any(line.startswith(b"Bcc") for line in mail.as_bytes().splitlines())
    assert mail["From"].addresses[0].addr_spec == SENDER


def test_a_danish_domain_is_sent_to_in_its_ascii_form() -> None:
    assert mail_of(outgoing("anna@blåbær.dk"), SENDER, "Struer", AT)["To"] == "anna@xn--blbr-roah.dk"


def test_neither_where_nor_what_is_in_the_repr_of_a_message() -> None:
    said = repr(outgoing("anna@example.dk", "Regning", "555,00 kr."))
    assert "anna" not in said
    assert "Regning" not in said
    assert "555" not in said


async def test_a_demo_sends_nothing_that_leaves_this_machine(office: Office) -> None:
    office.queue(office.borrower(email="anna@example.dk", sms="20304050"))
    with mail_server() as post, sms_gateway() as gateway:
        office.sends_mail_to(post, host="mail.struer.example", security="tls")
        office.sends_sms_to(replace(gateway, url="https://gateway.example/sms"))
        report = await office.run()
    assert report.not_set_up == {"email": 1, "sms": 1}
    assert office.states() == [("waiting", ""), ("waiting", "")]
