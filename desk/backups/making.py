"""Making a back-up while the counters work (T1), with the tombstones beside it (G5)."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from db import errors as below
from db.backup import copy_store, flush
from db.engine import is_embedded
from db.store import claim_file
from desk.backups.beside import brought_up_to, copy_into, copy_to_backups
from desk.backups.container import Heading, Progress, fingerprint_of, pack
from desk.backups.expiring import Expired, delete_expired, is_there
from desk.backups.known import KnownBackup, register_of, whole_register, write_register
from desk.calendar import local_date
from desk.desk import store_error
from desk.errors import BackupError, FileNotWritten, TombstonesError
from desk.installation import SETTINGS_FILE, told_in_our_types
from desk.privacy.access_log import newest_row
from desk.privacy.tombstones import copy_name, held, own_list
from desk.system_words import system_words

if TYPE_CHECKING:
    from db.fields import CprVault
    from db.store import Store
    from desk.installation import Installation

DRAFT = ".part"
TEMPLATES = "templates"
LONGEST_TEMPLATE = 100_000


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A back-up that was made.

    Attributes:
        file: where it lies.
        size: bytes of it.
        expires_on: the first local date on which it is to be gone.
        tombstones: how many erased persons the list beside it knows.
        expired: what became of those whose time was up.
        lists_behind: lists beside other back-ups that could not be brought up to date.
    """

    file: Path
    size: int
    expires_on: date
    tombstones: int
    expired: Expired
    lists_behind: tuple[TombstonesError, ...]


def make_backup(
    installation: Installation, file: Path, at: datetime, progress: Progress, *, may_replace: bool = False
) -> MadeBackup:
    """Make a back-up: a whole file under its name, or none.

    What is written meanwhile has a name that begins with a dot and is encrypted; what a run that was killed left of it
    goes with the next one. The home knows of the file, and the list of tombstones lies beside it, before it is there:
    whoever is erased from then on is on that list.

    Args:
        installation: opened.
        file: where; its folder is there. A folder: a name with the date is made in it.
        at: the instant, aware UTC.
        progress: told how far it is.
        may_replace: whether a file that is there may give way.

    Raises:
        BackupError: ``server``: a server's store is no file of ours; ``running``: another back-up is being made;
            ``inside``: it would lie in the home itself; ``away``: the medium of the folder's back-ups is not here;
            ``register``: what the home remembers of its back-ups is damaged.
        FileNotWritten: ``taken``, or it cannot be written.
        TombstonesError: the list of tombstones cannot be trusted: a back-up without it would bring the erased back.
        StoreError: the store cannot be read.
    """
    home, vault, today = installation.home, installation.vault, local_date(at)
    if not is_embedded(installation.store.url):
        raise BackupError(installation.store.where, "server")
    file = _named(Path(os.path.abspath(file)), at, may_replace=may_replace)
    if file.resolve().is_relative_to(home.resolve()):
        # Lost with the home; and the proof of an erasure would find its person there, unread.
        raise BackupError(str(file), "inside")
    _refuse_empty_mount(home, file.parent, vault)
    with _one_at_a_time(home):
        expired = delete_expired(home, vault, today)
        with _told(file):
            _sweep((file.parent, *register_of(home).folders), vault)
            body, draft = _drafts(file, vault)
            try:
                heading = _copied(installation, body, at, progress)
                pack(draft, body, heading, installation.secrets.secret("store"))
                body.unlink()
                with held(home):
                    own = brought_up_to(home, vault, own_list(home, vault, today), today)
                    _remember(home, KnownBackup(str(file), today, heading.expires_on), today)
                    copy_into(file.parent, vault, own, is_right=True)
                    behind = copy_to_backups(home, vault, own)
                _put_in_place(draft, file, may_replace=may_replace)
            finally:
                _sweep((file.parent,), vault)
            size = file.stat().st_size
    return MadeBackup(file, size, heading.expires_on, len(own.tombstones), expired, behind)


def _named(file: Path, at: datetime, *, may_replace: bool) -> Path:
    """Say what the file is called, and refuse a name that is taken before anything is read."""
    if file.is_dir():
        file /= f"skranke-{at.astimezone():%Y-%m-%d-%H%M%S}.backup"
    if os.path.lexists(file) and not may_replace:
        raise FileNotWritten(str(file), "taken")
    return file


