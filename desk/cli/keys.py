"""``desk keys``: the installation's keys, kept safe elsewhere and brought back (T2)."""

from __future__ import annotations

from pathlib import Path

import click

from desk.backups.key_file import is_whole, keys_in, write_key_file
from desk.cli import asking
from desk.cli.output import say, say_json
from desk.cli.words import Worded, WordedGroup, json_option
from desk.errors import BackupError, HomeError
from desk.installation import SETTINGS_FILE
from desk.registry.preparing import own_folder
from desk.secrets import Secrets, backend_without_settings
from desk.settings import home, load
from desk.texts import _, ngettext
from desk.wording import number, plain


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "keys",
        {"export": _export_command, "import": _import_command},
        help=_("The keys without which neither the store nor a back-up can be opened."),
    )


def _params() -> list[click.Parameter]:
    return [
        click.Argument(["file"], metavar=_("FILE")),
        click.Option(["--passphrase-stdin"], is_flag=True, help=_("Read the passphrase from standard input.")),
        json_option(),
    ]


def _export_command() -> click.Command:
    return Worded(
        "export",
        callback=export_keys,
        params=_params(),
        help=_(
            "Write the keys into a file that a passphrase opens. Keep it apart from the back-ups: with both, and the "
            "passphrase, anybody can read the store."
        ),
    )


def _import_command() -> click.Command:
    return Worded(
        "import",
        callback=import_keys,
        params=_params(),
        help=_("Bring keys in from such a file, into a new home or one that has lost its own."),
    )


def export_keys(file: str, *, passphrase_stdin: bool, as_json: bool) -> None:
    """Write the keys of ``DESK_HOME`` into a file.

    Raises:
        click.MissingParameter: nobody is there to ask for the passphrase.
        DeskError: it cannot be done; no file is written then.
    """
    where = home()
    if not (where / SETTINGS_FILE).exists():
        raise HomeError(str(where), "empty")
    keys = Secrets(where, load(where).keys.backend)
    # What is missing is named before anybody thinks up a passphrase.
    kept = keys.kept()
    if not is_whole(kept):
        raise BackupError(keys.where(), "keys_missing")
    _refuse_unasked(passphrase_stdin)
    write_key_file(Path(file), kept, asking.new_passphrase(from_stdin=passphrase_stdin))
    if as_json:
        say_json({"ok": True, "file": file, "keys": len(kept)})
        return
    say(_("The keys are in {file}. Keep it, and the passphrase, apart from the back-ups.").format(file=plain(file)))


def import_keys(file: str, *, passphrase_stdin: bool, as_json: bool) -> None:
    """Bring keys into ``DESK_HOME``; one that is there already and another stays, and none is written.

    Raises:
        click.MissingParameter: nobody is there to ask for the passphrase.
        DeskError: it cannot be done.
    """
    _refuse_unasked(passphrase_stdin)
    kept = keys_in(Path(file), asking.passphrase(from_stdin=passphrase_stdin))
    if not is_whole(kept):
        raise BackupError(file, "keys_missing")
    where = home()
    own_folder(where)
    backend = load(where).keys.backend if (where / SETTINGS_FILE).exists() else backend_without_settings(where)
    keys = Secrets(where, backend)
    new = keys.take_in(kept)
    if as_json:
        say_json({"ok": True, "new": len(new), "keys": backend})
        return
    say(ngettext("{n} key was brought in.", "{n} keys were brought in.", len(new)).format(n=number(len(new))))
    say(keys.describe())


def _refuse_unasked(passphrase_stdin: bool) -> None:
    if not passphrase_stdin and not asking.somebody_is_there():
        option = click.Option(["--passphrase-stdin"])
        raise click.MissingParameter(ctx=click.get_current_context(), param=option)
