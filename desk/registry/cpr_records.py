"""The records of the CPR register (U12170): fixed fields, and what several of them say of one person.

The tables are those of domain.md 7.2, ``NAME@start:length`` with the first character as 1; only the fields that are
used are in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from desk.borrowers.cpr import born_with
from desk.registry import cells
from desk.registry.person_register import AT_AN_ADDRESS, MOVED_ON, RegisteredPerson, Status
from desk.registry.report import Problem

START, PERSON, ADDRESS, WRITTEN_ADDRESS, PROTECTION, NAME, ERROR, END = (
    "000",
    "001",
    "002",
    "003",
    "004",
    "008",
    "910",
    "999",
)
TABLES = {
    START: "PRODDTO@20:8",
    PERSON: "PNRGAELD@14:10, STATUS@24:2, STATUSHAENSTART@26:12, FOED_DT@40:10",
    ADDRESS: "KOMKOD@14:4, TILFLYDTO@70:12",
    WRITTEN_ADDRESS: (
        "ADRNVN@14:34, CONVN@48:34, LOKALITET@82:34, STANDARDADR@116:34, BYNVN@150:34, POSTNR@184:4, "
        "POSTDISTTXT@188:20, KOMKOD@208:4"
    ),
    PROTECTION: "BESKYTTYPE@14:4, SLET_DT-BESKYTTELSE@28:10",
    NAME: "FORNVN@14:50, MELNVN@65:40, EFTERNVN@106:40, ADRNVN@160:34",
    ERROR: "FEJLNR@89:4",
    END: "TAELLER@14:8",
}
OF_A_PERSON = frozenset({PERSON, ADDRESS, WRITTEN_ADDRESS, PROTECTION, NAME})
# What the register also sends, and a library has no use for: parents, church, citizenship, what was before, events.
NOT_READ = frozenset({f"{number:03}" for number in range(5, 31)} | {"099", "997"}) - OF_A_PERSON
ONE_EACH = (PERSON, ADDRESS, WRITTEN_ADDRESS, NAME)
NAME_AND_ADDRESS = "0001"

_FIELD = re.compile(r"([A-Z_-]+)@(\d+):(\d+)")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def _slices(table: str) -> Mapping[str, slice]:
    return {name: slice(int(start) - 1, int(start) - 1 + int(length)) for name, start, length in _FIELD.findall(table)}


FIELDS = {kind: _slices(table) for kind, table in TABLES.items()}


@dataclass(frozen=True, slots=True)
class CprRecord:
    """One record. Shows nothing of what stands in it.

    Attributes:
        line: of the extract.
        kind: its type, three figures.
        text: all of it; blanks at the end may have been cut.
    """

    line: int
    kind: str
    text: str = field(repr=False)

    @property
    def pnr(self) -> str:
        """The number the record is about, in the same place of every record."""
        return self.text[3:13]

    def __getitem__(self, name: str) -> str:
        """Give a field without the blanks around it. A slice beyond the end is empty, and so was what was cut off."""
        return self.text[FIELDS[self.kind][name]].strip()


def registered_person(
    records: Iterable[CprRecord], today: date, given_on: date | None = None
) -> RegisteredPerson | Problem:
    """Read what the records about one number say, or say why that cannot be told.

    A record 001 stands for the whole person: what the records beside it do not say is not so any more. So those that
    are always sent with it must be there, each once.

    Args:
        records: of :data:`OF_A_PERSON`, all about one number.
        today: nobody is born after this day.
        given_on: when the register gave them; an address without a date of its own is dated so.
    """
    records = sorted(records, key=lambda record: record.line)
    found: dict[str, CprRecord] = {}
    protections: dict[str, CprRecord] = {}
    for record in records:
        place, key = (found, record.kind) if record.kind in ONE_EACH else (protections, record.text.rstrip())
        if key in place:
            return Problem(record.line, "record_twice", record.kind)
        place[key] = record
    if PERSON not in found:
        return Problem(records[0].line, "record_missing", PERSON)
    if WRITTEN_ADDRESS not in found and found[PERSON]["STATUS"] in AT_AN_ADDRESS:
        return Problem(found[PERSON].line, "record_missing", WRITTEN_ADDRESS)
    if any(_CONTROLS.search(record.text) for record in records):
        return Problem(found[PERSON].line, "encoding")
    try:
        return _person(found, protections.values(), today, given_on)
    except cells.BadCell as bad:
        return Problem(found[PERSON].line, bad.why)


def _person(
    found: Mapping[str, CprRecord], protections: Iterable[CprRecord], today: date, given_on: date | None
) -> RegisteredPerson:
    person, address, written = found[PERSON], found.get(ADDRESS), found.get(WRITTEN_ADDRESS)
    cpr, status = _number(person.pnr, today), _status(person["STATUS"])
    since = day(person["STATUSHAENSTART"])
    ends = [day(record["SLET_DT-BESKYTTELSE"]) for record in protections if record["BESKYTTYPE"] == NAME_AND_ADDRESS]
    return RegisteredPerson(
        record=person.line,
        cpr=cpr,
        status=status,
        status_since=since,
        current_cpr=_current(person, cpr, today) if status in MOVED_ON else "",
        name=_name(found.get(NAME), written),
        birth_date=day(person["FOED_DT"]) or born_with(cpr),
        care_of="" if written is None else _line(written["CONVN"], written["LOKALITET"]),
        street="" if written is None else _line(written["STANDARDADR"], written["BYNVN"]),
        postcode="" if written is None else _code(written["POSTNR"]),
        city="" if written is None else _words(written["POSTDISTTXT"]),
        municipality=_municipality(address, written),
        address_dated=(None if address is None else day(address["TILFLYDTO"])) or since or given_on,
        # The store knows no first day of protection. One that begins later holds from now on: nobody is harmed by
        # being masked too early.
        is_protected=bool(ends),
        protected_until=None if None in ends else max((end for end in ends if end is not None), default=None),
        given_on=given_on,
    )


def _current(person: CprRecord, cpr: str, today: date) -> str:
    figures = person["PNRGAELD"]
    current = _number(figures, today) if figures.strip("0") else ""
    return "" if current == cpr else current


def _number(pnr: str, today: date) -> str:
    number = cells.cpr(pnr, today)
    if number is None:
        raise cells.BadCell("cpr")
    return number


def _status(figures: str) -> Status:
    try:
        return Status(figures)
    except ValueError:
        raise cells.BadCell("status") from None


def _name(name: CprRecord | None, written: CprRecord | None) -> str:
    """Give the name in the order it is said; the one for letters, which may be shortened, only where there is none."""
    if name is None:
        return "" if written is None else _words(written["ADRNVN"])
    return _words(f"{name['FORNVN']} {name['MELNVN']} {name['EFTERNVN']}") or _words(name["ADRNVN"])


def _municipality(address: CprRecord | None, written: CprRecord | None) -> str:
    for record in (address, written):
        code = "" if record is None else _code(record["KOMKOD"])
        if code:
            return code[-3:]
    return ""


def _code(figures: str) -> str:
    """Give a postcode or a municipality; zeros only stand for none, and so does what is no number."""
    return figures if figures.isascii() and figures.isdigit() and figures.strip("0") else ""


def _line(*parts: str) -> str:
    return ", ".join(words for part in parts if (words := _words(part)))


def _words(text: str) -> str:
    return " ".join(cells.text(text).split())


def day(figures: str) -> date | None:
    """Read ``19970909…`` or ``1997-09-09``; None when it is no real date (zeros, or a day nobody knows)."""
    digits = figures.replace("-", "")[:8]
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
