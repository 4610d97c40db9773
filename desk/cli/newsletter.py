"""``desk newsletter``: the list in and out, who leaves it, and sending (M4). Nothing personal is said (T3).

An address is read from standard input and never an argument: those stand in the shell's history.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli import asking, newsletter_uncertain
from desk.cli.importing import as_object, tell
from desk.cli.newsletter_words import as_json as report_as_json
from desk.cli.newsletter_words import complaints, report_lines
from desk.cli.output import complain, progress, say, say_json
from desk.cli.words import Worded, WordedGroup, json_option
from desk.command import INSTALLATION, Who
from desk.errors import FileNotWritten, SignInFailed
from desk.installation import new_id, now, open_installation
from desk.logs import logging_to
from desk.newsletter.commands import ExportSubscribers, Subscribe, Unsubscribe, UnsubscribeWithToken
from desk.newsletter.importing import import_file, write_list
from desk.newsletter.leaving import join, leave
from desk.newsletter.queries import subscriber_count
from desk.newsletter.sending import MailingReport, Sender
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import number, plain

if TYPE_CHECKING:
    from desk.installation import Installation

WELL, NOT_WELL = 0, 1


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "newsletter",
        {
            "subscribe": _subscribe_command,
            "unsubscribe": _unsubscribe_command,
            "count": _count_command,
            "import": _import_command,
            "export": _export_command,
            "send": _send_command,
            "uncertain": newsletter_uncertain.command,
        },
        help=_("The newsletter: a list of its own, linked to no borrower."),
    )


def _subscribe_command() -> click.Command:
    return Worded(
        "subscribe",
        callback=subscribe,
        params=[json_option()],
        help=_("Subscribe somebody: address, first name and last name, a line each on standard input."),
    )


def _unsubscribe_command() -> click.Command:
    return Worded(
        "unsubscribe",
        callback=unsubscribe,
        params=[
            click.Argument(["token"], metavar=_("TOKEN"), required=False),
            click.Option(["--address-stdin"], is_flag=True, help=_("By address, read from standard input.")),
            json_option(),
        ],
        help=_("Unsubscribe by what stood in a mail's link or subject. Nothing is kept that leads to them."),
    )


def _count_command() -> click.Command:
    return Worded("count", callback=count, params=[json_option()], help=_("Count who subscribes."))


def _import_command() -> click.Command:
    return Worded(
        "import",
        callback=import_list,
        params=[click.Argument(["file"], metavar=_("FILE")), json_option()],
        help=_(
            "Subscribers from a CSV file: email, consented_on, first_name, last_name. Whoever has unsubscribed since"
            " they consented stays off the list."
        ),
    )


def _export_command() -> click.Command:
    return Worded(
        "export",
        callback=export,
        params=[
            click.Argument(["file"], metavar=_("FILE")),
            click.Option(
                ["--supervisor"], metavar=_("LOGIN"), help=_("Who releases it; asked for if it is not given.")
            ),
            click.Option(["--password-stdin"], is_flag=True, help=_("Read the password from standard input.")),
            json_option(),
        ],
        help=_("The whole list as a CSV file that only you can read."),
    )


def _send_command() -> click.Command:
    return Worded(
        "send",
        callback=send,
        params=[
            click.Argument(["file"], metavar=_("FILE")),
            click.Option(["--again"], is_flag=True, help=_("Send a file once more that has been sent.")),
            json_option(),
        ],
        help=_("Send a Markdown file to everybody who subscribes; the same file goes on with what was broken off."),
    )


def subscribe(*, as_json: bool) -> None:
    """Subscribe somebody.

    Raises:
        DeskError: it is no address, or the store did not do it.
    """
    email, first_name, last_name = (
        asking.ask(question) for question in (_("E-mail address"), _("First name"), _("Last name"))
    )
    with open_installation(home()) as installation:
        command = Subscribe(
            command_id=new_id(),
            who=INSTALLATION,
            at=now(),
            email=email,
            first_name=first_name,
            last_name=last_name,
        )
        done = asyncio.run(join(installation, command))
    if as_json:
        say_json({"ok": True, "new": done.is_new})
    else:
        say(_("Subscribed.") if done.is_new else _("Subscribed already; the names are those given now."))


def unsubscribe(token: str | None, *, address_stdin: bool, as_json: bool) -> None:
    """Unsubscribe somebody.

    Raises:
        click.UsageError: neither a token nor an address is given.
        DeskError: nobody subscribes so.
    """
    if (token is None) != address_stdin:
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.Argument(["TOKEN"]))
    email = asking.ask(_("E-mail address")) if address_stdin else ""
    with open_installation(home()) as installation:
        about = {"command_id": new_id(), "who": INSTALLATION, "at": now()}
        command = Unsubscribe(**about, email=email) if token is None else UnsubscribeWithToken(**about, token=token)  # type: ignore[arg-type]
        asyncio.run(leave(installation, command))
    if as_json:
        say_json({"ok": True})
    else:
        say(_("Unsubscribed. Nothing is kept that leads to them."))


def count(*, as_json: bool) -> None:
    """Count who subscribes.

    Raises:
        DeskError: the store did not answer.
    """
    with open_installation(home()) as installation:
        found = asyncio.run(installation.desk.ask(INSTALLATION, subscriber_count))
    if as_json:
        say_json({"subscribers": found})
    else:
        said = ngettext("{n} subscribes to the newsletter.", "{n} subscribe to the newsletter.", found)
        say(said.format(n=number(found)))


def import_list(file: str, *, as_json: bool) -> None:
    """Import subscribers.

    Raises:
        DeskError: the file or the store cannot be used.
    """
    with open_installation(home()) as installation, progress(_("subscribers")) as show:
        report = asyncio.run(import_file(installation, Path(file), now(), new_id, show))
    if as_json:
        say_json(as_object(report))
    else:
        tell(report)


def export(file: str, supervisor: str | None, *, password_stdin: bool, as_json: bool) -> None:
    """Write the list into a file.

    Raises:
        click.MissingParameter: the supervisor or the password is not given, and nobody is there to ask.
        DeskError: it cannot be done.
    """
    if not asking.somebody_is_there():
        for option, given in (("--supervisor", supervisor), ("--password-stdin", password_stdin)):
            if not given:
                raise click.MissingParameter(ctx=click.get_current_context(), param=click.Option([option]))
    path = Path(file)
    if path.exists():
        raise FileNotWritten(file, "keys_taken")
    with open_installation(home()) as installation:
        login = supervisor or asking.ask(_("User name"))
        password = asking.password(from_stdin=password_stdin)
        written = asyncio.run(_exported(installation, path, login, password))
    if as_json:
        say_json({"subscribers": written, "file": file})
    else:
        said = ngettext("{n} subscriber is in {file}.", "{n} subscribers are in {file}.", written)
        say(said.format(n=number(written), file=plain(file)))


async def _exported(installation: Installation, path: Path, login: str, password: str) -> int:
    staff = await installation.sign_in.with_password(login, password)
    if not staff.is_supervisor:
        raise SignInFailed("not_supervisor")
    command = ExportSubscribers(command_id=new_id(), who=Who(staff.staff_id), at=now())
    everybody = await installation.desk.do(command)
    return write_list(path, everybody)


def send(file: str, *, again: bool, as_json: bool) -> int:
    """Send a newsletter.

    Returns:
        0: nobody needs to look; 1: it was broken off, of a mail it is uncertain whether it arrived, or another run is
        at work.

    Raises:
        DeskError: the file, the store, a secret or a file of certificates cannot be used.
    """
    where = home()
    with open_installation(where) as installation, progress(_("newsletter")) as show, logging_to(where):
        report = asyncio.run(Sender(installation, now, new_id, show).send(Path(file), again=again))
    for complaint in complaints(report):
        complain(complaint)
    if as_json:
        say_json(report_as_json(report))
    else:
        for line in report_lines(report):
            say(line)
    return NOT_WELL if _is_unfinished(report) else WELL


def _is_unfinished(report: MailingReport) -> bool:
    mailing = report.mailing
    is_left = mailing is not None and bool(not mailing.is_done or mailing.uncertain)
    return report.is_busy or bool(report.stopped) or is_left
