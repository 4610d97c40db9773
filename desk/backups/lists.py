"""The lists of tombstones that a restore goes by: beside the back-up, in the home, and any that it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desk.backups.container import Heading
from desk.backups.known import register_of
from desk.errors import TombstonesError
from desk.privacy.tombstones import Entry, TombstoneList, copy_name, left_in, list_file, tombstones_in

if TYPE_CHECKING:
    from db.fields import CprVault


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists say together.

    Attributes:
        entries: those of the longest, and then what only others say.
        tombstones: everybody whom any of them holds erased.
        known_until: the local date up to which the newest of them tells of erasures; None: there is none.
        read: the lists that were used.
        faulty: those that could not be, with a code word; ``shortened``: older than the back-up beside it;
            ``begun``: it began anew after the back-up was made.
    """

    entries: tuple[Entry, ...]
    tombstones: frozenset[bytes]
    known_until: date | None
    read: tuple[str, ...]
    faulty: tuple[tuple[str, str], ...]

    @property
    def left(self) -> Mapping[bytes, date]:
        """The marks of whoever left the newsletter, with the local date of the last time."""
        return left_in(self.entries)

    @property
    def is_enough(self) -> bool:
        """Whether it is known who was erased: there is a list, and none is missing or was touched."""
        return bool(self.read) and not self.faulty


def lists_for(home: Path, file: Path, more: Iterable[Path], vault: CprVault, heading: Heading) -> Lists:
    """Read all lists there are for a back-up.

    Args:
        home: into which it is to be restored; its own list counts.
        file: the back-up.
        more: further lists, or folders they lie in.
        vault: of the installation.
        heading: of the back-up: no list beside it can be shorter than the one it was made with.
    """
    beside = file.absolute().parent / copy_name(vault)
    least = (heading.tombstones, bytes.fromhex(heading.tombstones_head))
    return _read((beside, list_file(home)), more, vault, least)


def lists_of_home(home: Path, more: Iterable[Path], vault: CprVault) -> Lists:
    """Read all lists that a home knows of: its own, and those beside its back-ups.

    Args:
        home: the installation's folder.
        more: as :func:`lists_for`.
        vault: of the installation.
    """
    beside = (folder / copy_name(vault) for folder in register_of(home).folders)
    return _read((list_file(home), *beside), more, vault, (0, b""))


def _read(usual: Iterable[Path], more: Iterable[Path], vault: CprVault, least: tuple[int, bytes]) -> Lists:
    found: list[TombstoneList] = []
    read: list[str] = []
    faulty: list[tuple[str, str]] = []
    named = [path / copy_name(vault) if path.is_dir() else path for path in more]
    # One that is named must be there; of the others, those that are.
    for path in dict.fromkeys((*(path for path in usual if path.exists()), *named)):
        try:
            one = tombstones_in(path, vault)
        except TombstonesError as trouble:
            faulty.append((str(path), trouble.why))
            continue
        if not one.holds(*least, vault):
            # The home's own may have begun anew; the one beside the back-up lay there when it was made.
            faulty.append((str(path), "shortened"))
        elif one.began_anew_after(least[0]):
            faulty.append((str(path), "begun"))
        found.append(one)
        read.append(str(path))
    return _together(found, tuple(read), tuple(faulty))


def _together(found: list[TombstoneList], read: tuple[str, ...], faulty: tuple[tuple[str, str], ...]) -> Lists:
    if not found:
        return Lists((), frozenset(), None, read, faulty)
    found.sort(key=lambda one: len(one.entries), reverse=True)
    entries = found[0].entries
    for other in found[1:]:
        entries += tuple(entry for entry in other.entries if entry not in entries)
    # Somebody whom one list holds erased is: what another takes up again, it has not heard of.
    tombstones = frozenset().union(*(one.tombstones for one in found))
    return Lists(entries, tombstones, max(one.known_until for one in found), read, faulty)
