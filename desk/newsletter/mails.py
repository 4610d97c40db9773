"""A newsletter as the mail of one reader (RFC 5322), with what unsubscribes it (RFC 2369, RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from desk.errors import InvalidInput
from desk.messages.mail import address_of
from desk.newsletter.text import Newsletter, for_reader, page
from desk.texts import _, language
from desk.wording import local, plain

if TYPE_CHECKING:
    from desk.newsletter.records import Recipient
    from desk.settings import MailSettings, NewsletterSettings

ONE_LINE: Final = WIRE.clone(max_line_length=990)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is the same in every mail of a mailing.

    Attributes:
        library: who writes.
        sender: the address it comes from.
        unsubscribe_mail: where one writes to unsubscribe; empty: nowhere.
        unsubscribe_url: the page that unsubscribes; empty: there is none.
        mailing_id: parts the Message-IDs of two mailings.
    """

    library: str
    sender: str
    unsubscribe_mail: str
    unsubscribe_url: str
    mailing_id: int


def imprint_of(library: str, mail: MailSettings, newsletter: NewsletterSettings, mailing_id: int = 0) -> Imprint:
    """Put together what every mail says of where it comes from.

    Raises:
        InvalidInput: ``newsletter``: ``no_server`` or ``no_way_out``: whoever gets it could not unsubscribe.
    """
    if not mail.host:
        raise InvalidInput("newsletter", "no_server")
    if not (newsletter.unsubscribe_mail or newsletter.unsubscribe_url):
        raise InvalidInput("newsletter", "no_way_out")
    sender = newsletter.sender or mail.sender
    return Imprint(library, sender, newsletter.unsubscribe_mail, newsletter.unsubscribe_url, mailing_id)


def mail_for(reader: Recipient, newsletter: Newsletter, imprint: Imprint, at: datetime) -> EmailMessage:
    """Make one reader's mail.

    Args:
        reader: to whom.
        newsletter: what.
        imprint: from whom.
        at: the date of the mail, aware UTC.

    Raises:
        NotTaken: the address cannot stand in a header.
    """
    user, _at, domain = imprint.sender.rpartition("@")
    subject = plain(for_reader(newsletter.subject, reader.first_name))
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address(display_name=plain(imprint.library), username=user, domain=domain)
    mail["To"] = address_of(reader.email)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(local(at))
    mail["Message-ID"] = f"<{message_id(imprint.mailing_id, reader.token)}@{domain}>"
    mail["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in _ways_out(imprint, reader.token))
    if imprint.unsubscribe_url:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Precedence"] = "bulk"
    way = _ways_out(imprint, reader.token)[0]
    leave = _("Unsubscribe the newsletter")
    text = for_reader(newsletter.text, reader.first_name)
    mail.set_content(f"{text}\n-- \n{leave}: {way}\n", cte="quoted-printable")
    html = for_reader(newsletter.html, reader.first_name, in_html=True)
    html += f'<hr>\n<p><a href="{escape(way)}">{escape(leave)}</a></p>\n'
    mail.add_alternative(page(subject, html, language()), subtype="html", cte="quoted-printable")
    # A long address would be folded into what no mail program takes for an address.
    mail.policy = ONE_LINE
    return mail


def message_id(mailing_id: int, token: str) -> str:
    """Give a mail's Message-ID up to its @, by which the mail server's log knows it: it tells nobody's address.

    Args:
        mailing_id: which mailing.
        token: what unsubscribes its reader; too little of it stands here to do that.
    """
    return f"newsletter-{mailing_id}-{token[:22]}"


def _ways_out(imprint: Imprint, token: str) -> list[str]:
    """Give the ways to unsubscribe, the page first: it takes one click."""
    ways = []
    if imprint.unsubscribe_url:
        ways.append(f"{imprint.unsubscribe_url}{token}")
    if imprint.unsubscribe_mail:
        ways.append(f"mailto:{quote(imprint.unsubscribe_mail, safe='@')}?subject={token}")
    return ways
