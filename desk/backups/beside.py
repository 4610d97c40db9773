"""The lists of tombstones beside back-ups: copies of the home's own, brought up to date where their media are there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desk.backups.known import has_backup, register_of
from desk.errors import TombstonesError
from desk.privacy.tombstones import (
    TombstoneList,
    copy_name,
    held,
    list_file,
    own_list,
    tombstones_in,
    write_list,
)

if TYPE_CHECKING:
    from db.fields import CprVault


def copy_to_backups(home: Path, vault: CprVault, own: TombstoneList) -> tuple[TombstonesError, ...]:
    """Bring the lists beside every back-up up to the home's own; gives what was in the way of any of them.

    A folder whose medium is away is tried again by the next back-up or night.

    Args:
        home: the installation's folder.
        vault: whose key seals them.
        own: the home's list, as it is now.
    """
    troubles = []
    register = register_of(home)
    for folder in register.folders:
        try:
            copy_into(folder, vault, own, is_right=has_backup(register, folder))
        except TombstonesError as trouble:
            troubles.append(trouble)
    return tuple(troubles)


def bring_lists_up(home: Path, vault: CprVault, today: date) -> tuple[TombstonesError, ...]:
    """Say in every list that it is complete up to today, the home's own first; gives what was in the way of others.

    Raises:
        TombstonesError: the home's own cannot be trusted or not be written.
    """
    with held(home):
        own = own_list(home, vault, today)
        return copy_to_backups(home, vault, brought_up_to(home, vault, own, today))


def brought_up_to(home: Path, vault: CprVault, own: TombstoneList, today: date) -> TombstoneList:
    """Say in the home's list that it is complete up to today; it is held meanwhile."""
    return write_list(list_file(home), vault, own.entries, max(own.known_until, today))


def copy_into(folder: Path, vault: CprVault, own: TombstoneList, *, is_right: bool = False) -> None:
    """Write the list beside the back-ups of a folder.

    One that knows more than the home's own stays as it is: it was written by the home that this one was restored from,
    or the home's own was put back; a restore takes them all together.

    Args:
        folder: where.
        vault: whose key seals it.
        own: the home's list, as it is now.
        is_right: a back-up of ours lies there, or is about to: the folder is no empty mount point.

    Raises:
        TombstonesError: ``away``: neither the list nor a back-up of ours is there, so that its medium is not;
            ``other``: the one that is there knows more; or it cannot be trusted or not be replaced.
    """
    path = folder / copy_name(vault)
    if path.exists():
        theirs = tombstones_in(path, vault)
        if not own.holds(len(theirs.entries), theirs.head, vault):
            raise TombstonesError(str(path), "other")
    elif not is_right:
        # The folder of a medium that is away may be there, and empty: the list would lie where the back-ups are not.
        raise TombstonesError(str(path), "away")
    write_list(path, vault, own.entries, own.known_until)


def lists_beside(home: Path, vault: CprVault) -> list[TombstoneList]:
    """Read the lists beside the back-ups that can be reached and trusted."""
    found = []
    for folder in register_of(home).folders:
        try:
            found.append(tombstones_in(folder / copy_name(vault), vault))
        except TombstonesError:
            # One that is away or damaged is told by desk check; here any of the others will do.
            continue
    return found
