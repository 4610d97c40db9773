"""Ctrl+Z and the borrower's page: what F4 did is the last thing done (C9), and F2 knows what F4 has changed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events

from db.models import Fee, Loan, LoanOccasion, Message, Reservation, Telephone
from db.store import Transaction
from desk.borrowers.commands import OpenPage
from desk.borrowers.visiting import OpenVisit
from desk.command import Command
from tests.screens.at_work import CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import open_from_search, rows, write

ITEMS = ("3000000000", "3000000001", "3000000002")


async def lent(counter: AtWork, *, due_in_days: int = 1) -> None:
    """Lend three items, and let them be due soon, or be overdue."""
    await counter.scan(CARD, *ITEMS)
    day = counter.app.today() + timedelta(days=due_in_days)

    def move(transaction: Transaction) -> None:
        transaction.run(Loan.update(due_on=day).where(Loan.returned_at.is_null()))
        transaction.run(LoanOccasion.update(due_on=day))

    counter.app.installation.store.write_here(move)


def renewals(counter: AtWork) -> list[int]:
    """Read how often each loan has been renewed."""
    return [row[0] for row in rows(counter, Loan.select(Loan.renewals).order_by(Loan.id))]


def fees(counter: AtWork) -> list[int]:
    """Read what each fee comes to."""
    return [row[0] for row in rows(counter, Fee.select(Fee.amount_ore))]


async def renew_all(counter: AtWork) -> None:
    """Renew all on F4."""
    await counter.press("f4")
    await counter.until("[1 Udlån 3]")
    await counter.press("a")
    await counter.until("Fornyet: 3 af 3.")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_ctrl_z_on_the_page_takes_back_what_one_key_renewed_and_its_fee(
    home: Path, size: tuple[int, int]
) -> None:
    async with at_work(home, size) as counter:
        await lent(counter, due_in_days=-10)
        await renew_all(counter)
        assert renewals(counter) == [1, 1, 1]
        assert sum(fees(counter)) > 0
        await counter.press("ctrl+z")
        await counter.until("3 fornyelser · fortrudt")
        assert renewals(counter) == [0, 0, 0]
        assert fees(counter) == []
        await counter.until("0/2")
        assert "fornyet" not in counter.text().split("3 fornyelser")[0]


async def test_back_in_f2_ctrl_z_takes_back_the_renewal_and_not_the_loan_before_it(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        await counter.press("f4")
        await counter.until("[1 Udlån 3]")
        await counter.press("f")
        await counter.until("Fornyet: 1 af 1.")
        await counter.press("escape", "ctrl+z")
        await counter.until("Titel 0 · fortrudt")
        assert renewals(counter) == [0, 0, 0]


async def test_ctrl_z_on_the_page_of_somebody_else_takes_back_nothing_of_the_open_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(OTHER_CARD, ITEMS[0])
        await open_from_search(counter)
        await counter.press("ctrl+z")
        await counter.until("Intet at fortryde for denne låner. En aflevering fortrydes i F3.")
        assert len(rows(counter, Loan.select(Loan.id))) == 1


async def test_a_fee_that_arose_on_the_page_stands_in_f2(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter, due_in_days=-10)
        await renew_all(counter)
        await counter.press("escape")
        owed = sum(fees(counter)) // 100
        await counter.until(f"{owed},00")


async def test_a_new_visit_says_why_nothing_is_undone(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        await counter.scan(OTHER_CARD)
        await counter.press("ctrl+z")
        await counter.until("Intet at fortryde: det forrige var en tidligere låners.")


def waits_for_the_first_title(counter: AtWork) -> None:
    """Let Ib wait for the first title."""
    ahead = counter.app.today() + timedelta(days=90)
    place = Reservation.insert(title=1, borrower=2, pickup_branch=1, reserved_at=counter.app.now(), expires_on=ahead)
    counter.app.installation.store.write_here(lambda transaction: transaction.run(place))


async def test_a_free_copy_that_others_wait_for_says_so(home: Path) -> None:
    async with at_work(home) as counter:
        waits_for_the_first_title(counter)
        await counter.scan(CARD, *ITEMS[:2])
        (remarked,) = (line for line in counter.pile().splitlines() if "andre venter på titlen" in line)
        assert "Titel 0" in remarked


async def test_undoing_a_return_whose_message_has_gone_says_who_was_told_of_what(home: Path) -> None:
    write(home, Telephone.insert(borrower=2, number="12345678", takes_sms=True))
    async with at_work(home) as counter:
        await counter.scan(CARD, ITEMS[0])
        waits_for_the_first_title(counter)
        await counter.press("f3")
        await counter.scan(ITEMS[0])
        sent = Message.update(state="sent", sent_at=counter.app.now())
        counter.app.installation.store.write_here(lambda transaction: transaction.run(sent))
        await counter.press("ctrl+z")
        await counter.until("fortrudt · låneren har fået besked om hylde 1")
        assert rows(counter, Loan.select(Loan.borrower).where(Loan.returned_at.is_null())) == [(1,)]


class Slow:
    """A desk that opens pages only when it is let."""

    def __init__(self, counter: AtWork, monkeypatch: pytest.MonkeyPatch, kind: type[Command[Any]]) -> None:
        self.may_go_on = asyncio.Event()
        do = counter.app.installation.desk.do

        async def wait_and_do(command: Command[Any]) -> Any:
            if isinstance(command, kind):
                await self.may_go_on.wait()
            return await do(command)

        monkeypatch.setattr(counter.app.installation.desk, "do", wait_and_do)


async def test_until_the_page_has_been_read_it_says_nothing_of_nobody_and_keeps_the_keys(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        slow = Slow(counter, monkeypatch, OpenPage)
        await counter.press("f4")
        await counter.until("Henter …")
        for untrue in ("Scan et lånerkort", "Ingen udlån", "Udlån 0"):
            assert untrue not in counter.text()
        await counter.press("down", "f")
        assert renewals(counter) == [0, 0, 0]
        slow.may_go_on.set()
        await counter.until("Fornyet: 1 af 1.")
        assert renewals(counter) == [0, 1, 0]
        assert "Anna Møller" in counter.text()


async def test_a_page_that_is_being_read_is_left_by_esc(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        Slow(counter, monkeypatch, OpenPage)
        await counter.press("f4")
        await counter.until("Henter …")
        await counter.press("escape")
        await counter.until("lån 3/")


async def test_f4_right_behind_a_card_waits_for_it_and_opens_that_borrowers_page(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(home) as counter:
        slow = Slow(counter, monkeypatch, OpenVisit)
        for key in (*CARD, "enter", "f4"):
            counter.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await counter.pilot.pause(0.2)
        assert "Find låner" not in counter.text()
        slow.may_go_on.set()
        await counter.until("F4 LÅNER")
        await counter.until("Anna Møller")
        assert len(counter.app.screen_stack) == 2


async def test_f4_pressed_twice_opens_one_page(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.burst("")
        for _press in range(2):
            counter.app.post_message(events.Key("f4", None))
        await counter.settle()
        await counter.until("F4 LÅNER")
        assert len(counter.app.screen_stack) == 2
