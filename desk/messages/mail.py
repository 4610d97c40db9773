"""E-mail: a message as RFC 5322 has it, and the library's mail server (SMTP over TLS, P11)."""

from __future__ import annotations

import asyncio
import re
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final, cast

import aiosmtplib
from aiosmtplib import SMTP

from desk.lines import ADDRESS
from desk.messages.handing_over import UNCERTAIN
from desk.messages.records import Outgoing
from desk.messages.transport import NotTaken, is_untrusted, trusting
from desk.settings import MailSettings
from desk.wording import local, plain

if TYPE_CHECKING:
    from aiosmtplib.protocol import SMTPProtocol

TRY_AGAIN: Final = range(400, 500)
CLOSING: Final = 421
TEXT_MAY_COME: Final = 354
TAKEN: Final = 250
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_DOT_FIRST: Final = re.compile(rb"(?m)^\.")
MAILBOX_UNKNOWN: Final = ("5.1.1", "5.1.10", "5.1.6", "unknown", "no such user", "does not exist", "not found")


def mail_of(message: Outgoing, sender: str, library: str, at: datetime) -> EmailMessage:
    """Make the mail of a message: plain text, UTF-8, from the library, told to be a machine's.

    Args:
        message: to whom, and what.
        sender: the library's address.
        library: its name.
        at: the date of the mail, aware UTC.

    Raises:
        NotTaken: the borrower's address cannot stand in a header.
    """
    mail = EmailMessage(policy=WIRE)
    user, _at, domain = sender.rpartition("@")
    mail["From"] = Address(display_name=plain(library), username=user, domain=domain)
    mail["To"] = address_of(message.to)
    mail["Subject"] = plain(message.subject)
    mail["Date"] = format_datetime(local(at))
    mail["Message-ID"] = f"<{message.message_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="quoted-printable")
    return mail


def address_of(written: str) -> str:
    """Give an address in ASCII, its domain as IDNA if need be.

    Raises:
        NotTaken: it is no address that mail can be sent to: nothing of it reaches a header.
    """
    user, _at, domain = written.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode()
        except UnicodeError:
            raise NotTaken("address_refused") from None
    address = f"{user}@{domain}"
    if not ADDRESS.fullmatch(address):
        raise NotTaken("address_refused")
    return address


