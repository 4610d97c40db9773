"""Tombstones: who was erased, known again by a keyed hash of the lånernummer and by nothing else (G5).

The list lies in the home and, sealed alike, beside every back-up, which it outlives. It is a chain: a line that was
changed, taken out or put in does not fit, and neither does an end that was cut off. It is written whole each time, so
a program that is killed leaves the list before or the list after.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.errors import TombstonesError
from desk.private_files import write_private
from desk.system_words import system_words

if TYPE_CHECKING:
    from db.fields import CprVault

FILE: Final = "tombstones"
ENDING: Final = ".tombstones"
HEADING: Final = "skranke tombstones 1"
BEGUN_HEADING: Final = "skranke tombstones 2"
"""Of a list that has begun anew, or knows who left the newsletter: an older program would take it for damaged."""
CHAIN: Final = b"tombstones"
LAID, TAKEN_UP, BEGUN, LEFT, CAME_BACK = "laid", "taken-up", "begun", "left", "came-back"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a tombstone laid down, or taken up again because the erasure did not take place.

    Or that the list began anew there: of who was erased before, it may not know. Such a line has no tombstone. Or that
    somebody left the newsletter, or came back: the mark that is in the tombstone's place is no borrower's.
    """

    day: date
    kind: str
    tombstone: bytes

    @property
    def content(self) -> str:
        """The line without its seal."""
        return f"{self.day.isoformat()} {self.kind} {self.tombstone.hex()}"


@dataclass(frozen=True, slots=True)
class TombstoneList:
    """A list whose seals fit.

    Attributes:
        entries: oldest first.
        known_until: the local date of its last writing: of later erasures it knows nothing.
        head: the seal of the newest line; empty when there is none.
    """

    entries: tuple[Entry, ...]
    known_until: date
    head: bytes

    @property
    def tombstones(self) -> frozenset[bytes]:
        """Everybody who is erased."""
        return in_force(self.entries)

    @property
    def left(self) -> dict[bytes, date]:
        """The marks of whoever left the newsletter and did not come back, with the local date of the last time."""
        return left_in(self.entries)

    @property
    def begun_on(self) -> date | None:
        """The local date on which it began anew without what stood in the one before; None: it goes back to the first.

        A supervisor restored a back-up without a list then: who was erased earlier may be missing here.
        """
        return max((entry.day for entry in self.entries if entry.kind == BEGUN), default=None)

    def began_anew_after(self, count: int) -> bool:
        """Tell whether it began anew behind its first ``count`` lines."""
        return any(entry.kind == BEGUN for entry in self.entries[count:])

    def holds(self, count: int, head: bytes, vault: CprVault) -> bool:
        """Tell whether it goes on from a list of so many lines with that newest seal."""
        return count <= len(self.entries) and sealed(self.entries[:count], vault) == head


def begun(day: date) -> Entry:
    """Give the line that says that a list began anew on a local date."""
    return Entry(day, BEGUN, b"")


def in_force(entries: Iterable[Entry]) -> frozenset[bytes]:
    """Give the tombstones that were laid down and not taken up again."""
    standing: set[bytes] = set()
    for entry in entries:
        (standing.add if entry.kind == LAID else standing.discard)(entry.tombstone)
    return frozenset(standing)


def left_in(entries: Iterable[Entry]) -> dict[bytes, date]:
    """Give the marks of whoever left the newsletter and did not come back, with the local date of the last time."""
    left: dict[bytes, date] = {}
    for entry in entries:
        if entry.kind == LEFT:
            left[entry.tombstone] = max(entry.day, left.get(entry.tombstone, entry.day))
        elif entry.kind == CAME_BACK:
            left.pop(entry.tombstone, None)
    return left


def tombstone_of(vault: CprVault, number: str) -> bytes:
    """Give a lånernummer's tombstone (32 bytes): the same whenever it is asked for, and nobody else's.

    Args:
        vault: of the installation; without its key no number can be tried against a list.
        number: the lånernummer, 8 figures.
    """
    return vault.tombstone(number)


