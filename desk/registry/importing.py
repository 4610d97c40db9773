"""Imports from beginning to end: a file's rows in batches, each a command of its own, and the report (issue step d)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from desk.calendar import local_date
from desk.command import Command, Who
from desk.errors import InvalidInput
from desk.privacy.access_log import LOG_KEY_BYTES
from desk.registry.borrower_rows import BorrowerCsv, BorrowerRow
from desk.registry.cpr_extract import CprExtract
from desk.registry.files import content
from desk.registry.import_borrowers import ImportBorrowers, SetGuardians
from desk.registry.import_items import ImportItems
from desk.registry.item_rows import ItemCsv, ItemRow
from desk.registry.marc_file import MarcFile, begins_as_a_record
from desk.registry.marc_record import ItemField
from desk.registry.marcxml_file import MarcXmlFile, begins_as_xml
from desk.registry.person_register import PersonRegister, RegisteredPerson, with_newest_numbers
from desk.registry.report import BatchResult, ImportReport, Problem, Progress
from desk.registry.update_from_register import UpdateFromRegister
from desk.texts import _

if TYPE_CHECKING:
    from desk.desk import Desk

# A batch holds the store for a few milliseconds, and between two of them a counter gets its turn.
BATCH = 200
PAUSE_SECONDS = 0.005
SPARE_NUMBERS = 20
NUMBER_DIGITS = 8
DRAWS = 10
MARC_SUFFIXES = frozenset({".mrc", ".marc", ".iso2709", ".iso"})

HEAD_BYTES = 64

R = TypeVar("R", ItemRow, BorrowerRow)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Source(Protocol[T_co]):
    """A file that gives rows."""

    columns: frozenset[str]
    remarks: list[Problem]
    total: int
    records: int

    def rows(self) -> Iterator[T_co | Problem]:
        """Give rows, and a problem for each that cannot be read."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files into one store.

    Attributes:
        desk: the store's.
        who: on whose behalf; needs the right to import.
        at: the instant (aware UTC) the import counts as done.
        branch_id: where items and borrowers belong that do not say.
        new_id: draws command ids.
        random_digits: draws digits for lånernumre.
        random_bytes: draws log keys.
        progress: told how far it is, in lines or records.
    """

    desk: Desk
    who: Who
    at: datetime
    branch_id: int
    new_id: Callable[[], str]
    random_digits: Callable[[int], str]
    random_bytes: Callable[[int], bytes]
    progress: Progress

    async def items(self, path: Path, where: ItemField) -> ImportReport:
        """Import titles and items from CSV or MARC (ISO 2709, XML); which of them, the file itself shows.

        Raises:
            ImportFailed: the file as a whole cannot be read; nothing was written.
            NotAllowed: who may not import.
            StoreError: the store did not take a batch; those before it are in, and a second run does the rest.
        """
        source = items_file(path, where)
        report = ImportReport()

        async def put_in(rows: tuple[ItemRow, ...]) -> BatchResult:
            return await self.desk.do(
                ImportItems(
                    command_id=self.new_id(),
                    who=self.who,
                    at=self.at,
                    rows=rows,
                    columns=source.columns,
                    branch_id=self.branch_id,
                )
            )

        seen: set[str] = set()

        def doubled(row: ItemRow) -> Problem | None:
            if row.barcode in seen:
                return Problem(row.record, "barcode_twice", row.barcode)
            seen.add(row.barcode)
            return None

        await self._in_batches(source, report, doubled, put_in)
        return report

    async def borrowers(self, path: Path) -> ImportReport:
        """Import borrowers from CSV, then who is financially responsible for whom.

        Raises:
            ImportFailed: as :meth:`items`.
            NotAllowed: as :meth:`items`.
            StoreError: as :meth:`items`.
        """
        source = BorrowerCsv(path, local_date(self.at))
        report = ImportReport()
        with_guardian: list[BorrowerRow] = []
        seen_cards: set[str] = set()
        seen_cprs: set[str] = set()

        def doubled(row: BorrowerRow) -> Problem | None:
            if row.card and row.card in seen_cards:
                return Problem(row.record, "card_twice")
            if row.cpr is not None and row.cpr in seen_cprs:
                return Problem(row.record, "cpr_twice")
            seen_cards.add(row.card)
            if row.cpr is not None:
                seen_cprs.add(row.cpr)
            return None

        async def put_in(rows: tuple[BorrowerRow, ...]) -> BatchResult:
            done = await self._put_in_borrowers(rows, source.columns)
            refused = {problem.record for problem in done.skipped}
            with_guardian.extend(row for row in rows if row.guardian_card and row.record not in refused)
            return done

        await self._in_batches(source, report, doubled, put_in)
        for batch in _at_most(BATCH, with_guardian):
            done = await self.desk.do(SetGuardians(command_id=self.new_id(), who=self.who, at=self.at, rows=batch))
            for problem in done.remarks:
                report.remark(problem)
            await asyncio.sleep(PAUSE_SECONDS)
        return report

    async def cpr_extract(self, path: Path, *, create: bool) -> ImportReport:
        """Update borrowers from an extract of the CPR register.

        Args:
            path: the file.
            create: add those who are no borrowers yet.

        Raises:
            ImportFailed: as :meth:`items`.
            NotAllowed: as :meth:`items`.
            StoreError: as :meth:`items`.
        """
        return await self.from_register(CprExtract(path, local_date(self.at)), create=create)

    async def from_register(self, register: PersonRegister, *, create: bool) -> ImportReport:
        """Update borrowers from any register of persons; as :meth:`cpr_extract`."""
        report = ImportReport()
        persons: list[RegisteredPerson] = []
        for person in register.persons():
            if isinstance(person, Problem):
                report.skip(person)
            else:
                persons.append(person)
        persons = with_newest_numbers(persons)
        report.statuses = dict(Counter(person.status.value for person in persons))
        # Whoever has a new number is given it before anybody is added: the new number's own record may come first.
        for rows in _at_most(BATCH, [person for person in persons if person.current_cpr]):
            await self._put_in_persons(rows, create=False)
            await asyncio.sleep(PAUSE_SECONDS)
        done = 0
        for rows in _at_most(BATCH, persons):
            report.count(await self._put_in_persons(rows, create=create))
            done += len(rows)
            self.progress(done, len(persons))
            await asyncio.sleep(PAUSE_SECONDS)
        report.records = register.records
        report.skipped.sort(key=lambda problem: problem.record)
        for problem in register.remarks:
            report.remark(problem)
        return report

    async def _put_in_persons(self, rows: tuple[RegisteredPerson, ...], *, create: bool) -> BatchResult:
        return await self._with_numbers(
            len(rows),
            lambda numbers, log_keys: UpdateFromRegister(
                command_id=self.new_id(),
                who=self.who,
                at=self.at,
                rows=rows,
                create=create,
                branch_id=self.branch_id,
                numbers=numbers,
                log_keys=log_keys,
                block_reason=_("CPR register"),
            ),
        )

    async def _put_in_borrowers(self, rows: tuple[BorrowerRow, ...], columns: frozenset[str]) -> BatchResult:
        return await self._with_numbers(
            len(rows),
            lambda numbers, log_keys: ImportBorrowers(
                command_id=self.new_id(),
                who=self.who,
                at=self.at,
                rows=rows,
                columns=columns,
                branch_id=self.branch_id,
                numbers=numbers,
                log_keys=log_keys,
            ),
        )

    async def _with_numbers(
        self, rows: int, command: Callable[[tuple[str, ...], tuple[bytes, ...]], Command[BatchResult]]
    ) -> BatchResult:
        """Carry out a command with lånernumre and log keys for as many rows, drawn again when too many are taken."""
        log_keys = tuple(self.random_bytes(LOG_KEY_BYTES) for _row in range(rows))
        for _draw in range(DRAWS):
            numbers = tuple(self.random_digits(NUMBER_DIGITS) for _row in range(rows + SPARE_NUMBERS))
            try:
                return await self.desk.do(command(numbers, log_keys))
            except InvalidInput as refused:
                if refused.field != "number":
                    raise
        raise InvalidInput("number", "taken")

    async def _in_batches(
        self,
        source: Source[R],
        report: ImportReport,
        doubled: Callable[[R], Problem | None],
        put_in: Callable[[tuple[R, ...]], Awaitable[BatchResult]],
    ) -> None:
        """Put a file's rows in, a batch at a time."""
        for batch in _batches(source, report, doubled):
            report.count(await put_in(batch))
            self.progress(min(batch[-1].record, source.total), source.total)
            await asyncio.sleep(PAUSE_SECONDS)
        report.records = source.records
        report.skipped.sort(key=lambda problem: problem.record)
        for problem in source.remarks:
            report.remark(problem)
        self.progress(source.total, source.total)


def _batches(
    source: Source[R], report: ImportReport, doubled: Callable[[R], Problem | None]
) -> Iterator[tuple[R, ...]]:
    """Give the good rows, at most 200 at a time; those that cannot be read and the doubled ones are reported."""
    batch: list[R] = []
    for row in source.rows():
        problem = row if isinstance(row, Problem) else doubled(row)
        if problem is not None:
            report.skip(problem)
        elif not isinstance(row, Problem):
            batch.append(row)
        if len(batch) == BATCH:
            yield tuple(batch)
            batch.clear()
    if batch:
        yield tuple(batch)


def _at_most(many: int, rows: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Give rows in batches."""
    rest = iter(rows)
    while batch := tuple(islice(rest, many)):
        yield batch


def items_file(path: Path, where: ItemField) -> Source[ItemRow]:
    """Open a file of items as what it is: by how it begins, or else by its name.

    Raises:
        ImportFailed: as :func:`content`, and as the kinds of file say.
    """
    head = content(path, HEAD_BYTES)
    if begins_as_xml(head):
        return MarcXmlFile(path, where)
    if begins_as_a_record(head) or path.suffix.lower() in MARC_SUFFIXES:
        return MarcFile(path, where)
    return ItemCsv(path)
