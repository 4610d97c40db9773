"""Several counters at the same moment (R7): limits hold, and one item is lent once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from db.models import Loan
from db.statements import Statement
from db.store import Transaction
from desk.circulation.check_out import SetDueDate
from desk.circulation.commands import Return
from desk.circulation.queries import BORROWER_ROW
from desk.circulation.records import LoanRecord, ReturnRecord
from desk.command import Command
from desk.desk import Desk, carried_out
from desk.errors import NotFound, Refused
from tests.builders import TUESDAY, House, Person, a_house, another_counter

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = "tests.desk.circulation.lending_program"


async def lend_at_many_counters(house: House, person: Person, counters: int) -> list[str]:
    """Lend as many items at as many counters at the same moment; gives what became of each."""
    things = [house.item() for _ in range(counters)]

    async def lend(desk: Desk, number: int) -> str:
        try:
            await desk.do(
                house.check_out_command(things[number], person, command_id=f"at-once-{things[number].item_id}")
            )
        except Refused as refused:
            return " ".join(refused.codes)
        return "lent"

    with ExitStack() as opened:
        desks = [opened.enter_context(another_counter(house)) for _ in range(counters)]
        return await asyncio.gather(*(lend(desk, number) for number, desk in enumerate(desks)))


async def test_twenty_counters_at_once_do_not_pass_a_limit_of_fifteen(house: House) -> None:
    outcomes = await lend_at_many_counters(house, house.borrower(), 20)
    assert outcomes.count("lent") == 15
    assert outcomes.count("limit") == 5
    assert len(house.open_loans()) == 15


async def test_without_the_borrowers_lock_twenty_counters_pass_the_limit(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Transaction.lock

    def all_but_the_borrowers(transaction: Transaction, statement: Statement, **values: Any) -> None:
        if statement is not BORROWER_ROW:
            lock(transaction, statement, **values)

    monkeypatch.setattr(Transaction, "lock", all_but_the_borrowers)
    with a_house(postgres_url) as house:
        for _attempt in range(10):
            person = house.borrower()
            if (await lend_at_many_counters(house, person, 20)).count("lent") > 15:
                return
    pytest.fail("the limit held without the lock, so the test of the limit proves nothing")


async def test_one_item_at_many_counters_at_once_is_lent_once(house: House) -> None:
    thing = house.item()
    people = [house.borrower() for _ in range(8)]
    with ExitStack() as opened:
        desks = [opened.enter_context(another_counter(house)) for _ in people]
        commands = [house.check_out_command(thing, person) for person in people]
        outcomes = await asyncio.gather(
            *(desk.do(command) for desk, command in zip(desks, commands, strict=True)), return_exceptions=True
        )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [outcome.codes for outcome in refused] == [("on_loan_to_another",)] * 7
    assert len(house.open_loans()) == 1


async def test_one_command_sent_by_two_programs_at_once_is_done_once(house: House) -> None:
    person, thing = house.borrower(), house.item()
    command = house.check_out_command(thing, person)
    with another_counter(house) as elsewhere:
        one, two = await asyncio.gather(house.desk.do(command), elsewhere.do(command))
    assert one.loan_id == two.loan_id
    assert house.records() == [("CheckOut", "")]


def test_the_same_items_lent_by_two_processes_at_once_are_lent_once(house: House) -> None:
    people = [house.borrower(), house.borrower()]
    things = [house.item() for _ in range(15)]
    arguments = [house.store.url, str(house.staff["staff"]), str(house.counter)]
    numbers = [str(thing.item_id) for thing in things]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", PROGRAM, *arguments, str(person.borrower_id), *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for person in people
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in processes]
    for here, there in zip(*said, strict=True):
        assert {here, there} == {"lent", "on_loan_to_another"}
    assert len(house.open_loans()) == 15


# What is decided while another counter takes the book back


async def while_it_is_returned(house: House, loan: LoanRecord, attempt: Callable[[], Awaitable[object]]) -> None:
    """Attempt something on a loan that another counter is just closing: it must find the loan closed, and leave it."""
    written, go_on = threading.Event(), threading.Event()
    command: Command[ReturnRecord] = Return(
        command_id="elsewhere", who=house.who(), at=house.clock(), item_id=loan.item.item_id
    )

    def returned(transaction: Transaction) -> ReturnRecord:
        answer = carried_out(transaction, command)
        written.set()
        assert go_on.wait(20)
        return answer

    with another_counter(house) as elsewhere:
        returning = asyncio.create_task(elsewhere._store.write(returned))
        await asyncio.to_thread(written.wait, 20)
        attempting = asyncio.ensure_future(attempt())
        await asyncio.wait([attempting], timeout=0.2)
        go_on.set()
        await returning
        with pytest.raises(NotFound):
            await attempting
    assert house.rows(Loan.select(Loan.due_on, Loan.renewals)) == [(loan.due_on, 0)]


async def test_a_loan_is_not_renewed_that_another_counter_is_closing(house: House) -> None:
    person = house.borrower()
    loan = await house.lend(house.item(), person)
    house.clock.forward(days=10)
    await while_it_is_returned(house, loan, lambda: house.renew(loan, person))


async def test_a_due_date_is_not_set_on_a_loan_that_another_counter_is_closing(house: House) -> None:
    loan = await house.lend(house.item(), house.borrower())
    command = SetDueDate(
        command_id="late",
        who=house.who(),
        at=TUESDAY,
        loan_id=loan.loan_id,
        due_on=loan.due_on.replace(day=20),
        reason="ferie",
    )
    await while_it_is_returned(house, loan, lambda: house.desk.do(command))
