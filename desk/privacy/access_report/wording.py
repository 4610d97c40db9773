"""A gathered record put into words: sections in the policy's order, ready to be laid out (G9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from desk.calendar import local_date
from desk.privacy.access_report.records import AccessReport, Row, Value
from desk.privacy.access_report.words import (
    FIELDS,
    NOT_BY_PERSON,
    at_time,
    code_words,
    deleted_words,
    field_words,
    full_date,
    words_of,
)
from desk.privacy.data_map import MAP, Held
from desk.texts import ngettext, npgettext, pgettext
from desk.wording import number


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what, and its value. ``code`` is drawn as a barcode beside it; empty: none is."""

    name: str
    value: str = field(repr=False)
    code: str = field(default="", repr=False)


Facts: TypeAlias = tuple[Fact, ...]


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
        facts: lines, those that belong together as one.
        remark: a sentence in place of values, or after them.
    """

    key: str
    label: str
    explanation: str
    deleted: str
    in_policy: bool
    facts: tuple[Facts, ...] = ()
    table: Table | None = None
    remark: str = field(default="", repr=False)


Body: TypeAlias = tuple[tuple[Facts, ...], Table | None]


def sections(report: AccessReport) -> tuple[Section, ...]:
    """Word every item of a record, in the order of the data map: the policy's first."""
    return tuple(_section(held, report.held[held.key]) for held in MAP)


def _section(held: Held, rows: tuple[Row, ...]) -> Section:
    facts, table = _BODIES.get(held.key, _of_facts)(held.key, rows)
    return Section(
        key=held.key,
        label=held.label,
        explanation=held.used_for,
        deleted=deleted_words(held.goes),
        in_policy=held.in_policy,
        facts=facts,
        table=table,
        remark=remark_on(held.key, rows),
    )


def remark_on(key: str, rows: tuple[Row, ...]) -> str:
    """Say of an item what its values do not: that there are none, or what they are; empty: nothing."""
    if key in NOT_BY_PERSON:
        return pgettext("report", NOT_BY_PERSON[key])
    if not rows:
        return pgettext("report", "Nothing is held.")
    match key:
        case "cpr" if rows[0]["is_replacement"]:
            return pgettext("report", "This is a replacement number.")
        case "search_words":
            count = int(str(rows[0]["count"]))
            text = ngettext(
                "{n} word, derived from name, address and numbers.",
                "{n} words, derived from name, address and numbers.",
                count,
            )
            return text.format(n=number(count))
        case _:
            return ""


def _of_facts(key: str, rows: tuple[Row, ...]) -> Body:
    """Lay an item out as lines, one for each value that there is; a row's belong together."""
    facts = tuple(
        tuple(
            Fact(field_words(key, name) if len(row) > 1 else "", words)
            for name, value in row.items()
            if (words := words_of(key, name, value))
        )
        for row in rows
    )
    return facts, None


def _of_number(key: str, rows: tuple[Row, ...]) -> Body:
    return tuple((_number(key, "", row),) for row in rows), None


def _number(key: str, name: str, row: Row) -> Fact:
    return Fact(name, words_of(key, "number", row["number"]), str(row["number"]))


def _of_cpr(key: str, rows: tuple[Row, ...]) -> Body:
    return tuple((Fact("", words_of(key, "cpr", row["cpr"])),) for row in rows), None


def _of_telephones(key: str, rows: tuple[Row, ...]) -> Body:
    sms = field_words(key, "takes_sms").lower()
    numbers = [f"{row['number']} ({sms})" if row["takes_sms"] else str(row["number"]) for row in rows]
    return (tuple(Fact("", number) for number in numbers),) if rows else (), None


def _of_cards(key: str, rows: tuple[Row, ...]) -> Body:
    return tuple(_card(key, row) for row in rows), None


def _card(key: str, row: Row) -> Facts:
    names = ["state", "state_since", "pin_is_set", "wrong_pins"]
    if not row["wrong_pins"]:
        names.remove("wrong_pins")
    more = [Fact(field_words(key, name), words) for name in names if (words := words_of(key, name, row[name]))]
    return (_number(key, words_of(key, "kind", row["kind"]), row), *more)


def _of_guardian(key: str, rows: tuple[Row, ...]) -> Body:
    withheld = pgettext("report", "the name is left out: it is protected")
    facts = [Fact(words_of(key, "role", row["role"]), words_of(key, "name", row["name"]) or withheld) for row in rows]
    return (tuple(facts),) if facts else (), None


def _of_search_words(_key: str, _rows: tuple[Row, ...]) -> Body:
    """Lay out nothing: the remark says how many they are, and of what they are made."""
    return (), None


def _of_loans(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("title", "lent_at", "due_on", "returned_at", "renewals"))
    return (), _table(heads, (3, 0, 0, 2, 0), [_loan(key, row) for row in rows])


def _loan(key: str, row: Row) -> tuple[Cell, ...]:
    small = [words_of(key, "author", row["author"])]
    for name in ("barcode", "card", "lent_where", "due_reason"):
        if row[name]:
            small.append(f"{field_words(key, name).lower()} {words_of(key, name, row[name])}")
    return (
        Cell(str(row["title"]), " · ".join(filter(None, small))),
        _day_and_time(row["lent_at"]),
        Cell(words_of(key, "due_on", row["due_on"])),
        _returned(key, row),
        Cell(_times(int(str(row["renewals"])))),
    )


def _returned(key: str, row: Row) -> Cell:
    at, counted = row["returned_at"], row["counts_as_returned_on"]
    if not isinstance(at, datetime):
        return Cell(pgettext("report", "on loan"))
    cell = _day_and_time(at)
    if counted == local_date(at):
        return cell
    as_of = f"{field_words(key, 'counts_as_returned_on').lower()} {words_of(key, 'counts_as_returned_on', counted)}"
    return Cell(cell.value, f"{cell.more}, {as_of}")


