"""What the counter shows of the retention clock: on the sign-in screen, on F5, and what is caught up at the start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.models import Fee, Loan, LoanOccasion, Message, RetentionRun
from desk.calendar import local_date
from desk.installation import now
from screens.app import DeskApp
from tests.screens.at_work import AtWork, at_work
from tests.screens.borrower.test_reservations import until, words
from tests.screens.borrower_page import open_f4, rows, write

SIZES = [(80, 24), (120, 40)]


def run_on(days_ago: int, state: str = "done") -> Any:
    """Give a statement that a run was on a day."""
    at = now() - timedelta(days=days_ago)
    return RetentionRun.insert(day=local_date(at), started_at=at, finished_at=at, state=state)


def returned(days_ago: int, item: int = 1) -> tuple[Any, ...]:
    """Give statements by which Anna returned something some days ago."""
    at = now() - timedelta(days=days_ago)
    day = local_date(at)
    loan = {"item": item, "borrower": 1, "occasion": item, "lent_at": at, "due_on": day, "returned_at": at}
    return (
        LoanOccasion.insert(id=item, borrower=1, visit=f"v{item}", due_on=day),
        Loan.insert(**loan, closed_on=day),
    )


def told(days_ago: int) -> Any:
    """Give a statement by which Anna was told something some days ago."""
    at = now() - timedelta(days=days_ago)
    return Message.insert(
        borrower=1, kind="receipt", channel="sms", cause=f"r{days_ago}", language="da", facts="{}", body="Du har lånt",
        created_at=at, state="sent", sent_at=at, message_id=f"m{days_ago}",
    )  # fmt: skip


def owing(**columns: Any) -> Any:
    """Give a statement by which Anna owes or owed something."""
    usual = {"borrower": 1, "type": "other", "reason": "by_hand", "note": "våd bog", "amount_ore": 2000}
    return Fee.insert(**(usual | {"charged_on": local_date(now()), "created_at": now()} | columns))


# The sign-in screen.


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_that_was_done_is_told_in_passing(home: Path, size: tuple[int, int]) -> None:
    write(home, run_on(0))
    async with at_work(home, size, staff=None) as counter:
        await until(counter, "Sletning: i dag kl.")
        assert "næste i nat · intet er forsinket" in words(counter)
        assert not counter.app.screen.query_one("#retention").has_class("-late")


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_that_is_late_is_red_and_says_since_when_and_how_much(home: Path, size: tuple[int, int]) -> None:
    write(home, run_on(5), told(31), told(33), told(30))
    async with at_work(home, size, staff=None) as counter:
        await until(counter, "Sletningen er ikke gennemført siden")
        assert ".." not in counter.text()
        assert "3 rækker venter på at blive slettet. Kør: desk retention run" in words(counter)
        assert counter.app.screen.query_one("#retention").has_class("-late")


async def test_a_run_that_was_broken_off_is_red(home: Path) -> None:
    write(home, run_on(1), run_on(0, "failed"))
    async with at_work(home, staff=None) as counter:
        await until(counter, "Sletningen blev afbrudt. Den er senest gennemført")
        assert counter.app.screen.query_one("#retention").has_class("-late")


@pytest.mark.parametrize("size", SIZES)
async def test_a_clock_that_was_set_back_is_red_and_says_what_to_do(home: Path, size: tuple[int, int]) -> None:
    write(home, run_on(-365))
    async with at_work(home, size, staff=None) as counter:
        await until(counter, "Stil uret rigtigt. Går det rigtigt, kører en vagthavende: desk retention run")
        assert "--clock-is-right" in counter.text()
        assert "Adgangskode" in counter.text()
        assert counter.app.screen.query_one("#retention").has_class("-late")


async def test_what_the_night_left_out_is_caught_up_while_the_counter_works(home: Path) -> None:
    write(home, run_on(5), *returned(40), told(40))
    async with at_work(home) as counter:
        await counter.press("f3")
        catching_up = counter.app.catch_up()
        await counter.scan("3000000000")
        await catching_up.wait()
        assert "Titel 0" in counter.pile()
        assert rows(counter, Loan.select(Loan.id)) == []
        assert rows(counter, Message.select(Message.body)) == [(None,)]
        assert rows(counter, RetentionRun.select(RetentionRun.state).order_by(RetentionRun.id))[-1] == ("done",)


async def test_a_store_that_refuses_the_run_stops_no_scan(home: Path) -> None:
    write(home, run_on(-365), *returned(40))
    async with at_work(home) as counter:
        await counter.press("f3")
        await counter.app.catch_up().wait()
        await counter.scan("3000000000")
        assert "Titel 0" in counter.pile()
        assert len(rows(counter, Loan.select(Loan.id))) == 1


async def test_a_program_left_open_over_midnight_does_what_is_due_by_itself(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, run_on(0), *returned(29), told(29))
    async with at_work(home) as counter:
        counter.app.catches_up = True
        counter.app._tick()
        await counter.settle()
        assert len(rows(counter, RetentionRun.select())) == 1
        tomorrow = now() + timedelta(days=1)
        monkeypatch.setattr(DeskApp, "now", lambda _app: tomorrow)
        await counter.press("f3")
        # Once a date, however often a second passes.
        for _second in range(3):
            counter.app._tick()
        await counter.scan("3000000000")
        assert "Titel 0" in counter.pile()
        days = RetentionRun.select(RetentionRun.day, RetentionRun.state).order_by(RetentionRun.id)
        for _round in range(1000):
            if rows(counter, days)[1:] == [(local_date(tomorrow), "done")]:
                break
            await counter.pilot.pause(0.02)
        assert rows(counter, days)[1:] == [(local_date(tomorrow), "done")]
        assert rows(counter, Message.select(Message.body)) == [(None,)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("last", "said"),
    [(run_on(5), "sletning forsinket"), (run_on(-365), "sletning standset: uret")],
    ids=["late", "ahead"],
)
async def test_a_supervisor_sees_on_the_status_line_that_it_is_late_or_stopped(
    home: Path, size: tuple[int, int], last: Any, said: str
) -> None:
    write(home, last)
    async with at_work(home, size, staff=("lone", "hemmelig")) as counter:
        counter.app._tick()
        await until(counter, said)
    async with at_work(home, size) as counter:
        await counter.app.retention.look()
        counter.app.show_state()
        await counter.settle()
        assert said not in words(counter)


# F5.


@pytest.mark.parametrize("size", SIZES)
async def test_what_goes_tonight_is_listed_and_names_nobody(home: Path, size: tuple[int, int]) -> None:
    today = local_date(now())
    settled = {"paid_ore": 2000, "settled_on": today - timedelta(days=29), "outcome": "paid"}
    write(home, run_on(0), *returned(29, 1), *returned(28, 2), told(29), owing(**settled))
    async with at_work(home, size) as counter:
        await counter.press("f5", "7")
        await until(counter, "[7 Slettes i nat 4]")
        shown = words(counter)
        for said in ("lån Titel 0", "gebyr gebyr, 20,00", "beskeds indhold kvittering", "ekspeditioner 1"):
            assert said in shown
        assert "Titel 1" not in shown
        assert "Anna" not in shown


async def test_when_nothing_goes_tonight_it_says_so(home: Path) -> None:
    write(home, run_on(0))
    async with at_work(home) as counter:
        await counter.press("f5", "7")
        await until(counter, "Intet slettes i nat.")


# The borrower's page.


async def on_tab(counter: AtWork, key: str) -> None:
    """Open a tab of Anna's page."""
    await open_f4(counter)
    await counter.press(key)


