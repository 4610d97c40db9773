"""A large made-up library, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import fn

from db.models import Borrower, Card, Item, Loan, MaterialGroup, Title
from desk.calendar import COPENHAGEN, local_date
from desk.command import INSTALLATION
from desk.errors import HomeError, InvalidInput
from desk.installation import Installation, is_made_up, open_installation
from desk.registry.checking import store_check
from desk.registry.demo import CHEAP
from desk.registry.sample import MOST_LOANS, PIN, SampleSize, make_sample
from desk.settings import Settings, StoreSettings
from tests.builders import Ids

WHEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SIZE = SampleSize(borrowers=120, items=400, loans=150)


@contextmanager
def sample(home: Path, size: SampleSize = SIZE, *, seed: int = 1, store_url: str = "") -> Iterator[Installation]:
    settings = replace(Settings(sign_in=CHEAP), store=StoreSettings(store_url))
    make_sample(home, size, seed, WHEN, Ids(), lambda _done, _total: None, settings)
    with open_installation(home) as installation:
        yield installation


def rows(installation: Installation, query: Any) -> list[tuple[Any, ...]]:
    return installation.store.read_here(lambda store: store.all(query))


async def test_it_holds_what_was_asked_for_and_is_whole(tmp_path: Path, store_url: str) -> None:
    with sample(tmp_path / "home", store_url=store_url) as installation:
        checked = await installation.desk.ask(INSTALLATION, store_check, local_date(WHEN))
        assert (checked.errors, checked.warnings) == ((), ())
        counts = {name: checked.counts[name] for name in ("borrowers", "items", "open_loans")}
        assert counts == {"borrowers": 120, "items": 400, "open_loans": 150}
        assert is_made_up(installation)
        assert (await installation.sign_in.with_password("mette", "demo-mette")).role == "staff"


def test_everybody_has_a_card_and_the_same_pin(tmp_path: Path) -> None:
    with sample(tmp_path) as installation:
        ((count, pin_hash, kinds),) = rows(
            installation, Card.select(fn.COUNT(Card.id), fn.MIN(Card.pin_hash), fn.COUNT(Card.pin_hash.distinct()))
        )
        assert (count, kinds) == (120, 1)
        assert installation.hasher.pin_fits(PIN, pin_hash)


def test_nobody_in_it_could_exist(tmp_path: Path) -> None:
    with sample(tmp_path) as installation:
        cprs = [
            installation.vault.open(sealed) for (sealed,) in rows(installation, Borrower.select(Borrower.cpr_sealed))
        ]
        cards = [number for (number,) in rows(installation, Card.select(Card.number))]
    assert len(set(cprs)) == 120
    assert {61 <= int(cpr[:2]) <= 91 for cpr in cprs} == {True}
    assert {number[:2] for number in cards} == {"33"}


def test_everybody_is_below_the_limit_and_children_have_no_films_from_15(tmp_path: Path) -> None:
    with sample(tmp_path, SampleSize(30, 600, 400)) as installation:
        loans = rows(
            installation,
            Loan.select(Loan.borrower, MaterialGroup.code, Borrower.birth_date)
            .join(Item, on=(Loan.item == Item.id))
            .join(MaterialGroup, on=(Item.material_group == MaterialGroup.id))
            .join(Borrower, on=(Loan.borrower == Borrower.id)),
        )
    assert max(Counter(borrower for borrower, _code, _born in loans).values()) <= MOST_LOANS
    assert all(born.year <= 2011 for _borrower, code, born in loans if code == "film15")


def test_things_were_lent_while_the_library_was_open(tmp_path: Path, store_url: str) -> None:
    with sample(tmp_path / "home", store_url=store_url) as installation:
        lent = [lent_at.astimezone(COPENHAGEN) for (lent_at,) in rows(installation, Loan.select(Loan.lent_at))]
    assert {moment.hour for moment in lent} <= {10, 11, 12, 13}
    assert all(moment.weekday() < 6 for moment in lent)


def test_the_same_seed_makes_the_same_library(tmp_path: Path) -> None:
    def told(name: str, seed: int) -> list[tuple[Any, ...]]:
        with sample(tmp_path / name, seed=seed) as installation:
            people = rows(installation, Borrower.select(Borrower.number, Borrower.name, Borrower.birth_date))
            loans = rows(installation, Loan.select(Loan.item, Loan.borrower, Loan.lent_at, Loan.due_on))
            return people + loans + rows(installation, Title.select(Title.source_key))

    first = told("first", 1)
    assert told("again", 1) == first
    assert told("other", 2) != first


@pytest.mark.parametrize("size", [SampleSize(0, 0, 0), SampleSize(1, 1, 1), SampleSize(3, 0, 0), SampleSize(0, 3, 0)])
async def test_small_ones_can_be_made_too(tmp_path: Path, size: SampleSize) -> None:
    with sample(tmp_path, size) as installation:
        checked = await installation.desk.ask(INSTALLATION, store_check, local_date(WHEN))
    assert (checked.errors, checked.counts["open_loans"]) == ((), size.loans)


@pytest.mark.parametrize("size", [SampleSize(1, 100, 15), SampleSize(100, 5, 6), SampleSize(10, 100, 100)])
def test_more_loans_than_can_be_are_refused_and_a_second_try_works(tmp_path: Path, size: SampleSize) -> None:
    with pytest.raises(InvalidInput), sample(tmp_path, size):
        pass
    with sample(tmp_path, SampleSize(10, 100, 5)) as installation:
        assert len(rows(installation, Loan.select(Loan.id))) == 5


def test_a_home_that_is_one_already_is_left_alone(tmp_path: Path) -> None:
    with sample(tmp_path):
        pass
    with pytest.raises(HomeError) as refused, sample(tmp_path):
        pass
    assert refused.value.why == "taken"
