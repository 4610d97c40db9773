"""A gathered record put into words: sections in the policy's order, ready to be laid out (G9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desk.calendar import local_date
from desk.privacy.access_report.records import AccessReport, Row
from desk.privacy.access_report.words import (
    FIELDS,
    NOT_BY_PERSON,
    code_words,
    deleted_words,
    field_words,
    words_of,
)
from desk.privacy.data_map import MAP
from desk.texts import ngettext, npgettext, pgettext
from desk.wording import number


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what, and its value. ``code`` is drawn as a barcode beside it; empty: none is."""

    name: str
    value: str = field(repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``more`` is the small print below."""

    value: str = field(repr=False)
    more: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. ``widths``: 0 as wide as its content, else its share of what is left."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One item of the data map as the borrower reads it.

    Attributes:
        explanation: the policy's.
        deleted: when it goes, as a sentence.
        remark: a sentence in place of values, or after them.
    """

    key: str
    label: str
    explanation: str
    deleted: str
    in_policy: bool
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    remark: str = field(default="", repr=False)


Body = tuple[tuple[Fact, ...], Table | None, str]


def sections(report: AccessReport) -> tuple[Section, ...]:
    """Word every item of a record, in the order of the data map: the policy's first."""
    worded = []
    for held in MAP:
        rows = report.held[held.key]
        facts, table, remark = _BODIES.get(held.key, _of_facts)(held.key, rows)
        if held.key in NOT_BY_PERSON:
            remark = pgettext("report", NOT_BY_PERSON[held.key])
        elif not rows:
            remark = pgettext("report", "Nothing is held.")
        worded.append(
            Section(
                key=held.key,
                label=held.label,
                explanation=held.used_for,
                deleted=deleted_words(held.goes),
                in_policy=held.in_policy,
                facts=facts,
                table=table,
                remark=remark,
            )
        )
    return tuple(worded)


def _of_facts(key: str, rows: tuple[Row, ...]) -> Body:
    """Lay an item out as lines, one for each value that there is."""
    facts = [
        Fact(field_words(key, name) if len(row) > 1 else "", words)
        for row in rows
        for name, value in row.items()
        if (words := words_of(key, name, value))
    ]
    return tuple(facts), None, ""


def _with_code(key: str, rows: tuple[Row, ...]) -> Body:
    return tuple(Fact("", words_of(key, "number", row["number"]), str(row["number"])) for row in rows), None, ""


def _of_cpr(key: str, rows: tuple[Row, ...]) -> Body:
    facts = [Fact("", words_of(key, "cpr", row["cpr"])) for row in rows]
    is_replacement = any(row["is_replacement"] for row in rows)
    return tuple(facts), None, pgettext("report", "This is a replacement number.") if is_replacement else ""


def _of_telephones(key: str, rows: tuple[Row, ...]) -> Body:
    sms = field_words(key, "takes_sms").lower()
    facts = [Fact("", f"{row['number']} ({sms})" if row["takes_sms"] else str(row["number"])) for row in rows]
    return tuple(facts), None, ""


def _of_cards(key: str, rows: tuple[Row, ...]) -> Body:
    facts = []
    for row in rows:
        facts.append(
            Fact(words_of(key, "kind", row["kind"]), words_of(key, "number", row["number"]), str(row["number"]))
        )
        for name in ("state", "state_since", "pin_is_set", "wrong_pins"):
            if row[name] not in {None, 0} or name == "pin_is_set":
                facts.append(Fact(field_words(key, name), words_of(key, name, row[name])))
    return tuple(facts), None, ""


def _of_guardian(key: str, rows: tuple[Row, ...]) -> Body:
    withheld = pgettext("report", "the name is left out: it is protected")
    facts = [Fact(words_of(key, "role", row["role"]), words_of(key, "name", row["name"]) or withheld) for row in rows]
    return tuple(facts), None, ""


def _of_search_words(_key: str, rows: tuple[Row, ...]) -> Body:
    if not rows:
        return (), None, ""
    count = int(str(rows[0]["count"]))
    text = ngettext(
        "{n} word, derived from name, address and numbers.", "{n} words, derived from name, address and numbers.", count
    )
    return (), None, text.format(n=number(count))


def _of_loans(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("title", "lent_at", "due_on", "returned_at", "renewals"))
    return (), _table(heads, (1, 0, 0, 0, 0), [_loan(key, row) for row in rows]), ""


def _loan(key: str, row: Row) -> tuple[Cell, ...]:
    small = [words_of(key, "author", row["author"])]
    for name in ("barcode", "card", "due_reason"):
        if row[name]:
            small.append(f"{field_words(key, name).lower()} {words_of(key, name, row[name])}")
    returned = row["returned_at"]
    counted = "" if returned is None else words_of(key, "counts_as_returned_on", row["counts_as_returned_on"])
    if counted and local_date(returned) == row["counts_as_returned_on"]:  # type: ignore[arg-type]
        counted = ""
    return (
        Cell(str(row["title"]), " · ".join(filter(None, small))),
        Cell(words_of(key, "lent_at", row["lent_at"])),
        Cell(words_of(key, "due_on", row["due_on"])),
        Cell(
            pgettext("report", "on loan") if returned is None else words_of(key, "returned_at", returned),
            counted and f"{field_words(key, 'counts_as_returned_on').lower()} {counted}",
        ),
        Cell(_times(int(str(row["renewals"])))),
    )


def _times(count: int) -> str:
    return npgettext("report", "{n} time", "{n} times", count).format(n=count) if count else ""


def _of_log(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("at", "action", "purpose", "revealed"))
    cells = [
        (
            Cell(words_of(key, "at", row["at"])),
            Cell(
                words_of(key, "action", row["action"]),
                "" if row["outcome"] == "done" else code_words(key, "outcome", str(row["outcome"])),
            ),
            Cell(words_of(key, "purpose", row["purpose"])),
            Cell(words_of(key, "revealed", row["revealed"])),
        )
        for row in rows
    ]
    return (), _table(heads, (0, 3, 2, 3), cells), ""


def _of_rows(*widths: int) -> Callable[[str, tuple[Row, ...]], Body]:
    """Lay an item out as a table of all its values, with these widths."""

    def body(key: str, rows: tuple[Row, ...]) -> Body:
        heads = tuple(field_words(key, name) for name in FIELDS[key])
        cells = [tuple(Cell(words_of(key, name, row[name])) for name in FIELDS[key]) for row in rows]
        return (), _table(heads, widths, cells), ""

    return body


def _table(heads: tuple[str, ...], widths: tuple[int, ...], rows: Sequence[tuple[Cell, ...]]) -> Table | None:
    return Table(heads, widths, tuple(rows)) if rows else None


_BODIES: dict[str, Callable[[str, tuple[Row, ...]], Body]] = {
    "number": _with_code,
    "cpr": _of_cpr,
    "telephone": _of_telephones,
    "blocked_on": _of_rows(0, 0, 1),
    "block_reason": _of_rows(0, 2, 2, 3, 3),
    "cards": _of_cards,
    "loans": _of_loans,
    "guardian": _of_guardian,
    "search_words": _of_search_words,
    "overrides": _of_rows(0, 2, 2, 3),
    "log": _of_log,
}
