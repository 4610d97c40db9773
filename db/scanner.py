"""Looks through files for strings, databases page by page as they lie (G4). A program of its own.

``python -m db.scanner`` reads one JSON object from standard input and writes JSON lines: how far it is, and last what
it found. What is looked for and the keys come in no argument and in no file. A program of its own, because closing a
file that SQLite has open would drop SQLite's locks, and because a counter must not wait for its reading.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from db.btree import Tree, cells_of, children_of, row_of, trees_in
from db.pages import USABLE, Image, PageFile, PageKey, PageUnreadable, key_that_opens
from db.unpacking import Unpacked, unpacked

AT_ONCE: Final = 512
"""Pages looked through together: searching one long text is quicker than many short ones."""
PIECE_BYTES: Final = 1 << 20
LONG: Final = 12
"""Bytes that do not come together by chance when all that stands between words is left out."""
LOG_ENDING: Final = "-wal"
# What SQLite keeps in memory for its programs: an index of the log, without contents.
INDEX_ENDING: Final = "-shm"


@dataclass(frozen=True, slots=True)
class Found:
    """A place where something was found.

    Attributes:
        string: which of those looked for, by its place in the list.
        file: where.
        page: of a database, from 1; 0: of another file.
        table, row: whose it is, when it lies in a row; empty: it is left over.
    """

    string: int
    file: str
    page: int = 0
    table: str = ""
    row: int | None = None

    def as_json(self) -> list[Any]:
        """Give it as it is handed over; it holds no text of anybody."""
        return [self.string, self.file, self.page, self.table, self.row]


class Unread(Exception):
    """A file cannot be read, so nobody knows what is in it."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the first ``everywhere`` of them in all files, the others in stores only."""

    strings: tuple[bytes, ...]
    everywhere: int

    @property
    def in_files(self) -> tuple[tuple[int, bytes], ...]:
        """Give what is looked for in a file that is no database: also as JSON and as Latin-1 would have it."""
        forms = ((turn, form) for turn, one in enumerate(self.strings[: self.everywhere]) for form in _forms(one))
        return tuple(dict.fromkeys(forms))

    @property
    def in_print(self) -> tuple[tuple[int, str, bool], ...]:
        """Give what is looked for in printed text, and whether it is long enough to be looked for without its gaps."""
        forms = []
        for turn, one in enumerate(self.strings[: self.everywhere]):
            with contextlib.suppress(UnicodeDecodeError):
                words = one.decode("utf-8").split()
                is_long = len(one) >= LONG
                forms.append((turn, ("" if is_long else " ").join(words), is_long))
        return tuple(forms)

    def in_pages(self, *, all_of_them: bool) -> tuple[tuple[int, bytes], ...]:
        """Give what is looked for in pages: what contains another is found with it."""
        numbered = list(enumerate(self.strings if all_of_them else self.strings[: self.everywhere]))
        return tuple(
            (turn, one)
            for turn, one in numbered
            if not any(other in one and (other != one or less < turn) for less, other in numbered if less != turn)
        )


def _forms(stored: bytes) -> Iterator[bytes]:
    yield stored
    try:
        text = stored.decode("utf-8")
    except UnicodeDecodeError:
        yield stored.hex().encode()
        return
    yield json.dumps(text)[1:-1].encode()
    yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
    yield text.encode("utf-16-le")
    if not text.isascii():
        try:
            yield text.encode("latin-1")
        except UnicodeEncodeError:
            return


def files_below(folders: Iterable[Path], left_out: frozenset[Path]) -> list[Path]:
    """List every ordinary file of some folders and files, each once."""
    found: dict[Path, None] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            try:
                is_file = stat.S_ISREG(path.lstat().st_mode)
            except FileNotFoundError:
                continue
            if is_file and path not in left_out and not path.name.endswith(INDEX_ENDING):
                found[path] = None
    return list(found)


@dataclass(slots=True)
class Scanned:
    """What scanning came to.

    Attributes:
        files: how many were looked through.
        found: every place where something was found.
        closed: of how many nobody can say what is packed in them: they were looked through as they lie.
    """

    files: int = 0
    found: list[Found] = field(default_factory=list)
    closed: int = 0


def scan(paths: list[Path], keys: list[bytes], sought: Sought, progress: Callable[[int, int], None]) -> Scanned:
    """Look through files.

    Args:
        paths: ordinary files.
        keys: raw keys: that of stores, and those of what else may be a database.
        sought: what is looked for.
        progress: told bytes done and bytes there are.

    Raises:
        Unread: a file cannot be read.
    """
    sizes = {path: _size(path) for path in paths}
    total, done = sum(sizes.values()), 0
    scanned = Scanned()
    found = scanned.found
    for path in paths:
        try:
            found += _in_name(path, sought)
            if not path.name.endswith(LOG_ENDING) and (key := key_that_opens(path, keys[:1])) is not None:
                found += _in_database(path, key, sought.in_pages(all_of_them=True))
            elif not path.name.endswith(LOG_ENDING) and (key := key_that_opens(path, keys[1:])) is not None:
                found += _in_database(path, key, sought.in_pages(all_of_them=False))
            else:
                packed = unpacked(path)
                found += in_file(path, sought, packed)
                scanned.closed += not packed.is_whole
        except FileNotFoundError:
            # Gone since it was listed: nothing is in it.
            continue
        except (OSError, PageUnreadable) as error:
            raise Unread(str(path)) from error
        scanned.files += 1
        done += sizes[path]
        progress(done, total)
    return scanned


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _in_name(path: Path, sought: Sought) -> Iterator[Found]:
    name = os.fsencode(path.name)
    yield from (Found(turn, str(path)) for turn, form in sought.in_files if form in name)