class MailServer:
    """The library's mail server: connections that are kept, and made anew when the server has closed them."""

    def __init__(self, settings: MailSettings, password: str | None) -> None:
        """Take the settings; nobody is called yet.

        Raises:
            SettingsError: the certificates to trust cannot be read.
        """
        self._settings = settings
        self._password = password
        # Where nothing is encrypted it is not used, and reading the system's certificates takes 100 ms a connection.
        is_open = settings.security == "none"
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_open else trusting(settings.ca_file)
        self._free: list[SMTP] = []

    async def hand_over(self, message: Outgoing, library: str, at: datetime) -> None:
        """Hand a mail over. What fails after the text has been sent is uncertain: it is not tried again by itself.

        Raises:
            NotTaken: it was not taken, or nobody knows.
        """
        await self.deliver(mail_of(message, self._settings.sender, library, at), address_of(message.to))

    async def deliver(self, mail: EmailMessage, address: str) -> None:
        """Hand over a mail that is made already.

        Args:
            mail: with all its headers.
            address: where it goes, as :func:`address_of` gives it.

        Raises:
            NotTaken: as :meth:`hand_over`.
        """
        await (await self.offer(mail, address)).hand_over()

    async def offer(self, mail: EmailMessage, address: str) -> OfferedMail:
        """Give the server a mail but for its last line, without which it has to forget it (RFC 5321, 4.1.1.4).

        Args:
            mail: with all its headers.
            address: where it goes, as :func:`address_of` gives it.

        Raises:
            NotTaken: it is not taken.
        """
        text = _as_sent(mail)
        client = await self._introduced()
        try:
            await self._to(client, address)
            await self._begin_text(client)
        except NotTaken:
            await self._put_right(client)
            raise
        except BaseException:
            client.close()
            raise
        try:
            cast("SMTPProtocol", client.protocol).write(text)
        except (aiosmtplib.SMTPException, OSError):
            client.close()
            raise NotTaken("server_away", is_passing=True) from None
        return OfferedMail(self, client)

    async def _introduced(self) -> SMTP:
        """Give a connection on which the server has taken the sender; one that it has closed meanwhile is no matter."""
        while True:
            is_kept = bool(self._free)
            client = self._free.pop() if is_kept else await self._connected()
            try:
                await client.mail(self._settings.sender)
            except aiosmtplib.SMTPResponseException as refused:
                if is_kept and refused.code == CLOSING:
                    client.close()
                    continue
                await self._put_right(client)
                if refused.code in TRY_AGAIN:
                    raise NotTaken("server_busy", is_passing=True) from None
                raise NotTaken("sender_refused") from None
            except (aiosmtplib.SMTPException, OSError) as lost:
                client.close()
                if is_kept and not isinstance(lost, aiosmtplib.SMTPTimeoutError):
                    continue
                raise _away(lost) from None
            return client

    async def _connected(self) -> SMTP:
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.timeout_seconds,
            use_tls=settings.security == "tls",
            # Asked for by ourselves, after looking whether it is offered: never done without.
            start_tls=False,
            tls_context=self._context,
        )
        try:
            await client.connect()
            await client.ehlo()
            if settings.security == "starttls":
                if not client.supports_extension("starttls"):
                    client.close()
                    raise NotTaken("no_tls", stops=True)
                await client.starttls()
            if settings.user:
                await client.login(settings.user, self._password or "")
        except aiosmtplib.SMTPAuthenticationError:
            client.close()
            raise NotTaken("login_refused", stops=True) from None
        except aiosmtplib.SMTPNotSupported:
            client.close()
            raise NotTaken("login_refused", stops=True) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise _away(error) from None
        return client

    async def _to(self, client: SMTP, address: str) -> None:
        try:
            await client.rcpt(address)
        except aiosmtplib.SMTPResponseException as refused:
            if refused.code in TRY_AGAIN:
                raise NotTaken("mailbox_busy", is_passing=True) from None
            said = refused.message.casefold()
            unknown = any(word in said for word in MAILBOX_UNKNOWN)
            raise NotTaken("mailbox_unknown" if unknown else "address_refused") from None
        except (aiosmtplib.SMTPException, OSError):
            raise NotTaken("server_away", is_passing=True) from None

    async def _begin_text(self, client: SMTP) -> None:
        try:
            said = await client.execute_command(b"DATA")
        except (aiosmtplib.SMTPException, OSError):
            raise NotTaken("server_away", is_passing=True) from None
        if said.code != TEXT_MAY_COME:
            raise _refusal(said.code)

    async def end_text(self, client: SMTP) -> None:
        """Send a mail's last line. What fails from here on is uncertain.

        Raises:
            NotTaken: it was not taken, or nobody knows.
        """
        try:
            said = await client.execute_command(b".")
        except (aiosmtplib.SMTPException, OSError):
            # It may have been taken before the line went dead.
            client.close()
            raise NotTaken(UNCERTAIN) from None
        except BaseException:
            client.close()
            raise
        if said.code != TAKEN:
            await self._put_right(client)
            raise _refusal(said.code)
        self._free.append(client)

    async def _put_right(self, client: SMTP) -> None:
        """Keep a connection for the next mail, if the server still talks on it."""
        if not client.is_connected:
            return
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()
        else:
            self._free.append(client)

    async def close(self) -> None:
        """Take leave of the server."""
        clients, self._free = self._free, []
        await asyncio.gather(*(_quit(client) for client in clients))


class OfferedMail:
    """A mail that lies with the server but for its last line."""

    def __init__(self, server: MailServer, client: SMTP) -> None:
        self._server, self._client = server, client

    async def hand_over(self) -> None:
        """Send the last line: the server has the mail.

        Raises:
            NotTaken: it was not taken, or nobody knows.
        """
        await self._server.end_text(self._client)

    def take_back(self) -> None:
        """Break off: the server has nothing."""
        self._client.close()


def _as_sent(mail: EmailMessage) -> bytes:
    """Give a mail's text with the lines' ends and dots that SMTP wants (RFC 5321, 4.5.2), but for its last line."""
    text = _LINE_END.sub(b"\r\n", mail.as_bytes())
    text += b"" if text.endswith(b"\r\n") else b"\r\n"
    return _DOT_FIRST.sub(b"..", text)


def _refusal(code: int) -> NotTaken:
    return NotTaken("server_busy", is_passing=True) if code in TRY_AGAIN else NotTaken("content_refused")


async def _quit(client: SMTP) -> None:
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


def _away(error: BaseException) -> NotTaken:
    return NotTaken("server_untrusted" if is_untrusted(error) else "server_away", stops=True)
