"""``desk import``: borrowers from CSV, items from CSV or MARC, persons from an extract of the CPR register."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.import_words import note_text, problem_text, status_text
from desk.cli.output import complain, progress, say, say_json
from desk.cli.words import Worded, WordedGroup
from desk.command import INSTALLATION, NOBODY
from desk.errors import InvalidInput
from desk.installation import Installation, new_id, now, open_installation
from desk.registry.importing import Importer
from desk.registry.marc_record import ItemField
from desk.registry.report import ImportReport, Progress
from desk.settings import home
from desk.staff.queries import counter_places
from desk.texts import _, ngettext
from desk.wording import number

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

SHOWN = 20


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "import",
        {"borrowers": _borrowers_command, "items": _items_command, "cpr": _cpr_command},
        help=_("Read borrowers, items or a CPR extract from a file; what is known already is updated."),
    )


def _common() -> list[click.Parameter]:
    return [
        click.Argument(["file"], metavar=_("FILE")),
        click.Option(
            ["--branch"], metavar=_("NAME"), help=_("The branch of those that name none; else this counter's.")
        ),
        click.Option(["--json", "as_json"], is_flag=True, help=_("The report as JSON, on the last line.")),
    ]


def _borrowers_command() -> click.Command:
    return Worded("borrowers", callback=borrowers, params=_common(), help=_("Borrowers from a CSV file."))


def _items_command() -> click.Command:
    return Worded(
        "items",
        callback=items,
        params=[
            *_common(),
            click.Option(["--item-tag"], metavar=_("TAG"), default="949", help=_("MARC: the field of an item; 949.")),
            click.Option(["--barcode"], metavar=_("LETTER"), default="i", help=_("MARC: its barcode's subfield; i.")),
            click.Option(
                ["--material"], metavar=_("LETTER"), default="x", help=_("MARC: its material type's subfield; x.")
            ),
        ],
        help=_("Items from a CSV file or a MARC file (ISO 2709 or MARCXML)."),
    )


def _cpr_command() -> click.Command:
    return Worded(
        "cpr",
        callback=cpr,
        params=[
            *_common(),
            click.Option(["--create"], is_flag=True, help=_("Add those who are no borrowers yet.")),
        ],
        help=_("Name, address and protection of borrowers from an extract of the CPR register (U12170)."),
    )


def borrowers(file: str, branch: str | None, *, as_json: bool) -> None:
    """Import borrowers.

    Raises:
        DeskError: the file or the store cannot be used.
    """
    _import(branch, _("borrowers"), lambda importer: importer.borrowers(Path(file)), as_json=as_json)


def items(file: str, branch: str | None, item_tag: str, barcode: str, material: str, *, as_json: bool) -> None:
    """Import items.

    Raises:
        DeskError: the file or the store cannot be used.
    """
    where = ItemField(item_tag, barcode, material)
    _import(branch, _("items"), lambda importer: importer.items(Path(file), where), as_json=as_json)


def cpr(file: str, branch: str | None, *, create: bool, as_json: bool) -> None:
    """Update borrowers from the CPR register.

    Raises:
        DeskError: the file or the store cannot be used.
    """
    _import(branch, _("persons"), lambda importer: importer.cpr_extract(Path(file), create=create), as_json=as_json)


def _import(
    branch: str | None,
    label: str,
    work: Callable[[Importer], Coroutine[object, object, ImportReport]],
    *,
    as_json: bool,
) -> None:
    with open_installation(home()) as installation, progress(label) as show:
        report = asyncio.run(_run(installation, branch, work, show))
    if as_json:
        say_json(as_object(report))
    else:
        tell(report)


async def _run(
    installation: Installation,
    branch: str | None,
    work: Callable[[Importer], Coroutine[object, object, ImportReport]],
    show: Progress,
) -> ImportReport:
    importer = Importer(
        desk=installation.desk,
        who=INSTALLATION,
        at=now(),
        branch_id=await _branch_id(installation, branch),
        new_id=new_id,
        random_digits=installation.number_drawer(),
        random_bytes=os.urandom,
        progress=show,
    )
    return await work(importer)


async def _branch_id(installation: Installation, name: str | None) -> int:
    if name is None:
        return (await installation.counter_place()).branch_id
    for _counter_id, _counter, branch_id, branch in await installation.desk.ask(NOBODY, counter_places):
        if branch.casefold() == name.strip().casefold():
            return branch_id
    raise InvalidInput("branch", "unknown")


def as_object(report: ImportReport) -> dict[str, object]:
    """Give a report as the object that scripts lean on."""
    reasons = [{"record": problem.record, "reason": problem_text(problem)} for problem in report.skipped]
    reasons += [{"record": note.record, "reason": note_text(note)} for note in report.notes]
    told: dict[str, object] = {
        "records": report.records,
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "skipped": len(report.skipped),
        "reasons": reasons,
    }
    return told if report.statuses is None else told | {"statuses": dict(sorted(report.statuses.items()))}


def tell(report: ImportReport) -> None:
    """Say what an import did, in lines."""
    say(
        _(
            "Lines or records: {records} · read: {read} · added: {added} · updated: {updated} · skipped: {skipped}"
        ).format(
            records=number(report.records),
            read=number(report.read),
            added=number(report.added),
            updated=number(report.updated),
            skipped=number(len(report.skipped)),
        )
    )
    for status, count in sorted((report.statuses or {}).items()):
        say(f"{status_text(status)}: {number(count)}")
    # Those who are no borrowers need nothing done about them; they must not crowd out those who do.
    skipped = sorted(report.skipped, key=lambda problem: problem.why in {"not_a_borrower", "no_name_yet"})
    for problem in skipped[:SHOWN]:
        complain(_("no. {record}: {reason}").format(record=problem.record, reason=problem_text(problem)))
    more = len(report.skipped) - SHOWN
    if more > 0:
        complain(
            ngettext("… and {n} more. --json lists them all.", "… and {n} more. --json lists them all.", more).format(
                n=number(more)
            )
        )
    for note in report.notes:
        complain(_("from no. {record}: {reason}").format(record=note.record, reason=note_text(note)))
