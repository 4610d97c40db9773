"""Messages in a test: a mail server and an sms gateway that do what they are told, and a library that sends to them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from db.models import Borrower, Message, Telephone
from desk.desk import Desk
from desk.installation import Installation
from desk.messages.queueing import queue_message
from desk.messages.sending import SendingReport, send_due
from desk.privacy.witness import LogWitness
from desk.secrets import Secrets
from desk.settings import MailSettings, MessagesSettings, Settings, SmsSettings
from tests.builders import HASHER, VAULT, Clock, House, Ids, Person

HOST = "127.0.0.1"
FACTS: dict[str, dict[str, Any]] = {
    "reservation_ready": {"shelf": 34, "deadline": "2026-10-02", "branch": "Struer"},
    "reminder": {"loans": 3, "due_on": "2026-09-28"},
    "recall": {"loans": 2, "due_on": "2026-09-14", "rises": [7, 30]},
    "bill": {"amount_ore": 55_500, "compensation_ore": 32_500, "loans": 1},
    "block": {"owed_ore": 26_000, "limit_ore": 20_000},
    "receipt": {"loans": 4, "due_on": "2026-10-24"},
    "deletion_approved": {},
}


@dataclass
class Certificates:
    """A certificate authority of the test's own, and a server's certificate from it."""

    folder: Path

    def __post_init__(self) -> None:
        self._authority = trustme.CA()
        self.file = str(self.folder / "ca.pem")
        self._authority.cert_pem.write_to_path(self.file)

    def server(self, name: str = HOST) -> ssl.SSLContext:
        """Give what a server of a name shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(name).configure_cert(context)
        return context


class Handler:
    """What the mail server does with a mail; the part before the @ tells it to be difficult.

    ``unknown``, ``full``, ``refused``: 550 5.1.1, 450, 554 at RCPT. ``hangup``: the line goes dead at RCPT.
    ``silent``: the mail is taken and the line goes dead instead of an answer. ``toolong``: 552 after the text.
    """

    REFUSALS: ClassVar[dict[str, str]] = {
        "unknown": "550 5.1.1 User unknown",
        "full": "450 4.2.2 Mailbox full",
        "refused": "554 5.7.1 Refused",
    }

    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's own name)
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.post.greeted += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.post.refuses_sender:
            return "550 5.7.1 Not from you"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        user = address.partition("@")[0]
        if user == "hangup":
            _cut(server)
        if user in self.REFUSALS:
            return self.REFUSALS[user]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        user = envelope.rcpt_tos[0].partition("@")[0]
        if user == "toolong":
            return "552 5.3.4 Too long"
        self.post.take(envelope.content)
        if user == "silent":
            _cut(server)
        return "250 2.0.0 Taken"