def in_file(path: Path, sought: Sought, packed: Unpacked) -> Iterator[Found]:
    """Look through a file as it lies, and through what is packed in it."""
    forms = sought.in_files
    longest = max((len(form) for _turn, form in forms), default=0)
    seen: set[int] = set()
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(PIECE_BYTES):
            text = tail + piece
            seen |= {turn for turn, form in forms if turn not in seen and form in text}
            tail = text[-longest:]
    for content in packed.pieces:
        seen |= {turn for turn, form in forms if form in content}
    # Lines are broken where the paper ends, and words may be: what is long enough is looked for without its gaps.
    for printed in packed.texts:
        spaced, closed_up = " ".join(printed.split()), "".join(printed.split())
        seen |= {turn for turn, words, is_long in sought.in_print if words in (closed_up if is_long else spaced)}
    yield from (Found(turn, str(path)) for turn in sorted(seen))


def _in_database(path: Path, key: PageKey, wanted: tuple[tuple[int, bytes], ...]) -> list[Found]:
    """Look through every page and every frame, and say of each place whose row it is."""
    pages = PageFile(path, key)
    below: dict[int, list[int]] = {}
    hits: list[tuple[Image, int, int, int]] = []
    for images in _blocks(pages.images()):
        text = b"".join(image.content for image in images)
        for image in images:
            if image.is_current and (children := children_of(image.content, image.number)):
                below[image.number] = children
        in_block: list[tuple[int, int, int, int]] = []
        for turn, one in wanted:
            at = text.find(one)
            while at >= 0:
                # What reaches from one page into the next lies so by chance: the pages are no neighbours to SQLite.
                start = at % USABLE
                if start + len(one) <= USABLE:
                    in_block.append((at // USABLE, turn, start, start + len(one)))
                at = text.find(one, at + 1)
        hits += [(images[place], turn, start, end) for place, turn, start, end in sorted(in_block)]
    if not hits:
        return []
    owners = _owners(pages, below)
    strays = {image.number for image, *_ in hits if image.number not in owners}
    chains = _chains(pages, owners) if strays else {}
    found = []
    for image, on_it in groupby(hits, key=lambda hit: hit[0]):
        places = Places(image, owners, chains)
        found += [places.found(str(path), turn, start, end) for _image, turn, start, end in on_it]
    return found


def _blocks(images: Iterator[Image]) -> Iterator[list[Image]]:
    block: list[Image] = []
    for image in images:
        block.append(image)
        if len(block) == AT_ONCE:
            yield block
            block = []
    if block:
        yield block


def _owners(pages: PageFile, below: dict[int, list[int]]) -> dict[int, Tree]:
    """Say which tree each page is of."""
    owners: dict[int, Tree] = {}
    for tree in trees_in(pages.page):
        waiting = [tree.root]
        while waiting:
            number = waiting.pop()
            if number not in owners:
                owners[number] = tree
                waiting += below.get(number, [])
    return owners


def _chains(pages: PageFile, owners: dict[int, Tree]) -> dict[int, tuple[Tree, int | None, int]]:
    """Say of each page that a long row goes on upon: whose it is, and how many bytes of it are the row's."""
    chains: dict[int, tuple[Tree, int | None, int]] = {}
    for number, tree in owners.items():
        for cell in cells_of(pages.page(number), number):
            following, left = cell.overflow, cell.left
            row = row_of(cell, tree) if following else None
            while following and left > 0 and following not in chains:
                here = min(left, USABLE - 4)
                chains[following] = (tree, row, here)
                left -= here
                following = int.from_bytes(pages.page(following)[:4], "big") if left else 0
    return chains


class Places:
    """Whose what lies on one page: its cells in the order in which they lie, each with its row."""

    def __init__(self, image: Image, owners: dict[int, Tree], chains: dict[int, tuple[Tree, int | None, int]]) -> None:
        self._number = image.number
        self._chain = chains.get(image.number)
        self._tree = owners.get(image.number)
        cells = [] if self._tree is None else cells_of(image.content, image.number)
        self._cells = sorted(cells, key=lambda cell: cell.start)
        self._starts = [cell.start for cell in self._cells]

    def found(self, file: str, turn: int, start: int, end: int) -> Found:
        """Say whose a place is; one in no cell is left over."""
        if self._tree is not None:
            before = bisect_right(self._starts, start) - 1
            if before >= 0 and end <= self._cells[before].end:
                return Found(turn, file, self._number, self._tree.table, row_of(self._cells[before], self._tree))
        elif self._chain is not None:
            tree, row, size = self._chain
            if start >= 4 and end <= 4 + size:
                return Found(turn, file, self._number, tree.table, row)
        return Found(turn, file, self._number)


def main() -> int:
    """Scan what standard input says."""
    asked = json.load(sys.stdin)
    sought = Sought(tuple(bytes.fromhex(one) for one in asked["strings"]), asked["everywhere"])
    keys = [bytes.fromhex(one) for one in asked["keys"]]
    left_out = frozenset(Path(one) for one in asked["left_out"])

    def say(content: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(content) + "\n")
        sys.stdout.flush()

    try:
        paths = files_below((Path(one) for one in asked["folders"]), left_out)
        scanned = scan(paths, keys, sought, lambda done, total: say({"done": done, "of": total}))
    except Unread as unread:
        say({"unread": str(unread)})
        return 1
    say({"files": scanned.files, "closed": scanned.closed, "found": [one.as_json() for one in scanned.found]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
