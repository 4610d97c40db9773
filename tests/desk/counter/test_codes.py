"""What a code is (C1), and codes that are nothing (Bad input)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desk.counter.codes import LONGEST_CODE, CodeMeaning, clean_code, cpr_in, meaning_of
from desk.counter.orders import TO_RETURN
from desk.counter.records import (
    Failed,
    NotUnderstood,
    Returned,
)
from tests.builders import House, a_house
from tests.desk.counter.at_work import at_work


async def test_a_card_a_book_and_a_health_card_are_told_apart(house: House) -> None:
    person = house.borrower(card="lå-1".upper(), cpr="7101901234")
    thing = house.item(barcode="00123")

    async def meaning(code: str) -> CodeMeaning:
        return await house.desk.ask(house.who(), meaning_of, code)

    assert (await meaning(" lå-1 ")).card_id == person.card_id
    assert (await meaning("00123")).item_id == thing.item_id
    assert (await meaning("123")).item_id is None
    for code in ("7101901234", "710190-1234"):
        by_cpr = await meaning(code)
        assert (by_cpr.borrower_id, by_cpr.card_id) == (person.borrower_id, None)


@pytest.mark.parametrize(
    ("code", "cpr"),
    [
        ("0101901234", "0101901234"),
        ("010190-1234", "0101901234"),
        ("6101901234", "6101901234"),
        ("3201901234", None),
        ("0113901234", None),
        ("٠١٠١٩٠١٢٣٤", None),
        ("010190 1234", "0101901234"),
        ("01019 01234", None),
        ("12345678", None),
    ],
)
def test_a_cpr_number_is_ten_digits_with_a_date_in_front(code: str, cpr: str | None) -> None:
    assert cpr_in(code) == cpr


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("X" * (LONGEST_CODE + 1), "too_long"),
        ("9" * 100_000, "too_long"),
        ("12\x0034", "unreadable"),
        ("\x1b[2J", "unreadable"),
        ("a\u202eb", "unreadable"),
        ("3000\udc80001", "unreadable"),
        ("\x00\x01\x02", "unreadable"),
        ("'; DROP TABLE loan; --", "unknown"),
        ("Ib [/] Hansen", "unknown"),
        ("👩‍🚀"[:1], "unknown"),
        ("0101901234", "unknown_cpr"),
    ],
)
async def test_a_bad_code_is_a_line_with_its_reason_and_the_next_scan_works(
    house: House, tmp_path: Path, code: str, problem: str
) -> None:
    thing = house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(code, thing)
        _, bad, good = await counter.settled()
        assert isinstance(bad, NotUnderstood)
        assert bad.problem == problem
        assert isinstance(good, Returned)
    assert "DROP" not in repr(bad)


@given(raw=st.text(max_size=90))
@example(raw="\ud800")
@example(raw="ﬁ" * 40)
@settings(max_examples=60)
async def test_no_code_whatever_stops_the_counter(
    any_house: House, raw: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with at_work(any_house, tmp_path_factory.mktemp("queue")) as counter:
        await counter.scan(raw)
        (outcome,) = await counter.settled()
        assert isinstance(outcome, NotUnderstood)


@pytest.fixture
def any_house(tmp_path: Path) -> Iterator[House]:
    """A library that many examples share."""
    with a_house(f"sqlcipher://{tmp_path}/store.db") as built:
        yield built


def test_a_code_is_trimmed_and_upper_cased_and_keeps_its_zeros() -> None:
    assert clean_code("  00ab12\t") == "00AB12"


async def test_whoever_may_not_lend_hears_that_it_failed(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        counter.who = house.who("it")
        await counter.scan("3000000001")
        assert await counter.settled() == [Failed("NotAllowed")]
