"""MARC 21 in ISO 2709: one record after the other. A damaged record costs no other record."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desk.errors import ImportFailed
from desk.registry.cells import BadCell
from desk.registry.files import content
from desk.registry.item_rows import ItemRow
from desk.registry.marc_record import COLUMNS, ItemField, items_in
from desk.registry.report import Problem

if TYPE_CHECKING:
    from pymarc import Record

END_OF_RECORD = b"\x1d"
ESCAPE = 0x1B
LEADER_BYTES = 24
# Between records and after the last, some programs leave line ends, and some the end mark of old disks.
PADDING = b" \r\n\x00\x1a"
ANSEL = 0x45
# MARC-8 controls: non-sorting begin and end, joiner, non-joiner.
MARC_8_CONTROLS = frozenset({0x88, 0x89, 0x8D, 0x8E})


class MarcFile:
    """A file of MARC records.

    Attributes:
        columns: what an item's row says; what it does not say stays as it is when an item is updated.
        total: records, for a progress bar.
        records: how many have been read so far.
        remarks: on records without any item, so far.
    """

    columns = COLUMNS

    def __init__(self, path: Path, where: ItemField) -> None:
        """Read a file.

        Raises:
            ImportFailed: as :func:`content`; ``empty``, or ``not_marc``: there is no beginning and no end of a record.
        """
        raw = content(path)
        if not raw.strip(PADDING):
            raise ImportFailed(str(path), "empty")
        if END_OF_RECORD not in raw and not begins_as_a_record(raw):
            raise ImportFailed(str(path), "not_marc")
        self._where = where
        self._chunks = raw.split(END_OF_RECORD)
        if not self._chunks[-1].strip(PADDING):
            self._chunks.pop()
            self._is_cut = False
        else:
            self._is_cut = True
        self.total = len(self._chunks)
        self.records = 0
        self.remarks: list[Problem] = []

    def rows(self) -> Iterator[ItemRow | Problem]:
        """Give the items in order, and a problem for each item or record that cannot be read."""
        # What pymarc says about odd indicators quotes the record.
        logging.getLogger("pymarc").setLevel(logging.CRITICAL)
        for chunk in self._chunks:
            self.records += 1
            if self._is_cut and self.records == self.total:
                yield Problem(self.records, "truncated")
            else:
                yield from self._items(chunk.lstrip(PADDING) + END_OF_RECORD)

    def _items(self, raw: bytes) -> Iterator[ItemRow | Problem]:
        try:
            record = _record(raw)
        except BadCell as bad:
            yield Problem(self.records, bad.why)
            return
        yield from items_in(record, self.records, self._where, self.remarks)


def begins_as_a_record(raw: bytes) -> bool:
    """Tell whether a file begins with a leader: five figures of length, then the rest in ASCII."""
    leader = raw.lstrip(PADDING)[:LEADER_BYTES]
    return leader[:5].isdigit() and leader.isascii()


def _record(raw: bytes) -> Record:
    """Take a record apart.

    Raises:
        BadCell: ``damaged`` or ``encoding``.
    """
    from pymarc import Record  # noqa: PLC0415  (only for MARC files)
    from pymarc.exceptions import BadSubfieldCodeWarning, PymarcException  # noqa: PLC0415

    if not raw[:5].isdigit() or int(raw[:5]) != len(raw):
        raise BadCell("damaged")
    is_utf_8 = _is_utf_8(raw)
    if not is_utf_8 and (raw[9:10] == b"a" or not _is_marc_8(raw)):
        raise BadCell("encoding")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BadSubfieldCodeWarning)
            return Record(raw, force_utf8=is_utf_8, hide_utf8_warnings=True)
    except UnicodeDecodeError:
        raise BadCell("encoding") from None
    except (PymarcException, ValueError, LookupError, TypeError):
        # Directory, lengths and offsets are figures in the file: a wrong one leads anywhere.
        raise BadCell("damaged") from None


def _is_utf_8(raw: bytes) -> bool:
    """Tell whether a record can be read as UTF-8; many are, and do not say so. MARC-8's escapes are ASCII as well."""
    if ESCAPE in raw:
        return raw[9:10] == b"a"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_marc_8(raw: bytes) -> bool:
    """Tell whether every byte means something in MARC-8; a record that changes character sets is not looked at."""
    from pymarc.marc8_mapping import CODESETS  # noqa: PLC0415  (only for MARC files)

    beyond_ascii = {byte for byte in set(raw) if byte >= 0x80}
    return ESCAPE in raw or beyond_ascii <= (CODESETS[ANSEL].keys() | MARC_8_CONTROLS)
