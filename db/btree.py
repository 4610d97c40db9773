"""What of a page is alive, and whose it is: SQLite's b-trees read from their pages (file format, section 1.6).

What lies inside a cell of a tree belongs to a row; anything else on a page, and every page of no tree, is left over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from db.pages import USABLE

TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
TREE_PAGES: Final = frozenset({TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR})
INTERIOR: Final = frozenset({TABLE_INTERIOR, INDEX_INTERIOR})
FILE_HEADER: Final = 100
SCHEMA: Final = "sqlite_schema"


@dataclass(frozen=True, slots=True)
class Tree:
    """A table or an index. ``table`` is whose rows are in it; ``has_row_numbers``: the rows lie in it by number."""

    table: str
    root: int
    is_index: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a tree's page.

    Attributes:
        start, end: where it lies on the page; what hangs over is on other pages.
        row: the row's number, in a table that has them.
        payload: as much of it as lies here.
        overflow: the page on which it goes on; 0: it does not.
        left: bytes of it that lie there.
    """

    start: int
    end: int
    row: int | None
    payload: bytes
    overflow: int
    left: int


def header_at(number: int) -> int:
    """Say where a page's own header begins."""
    return FILE_HEADER if number == 1 else 0


def kind_of(content: bytes, number: int) -> int:
    """Give the kind of a page that is one of a tree; of another page it says nothing."""
    return content[header_at(number)]


def children_of(content: bytes, number: int) -> list[int]:
    """Give the pages below an interior page; none for any other."""
    if kind_of(content, number) not in INTERIOR:
        return []
    at = header_at(number)
    last = int.from_bytes(content[at + 8 : at + 12], "big")
    below = [int.from_bytes(content[where : where + 4], "big") for where in _pointers(content, number)]
    return [*below, last]


def cells_of(content: bytes, number: int) -> Iterator[Cell]:
    """Give the cells of a tree's page; of a page that is none, nothing."""
    kind = kind_of(content, number)
    if kind not in TREE_PAGES:
        return
    for where in _pointers(content, number):
        try:
            cell = _cell(content, where, kind)
        except IndexError:
            # An image of something else that only looks like a tree's page.
            return
        if cell.end <= USABLE:
            yield cell


def _pointers(content: bytes, number: int) -> list[int]:
    at = header_at(number)
    count = int.from_bytes(content[at + 3 : at + 5], "big")
    first = at + (12 if content[at] in INTERIOR else 8)
    places = (content[where : where + 2] for where in range(first, min(first + 2 * count, USABLE - 1), 2))
    return [place for place in (int.from_bytes(pair, "big") for pair in places) if 0 < place < USABLE - 4]


def _cell(content: bytes, where: int, kind: int) -> Cell:
    at = where + 4 if kind in INTERIOR else where
    if kind == TABLE_INTERIOR:
        row, at = varint(content, at)
        return Cell(where, at, row, b"", 0, 0)
    size, at = varint(content, at)
    numbered: int | None = None
    if kind == TABLE_LEAF:
        numbered, at = varint(content, at)
    local = _local_size(size, kind)
    end = at + local
    if local == size:
        return Cell(where, end, numbered, content[at:end], 0, 0)
    return Cell(where, end + 4, numbered, content[at:end], int.from_bytes(content[end : end + 4], "big"), size - local)


def _local_size(size: int, kind: int) -> int:
    """Say how much of a payload lies on its own page."""
    most = USABLE - 35 if kind == TABLE_LEAF else (USABLE - 12) * 64 // 255 - 23
    if size <= most:
        return size
    least = (USABLE - 12) * 32 // 255 - 23
    fitting = least + (size - least) % (USABLE - 4)
    return fitting if fitting <= most else least


def varint(content: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; gives it and where the next thing begins."""
    value = 0
    for turn in range(9):
        byte = content[at + turn]
        if turn == 8:
            return _signed((value << 8) | byte), at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + turn + 1
    raise AssertionError("a varint ends")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def columns_of(payload: bytes) -> list[int | str | bytes | None]:
    """Read the columns of a record as far as they lie here."""
    columns: list[int | str | bytes | None] = []
    try:
        header, at = varint(payload, 0)
        body = header
        while at < header:
            serial, at = varint(payload, at)
            size = _size_of(serial)
            if body + size > len(payload):
                break
            columns.append(_value(serial, payload[body : body + size]))
            body += size
    except IndexError:
        pass
    return columns


def _size_of(serial: int) -> int:
    if serial >= 12:
        return (serial - 12) // 2
    return {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}.get(serial, 0)


def _value(serial: int, stored: bytes) -> int | str | bytes | None:
    if serial >= 12:
        return stored.decode("utf-8", errors="replace") if serial % 2 else stored
    if 1 <= serial <= 6:
        return int.from_bytes(stored, "big", signed=True)
    return {8: 0, 9: 1}.get(serial)


def trees_in(page: Callable[[int], bytes]) -> list[Tree]:
    """Read the schema: every table and index, and its root page.

    Args:
        page: gives what a page holds now.
    """
    trees = [Tree(SCHEMA, 1, is_index=False)]
    waiting = [1]
    while waiting:
        number = waiting.pop()
        content = page(number)
        waiting += children_of(content, number)
        if kind_of(content, number) != TABLE_LEAF:
            continue
        for cell in cells_of(content, number):
            kind, _name, table, root, *_sql = [*columns_of(cell.payload), None, None, None, None]
            if isinstance(table, str) and isinstance(root, int) and root > 0:
                trees.append(Tree(table, root, kind == "index"))
    return trees


def row_of(cell: Cell, tree: Tree) -> int | None:
    """Name the row a cell belongs to: by its number, or in a table without row numbers by its first number."""
    if cell.row is not None:
        return cell.row
    numbers = [one for one in columns_of(cell.payload) if isinstance(one, int)]
    if not numbers:
        return None
    return numbers[-1] if tree.is_index else numbers[0]
