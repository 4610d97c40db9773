"""Back-ups go when their time is up, deleted by us; what cannot be deleted is told until it is (G5)."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desk.backups.known import KnownBackup, register_of, whole_register, write_register
from desk.privacy.tombstones import copy_name, held
from desk.system_words import system_words

if TYPE_CHECKING:
    from db.fields import CprVault


@dataclass(frozen=True, slots=True)
class Expired:
    """What became of the back-ups whose time was up.

    Attributes:
        deleted: files that were deleted.
        left: files that could not be, with the system's words; empty words: their medium is away.
    """

    deleted: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def delete_expired(home: Path, vault: CprVault, today: date) -> Expired:
    """Delete the back-ups whose time is up, and forget those that are gone.

    Args:
        home: the installation's folder.
        vault: of the installation: names the list beside its back-ups.
        today: the local date.

    Raises:
        BackupError: ``register``: what the home remembers of its back-ups is damaged.
        TombstonesError, FileNotWritten: the home cannot be written; a back-up that was deleted is gone all the same.
    """
    with held(home):
        register = whole_register(home)
        deleted: list[str] = []
        left: list[tuple[str, str]] = []
        kept: list[KnownBackup] = []
        for backup in register.backups:
            if not is_gone(backup.path, vault):
                trouble = None if backup.expires_on > today else _deleted(backup.path, vault)
                if backup.expires_on > today:
                    kept.append(backup)
                elif trouble is None:
                    deleted.append(backup.file)
                else:
                    left.append((backup.file, trouble))
                    kept.append(backup)
        if tuple(kept) != register.backups:
            write_register(home, replace(register, backups=tuple(kept)))
    return Expired(tuple(deleted), tuple(left))


def overdue(home: Path, vault: CprVault, today: date) -> tuple[KnownBackup, ...]:
    """Give the back-ups that should be gone and, as far as can be seen, are not."""
    return tuple(
        backup for backup in register_of(home).backups if backup.expires_on <= today and not is_gone(backup.path, vault)
    )


def last_day_in_a_backup(home: Path) -> date | None:
    """Give the last local date on which a back-up may still hold somebody who is erased now; None: there is none.

    One whose time is up already and that could not be deleted counts as well: its date lies behind, and
    ``desk check`` tells it until it is gone.
    """
    return max((backup.expires_on - timedelta(days=1) for backup in register_of(home).backups), default=None)


def is_there(folder: Path, vault: CprVault) -> bool:
    """Tell whether the medium of a folder is there: the list beside its back-ups lies in it.

    An empty mount point is a folder too; a file that is not in it may well be on the medium that is away.
    """
    return (folder / copy_name(vault)).exists()


def is_gone(path: Path, vault: CprVault) -> bool:
    """Tell whether a back-up is not there any more, though its medium is."""
    return is_there(path.parent, vault) and not os.path.lexists(path)


def _deleted(path: Path, vault: CprVault) -> str | None:
    """Delete a back-up; gives why it could not be."""
    try:
        path.unlink()
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return system_words(error)
    return None
