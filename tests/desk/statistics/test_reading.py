"""Reading the figures: what was counted between two days, its sums, and nothing that would tell a small one."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from db.models import RetentionRun
from db.models.statistics import COUNTED
from desk.command import INSTALLATION
from desk.errors import InvalidInput
from desk.statistics.queries import DAYS_AT_ONCE, figures_between
from desk.statistics.records import By, Figures
from tests.builders import TUESDAY, House
from tests.counting_events import put_figures

TENTH = date(2026, 3, 10)


async def read(house: House, first: date, last: date, *by: By) -> Figures:
    return await figures_between(house.desk, INSTALLATION, first, last, by or (By.DAY, By.HOUR))


async def test_days_are_counted_from_the_first_to_the_last_both_included(house: House) -> None:
    days = [TENTH + timedelta(days=number) for number in range(DAYS_AT_ONCE + 2)]
    put_figures(house, {("loan", day, 10, house.branch): 10 + number for number, day in enumerate(days)})
    figures = await read(house, days[1], days[-2])
    assert figures.by("loan", By.DAY) == {
        day.isoformat(): 10 + n for n, day in enumerate(days) if 0 < n < len(days) - 1
    }
    assert figures.total("loan") == sum(range(11, 11 + DAYS_AT_ONCE))
    assert figures.total("renewal") == 0


async def test_each_branch_hour_group_and_municipality_has_its_own(house: House) -> None:
    put_figures(house, {("loan", TENTH, 9, house.branch): 20, ("loan", TENTH, 10, house.other_branch): 30})
    put_figures(house, {("loan", TENTH, 9, house.branch): 7}, borrower_group="barn", municipality="665")
    put_figures(house, {("return", TENTH, 9, house.branch): 9}, material_group="14dag")
    figures = await read(house, TENTH, TENTH, *By)
    assert figures.by("loan", By.HOUR) == {"09": 27, "10": 30}
    assert figures.by("loan", By.HOUR, house.branch) == {"09": 27, "10": 0}
    assert figures.by("loan", By.BORROWER_GROUP) == {"barn": 7, "voksen": 50}
    assert figures.by("loan", By.MUNICIPALITY) == {"665": 7, "671": 50}
    assert figures.by("return", By.MATERIAL_GROUP) == {"14dag": 9}
    assert figures.by("loan", By.MONTH) == {"2026-03": 57}
    assert figures.names[By.MUNICIPALITY, "671"] == "Struer"
    assert figures.names[By.BORROWER_GROUP, "barn"] == "barn"


async def test_a_small_one_is_hidden_and_no_sum_gives_it_away(house: House) -> None:
    put_figures(house, {("loan", TENTH, 10, house.branch): 50, ("loan", TENTH, 10, house.other_branch): 3})
    figures = await read(house, TENTH, TENTH)
    shown = {(branch, figures.total("loan", branch)) for branch in (None, house.branch, house.other_branch)}
    assert (house.other_branch, None) in shown
    assert not {(None, 53), (house.branch, 50)} <= shown


async def test_what_retention_removed_is_added_up_and_a_few_rows_are_hidden(house: House) -> None:
    for day, counts in ((TENTH, {"loan": 30, "fee": 1}), (TENTH + timedelta(days=1), {"loan": 12, "fee": 2})):
        run = {"day": day, "started_at": TUESDAY, "finished_at": TUESDAY, "state": "done"}
        house.put(RetentionRun.insert(**run, counts=json.dumps(counts)))
    figures = await read(house, TENTH, TENTH + timedelta(days=5))
    assert figures.removed == {"fee": None, "loan": 42}


async def test_nothing_counted_is_nought_everywhere(house: House) -> None:
    figures = await read(house, TENTH, TENTH)
    assert [figures.total(what) for what in COUNTED] == [0, 0, 0]
    assert figures.by("loan", By.DAY) == {}


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(TENTH, TENTH - timedelta(days=1), "order"), (date.min, date.max, "too_long")],
)
async def test_days_that_cannot_be_meant_are_refused(house: House, first: date, last: date, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await read(house, first, last)
    assert (refused.value.field, refused.value.why) == ("period", why)


async def test_the_last_days_there_are_can_be_asked_for(house: House) -> None:
    assert (await read(house, date(9999, 12, 1), date.max)).total("loan") == 0
