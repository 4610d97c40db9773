"""``desk newsletter uncertain``: mails of which nobody knows whether they arrived, by their Message-ID.

The mail server's log knows them by it. Nothing personal is said (T3), and none is needed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from desk.cli.output import say, say_json
from desk.cli.words import Misused, Worded, json_option
from desk.command import INSTALLATION
from desk.errors import NotFound
from desk.installation import new_id, now, open_installation
from desk.newsletter.mailing import AnswerUncertain
from desk.newsletter.mails import message_id
from desk.newsletter.queries import uncertain_mails
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import number

if TYPE_CHECKING:
    from desk.installation import Installation


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "uncertain",
        callback=uncertain,
        params=[
            click.Argument(["message_ids"], metavar=_("MESSAGE-ID …"), nargs=-1),
            click.Option(["--arrived"], is_flag=True, help=_("The server's log has them: they count as sent.")),
            click.Option(["--lost"], is_flag=True, help=_("It has not: the next send of the file sends them again.")),
            click.Option(["--all", "all_of_them"], is_flag=True, help=_("Of all that are uncertain.")),
            json_option(),
        ],
        help=_(
            "Mails of which it is uncertain whether they arrived: look their Message-ID up in the mail server's log,"
            " and say here what it tells."
        ),
    )


def uncertain(message_ids: tuple[str, ...], *, arrived: bool, lost: bool, all_of_them: bool, as_json: bool) -> None:
    """List the uncertain mails, or say what became of them.

    Raises:
        Misused: what became of them is not said, or of which.
        NotFound: a Message-ID is none of them; nothing was answered.
        DeskError: the store did not answer.
    """
    is_answer = arrived or lost
    if (arrived and lost) or is_answer != bool(message_ids or all_of_them) or (message_ids and all_of_them):
        said = _("Say either --arrived or --lost, and either Message-IDs or --all.")
        raise Misused(said, click.get_current_context())
    with open_installation(home()) as installation:
        known = asyncio.run(_known(installation))
        if not is_answer:
            _tell(installation, list(known), as_json=as_json)
            return
        named = list(known) if all_of_them else [_local_part(one) for one in message_ids]
        if not set(named) <= set(known):
            raise NotFound("mail")
        answer = AnswerUncertain(
            command_id=new_id(),
            who=INSTALLATION,
            at=now(),
            row_ids=tuple(known[one] for one in dict.fromkeys(named)),
            arrived=arrived,
        )
        answered = asyncio.run(installation.desk.do(answer))
    if as_json:
        say_json({"answered": answered})
    elif arrived:
        said = ngettext("{n} mail counts as sent.", "{n} mails count as sent.", answered)
        say(said.format(n=number(answered)))
    else:
        said = ngettext(
            "{n} mail is sent again with the next send of the file.",
            "{n} mails are sent again with the next send of the file.",
            answered,
        )
        say(said.format(n=number(answered)))


async def _known(installation: Installation) -> dict[str, int]:
    mails = await installation.desk.ask(INSTALLATION, uncertain_mails)
    return {message_id(mail.mailing_id, mail.token): mail.row_id for mail in mails}


def _tell(installation: Installation, known: list[str], *, as_json: bool) -> None:
    settings = installation.settings
    _user, _at, domain = (settings.newsletter.sender or settings.mail.sender).rpartition("@")
    written = [f"<{one}@{domain}>" for one in known]
    if as_json:
        say_json({"uncertain": written})
        return
    for one in written:
        say(one)
    if not written:
        say(_("Of no mail is it uncertain whether it arrived."))


def _local_part(written: str) -> str:
    return written.strip().removeprefix("<").partition("@")[0]