def _cut(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()  # type: ignore[attr-defined]


class _Controller(Controller):
    """A mail server that limits nothing, on a port of its own choice."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)


@dataclass
class Post:
    """The mail server: what it has taken, and how often the same mail came."""

    refuses_sender: bool = False
    raw: list[bytes] = field(default_factory=list)
    greeted: int = 0
    port: int = 0

    def take(self, content: bytes) -> None:
        """Take a mail in."""
        self.raw.append(content)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, in the order they came in."""
        read = [message_from_bytes(content, policy=policy.default) for content in self.raw]
        return [mail for mail in read if isinstance(mail, EmailMessage)]

    @property
    def times(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def mail_server(
    *,
    security: str = "none",
    certificates: ssl.SSLContext | None = None,
    password: str = "",
    post: Post | None = None,
    port: int = 0,
    handler: Handler | None = None,
) -> Iterator[Post]:
    """Run a mail server for as long as the block lasts, in a thread of its own."""
    post = post or Post()
    more: dict[str, Any] = {}
    if password:

        def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
            right = isinstance(given, LoginPassword) and given.password == password.encode()
            return AuthResult(success=right, handled=False)

        more = {
            "authenticator": check,
            "auth_required": security == "starttls",
            "auth_require_tls": security == "starttls",
        }
    if security == "starttls":
        more |= {"tls_context": certificates, "require_starttls": True}
    if security == "tls":
        more |= {"ssl_context": certificates}
    post.port = port or free_port()
    # A name of its own: else every connection asks the name service for this machine's, which may take its time.
    more |= {"server_hostname": "mail.struer.example"}
    controller = _Controller(handler or Handler(post), hostname=HOST, port=post.port, **more)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@dataclass
class Gateway:
    """The sms gateway: what it was asked, and what it answers. Numbers that are not in ``answers`` get 200.

    ``says`` is what stands in every answer.
    """

    answers: dict[str, int | str] = field(default_factory=dict)
    orders: list[dict[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    url: str = ""
    says: str = '{"status": "queued"}'
    content_type: str = "application/json"
    may_go_on: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def sms_gateway(certificates: ssl.SSLContext | None = None, gateway: Gateway | None = None) -> Iterator[Gateway]:
    """Run a gateway for as long as the block lasts; over HTTPS when there are certificates."""
    gateway = gateway or Gateway()
    asked = gateway

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.orders.append(order)
            asked.tokens.add(self.headers.get("Authorization", ""))
            answer = asked.answers.get(order["number"], 200)
            if answer == "nothing":
                self.close_connection = True
                return
            if answer == "garbage":
                self.wfile.write(b"\x00\xffnot http at all\r\n\r\n")
                self.close_connection = True
                return
            if answer == "slow":
                asked.may_go_on.wait(30)
                answer = 200
            if answer == "broken off":
                # Taken, said so, and the line went dead in the middle of the rest.
                self.send_response(200)
                self.send_header("Content-Length", "200")
                self.end_headers()
                self.close_connection = True
                return
            said = asked.says.encode()
            self.send_response(200 if answer == "endless" else int(answer))
            self.send_header("Content-Type", asked.content_type)
            if answer == "endless":
                self.close_connection = True
                self.end_headers()
                with contextlib.suppress(OSError):
                    while not asked.may_go_on.is_set():
                        self.wfile.write(said)
                return
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever hangs up is no matter."""

    server = Quiet((HOST, 0), Answering)
    if certificates is not None:
        server.socket = certificates.wrap_socket(server.socket, server_side=True)
    gateway.url = f"{'https' if certificates else 'http'}://{HOST}:{server.server_address[1]}/sms"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield gateway
    finally:
        gateway.may_go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


def mail_settings(post: Post, **more: Any) -> MailSettings:
    """Settings that find a mail server of the tests."""
    usual = MailSettings(
        host=HOST, port=post.port, security="none", sender="bibliotek@struer.example", timeout_seconds=5.0
    )
    return replace(usual, **more)


def sms_settings(gateway: Gateway, **more: Any) -> SmsSettings:
    """Settings that find a gateway of the tests."""
    return replace(SmsSettings(url=gateway.url, sender="Struer", timeout_seconds=5.0), **more)


class Office:
    """A library of the tests that sends messages, over whatever store it has."""

    def __init__(self, house: House, home: Path) -> None:
        self.house = house
        self.settings = Settings(messages=MessagesSettings(website="struerbibliotek.dk"))
        self.home = home / "home"
        self.home.mkdir(exist_ok=True)
        self.clock: Clock = house.clock
        self.new_id = Ids("sending")
        self.secrets = Secrets(self.home, "folder")

    def installation(self, desk: Desk | None = None, store: Any = None) -> Installation:
        """Give the installation, as a program opens it."""
        return Installation(
            self.home,
            self.settings,
            self.secrets,
            VAULT,
            store or self.house.store,
            desk or self.house.desk,
            HASHER,
            LogWitness(self.home),
        )

    def sends_mail_to(self, post: Post, **more: Any) -> None:
        """Set the mail server up."""
        self.settings = replace(self.settings, mail=mail_settings(post, **more))

    def sends_sms_to(self, gateway: Gateway, **more: Any) -> None:
        """Set the gateway up."""
        self.settings = replace(self.settings, sms=sms_settings(gateway, **more))

    def borrower(self, *, email: str = "", sms: str = "", language: str = "da", **more: Any) -> Person:
        """Sign up somebody who can be reached."""
        person = self.house.borrower(**more)
        self.house.put(Borrower.update(email=email, language=language).where(Borrower.id == person.borrower_id))
        if sms:
            self.house.put(Telephone.insert(borrower=person.borrower_id, number=sms, takes_sms=True))
        return person

    def queue(
        self, person: Person, kind: str = "deletion_approved", *, cause: str = "", at: datetime | None = None
    ) -> bool:
        """Queue a message; unless said of a kind that hangs on no row: it is true whenever it is sent."""
        number = self.house.new_id()
        return self.house.store.write_here(
            lambda transaction: queue_message(
                transaction,
                person.borrower_id,
                kind,
                cause or f"{kind}:{number}",
                FACTS[kind],
                at or self.clock(),
                number,
            )
        )

    async def run(self, desk: Desk | None = None, store: Any = None) -> SendingReport:
        """Send what is due."""
        return await send_due(self.installation(desk, store), self.clock, self.new_id, lambda _done, _total: None)

    def states(self) -> list[tuple[str, str]]:
        """Give state and problem of every message, in the order they were queued."""
        columns = (Message.state, Message.problem)
        return [(state, problem) for state, problem in self.house.rows(Message.select(*columns).order_by(Message.id))]


def together(*works: Any) -> list[Any]:
    """Run coroutines at once; give what they gave."""

    async def all_of_them() -> list[Any]:
        return list(await asyncio.gather(*works))

    return asyncio.run(all_of_them())
