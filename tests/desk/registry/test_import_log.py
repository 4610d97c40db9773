"""What an import does to somebody stands in the access log (G8), and the newest word of the register holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.models import AccessLog, Borrower
from db.store import Transaction
from desk.privacy.access_log import first_break, subject_of
from desk.privacy.data_map import MAP
from desk.registry import changes
from tests.builders import VAULT
from tests.desk.registry.extracts import (
    ANNA,
    BO,
    address,
    extract,
    gone,
    moved,
    name,
    person,
    protection,
    somebody,
    written,
)
from tests.desk.registry.files import Desk, counts, skipped

COLUMNS = "card,cpr,name,street,mobile,guardian_card"


def log_of(desk: Desk, cpr: str = ANNA) -> list[tuple[Any, ...]]:
    """Read what the log says of whoever has a number: action, purpose, items, whose work."""
    key = desk.house.value(Borrower.select(Borrower.log_key).where(Borrower.cpr_index == VAULT.index(cpr)))
    columns = (AccessLog.action, AccessLog.purpose, AccessLog.revealed, AccessLog.staff)
    mine = AccessLog.subject == subject_of(key)
    return desk.house.rows(AccessLog.select(*columns).where(mine).order_by(AccessLog.number))


def is_whole(desk: Desk) -> bool:
    return desk.house.store.read_here(first_break) is None


def given_on(day: str, *lines: str) -> bytes:
    """Make an extract of another day."""
    return extract(*lines).replace(b"20260309", day.encode())


async def test_everybody_an_import_makes_or_changes_has_a_row_that_says_of_what(desk: Desk) -> None:
    await desk.borrowers(f"K-1,{ANNA},Anna Lund,Ågade 1,20304050,", f"K-2,{BO},Bo Lund,Ågade 1,,", columns=COLUMNS)
    assert log_of(desk) == [("create", "import", "", None)]
    await desk.borrowers(f"K-3,{ANNA},Anna Lund,Ågade 2,20304051,K-2", f"K-2,{BO},Bo Lund,Ågade 1,,", columns=COLUMNS)
    assert log_of(desk)[1:] == [
        ("change", "import", "address telephone cards", None),
        ("change", "import", "guardian", None),
    ]
    assert log_of(desk, BO) == [("create", "import", "", None)]
    assert is_whole(desk)


async def test_the_register_s_changes_are_noted_too(desk: Desk) -> None:
    await desk.extract(*somebody(ANNA), create=True)
    assert log_of(desk) == [("create", "register", "", None)]
    await desk.extract(person(ANNA), address(ANNA), written(ANNA), name(ANNA, "Ane"), protection(ANNA))
    assert log_of(desk)[1:] == [("change", "register", "name protection", None)]
    await desk.extract(*moved(ANNA, BO))
    await desk.extract(*gone(BO, "90"))
    assert [row[2] for row in log_of(desk, BO)[2:]] == [
        "cpr birth_date",
        "name birth_date address blocked_on block_reason municipality protection",
    ]
    assert is_whole(desk)


async def test_a_run_that_changes_nothing_for_anybody_writes_nothing(desk: Desk) -> None:
    row = f"K-1,{ANNA},Anna Kirstine Møller,,20304050,K-2"
    for _time in range(2):
        await desk.borrowers(row, f"K-2,{BO},Bo Lund,,,", columns=COLUMNS)
        await desk.extract(*somebody(ANNA))
        # The file has a column for streets, and none in it.
        desk.house.put(Borrower.update(street=""))
    before = len(desk.house.rows(AccessLog.select()))
    await desk.borrowers(row, f"K-2,{BO},Bo Lund,,,", columns=COLUMNS)
    assert len(desk.house.rows(AccessLog.select())) == before
    await desk.whole_extract(given_on("20260401", *somebody(ANNA)))
    await desk.whole_extract(given_on("20260402", *somebody(ANNA)))
    assert len(log_of(desk)) == len(desk.house.rows(AccessLog.select())) - 1


async def test_many_rows_cost_few_statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is one lock and one chain, however many are in it."""
    asked = 0

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*values: Any, **slots: Any) -> Any:
            nonlocal asked
            asked += 1
            return method(*values, **slots)

        return counting

    for method in ("run", "run_many", "all", "lock"):
        monkeypatch.setattr(Transaction, method, counted(getattr(Transaction, method)))
    statements = []
    for many in (2, 150):
        asked = 0
        await desk.borrowers(*(f"M{many}-{place},Navn {place}" for place in range(many)), columns="card,name")
        statements.append(asked)
    assert 0 < statements[0] == statements[1]
    assert len(desk.house.rows(AccessLog.select())) == 152
    assert is_whole(desk)


def test_whatever_is_held_on_the_row_itself_is_compared() -> None:
    """A new column of the data map is compared without anybody thinking of it."""
    compared = {f"borrower.{column.column_name}" for _key, column in changes.ITEMS}
    on_the_row = {column for held in MAP for column in held.columns if column.startswith("borrower.")}
    assert on_the_row - compared == {"borrower.register_dated"}


async def test_an_older_extract_does_not_undo_a_newer_one(desk: Desk) -> None:
    await desk.whole_extract(given_on("20260309", *somebody(ANNA), *somebody(BO)), create=True)
    older = given_on("20260308", person(ANNA), address(ANNA), written(ANNA, "Gammelvej 1"), name(ANNA), *gone(BO, "90"))
    report = await desk.whole_extract(older)
    assert skipped(report) == [(2, "outdated"), (6, "outdated")]
    assert counts(report) == (2, 0, 0, 2)
    streets = desk.house.rows(Borrower.select(Borrower.street).distinct())
    assert streets == [("Østergade 5,2 th",)]
    assert [len(log_of(desk, cpr)) for cpr in (ANNA, BO)] == [1, 1]
    report = await desk.whole_extract(given_on("20260310", person(ANNA), written(ANNA, "Nyvej 1"), name(ANNA)))
    assert counts(report) == (1, 0, 1, 0)


async def test_an_older_number_does_not_come_back(desk: Desk) -> None:
    await desk.whole_extract(given_on("20260309", *somebody(ANNA)), create=True)
    report = await desk.whole_extract(given_on("20260308", *moved(ANNA, BO)))
    assert skipped(report) == [(2, "outdated")]
    assert len(log_of(desk, ANNA)) == 1


async def test_an_extract_without_a_day_is_older_than_anything_known(desk: Desk) -> None:
    assert counts(await desk.whole_extract(given_on("00000000", *somebody(ANNA)), create=True))[1] == 1
    assert counts(await desk.whole_extract(given_on("00000000", *somebody(ANNA))))[2] == 1
    await desk.extract(*somebody(ANNA))
    assert skipped(await desk.whole_extract(given_on("00000000", *somebody(ANNA)))) == [(2, "outdated")]
