"""What ``desk check`` looks at about back-ups and tombstones (G5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from db.models import Borrower, DeletionRequest
from desk.backups.expiring import is_there, overdue
from desk.backups.known import Register, has_backup, register_of
from desk.command import query
from desk.errors import TombstonesError
from desk.privacy.tombstones import TombstoneList, copy_name, list_file, tombstone_of, tombstones_in
from desk.staff.rights import Right

if TYPE_CHECKING:
    from pathlib import Path

    from db.fields import CprVault
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """What the home says of its back-ups.

    Attributes:
        last_made_on: local date of the newest; None: none was ever made.
        overdue: files that should be gone and, as far as can be seen, are not.
        list_trouble: what is wrong with the home's own list of tombstones.
        tombstones: everybody it knows; empty when it cannot be read.
        behind: what is wrong with lists beside back-ups.
        list_begins_on: the local date on which the home's list began anew, without who was erased before; None: it goes
            back to the first.
        register_is_damaged: the home does not know any more where its back-ups lie.
    """

    last_made_on: date | None
    overdue: tuple[str, ...]
    list_trouble: TombstonesError | None
    tombstones: frozenset[bytes]
    behind: tuple[TombstonesError, ...]
    list_begins_on: date | None
    register_is_damaged: bool


def backup_check(home: Path, vault: CprVault, today: date) -> BackupCheck:
    """Look at everything a home keeps outside its store about back-ups and the erased; nothing is written.

    Args:
        home: the installation's folder.
        vault: of the installation.
        today: the local date.
    """
    register = register_of(home)
    own, trouble = _read(list_file(home), vault) if list_file(home).exists() else (None, None)
    behind = [_beside(register, folder, vault, own) for folder in register.folders]
    return BackupCheck(
        register.last_made_on,
        tuple(backup.file for backup in overdue(home, vault, today)),
        trouble,
        frozenset() if own is None else own.tombstones,
        tuple(trouble for trouble in behind if trouble is not None),
        None if own is None else own.begun_on,
        register.is_damaged,
    )


def _beside(register: Register, folder: Path, vault: CprVault, own: TombstoneList | None) -> TombstonesError | None:
    path = folder / copy_name(vault)
    if not is_there(folder, vault):
        # The back-ups lie there: it is the list that is gone, and not the medium.
        return TombstonesError(str(path), "lost" if has_backup(register, folder) else "away")
    theirs, trouble = _read(path, vault)
    if theirs is None or own is None or theirs.entries == own.entries:
        return trouble
    # One that knows more is the other way round, and as wrong: this home lacks what it says.
    return TombstonesError(str(path), "other" if len(theirs.entries) > len(own.entries) else "behind")


def _read(path: Path, vault: CprVault) -> tuple[TombstoneList | None, TombstonesError | None]:
    try:
        return tombstones_in(path, vault), None
    except TombstonesError as trouble:
        return None, trouble


@query(Right.CHECK)
def erased_and_back(transaction: Transaction, tombstones: frozenset[bytes]) -> list[int]:
    """Give the ids of the borrowers who were erased and are there again: a store was put back by hand."""
    return erased_in(transaction, tombstones)


def erased_in(transaction: Transaction, tombstones: frozenset[bytes]) -> list[int]:
    """Give the ids of the borrowers in a store who have a tombstone: nobody, but after a restore."""
    if not tombstones:
        return []
    rows = transaction.all(Borrower.select(Borrower.id, Borrower.number).order_by(Borrower.id))
    return [row[0] for row in rows if tombstone_of(transaction.vault, row[1]) in tombstones]


@query(Right.CHECK)
def erased_without_tombstone(transaction: Transaction, tombstones: frozenset[bytes]) -> list[int]:
    """Give the ids of the erasures that the list of tombstones does not know: it was lost, or put back."""
    rows = transaction.all(
        DeletionRequest.select(DeletionRequest.id, DeletionRequest.tombstone)
        .where(DeletionRequest.tombstone.is_null(False))
        .order_by(DeletionRequest.id)
    )
    return [request_id for request_id, tombstone in rows if tombstone not in tombstones]
