"""F5 · S: the figures as bars, each with its number, by day, month and hour, for a branch or all of them (U3, G10)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.models import RetentionRun, StatisticsCount
from desk import texts
from screens.lists.lists import ListsScreen
from screens.statistics.statistics import StatisticsScreen
from screens.widgets.bars import bar_of
from tests.screens.at_work import CARD, at_work
from tests.screens.borrower.test_reservations import until, words
from tests.screens.borrower_page import write

SIZES = [(80, 24), (120, 40)]


def happened(home: Path, what: str, day: date, hour: int, count: int, branch: int = 1) -> None:
    write(
        home,
        StatisticsCount.insert(what=what, day=day, hour=hour, branch=branch, borrower_group="voksen", count=count),
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["da", "en"])
async def test_each_period_has_its_bars_and_figures(home: Path, size: tuple[int, int], language: str) -> None:
    async with at_work(home, size) as counter:
        today = counter.app.today()
        for back in (0, 1, 20, 200):
            happened(home, "loan", today - timedelta(days=back), 10, 1000 + back)
        texts.use(language)
        loans, separator = ("Udlån", ".") if language == "da" else ("Loans", ",")
        await counter.press("f2", "f5", "t")
        await until(counter, f"{loans} 2{separator}001")
        await counter.press("1")
        await until(counter, f"{loans} 1{separator}000")
        assert f"1{separator}000 █" in words(counter)
        await counter.press("3")
        await until(counter, f"{loans} 3{separator}021")
        await counter.press("4")
        await until(counter, f"{loans} 4{separator}221")
        assert "10–11" in words(counter)


async def test_s_opens_it_from_the_lists_and_esc_goes_back_to_them(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f2", "f5", "t")
        await until(counter, "STATISTIK")
        assert isinstance(counter.app.screen, StatisticsScreen)
        await counter.press("escape")
        assert isinstance(counter.app.screen, ListsScreen)


async def test_what_is_lent_is_counted_and_a_small_figure_is_told_as_hidden(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f2")
        await counter.scan(CARD, "3000000000", "3000000001")
        await counter.press("escape", "f5", "t", "1")
        await until(counter, "Udlån skjult")
        assert "Skjult: tal under 5 og tal, der ville røbe dem." in words(counter)
        assert "█" not in counter.text()


async def test_f_goes_from_branch_to_branch_and_back_to_all(home: Path) -> None:
    async with at_work(home) as counter:
        today = counter.app.today()
        happened(home, "loan", today, 10, 300, branch=1)
        happened(home, "loan", today, 10, 200, branch=2)
        await counter.press("f2", "f5", "t")
        await until(counter, "alle filialer")
        for where, count in (("Struer ·", 300), ("Thyholm ·", 200), ("alle filialer ·", 500)):
            await counter.press("f")
            await until(counter, where)
            assert f"Udlån {count}" in words(counter)


async def test_what_does_not_fit_is_reached_by_the_arrows(home: Path) -> None:
    async with at_work(home, (80, 24)) as counter:
        happened(home, "loan", counter.app.today(), 17, 300)
        await counter.press("f2", "f5", "t", "3")
        await until(counter, "rækker mere")
        assert "17–18" not in words(counter)
        await counter.press("end")
        await until(counter, "17–18")
        assert "mere" not in words(counter)
        await counter.press("home")
        await until(counter, "rækker mere")


async def test_what_retention_removed_is_drawn_too_and_a_few_rows_are_hidden(home: Path) -> None:
    async with at_work(home, (120, 40)) as counter:
        run = {
            "day": counter.app.today(),
            "started_at": counter.app.now(),
            "finished_at": counter.app.now(),
            "state": "done",
            "counts": json.dumps({"loan": 120, "fee": 2}),
        }
        write(home, RetentionRun.insert(**run))
        await counter.press("f2", "f5", "t")
        await until(counter, "Slettet til tiden")
        assert "lån 120 █" in words(counter)
        assert "gebyrer skjult" in words(counter)


async def test_a_card_that_opens_a_visit_closes_it(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f2", "f5", "t")
        await until(counter, "STATISTIK")
        await counter.scan(CARD)
        assert not isinstance(counter.app.screen, (StatisticsScreen, ListsScreen))


@pytest.mark.parametrize(
    ("count", "width", "drawn"),
    [(0, 8, ""), (1, 8, "▏"), (8, 8, "█"), (12, 8, "█▌"), (64, 8, "████████"), (64, 0, "")],
)
def test_a_bar_is_as_long_as_its_figure_to_an_eighth_of_a_cell(count: int, width: int, drawn: str) -> None:
    assert bar_of(count, 64, width) == drawn