def _refuse_empty_mount(home: Path, folder: Path, vault: CprVault) -> None:
    """Refuse a folder whose back-ups and list are both gone: most likely the medium is, and this is its mount point.

    A list written there would say that the medium is here, and what lies on it would be forgotten.
    """
    known = [backup for backup in register_of(home).backups if backup.path.parent == folder]
    if known and not is_there(folder, vault) and not any(backup.path.exists() for backup in known):
        raise BackupError(str(folder), "away")


@contextlib.contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    try:
        claimed = claim_file(home / "backup.lock")
    except below.StorageError as error:
        raise store_error(error) from None
    if claimed is None:
        raise BackupError(str(home), "running")
    try:
        yield
    finally:
        os.close(claimed)


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except below.StoreFull:
        # Of the two files only this one is written.
        raise FileNotWritten(str(file), "unwritable", system_words(os.strerror(errno.ENOSPC))) from None
    except below.StorageError as error:
        raise store_error(error) from None
    except FileExistsError:
        raise FileNotWritten(str(file), "taken") from None
    except (OSError, ValueError) as error:
        raise FileNotWritten(str(file), "unwritable", system_words(error)) from None


def _drafts(file: Path, vault: CprVault) -> tuple[Path, Path]:
    """Give the names under which the copy of the store and the back-up are written: this installation's own."""
    ours = Path(copy_name(vault)).stem
    return file.with_name(f".{file.name}.{ours}.store{DRAFT}"), file.with_name(f".{file.name}.{ours}{DRAFT}")


def _sweep(folders: Iterable[Path], vault: CprVault) -> None:
    """Delete what back-ups that were broken off have left in folders, whatever they were to be called."""
    for folder in dict.fromkeys(folders):
        for left in folder.glob(f".*.{Path(copy_name(vault)).stem}*{DRAFT}*"):
            left.unlink(missing_ok=True)


def _copied(installation: Installation, body: Path, at: datetime, progress: Progress) -> Heading:
    """Copy the store, and gather what a back-up says of itself."""
    store, key = installation.store, installation.secrets.secret("store")
    # Read before the copy is begun: the copy holds this row, and those that came after.
    with told_in_our_types():
        number, seal = _newest_row(store)
        migrations = tuple(sorted(store.applied_migrations()))
    copy_store(store.url, key, body, progress)
    with held(installation.home):
        known = own_list(installation.home, installation.vault, local_date(at))
    return Heading(
        made_at=at,
        expires_on=local_date(at) + timedelta(days=installation.settings.backup.keep_days),
        migrations=migrations,
        size=body.stat().st_size,
        fingerprint=fingerprint_of(body),
        tombstones=len(known.entries),
        tombstones_head=known.head.hex(),
        log_number=number,
        log_seal=seal.hex(),
        settings=(installation.home / SETTINGS_FILE).read_text("utf-8"),
        templates=_templates(installation.home),
    )


def _newest_row(store: Store) -> tuple[int, bytes]:
    try:
        return store.read_here(newest_row)
    except below.StoreOutdated:
        # A back-up is what is taken before an upgrade: the tables may be an older program's, without a log.
        return 0, b""


def _templates(home: Path) -> dict[str, str]:
    """Read the library's own texts of messages; what is no such text stays behind."""
    folder, found = home / TEMPLATES, {}
    for path in sorted(folder.glob("*/*.txt")):
        content = path.read_bytes()[:LONGEST_TEMPLATE]
        found[str(path.relative_to(folder))] = content.decode("utf-8", "replace")
    return found


def _remember(home: Path, new: KnownBackup, today: date) -> None:
    register = whole_register(home)
    others = tuple(backup for backup in register.backups if backup.file != new.file)
    write_register(home, replace(register, last_made_on=today, backups=(*others, new)))


def _put_in_place(draft: Path, file: Path, *, may_replace: bool) -> None:
    if may_replace:
        draft.replace(file)
    else:
        # A link, unlike a rename, fails when the name was taken meanwhile.
        file.hardlink_to(draft)
        draft.unlink()
    flush(file)