@pytest.mark.parametrize("size", SIZES)
async def test_a_returned_loan_says_when_it_goes(home: Path, size: tuple[int, int]) -> None:
    write(home, *returned(18, 1), *returned(29, 2), *returned(30, 3), *returned(2, 4))
    write(home, owing(claimed_loan=4))
    async with at_work(home, size) as counter:
        await on_tab(counter, "1")
        for said in ("slettes om 12 dage", "slettes i morgen", "slettes i dag"):
            await until(counter, said)
        assert "1 Udlån 0" in words(counter)
        assert "Titel 0" in words(counter)


@pytest.mark.parametrize("size", SIZES)
async def test_a_loan_that_waits_for_a_fee_says_so(home: Path, size: tuple[int, int]) -> None:
    from db.models import FeeLoan

    write(home, *returned(40))
    write(home, owing())
    write(home, FeeLoan.insert(fee=1, loan=1))
    async with at_work(home, size) as counter:
        await on_tab(counter, "1")
        await until(counter, "venter på gebyr")


async def test_returned_loans_are_neither_marked_nor_renewed(home: Path) -> None:
    write(home, *returned(3))
    async with at_work(home) as counter:
        await on_tab(counter, "1")
        await until(counter, "slettes om 27 dage")
        await counter.press("space", "f", "a")
        assert "●" not in counter.text()
        assert rows(counter, Loan.select(Loan.renewals)) == [(0,)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_settled_fee_and_its_payment_say_when_they_go(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        counter.app.installation.store.write_here(lambda transaction: transaction.run(owing()))
        await on_tab(counter, "7")
        await until(counter, "venter på betaling")
        await counter.press("b", "enter", "k", "enter", "enter")
        await until(counter, "slettes om 30 dage")
        assert words(counter).count("slettes om 30 dage") == 2


async def test_a_messages_content_says_when_it_goes_on_each_row_where_there_is_room(home: Path) -> None:
    write(home, told(18), told(31))
    write(home, Message.update(facts=None, body=None).where(Message.cause == "r31"))
    async with at_work(home, (120, 40)) as counter:
        await on_tab(counter, "8")
        await until(counter, "slettes om 12 dage")
        assert "slettet" in words(counter)


@pytest.mark.parametrize("size", SIZES)
async def test_a_messages_content_says_when_it_goes_below_the_list(home: Path, size: tuple[int, int]) -> None:
    write(home, told(18))
    async with at_work(home, size) as counter:
        await on_tab(counter, "8")
        await until(counter, "Indholdet slettes om 12 dage, linjen bliver stående.")
