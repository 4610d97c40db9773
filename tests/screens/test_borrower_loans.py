"""The tab *Udlån*: renewal one, several or all, each loan with its own answer (C10)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from db.models import Block, Loan
from db.store import Transaction
from screens.borrower.loans_pane import LoansPane
from tests.screens.at_work import CARD, AtWork, at_work
from tests.screens.borrower_page import open_from_search, rows, shown

ITEMS = ("3000000000", "3000000001", "3000000002")


async def lent(counter: AtWork) -> None:
    """Lend three items that can be renewed today: they are due tomorrow."""
    await counter.scan(CARD, *ITEMS)
    tomorrow = counter.app.today() + timedelta(days=1)
    counter.app.installation.store.write_here(
        lambda transaction: transaction.run(Loan.update(due_on=tomorrow).where(Loan.returned_at.is_null()))
    )


def renewals(counter: AtWork) -> list[int]:
    """Read how often each loan has been renewed."""
    return [row[0] for row in rows(counter, Loan.select(Loan.renewals).order_by(Loan.id))]


async def until_renewed(counter: AtWork, wanted: list[int]) -> None:
    """Wait until each loan has been renewed so often."""
    for _round in range(1000):
        if renewals(counter) == wanted:
            return
        await counter.pilot.pause(0.02)
    raise AssertionError(renewals(counter))


@pytest.mark.parametrize(
    ("keys", "renewed"),
    [
        (["f"], [1, 0, 0]),
        (["F"], [1, 0, 0]),
        (["down", "f"], [0, 1, 0]),
        (["space", "down", "down", "space", "up", "f"], [1, 0, 1]),
        (["space", "space", "down", "f"], [0, 1, 0]),
        (["a"], [1, 1, 1]),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_several_or_all_loans_are_renewed(
    home: Path, keys: list[str], renewed: list[int], size: tuple[int, int]
) -> None:
    async with at_work(home, size) as counter:
        await lent(counter)
        await counter.press("f4")
        await counter.until("[1 Udlån 3]")
        await counter.press(*keys)
        await counter.until(f"Fornyet: {sum(renewed)} af {sum(renewed)}.")
        assert renewals(counter) == renewed
        await counter.until("fornyet til")


async def test_a_loan_that_is_refused_says_why_on_its_line_and_in_full(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        counter.app.installation.store.write_here(
            lambda transaction: transaction.run(Loan.update(renewals=2).where(Loan.id == 1))
        )
        await counter.press("f4")
        await counter.until("[1 Udlån 3]")
        await counter.press("a")
        await counter.until("Fornyet: 2 af 3. Fornyet 2 af 2 gange.")
        assert renewals(counter) == [2, 1, 1]
        await counter.until("fornyet 2 af 2 gange")


async def test_what_is_refused_comes_first_with_every_reason_and_offers_what_no_key_does(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter)

        def spoil_the_last(transaction: Transaction) -> None:
            transaction.run(Loan.update(renewals=2).where(Loan.id == 3))
            transaction.run(Block.insert(borrower=1, kind="U", set_on=date(2020, 1, 1), reason="larm"))

        counter.app.installation.store.write_here(spoil_the_last)
        await counter.press("f4")
        await counter.until("[1 Udlån 3]")
        await counter.press("down", "down", "f")
        await counter.until("Fornyet: 0 af 1.")
        await counter.until("låner er blokeret · fornyet 2 af 2 gange")
        assert "Vagthavende" not in counter.text()
        titles = [line.split()[1] for line in counter.text().splitlines() if "/2 " in line]
        assert titles == ["2", "0", "1"]


async def test_a_renewal_without_a_visit_is_a_loan_occasion_of_the_page(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        await counter.press("escape")
        await open_from_search(counter)
        await counter.until("[1 Udlån 3]")
        await counter.press("f")
        await until_renewed(counter, [1, 0, 0])
        await counter.press("down", "f")
        await until_renewed(counter, [1, 1, 0])
        await counter.press("escape")
        await open_from_search(counter)
        await counter.until("[1 Udlån 3]")
        await counter.press("f")
        await until_renewed(counter, [1, 1, 1])
        first, second, third = (row[0] for row in rows(counter, Loan.select(Loan.occasion).order_by(Loan.id)))
        assert first == second, "they were renewed together"
        assert third != first
        assert counter.app.at_counter.place.visit is None


async def test_a_renewed_loan_stays_on_its_line(home: Path) -> None:
    async with at_work(home) as counter:
        await lent(counter)
        await counter.press("f4")
        await counter.until("[1 Udlån 3]")
        await counter.press("f")
        await counter.until("fornyet til")
        titles = [
            line.split()[1] for line in counter.text().splitlines() if "Peter" in line or "0/2" in line or "1/2" in line
        ]
        assert titles == ["0", "1", "2"]


async def test_with_nothing_lent_there_is_nothing_to_renew(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_search(counter)
        await counter.press("space", "f", "a")
        await shown(counter)
        assert "Ingen udlån." in counter.text()
        assert "Fornyet:" not in counter.text()


async def test_a_long_title_is_cut_and_the_date_is_not(home: Path) -> None:
    async with at_work(home, (80, 24)) as counter:
        await counter.scan(CARD, "3100000003")
        await counter.press("f4")
        await counter.until("[1 Udlån 1]")
        line = next(line for line in counter.text().splitlines() if "æææ" in line)
        assert "…" in line
        assert "0/2" in line
        assert counter.app.screen.query_one(LoansPane).table.virtual_size.width <= 80
