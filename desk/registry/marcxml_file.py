"""MARC 21 in XML (MARCXML, marcXchange): read piece by piece, so that its size does not matter.

XML that is not well-formed ends where it is wrong; what came before is read. Entities are refused: no MARC record needs
one, and with them a small file can grow without end or ask for other files.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from desk.errors import ImportFailed
from desk.registry.cells import BadCell
from desk.registry.files import chunks, content
from desk.registry.item_rows import ItemRow
from desk.registry.marc_record import COLUMNS, ItemField, items_in
from desk.registry.report import Problem

if TYPE_CHECKING:
    from pymarc import Record

HEAD_BYTES = 64
# Without a namespace, the Library of Congress' own, and the one that Danish libraries exchange records in.
NAMESPACES = frozenset(
    {"", "http://www.loc.gov/MARC21/slim", "info:lc/xmlns/marcxchange-v1", "info:lc/xmlns/marcxchange-v2"}
)
# ISO 2709 has room for 100,000 bytes in a record, and for a field in every 13 of them.
LONGEST_RECORD = 1_000_000
MOST_FIELDS = 10_000
# A record in a collection in an answer in an envelope; nobody needs more.
DEEPEST = 50
# A name and what stands around it; a chunk may end in the middle.
_RECORD = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?record[\s>/]")
_LONGEST_START = 60
_TAG = re.compile(r"[0-9A-Za-z]{3}")


def begins_as_xml(head: bytes) -> bool:
    """Tell whether a file begins as XML does, in UTF-8, UTF-16 or a set of single bytes; a CSV file never does."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[2:].lstrip(b" \r\n\t\x00").startswith(b"<")
    return head.removeprefix(codecs.BOM_UTF8).lstrip(b" \r\n\t").startswith(b"<")


class MarcXmlFile:
    """A file of MARC records in XML; as :class:`~desk.registry.marc_file.MarcFile`, but never read as a whole."""

    columns = COLUMNS

    def __init__(self, path: Path, where: ItemField) -> None:
        """Count the records, for a progress bar; they are read by :meth:`rows`.

        Raises:
            ImportFailed: as :func:`~desk.registry.files.content`; ``empty``.
        """
        if not content(path, HEAD_BYTES).strip():
            raise ImportFailed(str(path), "empty")
        self._path, self._where = path, where
        self.total = _count_records(path)
        self.records = 0
        self.remarks: list[Problem] = []

    def rows(self) -> Iterator[ItemRow | Problem]:
        """Give the items in order, a problem for each that cannot be read, and a last one where the XML is wrong.

        Raises:
            ImportFailed: ``not_xml``, ``entities`` or ``not_marc``: there is no record before the file's end, or before
                the line where it is wrong.
        """
        parser = _Parser()
        stopped: Problem | None = None
        for piece in _with_end(self._path):
            try:
                parser.feed(piece)
            except BadCell as bad:
                stopped = Problem(0, bad.why, str(parser.line))
            yield from self._items(parser.finished)
            if stopped is not None:
                break
        if stopped is not None and not self.records:
            raise ImportFailed(str(self._path), stopped.why, stopped.detail)
        if stopped is not None:
            self.records += 1
            yield Problem(self.records, stopped.why, stopped.detail)
        if not self.records:
            raise ImportFailed(str(self._path), "not_marc")

    def _items(self, finished: deque[Record | BadCell]) -> Iterator[ItemRow | Problem]:
        while finished:
            self.records += 1
            record = finished.popleft()
            if isinstance(record, BadCell):
                yield Problem(self.records, record.why)
            else:
                yield from items_in(record, self.records, self._where, self.remarks)


class _Parser:
    """expat, and what it is in the middle of. Finished records lie in ``finished`` until somebody takes them.

    Attributes:
        finished: records in order, or why one of them cannot be read.
    """

    def __init__(self) -> None:
        self.finished: deque[Record | BadCell] = deque()
        self._depth = 0
        self._record: _Begun | None = None
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text
        self._expat.EntityDeclHandler = _refuse_entity
        self._expat.ExternalEntityRefHandler = _refuse_entity
        self._expat.SkippedEntityHandler = _refuse_entity

    @property
    def line(self) -> int:
        """The line that is being read."""
        return int(self._expat.CurrentLineNumber)

    def feed(self, piece: bytes | None) -> None:
        """Read on; None: that was all.

        Raises:
            BadCell: ``not_xml``, ``entities``, ``truncated`` (the end is missing). Nothing can be read after it.
        """
        try:
            self._expat.Parse(piece or b"", piece is None)
        except BadCell:
            raise
        except expat.ExpatError:
            raise BadCell("truncated" if piece is None and self._depth else "not_xml") from None
        except (LookupError, ValueError):
            # The file names an encoding that there is none of, or one of several bytes that expat cannot read.
            raise BadCell("not_xml") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadCell("not_xml")
        element = _local(name)
        if element == "record":
            self._record = _Begun()
        elif self._record is not None and element:
            self._record.start(element, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        element = _local(name)
        if self._record is None or not element:
            return
        if element == "record":
            self.finished.append(self._record.finished())
            self._record = None
        else:
            self._record.end(element)

    def _text(self, text: str) -> None:
        if self._record is not None:
            self._record.add(text)


class _Begun:
    """A record whose end has not come yet. One that is too long is passed over to its end."""

    def __init__(self) -> None:
        from pymarc import Record  # noqa: PLC0415  (only for MARC files)

        # pymarc has no types here.
        self._record: Any = Record()
        self._tag = self._code = ""
        self._subfields: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._length = 0

    @property
    def _is_too_long(self) -> bool:
        return self._length > LONGEST_RECORD or len(self._record.fields) > MOST_FIELDS

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self._words.clear()
        self._length += 1
        if element in {"controlfield", "datafield"}:
            self._tag, self._code = attributes.get("tag", ""), ""
            self._subfields.clear()
        elif element == "subfield":
            self._code = attributes.get("code", "")

    def add(self, text: str) -> None:
        self._length += len(text)
        if not self._is_too_long:
            self._words.append(text)

    def end(self, element: str) -> None:
        text = "".join(self._words)
        self._words.clear()
        if self._is_too_long:
            return
        if element == "subfield" and self._code:
            self._subfields.append((self._code, text))
            self._code = ""
        elif element in {"controlfield", "datafield"} and _TAG.fullmatch(self._tag):
            self._add_field(text if element == "controlfield" else "")

    def _add_field(self, data: str) -> None:
        from pymarc import Field, Subfield  # noqa: PLC0415

        subfields = [Subfield(code, value) for code, value in self._subfields]
        self._record.add_field(Field(self._tag, subfields=subfields, data=data))
        self._tag = ""

    def finished(self) -> Record | BadCell:
        """Give the record, or why it is none."""
        whole: Record = self._record
        return BadCell("too_long") if self._is_too_long else whole


def _local(name: str) -> str:
    """Give an element's own name, empty when it belongs to something else: an envelope, or a record's metadata."""
    namespace, _blank, local = name.rpartition(" ")
    return local if namespace in NAMESPACES else ""


def _refuse_entity(*_what: object) -> int:
    raise BadCell("entities")


def _with_end(path: Path) -> Iterator[bytes | None]:
    yield from chunks(path)
    yield None


def _count_records(path: Path) -> int:
    """Count the beginnings of records without reading XML; in UTF-16 there are none to be seen."""
    count, rest = 0, b""
    for piece in chunks(path):
        rest += piece
        end = max(0, len(rest) - _LONGEST_START)
        for match in _RECORD.finditer(rest):
            count, end = count + 1, max(end, match.end())
        rest = rest[end:]
    return count
