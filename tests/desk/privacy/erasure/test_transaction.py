"""The erasing transaction: what goes, what stays, and when it does not take place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from peewee import IntegrityError

from db.models import Borrower, DeletionRequest, Fee, Item, Loan, Payment, PutBack, Reservation
from desk.command import HANDLERS
from desk.errors import ChangedMeanwhile, NotErasable, NotFound
from desk.money.checking import wrong_money
from desk.privacy.access_log import first_break
from desk.privacy.data_map import MAP
from desk.privacy.erasure.eraser import erase_borrower
from desk.privacy.erasure.leftovers import COVERS, OUTLIVES
from desk.privacy.erasure.steps import NAMED_BY, NAMES_NOBODY, STEPS, Step
from tests.builders import House, another_counter
from tests.desk.test_roles import load_all_of_desk
from tests.erasing import EXPECTED, Life, Rows, a_life, approved, erase, erase_command, everything, take_out
from tests.owing import Owing

# Of these, rows come or change with an erasure; each is looked at by itself.
CHANGED = ("access_log", "access_log_ends", "command_record", "deletion_request", "put_back")


async def check_erasure(house: House, life: Life) -> None:
    """Erase, and compare every row of the store with what it should be."""
    before = everything(house)
    erased = await erase(house, life.request_id, life.person)
    after = everything(house)
    assert erased.counts == EXPECTED
    for table, rows in before.items():
        if table not in CHANGED:
            gone = [row for row in rows if row not in after[table]]
            assert after[table] == [row for row in rows if row not in gone]
            assert len(gone) == EXPECTED.get(table, 0)
    compare_changed(before, after, life)
    assert not any(house.store.read_here(wrong_money).values())
    assert house.store.read_here(first_break) is None
    assert house.store.damage() == []


def compare_changed(before: Rows, after: Rows, life: Life) -> None:
    """Compare the tables in which something comes."""
    assert [row for row in before["access_log"] if row not in after["access_log"]] == []
    (looked,) = [row for row in after["access_log"] if row not in before["access_log"]]
    assert looked[4:7] == (None, "erase", "deletion")
    assert len(after["put_back"]) == len(before["put_back"]) + 1
    records = [row for row in after["command_record"] if row not in before["command_record"]]
    assert [(row[2], row[3]) for row in records] == [("EraseBorrower", life.request_id)]
    kept = len(before["command_record"]) - EXPECTED["command_record"]
    assert len(after["command_record"]) == kept + 1
    (request,) = after["deletion_request"]
    assert request[:3] == (life.request_id, None, "erased")


async def check_replay(house: House, steps: Sequence[Step] = STEPS) -> None:
    """Erase as a restore does, out of a back-up in which something is still out and a child still theirs."""
    person, child, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, person)
    house.put(Borrower.update(guardian=person.borrower_id).where(Borrower.id == child.borrower_id))
    counts = house.store.write_here(
        lambda transaction: erase_borrower(transaction, person.borrower_id, house.clock(), steps)
    )
    assert (counts["item"], counts["guardian"], counts["loan"], counts["borrower"]) == (1, 1, 1, 1)
    assert house.status(thing) == "available"
    assert house.value(Borrower.select(Borrower.guardian).where(Borrower.id == child.borrower_id)) is None


async def test_exactly_the_persons_rows_go_and_the_till_balances(house: House) -> None:
    await check_erasure(house, await a_life(house))


async def test_a_restore_lets_go_of_what_was_out_and_of_children(house: House) -> None:
    await check_replay(house)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_no_step_can_be_left_out_unseen(house: House, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    life = await a_life(house)
    left = take_out(monkeypatch, step)

    async def check() -> None:
        await check_erasure(house, life)
        await check_replay(house, left)

    with pytest.raises((AssertionError, IntegrityError, KeyError)):
        await check()


def test_the_steps_take_the_person_out_of_every_column_of_the_map() -> None:
    covered = {table for step in STEPS for table in step.covers}
    columns = [column for held in MAP for column in held.columns]
    left = [column for column in columns if column not in COVERS and column.split(".")[0] not in covered]
    assert set(left) == set(OUTLIVES)


def test_every_kind_of_command_says_whose_row_its_record_names() -> None:
    load_all_of_desk()
    with_rows = {kind.__name__ for kind, handler in HANDLERS.items() if handler.row_id(_Any()) is not None}
    named = {name for names in NAMED_BY.values() for name in names} | set(NAMES_NOBODY) | {"Return"}
    assert with_rows - named == set()
    assert named - {kind.__name__ for kind in HANDLERS} == set()


class _Any:
    """Has every attribute, and each is something."""

    def __getattr__(self, _name: str) -> Any:
        return self

    def __getitem__(self, _key: object) -> Any:
        return self


@pytest.mark.parametrize(
    ("hindrance", "expected"),
    [("loan", (1, 0, 0, 0)), ("fee", (0, 1, 0, 0)), ("credit", (0, 0, 32_500, 0)), ("child", (0, 0, 0, 1))],
)
async def test_what_has_come_in_between_stops_it(
    house: House, hindrance: str, expected: tuple[int, int, int, int]
) -> None:
    person = house.borrower()
    request_id = approved(house, person)
    owing = Owing(house)
    match hindrance:
        case "loan":
            await house.lend(house.item(), person)
        case "fee":
            await owing.owes(person, 2_000)
        case "credit":
            house.put(
                Fee.insert(
                    borrower=person.borrower_id,
                    type="compensation",
                    reason="claim",
                    amount_ore=32_500,
                    paid_ore=32_500,
                    charged_on=house.clock().date(),
                    created_at=house.clock(),
                    settled_on=house.clock().date(),
                    outcome="cancelled",
                )
            )
        case _:
            child = house.borrower(born=None)
            house.put(Borrower.update(guardian=person.borrower_id).where(Borrower.id == child.borrower_id))
    before = everything(house)
    with pytest.raises(NotErasable) as refused:
        await erase(house, request_id, person)
    stands = refused.value
    assert (stands.open_loans, stands.unsettled_fees, stands.credit_ore, stands.wards) == expected
    assert everything(house) == before


async def test_what_is_not_approved_is_not_erased(house: House) -> None:
    person = house.borrower()
    request_id = approved(house, person)
    command = erase_command(house, request_id, person)
    house.put(DeletionRequest.update(state="withdrawn").where(DeletionRequest.id == request_id))
    with pytest.raises(NotFound):
        await house.desk.do(command)
    assert person.borrower_id in house.ids(Borrower)


async def test_whoever_has_changed_since_is_looked_at_again_first(house: House) -> None:
    person = house.borrower()
    command = erase_command(house, approved(house, person), person)
    house.put(Borrower.update(email="ny@eksempel.dk").where(Borrower.id == person.borrower_id))
    with pytest.raises(ChangedMeanwhile):
        await house.desk.do(command)
    assert person.borrower_id in house.ids(Borrower)


async def test_the_same_erasure_twice_answers_what_it_answered(house: House) -> None:
    person = house.borrower()
    command = erase_command(house, approved(house, person), person)
    assert await house.desk.do(command) == await house.desk.do(command)


async def test_what_lay_on_the_shelf_is_to_be_put_back_and_the_queue_moves_up(house: House) -> None:
    life = await a_life(house)
    await erase(house, life.request_id, life.person)
    assert house.rows(PutBack.select(PutBack.item)) == [(life.on_shelf.item_id,)]
    assert house.status(life.on_shelf) == "on_shelf"
    await house.take_back(life.on_shelf)
    assert house.status(life.on_shelf) == "available"
    assert house.rows(PutBack.select(PutBack.item)) == []
    assert len(house.ids(Reservation)) == 2


async def test_a_loan_at_another_counter_at_that_moment_is_refused_or_stops_it(house: House) -> None:
    person, thing = house.borrower(), house.item()
    command = erase_command(house, approved(house, person), person)
    with another_counter(house) as desk:
        results = await asyncio.gather(
            desk.do(house.check_out_command(thing, person)), house.desk.do(command), return_exceptions=True
        )
    lent, erased = results
    assert isinstance(lent, NotFound) != isinstance(erased, NotErasable), results
    assert len(house.ids(Loan)) == (0 if isinstance(lent, NotFound) else 1)
    assert house.status(thing) == ("available" if isinstance(lent, NotFound) else "on_loan")


async def test_what_the_request_keeps_names_nobody(house: House) -> None:
    life = await a_life(house)
    await erase(house, life.request_id, life.person)
    row = house.rows(DeletionRequest.select(DeletionRequest.counts, DeletionRequest.tombstone))[0]
    assert json.loads(row[0]) == EXPECTED
    assert len(row[1]) == 32
    assert house.ids(Item)
    assert house.rows(Payment.select(Payment.borrower).where(Payment.borrower == life.person.borrower_id)) == []