def numbers_of_nobody(home: Path, vault: CprVault, draw: Callable[[int], str]) -> Callable[[int], str]:
    """Give what draws lånernumre, without those of the erased: whoever got one would be erased by the next restore.

    Args:
        home: the installation's folder; its list is read now.
        vault: of the installation.
        draw: draws so many digits. A list that cannot be read keeps nobody from getting a card: one number in millions
            may be on it, and ``desk check`` tells.
    """
    taken: frozenset[bytes] = frozenset()
    if list_file(home).exists():
        with contextlib.suppress(TombstonesError):
            taken = tombstones_in(list_file(home), vault).tombstones

    def another(count: int) -> str:
        number = draw(count)
        while taken and tombstone_of(vault, number) in taken:
            number = draw(count)
        return number

    return another


def list_file(home: Path) -> Path:
    """Say where a home's own list lies."""
    return home / FILE


def copy_name(vault: CprVault) -> str:
    """Give the name of the list beside back-ups: two installations may share a folder."""
    return f"skranke-{sha256(sealed((), vault) + vault.chained(b'', b'name', CHAIN)).hexdigest()[:8]}{ENDING}"


def lay_down(home: Path, vault: CprVault, tombstone: bytes, day: date) -> None:
    """Put a tombstone on the list, on the disk before this returns, and on the lists beside the back-ups.

    Called inside the erasure's transaction, after its last statement and *before the commit*: killed in between, the
    list has one too many, never one too few. One too many is taken up again (:func:`take_up`) by whoever finds the
    erasure undone: the erasure itself when the commit fails, or the start that finds the request still approved. A
    tombstone that lies already is not laid twice, so that an erasure that is repeated may call this again.

    A list beside a back-up whose medium is away gets it with the next back-up or night.

    Args:
        home: the installation's folder.
        vault: of the installation; the list is sealed with its key.
        tombstone: :func:`tombstone_of` of the lånernummer.
        day: the local date.

    Raises:
        TombstonesError: the list cannot be trusted or not be written; the erasure must not be committed.
    """
    _enter(home, vault, Entry(day, LAID, tombstone))


def take_up(home: Path, vault: CprVault, tombstone: bytes, day: date) -> None:
    """Take a tombstone off again: its erasure was not committed. One that does not lie is let be.

    Raises:
        TombstonesError: as :func:`lay_down`.
    """
    _enter(home, vault, Entry(day, TAKEN_UP, tombstone))


def note_left(home: Path, vault: CprVault, mark: bytes, day: date) -> None:
    """Note that somebody left the newsletter; once a day is enough.

    Args:
        home: the installation's folder.
        vault: of the installation.
        mark: 32 bytes that lead to nobody.
        day: the local date.

    Raises:
        TombstonesError: the list cannot be trusted or not be written.
    """
    _enter(home, vault, Entry(day, LEFT, mark))


def note_back(home: Path, vault: CprVault, mark: bytes, day: date) -> None:
    """Note that somebody is on the newsletter's list again; nothing, unless they have left it before.

    Args:
        home: the installation's folder.
        vault: of the installation.
        mark: as for :func:`note_left`.
        day: the local date.

    Raises:
        TombstonesError: the list cannot be trusted or not be written.
    """
    _enter(home, vault, Entry(day, CAME_BACK, mark))


def _enter(home: Path, vault: CprVault, entry: Entry) -> None:
    from desk.backups.beside import copy_to_backups  # noqa: PLC0415  (only where somebody is erased)

    with held(home):
        found = own_list(home, vault, entry.day)
        if _is_news(entry, found):
            found = write_list(list_file(home), vault, (*found.entries, entry), entry.day)
        copy_to_backups(home, vault, found)


def _is_news(entry: Entry, found: TombstoneList) -> bool:
    if entry.kind == LEFT:
        return found.left.get(entry.tombstone, date.min) < entry.day
    if entry.kind == CAME_BACK:
        return entry.tombstone in found.left
    return (entry.tombstone in found.tombstones) != (entry.kind == LAID)


