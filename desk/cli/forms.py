"""``desk forms``: the website's forms come in, their schema, and the purchase list (M5). No person is named (T3)."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import click

from desk.calendar import local_date
from desk.cli.messages import NOT_WELL, WELL
from desk.cli.output import complain, say, say_json
from desk.cli.words import Worded, WordedGroup, json_option
from desk.command import INSTALLATION
from desk.errors import ImportFailed
from desk.forms.commands import TakeOffPurchases
from desk.forms.kinds import KINDS, schema_of
from desk.forms.queries import purchase_list
from desk.forms.reading import LONGEST_FILE
from desk.forms.records import Wish
from desk.forms.taking_in import STANDARD_INPUT, FormsReport, files_in, take_in, take_in_text
from desk.forms.words import fault_words
from desk.installation import Installation, new_id, now, open_installation
from desk.settings import home
from desk.system_words import system_words
from desk.texts import _, ngettext
from desk.wording import number, plain, short_date


class FormKind(click.ParamType[str]):
    """A kind of form."""

    name = "KIND"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a kind.

        Raises:
            click.BadParameter: it is none.
        """
        if value not in KINDS:
            self.fail(_("one of {choices} is needed").format(choices=", ".join(KINDS)), param, ctx)
        return value


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "forms",
        {"import": _import_command, "schema": _schema_command, "purchases": _purchases_command},
        help=_("Forms from the website."),
    )


def _import_command() -> click.Command:
    return Worded(
        "import",
        callback=take_forms,
        params=[click.Argument(["source"], metavar=_("FILE|FOLDER|-")), json_option()],
        help=_("Take forms into the inbox. A file that was taken in is overwritten and deleted; others stay."),
    )


def _schema_command() -> click.Command:
    return Worded(
        "schema",
        callback=schema,
        params=[click.Argument(["kind"], type=FormKind(), required=False, metavar="|".join(KINDS))],
        help=_("Print the JSON schema of a kind of form, or of all four."),
    )


def _purchases_command() -> click.Command:
    return Worded(
        "purchases",
        callback=purchases,
        params=[
            click.Option(["--take-off"], is_flag=True, help=_("Take what is printed off the list.")),
            json_option(),
        ],
        help=_("Print the purchase list: what borrowers suggested, without who did."),
    )


def take_forms(source: str, *, as_json: bool) -> int:
    """Take in a form, a folder of them, or one from standard input.

    Returns:
        0: all is in; 1: one was refused, or could not be deleted.

    Raises:
        ImportFailed: the file or folder is not there.
        DeskError: the store cannot be used.
    """
    with open_installation(home()) as installation:
        report = asyncio.run(_taken_in(installation, source))
    for skipped in report.skipped:
        complain(_("{file}: {reason}").format(file=plain(skipped.file), reason=fault_words(skipped.fault)))
    for name in report.left:
        complain(_("{file}: is in the inbox, and could not be deleted").format(file=plain(name)))
    if as_json:
        say_json(as_object(report))
    else:
        said = _("Forms read: {read} · new: {added} · here already: {known} · refused: {skipped}")
        say(
            said.format(
                read=number(report.read),
                added=number(report.added),
                known=number(report.known),
                skipped=number(len(report.skipped)),
            )
        )
    return WELL if report.is_well else NOT_WELL


async def _taken_in(installation: Installation, source: str) -> FormsReport:
    if source == STANDARD_INPUT:
        return await take_in_text(installation, sys.stdin.buffer.read(LONGEST_FILE + 1), INSTALLATION, now)
    path = Path(source).expanduser().absolute()
    try:
        files = files_in(path) if path.is_dir() else [path]
        path.stat()
    except OSError as error:
        raise ImportFailed(source, "unreadable", system_words(error)) from None
    return await take_in(installation, files, INSTALLATION, now)


def as_object(report: FormsReport) -> dict[str, object]:
    """Give a report as the object that scripts lean on."""
    reasons = [{"record": plain(one.file), "reason": fault_words(one.fault)} for one in report.skipped]
    return {
        "read": report.read,
        "added": report.added,
        "known": report.known,
        "skipped": len(report.skipped),
        "left": [plain(name) for name in report.left],
        "reasons": reasons,
    }


def schema(kind: str | None) -> None:
    """Print a schema, or all of them as one that takes any kind."""
    told = schema_of(kind) if kind else {"oneOf": [schema_of(one) for one in KINDS]}
    say(json.dumps(told, indent=2))


def purchases(*, take_off: bool, as_json: bool) -> None:
    """Print the purchase list, and take off what was printed.

    Raises:
        DeskError: the store cannot be used.
    """
    with open_installation(home()) as installation:
        wishes = asyncio.run(_purchases(installation, take_off=take_off))
    if as_json:
        listed = [
            {"title": one.title, "author": one.author, "year": one.year, "listed_on": one.listed_on.isoformat()}
            for one in wishes
        ]
        say_json({"purchases": listed, "taken_off": take_off})
        return
    for one in wishes:
        what = " · ".join(part for part in (plain(one.title), plain(one.author), str(one.year or "")) if part)
        say(f"{short_date(one.listed_on, local_date(now()))}  {what}")
    count = len(wishes)
    say(ngettext("{n} title on the purchase list.", "{n} titles on the purchase list.", count).format(n=number(count)))


async def _purchases(installation: Installation, *, take_off: bool) -> tuple[Wish, ...]:
    wishes = await installation.desk.ask(INSTALLATION, purchase_list)
    if take_off and wishes:
        ids = tuple(one.wish_id for one in wishes)
        await installation.desk.do(TakeOffPurchases(command_id=new_id(), who=INSTALLATION, at=now(), wish_ids=ids))
    return wishes
