"""``desk messages``: sending what waits (M1), the secrets that takes, and the templates (R8)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from desk.cli import asking
from desk.cli.output import complain, progress, say, say_json
from desk.cli.sending_words import as_json as report_as_json
from desk.cli.sending_words import complaints, reasons
from desk.cli.words import Worded, WordedGroup, json_option
from desk.errors import FileNotWritten, InvalidInput
from desk.installation import new_id, now, open_installation, unopened
from desk.logs import logging_to
from desk.messages.sending import SendingReport, report_of_dry_run, send_due, templates_of
from desk.messages.template_files import FOLDER, SHIPPED, all_names, file_name
from desk.messages.words import fault_sentence
from desk.private_files import private_folder, write_private
from desk.secrets import PASSWORDS
from desk.settings import home
from desk.system_words import system_words
from desk.texts import _, ngettext
from desk.wording import number, plain

WELL, NOT_WELL = 0, 1


class SecretName(click.ParamType[str]):
    """Whose secret it is."""

    name = "mail|sms"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a name.

        Raises:
            click.BadParameter: it is none.
        """
        if value not in PASSWORDS:
            self.fail(_("one of {choices} is needed").format(choices=", ".join(PASSWORDS)), param, ctx)
        return value


def dry_option() -> click.Option:
    """Make the option that counts what would be done."""
    return click.Option(["--dry-run"], is_flag=True, help=_("Count what would be done, and do nothing."))


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "messages",
        {"run": _run_command, "templates": _templates_command, "secret": _secret_command},
        help=_("Messages to borrowers."),
    )


def _run_command() -> click.Command:
    return Worded("run", callback=run, params=[dry_option(), json_option()], help=_("Send what waits."))


def _templates_command() -> click.Command:
    return Worded(
        "templates",
        callback=templates,
        params=[
            click.Option(
                ["--copy"],
                is_flag=True,
                help=_("Copy those that are not there yet to DESK_HOME/templates, to be changed."),
            ),
            json_option(),
        ],
        help=_("Check the texts that messages are made of."),
    )


def _secret_command() -> click.Command:
    return Worded(
        "secret",
        callback=secret,
        params=[
            click.Argument(["whose"], type=SecretName(), metavar="mail|sms"),
            click.Option(["--password-stdin"], is_flag=True, help=_("Read the password from standard input.")),
            json_option(),
        ],
        help=_("Keep the mail server's password, or the sms gateway's token."),
    )


def run(*, dry_run: bool, as_json: bool) -> int:
    """Send what waits, or count it.

    Returns:
        0: nobody needs to look; 1: a server is away, or a template cannot be used.

    Raises:
        DeskError: the store, a secret or a file of certificates cannot be read.
    """
    where = home()
    with open_installation(where) as installation, progress(_("messages")) as show, logging_to(where):
        if dry_run:
            report = asyncio.run(report_of_dry_run(installation, now()))
        else:
            report = asyncio.run(send_due(installation, now, new_id, show))
    for complaint in complaints(report):
        complain(complaint)
    if as_json:
        say_json({"dry_run": dry_run, **report_as_json(report)})
    else:
        _tell(report, dry_run=dry_run)
    return NOT_WELL if report.stopped or report.faults else WELL


def _tell(report: SendingReport, *, dry_run: bool) -> None:
    if dry_run:
        due = ngettext("{n} message would be sent.", "{n} messages would be sent.", report.due)
        say(due.format(n=number(report.due)))
        return
    if report.is_busy:
        return
    said = _("Sent: {sent} · wait to be tried again: {waiting} · failed: {failed}")
    say(said.format(sent=number(report.sent), waiting=number(report.waiting), failed=number(report.failed)))
    for reason in reasons(report):
        say(f"  {reason}")
    if report.uncertain:
        left = ngettext(
            "{n} message of a run that was broken off: uncertain whether it was sent. It is not sent again by itself.",
            "{n} messages of a run that was broken off: uncertain whether they were sent. "
            "They are not sent again by themselves.",
            report.uncertain,
        )
        say(left.format(n=number(report.uncertain)))


def templates(*, copy: bool, as_json: bool) -> int:
    """Check the templates, and copy the program's own for the library to change.

    Returns:
        0: all can be used; 1: one cannot.

    Raises:
        DeskError: the store cannot be read, or a file not be written.
    """
    copied = _copy(home()) if copy else []
    with open_installation(home()) as installation:
        found, _head = asyncio.run(templates_of(installation, now()))
    own = [path for path in found.files.values() if not path.is_relative_to(SHIPPED)]
    for fault in found.faults:
        complain(fault_sentence(fault))
    if as_json:
        faults = [{"file": fault.file, "line": fault.line, "fault": fault.why} for fault in found.faults]
        say_json({"templates": len(found.files), "own": len(own), "copied": len(copied), "faults": faults})
    else:
        for path in copied:
            say(plain(path))
        said = _("Templates: {count} · the library's own: {own} · that cannot be used: {broken}")
        say(said.format(count=len(found.files), own=len(own), broken=len(found.broken)))
    return NOT_WELL if found.faults else WELL


def _copy(where: Path) -> list[Path]:
    """Copy the templates that the library has not changed yet.

    Raises:
        FileNotWritten: a file or its folder cannot be made.
    """
    copied = []
    with unopened(where):
        pass  # only into a home there is
    for name in all_names():
        target = where / FOLDER / file_name(name)
        if target.exists():
            continue
        try:
            private_folder(target.parent)
            write_private(target, (SHIPPED / file_name(name)).read_bytes(), replace=False)
        except OSError as error:
            raise FileNotWritten(str(target), "unwritable", system_words(error)) from None
        copied.append(target)
    return copied


def secret(whose: str, *, password_stdin: bool, as_json: bool) -> None:
    """Keep a secret where the keys lie.

    Raises:
        click.MissingParameter: nobody is there to type it.
        DeskError: it is empty, or cannot be kept.
    """
    if not password_stdin and not asking.somebody_is_there():
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.Option(["--password-stdin"]))
    with unopened(home()) as installation:
        word = asking.password(from_stdin=password_stdin)
        if not word:
            raise InvalidInput("password", "missing")
        installation.secrets.keep_password(PASSWORDS[whose], word)
    if as_json:
        say_json({"ok": True})
    else:
        say(_("The secret is kept. It is used from the next run on."))
