"""Putting a back-up in place of a store, without those who were erased since (G5).

Everything happens in a folder beside the store, in a copy that no program opens: it is looked at, brought up to this
program, rid of whoever was erased and of what retention deletes, rewritten, and looked at again. Only then does it take
the store's name, in one step. Killed before that, the home is as it was, and the restore can be repeated.
"""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db import errors as below
from db.backup import flush, rewrite, settle_log
from db.engine import embedded_path, is_embedded
from db.fields import CprVault
from db.store import MIGRATIONS
from desk import settings as desk_settings
from desk.backups.container import Heading, Progress, heading_of, unpack
from desk.backups.known import KnownBackup, LastRestore, Register, register_of, write_register
from desk.backups.lists import Lists, lists_for
from desk.backups.replaying import Replayed, doubt_mailings, doubt_messages, replay
from desk.backups.vouching import Vouches, doubts_of, take_word
from desk.calendar import local_date
from desk.desk import store_error
from desk.errors import BackupError, FileNotWritten, HomeError, StoreError, StoreIsOutdated
from desk.home_hold import hold_home, let_go, restoring_folder, sweep_restoring
from desk.installation import SETTINGS_FILE, put_together
from desk.privacy.access_log import first_break, newest_row
from desk.privacy.tombstones import begun, list_file, write_list
from desk.privacy.witness import FILE as WITNESS_FILE
from desk.privacy.witness import LogWitness
from desk.private_files import private_folder, write_private
from desk.registry.preparing import own_folder
from desk.registry.upgrading import upgrade
from desk.secrets import Secrets, backend_without_settings
from desk.settings import KeysSettings, Settings, StoreSettings, initial_toml
from desk.system_words import system_words
from desk.wording import long_date

if TYPE_CHECKING:
    from desk.installation import Installation

TEMPLATES: Final = "templates"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be restored, and what has been agreed to.

    Attributes:
        file: the back-up.
        home: an absolute folder: none, one with keys alone, or an installation.
        at: the instant, aware UTC.
        more_lists: further lists of tombstones, or folders they lie in.
        may_replace: whether a store that is there may give way.
        vouches: asked for a supervisor when there is no list of tombstones that can be trusted, or the last retention
            run lies ahead; None: nobody is there.
        new_id: draws command ids.
    """

    file: Path
    home: Path
    at: datetime
    more_lists: tuple[Path, ...]
    may_replace: bool
    vouches: Vouches | None
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place.

    Attributes:
        made_at: when the back-up was made, aware UTC.
        known_until: the local date up to which the tombstones tell of erasures; None: there was no list.
        lists: where tombstones were read.
        faulty: lists that could not be used, with a code word.
        replayed: who and what went again.
        messages: how many had waited to be sent, and are told as uncertain.
        migrations: what brought an older back-up up to this program.
        settings_changed: whether ``desk.toml`` differs from the back-up's: where keys and store lie is this machine's.
    """

    made_at: datetime
    known_until: date | None
    lists: tuple[str, ...]
    faulty: tuple[tuple[str, str], ...]
    replayed: Replayed
    messages: int
    migrations: tuple[str, ...]
    settings_changed: bool


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where a restore takes place.

    Attributes:
        settings: that will hold; of the home, or else of the back-up.
        is_new: the home has no settings yet.
        target: the store's file.
        work: the folder beside it in which the copy is made ready.
        settings_changed: as :class:`Restored` says.
    """

    keys: Secrets
    settings: Settings
    is_new: bool
    target: Path
    work: Path
    settings_changed: bool

    @property
    def copy_url(self) -> str:
        """The copy, as a store."""
        return Settings().store_url(self.work)


def restore(wish: Wish, progress: Progress) -> Restored:
    """Put a back-up in place: all of it, or nothing.

    Args:
        wish: what is to be restored.
        progress: told how far the copying is.

    Raises:
        HomeError: ``taken``: there is a store, and nobody said that it may give way; ``held``: a program is running on
            it; ``open`` or ``unwritable``: as ``desk init`` says.
        BackupError: the file is none that can be restored here (see the codes where they are worded); or
            ``no_tombstones``, ``run_ahead``: there is no list of tombstones, or a run ahead of the clock, and nobody
            vouches for going on.
        SignInFailed: whoever vouches is no supervisor of the back-up's.
        SecretsError: the keys are missing: they are imported first.
        StoreError: the copy cannot be read, or a disk is full; what was there is as it was.
        FileNotWritten: the home cannot be written.
    """
    own_folder(wish.home)
    with alone_in(wish.home):
        return _restored(wish, progress)


@contextlib.contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Keep every other program out of a home meanwhile, and any that runs from losing what it writes.

    Raises:
        HomeError: ``held``: a program is running on it.
    """
    hold = hold_home(home, alone=True)
    if hold is None:
        raise HomeError(str(home), "held")
    try:
        yield
    finally:
        let_go(hold)


