"""E-mail: a message as RFC 5322 has it, and the library's mail server (SMTP over TLS, P11)."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Final

import aiosmtplib
from aiosmtplib import SMTP

from desk.lines import ADDRESS
from desk.messages.handing_over import UNCERTAIN
from desk.messages.records import Outgoing
from desk.messages.transport import NotTaken, is_untrusted, trusting
from desk.settings import MailSettings
from desk.wording import local, plain

TRY_AGAIN: Final = range(400, 500)
CLOSING: Final = 421
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
        content = mail.as_bytes()
        client = await self._introduced()
        try:
            await self._to(client, address)
            await self._say(client, content)
        except NotTaken:
            await self._put_right(client)
            raise
        except BaseException:
            client.close()
            raise
        self._free.append(client)

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

    async def _say(self, client: SMTP, content: bytes) -> None:
        try:
            await client.data(content)
        except aiosmtplib.SMTPDataError as refused:
            if refused.code in TRY_AGAIN:
                raise NotTaken("server_busy", is_passing=True) from None
            raise NotTaken("content_refused") from None
        except (aiosmtplib.SMTPException, OSError):
            # The text was on its way: it may have been taken before the line went dead.
            raise NotTaken(UNCERTAIN) from None

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


async def _quit(client: SMTP) -> None:
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


def _away(error: BaseException) -> NotTaken:
    return NotTaken("server_untrusted" if is_untrusted(error) else "server_away", stops=True)