def _day_and_time(at: Value) -> Cell:
    assert isinstance(at, datetime)  # noqa: S101  (the column is never empty)
    return Cell(full_date(local_date(at)), at_time(at))


def _times(count: int) -> str:
    return npgettext("report", "{n} time", "{n} times", count).format(n=count) if count else ""


def _of_reservations(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("title", "state", "reserved_at", "pickup_branch", "deadline"))
    return (), _table(heads, (3, 2, 0, 2, 0), [_reservation(key, row) for row in rows])


def _reservation(key: str, row: Row) -> tuple[Cell, ...]:
    ready, shelf = row["ready_at"], row["shelf"]
    place = f"{field_words(key, 'shelf').lower()} {shelf}" if shelf else ""
    since = words_of(key, "ready_at", ready)
    return (
        Cell(str(row["title"]), _small(key, row, "author", "barcode")),
        Cell(words_of(key, "state", row["state"]), " · ".join(filter(None, (place, since)))),
        _day_and_time(row["reserved_at"]),
        Cell(words_of(key, "pickup_branch", row["pickup_branch"])),
        Cell(words_of(key, "deadline", row["deadline"]), _small(key, row, "expires_on")),
    )


def _small(key: str, row: Row, *names: str) -> str:
    """Give the small print below a cell: an author alone, all else with its name."""
    said = []
    for name in names:
        if words := words_of(key, name, row[name]):
            said.append(words if name == "author" else f"{field_words(key, name).lower()} {words}")
    return " · ".join(said)


def _of_balance(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("created_at", "type", "amount", "paid", "settled_on"))
    cells = [
        (
            Cell(words_of(key, "created_at", row["created_at"]), _small(key, row, "charged_on")),
            Cell(
                f"{words_of(key, 'type', row['type'])}, {words_of(key, 'reason', row['reason'])}",
                " · ".join(filter(None, (words_of(key, "titles", row["titles"]), words_of(key, "note", row["note"])))),
            ),
            Cell(words_of(key, "amount", row["amount"])),
            Cell(words_of(key, "paid", row["paid"]), _small(key, row, "paid_back") if row["paid_back"] else ""),
            Cell(
                words_of(key, "settled_on", row["settled_on"]),
                ": ".join(filter(None, (words_of(key, name, row[name]) for name in ("outcome", "settle_reason")))),
            ),
        )
        for row in rows
    ]
    return (), _table(heads, (0, 3, 0, 0, 2), cells)


def _of_messages(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("created_at", "kind", "state", "body"))
    cells = [
        (
            Cell(words_of(key, "created_at", row["created_at"])),
            Cell(
                words_of(key, "kind", row["kind"]),
                " · ".join(words_of(key, name, row[name]) for name in ("channel", "language")),
            ),
            Cell(
                words_of(key, "state", row["state"]),
                " · ".join(filter(None, (words_of(key, name, row[name]) for name in ("sent_at", "problem")))),
            ),
            Cell(words_of(key, "body", row["body"]), words_of(key, "subject", row["subject"])),
        )
        for row in rows
    ]
    return (), _table(heads, (0, 2, 2, 4), cells)


def _of_deletion_requests(key: str, rows: tuple[Row, ...]) -> Body:
    heads = tuple(field_words(key, name) for name in ("registered_at", "state", "identity_check", "notice"))
    cells = [
        (
            Cell(words_of(key, "registered_at", row["registered_at"])),
            Cell(
                words_of(key, "state", row["state"]),
                " · ".join(
                    filter(None, (words_of(key, name, row[name]) for name in ("decided_at", "decision_reason")))
                ),
            ),
            Cell(
                words_of(key, "identity_check", row["identity_check"]),
                f"{field_words(key, 'newsletter')}: {words_of(key, 'newsletter', row['newsletter'])}",
            ),
            Cell(words_of(key, "notice", row["notice"]), words_of(key, "noticed_at", row["noticed_at"])),
        )
        for row in rows
    ]
    return (), _table(heads, (0, 2, 2, 1), cells)


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
    return (), _table(heads, (0, 3, 2, 3), cells)


def _of_rows(*widths: int) -> Callable[[str, tuple[Row, ...]], Body]:
    """Lay an item out as a table of all its values, with these widths."""

    def body(key: str, rows: tuple[Row, ...]) -> Body:
        heads = tuple(field_words(key, name) for name in FIELDS[key])
        cells = [tuple(Cell(words_of(key, name, row[name])) for name in FIELDS[key]) for row in rows]
        return (), _table(heads, widths, cells)

    return body


def _table(heads: tuple[str, ...], widths: tuple[int, ...], rows: Sequence[tuple[Cell, ...]]) -> Table | None:
    return Table(heads, widths, tuple(rows)) if rows else None


_BODIES: dict[str, Callable[[str, tuple[Row, ...]], Body]] = {
    "number": _of_number,
    "cpr": _of_cpr,
    "telephone": _of_telephones,
    "blocked_on": _of_rows(0, 0, 1),
    "block_reason": _of_rows(0, 2, 2, 3, 3),
    "cards": _of_cards,
    "loans": _of_loans,
    "reservations": _of_reservations,
    "balance": _of_balance,
    "messages": _of_messages,
    "payments": _of_rows(0, 0, 0, 1, 0, 1, 0),
    "guardian": _of_guardian,
    "search_words": _of_search_words,
    "overrides": _of_rows(0, 2, 2, 3),
    "deletion_requests": _of_deletion_requests,
    "forms": _of_rows(0, 1, 3),
    "log": _of_log,
}