def _restored(wish: Wish, progress: Progress) -> Restored:
    has_settings = (wish.home / SETTINGS_FILE).exists()
    own = desk_settings.load(wish.home) if has_settings else None
    backend = backend_without_settings(wish.home) if own is None else own.keys.backend
    keys = Secrets(wish.home, backend)
    heading = heading_of(wish.file, keys.secret("store"))
    _refuse_newer(wish.file, heading)
    ground = _ground(wish, keys, own, heading, backend)
    if ground.target.exists() and not wish.may_replace:
        raise HomeError(str(ground.target), "store_there")
    vault = CprVault(keys.secret("cpr"), keys.secret("cpr-index"))
    lists = lists_for(wish.home, wish.file, wish.more_lists, vault, heading)
    try:
        sweep_restoring(ground.target)
        private_folder(ground.work)
        unpack(wish.file, keys.secret("store"), embedded_path(ground.copy_url), progress)
        replayed, messages, migrations = _made_ready(wish, ground, heading, lists)
        restored = Restored(
            made_at=heading.made_at,
            known_until=lists.known_until,
            lists=lists.read,
            faulty=lists.faulty,
            replayed=replayed,
            messages=messages,
            migrations=migrations,
            settings_changed=ground.settings_changed,
        )
        _put_in_place(wish, ground, heading, lists, vault, replayed.erased)
    except OSError as error:
        raise FileNotWritten(str(ground.work), "unwritable", system_words(error)) from None
    except below.StorageError as error:
        raise store_error(error) from None
    finally:
        sweep_restoring(ground.target)
    return restored


def _refuse_newer(file: Path, heading: Heading) -> None:
    ours = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    unknown = sorted(set(heading.migrations) - ours)
    if unknown:
        raise BackupError(str(file), "newer_store", ", ".join(unknown))


def _ground(wish: Wish, keys: Secrets, own: Settings | None, heading: Heading, backend: str) -> _Ground:
    if own is not None:
        if not is_embedded(own.store_url(wish.home)):
            raise BackupError(str(wish.file), "server_here")
        settings, changed = own, False
    else:
        theirs = desk_settings.read(tomllib.loads(heading.settings), wish.home / SETTINGS_FILE)
        settings = replace(theirs, keys=KeysSettings(backend), store=StoreSettings())
        changed = settings != theirs
    target = embedded_path(settings.store_url(wish.home))
    return _Ground(keys, settings, own is None, target, restoring_folder(target), changed)


def _made_ready(wish: Wish, ground: _Ground, heading: Heading, lists: Lists) -> tuple[Replayed, int, tuple[str, ...]]:
    """Look at the copy, bring it up to this program, and take out of it who and what is not to come back."""
    with contextlib.closing(put_together(ground.work, ground.settings, ground.keys, ground.copy_url)) as copy:
        _refuse_damaged(wish.file, copy, heading)
        migrations = _upgraded(wish.file, copy)
        _vouched_for(wish, copy, lists)
        replayed = replay(copy, lists, wish.at, wish.new_id)
        messages = doubt_messages(copy)
        doubt_mailings(copy)
    rewrite(ground.copy_url, ground.keys.secret("store"))
    with contextlib.closing(put_together(ground.work, ground.settings, ground.keys, ground.copy_url)) as copy:
        _refuse_damaged(wish.file, copy, heading)
        number, seal = copy.store.read_here(newest_row)
        (ground.work / WITNESS_FILE).unlink(missing_ok=True)
        copy.log_witness.remember(number, seal)
    settle_log(ground.copy_url, ground.keys.secret("store"))
    return replayed, messages, migrations