def own_list(home: Path, vault: CprVault, day: date) -> TombstoneList:
    """Give a home's list; an empty one when nobody has been erased yet.

    Where it is gone and lies beside a back-up, it is taken from there: a new one would forget the erased.

    Raises:
        TombstonesError: it cannot be trusted or read.
    """
    from desk.backups.beside import lists_beside  # noqa: PLC0415  (only where somebody is erased)

    if list_file(home).exists():
        return tombstones_in(list_file(home), vault)
    found = max(lists_beside(home, vault), key=lambda one: len(one.entries), default=None)
    return TombstoneList((), day, b"") if found is None else found


def tombstones_in(path: Path, vault: CprVault) -> TombstoneList:
    """Read a list and make sure that it is as it was left.

    Raises:
        TombstonesError: ``damaged``: a line was changed, or is missing, or it is another installation's; ``newer``:
            another version of the program wrote it; ``unreadable``.
    """
    try:
        lines = path.read_text("ascii").split("\n")
    except OSError as error:
        raise TombstonesError(str(path), "unreadable", system_words(error)) from None
    except UnicodeDecodeError:
        raise TombstonesError(str(path), "damaged") from None
    if lines[0] not in {HEADING, BEGUN_HEADING}:
        kind = "newer" if lines[0].startswith(HEADING.rpartition(" ")[0]) else "damaged"
        raise TombstonesError(str(path), kind)
    try:
        entries = tuple(_read(line) for line in lines[1:-2])
        word, count, day, _seal = lines[-2].split(" ")
        known_until = date.fromisoformat(day)
    except (ValueError, IndexError):
        raise TombstonesError(str(path), "damaged") from None
    head = sealed(entries, vault)
    if "\n".join(lines) != _written(entries, known_until, vault) or (word, count) != ("end", str(len(entries))):
        raise TombstonesError(str(path), "damaged")
    return TombstoneList(entries, known_until, head)


def write_list(path: Path, vault: CprVault, entries: tuple[Entry, ...], day: date) -> TombstoneList:
    """Write a list whole, on the disk before this returns.

    Args:
        path: its file.
        vault: whose key seals it.
        entries: all of them, oldest first.
        day: the local date up to which it is complete.

    Raises:
        TombstonesError: it cannot be written; what was there is unchanged.
    """
    try:
        write_private(path, _written(entries, day, vault).encode("ascii"), replace=True)
    except OSError as error:
        raise TombstonesError(str(path), "unwritable", system_words(error)) from None
    return TombstoneList(entries, day, sealed(entries, vault))


def sealed(entries: tuple[Entry, ...], vault: CprVault) -> bytes:
    """Give the seal of the newest line; empty when there is none."""
    seal = b""
    for entry in entries:
        seal = vault.chained(seal, entry.content.encode("ascii"), CHAIN)
    return seal


def _written(entries: tuple[Entry, ...], day: date, vault: CprVault) -> str:
    is_newer = any(entry.kind in {BEGUN, LEFT, CAME_BACK} for entry in entries)
    lines, seal = [BEGUN_HEADING if is_newer else HEADING], b""
    for entry in entries:
        seal = vault.chained(seal, entry.content.encode("ascii"), CHAIN)
        lines.append(f"{entry.content} {seal.hex()}")
    end = f"end {len(entries)} {day.isoformat()}"
    return "\n".join((*lines, f"{end} {vault.chained(seal, end.encode('ascii'), CHAIN).hex()}", ""))


def _read(line: str) -> Entry:
    day, kind, tombstone, _seal = line.split(" ")
    if kind not in {LAID, TAKEN_UP, BEGUN, LEFT, CAME_BACK}:
        raise ValueError(kind)
    return Entry(date.fromisoformat(day), kind, bytes.fromhex(tombstone))


@contextlib.contextmanager
def held(home: Path) -> Iterator[None]:
    """Keep other programs of this home from writing the list meanwhile; it takes as long as a few files' writing.

    Raises:
        TombstonesError: the home cannot be written.
    """
    path = home / f"{FILE}.lock"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise TombstonesError(str(list_file(home)), "unwritable", system_words(error)) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
