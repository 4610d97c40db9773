"""``desk backup``: the store as one encrypted file, made while the counters work."""

from __future__ import annotations

import os
from pathlib import Path

import click

from desk.backups.expiring import Expired
from desk.backups.making import MadeBackup, make_backup
from desk.calendar import local_date
from desk.cli.output import complain, progress, say, say_json
from desk.cli.sentences import backup_sentence
from desk.cli.words import Worded, json_option
from desk.errors import BackupError
from desk.installation import now, unopened
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import number, plain, short_date


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "backup",
        callback=backup,
        params=[
            click.Argument(["file"], metavar=_("FILE")),
            click.Option(["--force"], is_flag=True, help=_("Replace a file that is there.")),
            json_option(),
        ],
        help=_(
            "Back the store up into an encrypted file, while the counters work. FILE may be a folder. "
            "The file does not hold the keys that open it: keep those elsewhere, with desk keys export. "
            "Beside it lies the list of those who were erased, which a restore needs; "
            "the file is deleted when its time is up, the list stays."
        ),
    )


def backup(file: str, *, force: bool, as_json: bool) -> None:
    """Make a back-up of ``DESK_HOME``, and delete those whose time is up.

    Raises:
        BackupError: ``no_folder``: a folder is named that is not there; or as :func:`make_backup` says.
        DeskError: it cannot be made; no file of that name is there then that was not before.
    """
    if file.endswith(os.sep) and not os.path.isdir(file):
        raise BackupError(file, "no_folder")
    with unopened(home()) as installation, progress(_("back-up")) as show:
        made = make_backup(installation, Path(file), now(), show, may_replace=force)
    tell_expired(made.expired)
    for trouble in made.lists_behind:
        complain(_("note: {text}").format(text=backup_sentence(trouble)))
    if as_json:
        say_json(_as_json(made))
        return
    for deleted in made.expired.deleted:
        say(_("{file} was too old and is deleted.").format(file=plain(deleted)))
    megabytes = max(1, round(made.size / 1_000_000))
    say(
        _("The back-up is in {file} ({megabytes} MB). It is deleted on {date}.").format(
            file=plain(made.file), megabytes=number(megabytes), date=short_date(made.expires_on, local_date(now()))
        )
    )
    stones = ngettext(
        "The list beside it knows {n} person who was erased. The keys are not in it.",
        "The list beside it knows {n} persons who were erased. The keys are not in it.",
        made.tombstones,
    )
    say(stones.format(n=number(made.tombstones)))


def tell_expired(expired: Expired) -> None:
    """Say which back-ups should be gone and are not."""
    for file, reason in expired.left:
        complain(
            _("note: {file} should be deleted by now and could not be: {reason}").format(
                file=plain(file), reason=reason or _("its medium is not here")
            )
        )


def _as_json(made: MadeBackup) -> dict[str, object]:
    return {
        "ok": True,
        "file": str(made.file),
        "bytes": made.size,
        "expires_on": made.expires_on.isoformat(),
        "tombstones": made.tombstones,
        "deleted": list(made.expired.deleted),
        "not_deleted": [file for file, _reason in made.expired.left],
        "lists_behind": [trouble.file for trouble in made.lists_behind],
    }