def _refuse_damaged(file: Path, copy: Installation, heading: Heading) -> None:
    try:
        damage = copy.store.damage()
        log = (heading.log_number, bytes.fromhex(heading.log_seal))
        broken = copy.store.read_here(lambda transaction: first_break(transaction, log)) if heading.log_number else None
    except below.StoreUnreadable as error:
        raise BackupError(str(file), "damaged_store", error.detail) from None
    except below.StoreOutdated:
        # An older program's tables, of which this one knows nothing yet; they are asked once they are brought up.
        return
    if damage or broken is not None:
        raise BackupError(str(file), "damaged_store", damage[0] if damage else f"access log {broken and broken.number}")


def _upgraded(file: Path, copy: Installation) -> tuple[str, ...]:
    try:
        return tuple(upgrade(copy, lambda _done, _total: None))
    except StoreIsOutdated as error:
        raise BackupError(str(file), "newer_store", error.detail) from None
    except StoreError as error:
        raise BackupError(str(file), "damaged_store", error.detail) from None


def _vouched_for(wish: Wish, copy: Installation, lists: Lists) -> None:
    """Where nobody knows whom the back-up brings back, or what is due, a supervisor takes that upon themselves."""
    doubts = doubts_of(copy, lists, wish.at)
    if not doubts:
        return
    if wish.vouches is None:
        first = doubts[0]
        when = "" if first.ahead_from is None else long_date(local_date(first.ahead_from))
        raise BackupError(str(wish.file), first.what, when)
    take_word(copy, doubts, wish.vouches(doubts), wish.at, wish.new_id)


def _put_in_place(wish: Wish, ground: _Ground, heading: Heading, lists: Lists, vault: CprVault, erased: int) -> None:
    """Give the copy the store's name. What the home knows beside the store comes first, its settings last."""
    home, today = wish.home, local_date(wish.at)
    entries = lists.entries if lists.is_enough else (*lists.entries, begun(today))
    write_list(list_file(home), vault, entries, lists.known_until or today)
    _remember(wish, heading, LastRestore(today, local_date(heading.made_at), erased, lists.is_enough))
    if ground.is_new:
        _write_templates(home, heading.templates)
    elif ground.target.exists():
        # What stands in the old store's log is the old store's; without it, a kill here leaves the store that was.
        # One that is damaged, which may be why this is done, has nothing to lose.
        with contextlib.suppress(below.StoreUnreadable):
            settle_log(ground.settings.store_url(home), ground.keys.secret("store"))
    for beside in ("-wal", "-shm", "-journal"):
        ground.target.with_name(ground.target.name + beside).unlink(missing_ok=True)
    (home / WITNESS_FILE).unlink(missing_ok=True)
    embedded_path(ground.copy_url).replace(ground.target)
    flush(ground.target)
    remembered = LogWitness(ground.work).remembered()
    witness = LogWitness(home)
    if remembered is not None:
        witness.remember(*remembered)
    witness.close()
    if ground.is_new:
        text = initial_toml(ground.settings) if ground.settings_changed else heading.settings
        write_private(home / SETTINGS_FILE, text.encode("utf-8"), replace=False)


def _remember(wish: Wish, heading: Heading, last_restore: LastRestore) -> None:
    """Remember the back-up, so that it goes in its time and is told of who is erased from now on."""
    register = register_of(wish.home)
    restored = KnownBackup(os.path.abspath(wish.file), local_date(heading.made_at), heading.expires_on)
    others = tuple(backup for backup in register.backups if backup.file != restored.file)
    last = max(register.last_made_on or restored.made_on, restored.made_on)
    write_register(wish.home, Register((*others, restored), last, last_restore))


def _write_templates(home: Path, templates: Mapping[str, str]) -> None:
    for name, content in templates.items():
        path = home / TEMPLATES / name
        if path.resolve().is_relative_to((home / TEMPLATES).resolve()):
            private_folder(path.parent)
            write_private(path, content.encode("utf-8"), replace=True)
