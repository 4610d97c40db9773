"""``desk check``: is the store whole, and what waits in the queues?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click

from db import errors as below
from db.queue import Queue, queue_files
from desk.backups.checking import BackupCheck, backup_check, erased_and_back, erased_without_tombstone
from desk.calendar import local_date
from desk.cli.check_words import begins_text, erased_text, finding_text, late_text
from desk.cli.output import complain, say, say_json
from desk.cli.sentences import sentence
from desk.cli.words import Worded, json_option
from desk.command import INSTALLATION
from desk.desk import Desk, store_error
from desk.errors import ClockSetBack, DeskError
from desk.installation import Installation, now, told_in_our_types, unopened
from desk.privacy.retention.queries import retention_status
from desk.privacy.retention.words import clock_sentence
from desk.registry.checking import SHOWN, Finding, StoreCheck, store_check
from desk.settings import home
from desk.texts import _
from desk.wording import number, plain, short_date

CLEAN, WRONG = 0, 1


@dataclass(slots=True)
class _Found:
    """What a check has found so far."""

    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    queues: list[dict[str, Any]] = field(default_factory=list)
    last_backup_on: date | None = None

    def error(self, check: str, text: str, rows: tuple[int, ...] = ()) -> None:
        self.errors.append({"check": check, "text": text, "rows": list(rows)})

    def warn(self, check: str, text: str) -> None:
        self.warnings.append({"check": check, "text": text, "rows": []})


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
            backups = _check_backups(installation, found)
            _check_store(installation, backups.tombstones, found)
            _check_clock(installation, found)
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
                "last_backup_on": None if found.last_backup_on is None else found.last_backup_on.isoformat(),
            }
        )
    else:
        _tell(found)
    return WRONG if found.errors else CLEAN


def _check_backups(installation: Installation, found: _Found) -> BackupCheck:
    checked = backup_check(installation.home, installation.vault, local_date(now()))
    found.last_backup_on = checked.last_made_on
    if checked.list_trouble is not None:
        found.error("tombstones", sentence(checked.list_trouble))
    if checked.register_is_damaged:
        found.error("backups", _("backups.json is damaged: where the back-ups lie is not known any more."))
    for file in checked.overdue:
        found.error("backups", _("{file} should be deleted by now: a back-up is too old.").format(file=plain(file)))
    if checked.list_begins_on is not None:
        found.warn("tombstones", begins_text(checked.list_begins_on, local_date(now())))
    for trouble in checked.behind:
        found.warn("tombstones", sentence(trouble))
    return checked


def _check_store(installation: Installation, tombstones: frozenset[bytes], found: _Found) -> None:
    try:
        with told_in_our_types():
            installation.store.check_current()
            for damage in installation.store.damage():
                found.error("damage", _("The store is damaged: {detail}").format(detail=plain(damage)))
        newest = installation.log_witness.remembered()
        checked, back, unknown = asyncio.run(_asked(installation.desk, newest, tombstones))
    except DeskError as error:
        found.error("store", sentence(error))
        return
    _take_in(checked, found)
    for what, rows in (("erased_and_back", back), ("erased_without_tombstone", unknown)):
        if rows:
            finding = Finding(what, len(rows), tuple(rows[:SHOWN]))
            found.error(what, erased_text(finding), finding.rows)


async def _asked(
    desk: Desk, newest: tuple[int, bytes] | None, tombstones: frozenset[bytes]
) -> tuple[StoreCheck, list[int], list[int]]:
    return (
        await desk.ask(INSTALLATION, store_check, local_date(now()), newest),
        await desk.ask(INSTALLATION, erased_and_back, tombstones),
        await desk.ask(INSTALLATION, erased_without_tombstone, tombstones),
    )


def _take_in(checked: StoreCheck, found: _Found) -> None:
    for finding in checked.errors:
        found.error(finding.what, finding_text(finding), finding.rows)
    found.warnings += [
        {"check": finding.what, "text": finding_text(finding), "rows": list(finding.rows)}
        for finding in checked.warnings
    ]
    found.counts = checked.counts


def _check_clock(installation: Installation, found: _Found) -> None:
    """Say that nothing is deleted by a clock before the last run, or that rows are there that should have gone (G6)."""
    at, days = now(), installation.settings.retention.log_days
    try:
        status = asyncio.run(installation.desk.ask(INSTALLATION, retention_status, at, days))
    except DeskError:
        # Told by what was asked before: the store does not answer.
        return
    if status.clock_back_from is not None:
        found.error("retention_ahead", clock_sentence(ClockSetBack(status.clock_back_from, at)))
    elif status.backlog:
        found.error("retention_late", late_text(status, local_date(at)))


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
    if found.last_backup_on is None and not found.counts:
        # What kept the store shut kept the list of back-ups shut: it is not known that there is none.
        return
    if found.last_backup_on is None:
        say(_("No back-up has been made from this home."))
    else:
        say(_("Last back-up: {date}").format(date=short_date(found.last_backup_on, local_date(now()))))
    if not found.errors:
        say(_("All is well."))
