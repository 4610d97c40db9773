"""``desk check``: is the store whole, and what waits in the queues?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from db import errors as below
from db.queue import Queue, queue_files
from desk.calendar import local_date
from desk.cli.check_words import finding_text
from desk.cli.output import complain, say, say_json
from desk.cli.sentences import sentence
from desk.cli.words import Worded, json_option
from desk.command import INSTALLATION
from desk.desk import store_error
from desk.errors import DeskError
from desk.installation import Installation, now, told_in_our_types, unopened
from desk.registry.checking import StoreCheck, store_check
from desk.settings import home
from desk.texts import _
from desk.wording import number, plain

CLEAN, WRONG = 0, 1


@dataclass(slots=True)
class _Found:
    """What a check has found so far."""

    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    queues: list[dict[str, Any]] = field(default_factory=list)

    def error(self, check: str, text: str, rows: tuple[int, ...] = ()) -> None:
        self.errors.append({"check": check, "text": text, "rows": list(rows)})


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "check",
        callback=check,
        params=[json_option()],
        help=_("Check that the store and the queues are whole."),
    )


def check(*, as_json: bool) -> int:
    """Check everything, and say what is wrong.

    Returns:
        0: nothing is wrong; 1: something is.
    """
    found = _Found()
    where = home()
    try:
        with unopened(where) as installation:
            _check_store(installation, found)
            _check_queues(where, installation.secrets.secret("queue"), found)
    except DeskError as error:
        found.error("installation", sentence(error))
    if as_json:
        say_json(
            {
                "ok": not found.errors,
                "errors": found.errors,
                "warnings": found.warnings,
                "counts": found.counts,
                "queues": found.queues,
            }
        )
    else:
        _tell(found)
    return WRONG if found.errors else CLEAN


def _check_store(installation: Installation, found: _Found) -> None:
    try:
        with told_in_our_types():
            installation.store.check_current()
            for damage in installation.store.damage():
                found.error("damage", _("The store is damaged: {detail}").format(detail=plain(damage)))
        newest = installation.log_witness.remembered()
        checked = asyncio.run(installation.desk.ask(INSTALLATION, store_check, local_date(now()), newest))
    except DeskError as error:
        found.error("store", sentence(error))
        return
    _take_in(checked, found)


def _take_in(checked: StoreCheck, found: _Found) -> None:
    for finding in checked.errors:
        found.error(finding.what, finding_text(finding), finding.rows)
    found.warnings += [
        {"check": finding.what, "text": finding_text(finding), "rows": list(finding.rows)}
        for finding in checked.warnings
    ]
    found.counts = checked.counts


def _check_queues(where: Path, key: bytes, found: _Found) -> None:
    for path in queue_files(where):
        queue = Queue(path, key)
        try:
            damage, waiting, deciding = asyncio.run(_queue(queue))
        except below.StorageError as error:
            found.error("queue", sentence(store_error(error)))
            continue
        finally:
            queue.close()
        for text in damage:
            found.error("queue", _("{file} is damaged: {detail}").format(file=path.name, detail=plain(text)))
        found.queues.append({"file": path.name, "waiting": waiting, "deciding": deciding})


async def _queue(queue: Queue) -> tuple[list[str], int, int]:
    return await queue.damage(), len(await queue.entries("waiting")), len(await queue.entries("deciding"))


def _tell(found: _Found) -> None:
    for error in found.errors:
        complain(_("error: {text}").format(text=error["text"]))
    for warning in found.warnings:
        complain(_("note: {text}").format(text=warning["text"]))
    if found.counts:
        say(
            _(
                "Borrowers: {borrowers} · titles: {titles} · items: {items} · open loans: {open_loans}"
                " · log: {log_rows} rows"
            ).format(**{name: number(count) for name, count in found.counts.items()})
        )
    for queue in found.queues:
        say(
            _("{file}: scans waiting: {waiting} · decisions waiting: {deciding}").format(
                file=queue["file"], waiting=number(queue["waiting"]), deciding=number(queue["deciding"])
            )
        )
    if not found.errors:
        say(_("All is well."))
