"""The lists of tombstones beside back-ups: copies of the home's own, brought up to date where their media are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.backups.known import register_of
from desk.errors import TombstonesError
from desk.privacy.tombstones import TombstoneList, copy_name, tombstones_in, write_list

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
    for folder in register_of(home).folders:
        try:
            copy_into(folder, vault, own)
        except TombstonesError as trouble:
            troubles.append(trouble)
    return tuple(troubles)


def copy_into(folder: Path, vault: CprVault, own: TombstoneList) -> None:
    """Write the list beside the back-ups of a folder.

    One that knows more than the home's own stays as it is: it was written by the home that this one was restored from,
    or the home's own was put back; a restore takes them all together.

    Raises:
        TombstonesError: the one that is there cannot be trusted, knows more, or cannot be replaced.
    """
    path = folder / copy_name(vault)
    if path.exists():
        theirs = tombstones_in(path, vault)
        if not own.holds(len(theirs.entries), theirs.head, vault):
            raise TombstonesError(str(path), "other")
    elif not folder.is_dir():
        # An empty mount point's parent is not made: the list would lie where the back-ups are not.
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
