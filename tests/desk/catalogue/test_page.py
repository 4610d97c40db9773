"""A title's page, and who has a copy (C15)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.models import AccessLog, Item
from db.statements import Statement
from desk.catalogue import finding, queries, statuses
from desk.catalogue.queries import title_page
from desk.errors import NotFound
from desk.privacy.purposes import Purpose
from tests.builders import Thing, a_house
from tests.catalogue_builders import Shelves


async def test_the_page_says_where_each_copy_is_and_how_long_the_queue(shelves: Shelves) -> None:
    house = shelves.house
    lent, ready, put_back, home = shelves.title("Kongens Fald", "Johannes V. Jensen", number="288", copies=4, year=1901)
    away = shelves.copy(shelves.title_of(home), "9", branch=house.other_branch, status="in_transit")
    loan = await house.lend(lent, house.borrower())
    shelves.set_aside(ready, house.borrower(), number=34)
    shelves.lies_for_nobody(put_back, number=7)
    shelves.reserve(home, house.borrower(), state="inTransit", trapped_item=away.item_id)
    shelves.reserve(home, house.borrower())
    page = shelves.page(home)
    assert (page.title, page.author, page.year, page.number, page.waiting) == (
        "Kongens Fald",
        "Johannes V. Jensen",
        1901,
        "288",
        3,
    )
    told = {
        copy.barcode: (copy.status, copy.due_on, copy.pickup_number, copy.shelf_branch, copy.is_set_aside)
        for copy in page.copies
    }
    assert told == {
        lent.barcode: ("on_loan", loan.due_on, None, "", False),
        ready.barcode: ("on_shelf", None, 34, "Struer", True),
        put_back.barcode: ("on_shelf", None, 7, "Struer", False),
        home.barcode: ("available", None, None, "", False),
        "9": ("in_transit", None, None, "Struer", True),
    }
    assert [(copy.branch, copy.shelf_mark) for copy in page.copies][-1] == ("Thyholm", "Jensen")


async def test_a_copy_that_was_lent_ten_times_stands_there_once(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    for _time in range(3):
        await house.lend(thing, house.borrower())
        await house.take_back(thing)
    assert len(shelves.page(thing).copies) == 1
    assert shelves.page(thing).copies[0].due_on is None


def test_a_page_takes_two_statements_however_many_copies(shelves: Shelves) -> None:
    (thing, *_others) = shelves.title("Kongens Fald", copies=20)
    with shelves.statements() as ran:
        shelves.page(thing)
    assert len([sql for sql in ran if '"title"' in sql]) <= 3


def test_a_title_that_is_gone_has_no_page(shelves: Shelves) -> None:
    assert shelves.house.store.read_here(lambda transaction: title_page(transaction, 999)) is None


async def test_nothing_on_the_page_names_a_borrower(shelves: Shelves) -> None:
    house = shelves.house
    lent, ready = shelves.title("Kongens Fald", copies=2)
    await house.lend(lent, house.borrower(name="Kanarie Qvist", card="KANARIE1"))
    shelves.set_aside(ready, house.borrower(name="Kanarie Qvist"))
    page = shelves.page(lent)
    assert "Kanarie" not in "".join(str(getattr(copy, name)) for copy in page.copies for name in copy.__slots__)


async def test_who_has_it_is_shown_with_a_row_in_the_log(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    person = house.borrower(name="Anna Møller")
    loan = await house.lend(thing, person)
    holder = await shelves.holder(thing, purpose=Purpose.FOLLOW_UP)
    assert (holder.borrower_id, holder.name, holder.waits, holder.due_on) == (
        person.borrower_id,
        "Anna Møller",
        False,
        loan.due_on,
    )
    assert "Anna" not in repr(holder)
    row = house.rows(
        AccessLog.select(AccessLog.action, AccessLog.purpose, AccessLog.revealed).order_by(AccessLog.number.desc())
    )[0]
    assert row == ("reveal", "follow_up", "name number loans")


async def test_whom_a_copy_is_set_aside_for_is_shown_likewise(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    shelves.set_aside(thing, house.borrower(name="Anna Møller"))
    holder = await shelves.holder(thing)
    assert (holder.name, holder.waits, holder.due_on) == ("Anna Møller", True, None)
    assert house.value(AccessLog.select(AccessLog.revealed)) == "name number reservations"


async def test_nobody_is_shown_who_does_not_have_it(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    await house.lend(thing, house.borrower())
    await house.take_back(thing)
    shelves.reserve(thing, house.borrower())
    for item in (thing, Thing(999, "x")):
        with pytest.raises(NotFound):
            await shelves.holder(item)
    assert house.rows(AccessLog.select(AccessLog.number).where(AccessLog.action == "reveal")) == []


def test_a_copys_status_and_reason_are_as_they_were_set(shelves: Shelves) -> None:
    (thing,) = shelves.title("Kongens Fald")
    shelves.house.put(
        Item.update(status="missing", status_since=shelves.house.clock(), status_reason="ikke på plads").where(
            Item.id == thing.item_id
        )
    )
    copy = shelves.on_page(thing)
    assert (copy.status, copy.reason) == ("missing", "ikke på plads")
    assert copy.since is not None
    assert copy.since.date() == date(2026, 3, 10)


@pytest.mark.parametrize(
    "statement", [queries.TITLE, queries.COPIES, statuses.STANDING, statuses.COPIES_LEFT, statuses.WAITING]
)
def test_a_page_and_a_status_scan_no_table(tmp_path: Path, statement: Statement) -> None:
    assert "SCAN" not in plan_of(tmp_path, statement)


@pytest.mark.parametrize("terms", [1, 2, 5])
def test_a_search_goes_along_the_words_and_asks_each_title(tmp_path: Path, terms: int) -> None:
    plan = plan_of(tmp_path, finding._with_all(terms))
    assert "titleword_word_title_id" in plan.replace("title_word", "titleword")
    assert plan.count("title_id=?") == terms - 1
    assert "TEMP B-TREE" not in plan


def plan_of(folder: Path, statement: Statement) -> str:
    """Ask the embedded engine how it would find the rows."""
    with a_house(f"sqlcipher://{folder}/store.db") as house:
        house.store.read_here(lambda _store: None)
        wording = statement.wording_for(house.store._database)
        values = [1] * len(wording.parameters)
        steps = house.store._database.execute_sql(f"EXPLAIN QUERY PLAN {wording.sql}", values).fetchall()
    return "\n".join(step[3] for step in steps)
