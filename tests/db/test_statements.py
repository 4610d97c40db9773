"""Prepared statements: the same rows as the query they are made of, worded once; and the plans of the hot ones."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from peewee import QueryEvent

from db.models import Block, Borrower, CalendarDay, Item, Loan, LoanOccasion, StatisticsCount
from db.statements import Slot, Statement
from db.store import Transaction
from desk import desk
from desk.circulation import check_out, queries, renewal, returning
from desk.counter import codes
from desk.statistics import counting
from tests.builders import TUESDAY, House, a_house, new_store

ALL_OF_A_BORROWER = Statement(
    Borrower.select(
        Borrower.number, Borrower.birth_date, Borrower.address_protected, Borrower.cpr_index, Borrower.internal_note_at
    ).where(Borrower.id == Slot("borrower_id"))
)
BORROWER_ROW = Statement(Borrower.select(Borrower.id).where(Borrower.id == Slot("borrower_id")).for_update())
PROTECT = Statement(
    Borrower.update(
        address_protected=Slot("is_protected"), protected_until=Slot("until"), internal_note_at=Slot("at")
    ).where(Borrower.id == Slot("borrower_id"))
)
NEW_OWN_DAY = Statement(CalendarDay.insert(branch=Slot("branch_id"), day=Slot("day"), is_open=Slot("is_open")))
BLOCKS_OF_CARD = Statement(Block.select(Block.id).where(Block.card == Slot("card_id")))


@pytest.fixture
def house(store_url: str) -> Iterator[House]:
    with a_house(store_url) as built:
        yield built


def test_a_statement_reads_what_its_fields_say(house: House) -> None:
    person = house.borrower(cpr="0101709995")
    house.put(Borrower.update(internal_note_at=TUESDAY, address_protected=True))

    row = house.store.read_here(lambda store: store.one(ALL_OF_A_BORROWER, borrower_id=person.borrower_id))

    assert row is not None
    assert row[1:3] == (date(1980, 5, 17), True)
    assert isinstance(row[2], bool)
    assert row[3] == house.store.read_here(lambda store: store.vault.index("0101709995"))
    assert isinstance(row[3], bytes)
    assert row[4] == TUESDAY
    assert row[4].tzinfo is UTC


def test_what_is_null_is_read_as_none(house: House) -> None:
    person = house.borrower(born=None)
    row = house.store.read_here(lambda store: store.one(ALL_OF_A_BORROWER, borrower_id=person.borrower_id))
    assert row is not None
    assert row[1] is None
    assert row[3:] == (None, None)


def test_it_gives_the_rows_of_the_query_it_is_made_of(house: House) -> None:
    lent = house.borrower(), house.borrower()
    query = Borrower.select(Borrower.id, Borrower.name, Borrower.birth_date).order_by(Borrower.id.desc())

    def both(store: Transaction) -> tuple[object, object]:
        return store.all(query), store.all(Statement(query))

    asked, prepared = house.store.read_here(both)
    assert asked == prepared
    assert len(lent) == 2


def test_an_update_writes_what_its_fields_say_and_counts_its_rows(house: House) -> None:
    person = house.borrower()

    def protect(store: Transaction, borrower_id: int) -> int:
        return store.run(PROTECT, borrower_id=borrower_id, is_protected=True, until=date(2026, 5, 1), at=TUESDAY)

    assert house.store.write_here(lambda store: protect(store, person.borrower_id)) == 1
    assert house.store.write_here(lambda store: protect(store, 0)) == 0
    written = Borrower.select(Borrower.address_protected, Borrower.protected_until, Borrower.internal_note_at)
    assert house.rows(written) == [(True, date(2026, 5, 1), TUESDAY)]


def test_an_insert_gives_the_new_id_and_fills_in_what_is_usual(house: House) -> None:
    def close_on(day: date) -> int:
        return house.store.write_here(
            lambda store: store.run(NEW_OWN_DAY, branch_id=house.branch, day=day, is_open=False)
        )

    ids = [close_on(date(2026, 5, 1)), close_on(date(2026, 5, 2))]
    rows = house.rows(CalendarDay.select(CalendarDay.id, CalendarDay.day, CalendarDay.reason).order_by(CalendarDay.id))
    assert rows == [(ids[0], date(2026, 5, 1), ""), (ids[1], date(2026, 5, 2), "")]


def test_an_insert_without_an_id_gives_the_rows_it_touched(house: House) -> None:
    cell = {"day": date(2026, 3, 10), "hour": 11, "branch": house.branch, "what": "loan"}
    codes = {"borrower_group": "voksen", "municipality": "671", "material_group": "standard"}
    for count in (1, 2):
        assert house.store.write_here(lambda store: store.run(counting.ONE_MORE, **cell, **codes)) == 1
        assert house.rows(StatisticsCount.select(StatisticsCount.count)) == [(count,)]


def test_a_value_of_another_type_is_converted_as_its_field_says(house: House) -> None:
    person = house.borrower()
    row = house.store.read_here(lambda store: store.one(ALL_OF_A_BORROWER, borrower_id=str(person.borrower_id)))
    assert row is not None


def test_a_naive_instant_is_refused(house: House) -> None:
    naive = datetime(2026, 3, 10, 11, 0)  # noqa: DTZ001  (that is the point)
    with pytest.raises(ValueError, match="aware"):
        house.store.write_here(lambda store: store.run(PROTECT, borrower_id=1, is_protected=True, until=None, at=naive))


@pytest.mark.parametrize("values", [{}, {"borrower_id": 1, "card_id": 2}, {"id": 1}])
def test_a_value_too_many_or_too_few_is_told(house: House, values: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="id"):
        house.store.read_here(lambda store: store.one(ALL_OF_A_BORROWER, **values))


def test_nothing_is_found_by_none(house: House) -> None:
    house.block(house.borrower(), "U")
    assert house.store.read_here(lambda store: store.all(BLOCKS_OF_CARD, card_id=None)) == []


def test_it_is_worded_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = Statement(Item.select(Item.id).where(Item.id == Slot("item_id")))
    house.store.read_here(lambda store: store.one(statement, item_id=1))
    monkeypatch.setattr("db.statements._worded", None)
    house.store.read_here(lambda store: store.one(statement, item_id=2))


async def test_a_locked_row_makes_the_other_counter_wait(house: House) -> None:
    person = house.borrower()
    order: list[str] = []
    locked, asked = threading.Event(), threading.Event()

    def hold(store: Transaction) -> None:
        store.lock(BORROWER_ROW, borrower_id=person.borrower_id)
        locked.set()
        asked.wait(10)
        # The other counter is on its way, and would be through in a millisecond if nothing held it up.
        time.sleep(0.2)
        order.append("first")

    def follow(store: Transaction) -> None:
        store.lock(BORROWER_ROW, borrower_id=person.borrower_id)
        order.append("second")

    other = new_store(house.store.url)
    try:
        holding = asyncio.ensure_future(house.store.write(hold))
        await asyncio.to_thread(locked.wait, 10)
        asked.set()
        await other.write(follow)
        await holding
    finally:
        other.close()
    assert order == ["first", "second"]


# The hot statements: every one finds its rows by an index, and none grows with the store.


def hot_statements() -> list[object]:
    modules: tuple[ModuleType, ...] = (desk, queries, check_out, returning, renewal, codes, counting)
    return [
        pytest.param(value, id=name)
        for module in modules
        for name, value in vars(module).items()
        # Those that lock are for PostgreSQL alone.
        if isinstance(value, Statement) and not getattr(value._query, "_for_update", None)
    ]


@pytest.fixture
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(f"sqlcipher://{tmp_path_factory.mktemp('house')}/store.db") as built:
        yield built


def plan_of(house: House, statement: Statement) -> str:
    house.store.read_here(lambda _store: None)
    database = house.store._database
    wording = statement.wording_for(database)
    steps = database.execute_sql(f"EXPLAIN QUERY PLAN {wording.sql}", [1] * len(wording.parameters)).fetchall()
    return "\n".join(step[3] for step in steps)


@pytest.mark.parametrize("statement", hot_statements())
def test_a_hot_statement_scans_no_table(embedded: House, statement: Statement) -> None:
    plan = plan_of(embedded, statement)
    assert "SCAN" not in plan
    assert "item_material_group_id" not in plan


@pytest.mark.parametrize("statement", [queries.OPEN_LOAN_COUNT, queries.OPEN_LOANS_IN_GROUP])
def test_counting_open_loans_touches_no_returned_ones(embedded: House, statement: Statement) -> None:
    assert "loan_open_borrower" in plan_of(embedded, statement)


@pytest.mark.parametrize("limit", [None, 10_000])
async def test_a_check_out_takes_as_many_statements_whatever_is_on_loan(embedded: House, limit: int | None) -> None:
    house = embedded
    house.limit(10_000)
    house.rule("voksen", "standard", loan_limit=limit)
    person, things = house.borrower(), [house.item() for _ in range(3)]
    statements: list[str] = []
    database = house.store._database

    def note(event: QueryEvent) -> None:
        statements.append(event.sql)

    async def count(thing: int) -> int:
        statements.clear()
        await house.lend(things[thing], person, visit=f"besøg {thing}")
        return len(statements)

    await house.lend(things[0], person)
    database.query_hooks.append(note)
    with_one = await count(1)
    lend_past_the_rules(house, person.borrower_id, 500)
    assert await count(2) == with_one
    assert with_one <= 16


def lend_past_the_rules(house: House, borrower_id: int, loans: int) -> None:
    def fill(store: Transaction) -> None:
        title, group = store.one(Item.select(Item.title, Item.material_group)) or (0, 0)
        occasion = store.run(LoanOccasion.insert(borrower=borrower_id, visit="før", due_on=date(2026, 4, 9)))
        for number in range(loans):
            item = store.run(
                Item.insert(
                    barcode=f"F{number}", title=title, material_group=group, branch=house.branch, status="on_loan"
                )
            )
            store.run(
                Loan.insert(
                    item=item, borrower=borrower_id, occasion=occasion, lent_at=TUESDAY, due_on=date(2026, 4, 9)
                )
            )

    house.store.write_here(fill)
