"""The rules as functions of values, and the data map, which names them."""

from __future__ import annotations

import pytest

from desk.privacy.data_map import MAP, Goes
from desk.privacy.retention.kinds import EXPORTS, KEPT_ELSEWHERE, KINDS, SPOOL
from desk.privacy.retention.rules import Waits, fee_goes, loan_goes, log_row_goes, payment_goes
from desk.privacy.retention.words import TABLES as WORDED
from tests.forgetting import day, on


def test_every_rule_of_the_data_map_is_kept_by_the_clock_or_by_somebody_who_is_named() -> None:
    by_clock = {kind.goes for kind in KINDS}
    for held in MAP:
        assert (held.goes in by_clock) != (held.goes in KEPT_ELSEWHERE), held.key
    assert by_clock | set(KEPT_ELSEWHERE) == set(Goes)


def test_every_table_that_the_data_map_lets_go_by_the_clock_has_a_kind() -> None:
    by_clock = {kind.goes for kind in KINDS}
    covered: dict[str, set[str]] = {kind.about: set() for kind in KINDS}
    for kind in KINDS:
        covered[kind.about] |= {kind.name}
    # Go along with their fees, their payments.
    covered["balance"] |= {"fee_loan"}
    covered["payments"] |= {"payment_part"}
    for held in MAP:
        if held.goes in by_clock:
            tables = {column.partition(".")[0] for column in held.columns} - {"borrower"}
            assert tables == covered[held.key], held.key


def test_whatever_goes_has_a_word() -> None:
    assert set(WORDED) == {kind.name for kind in KINDS} | {EXPORTS, SPOOL}


@pytest.mark.parametrize(
    ("closed", "settled", "expected"),
    [
        (None, [], Waits.RETURN),
        (0, [], 30),
        (0, [5], 35),
        (9, [5], 39),
        (0, [5, 8], 38),
        (0, [5, None], Waits.FEE),
    ],
)
def test_when_a_loan_goes(closed: int | None, settled: list[int | None], expected: int | Waits) -> None:
    closed_on = None if closed is None else day(closed)
    days = [None if number is None else day(number) for number in settled]
    assert loan_goes(closed_on, days) == (expected if isinstance(expected, Waits) else day(expected))


def test_when_a_fee_and_its_payment_go() -> None:
    assert fee_goes(None, 0) is Waits.FEE
    assert fee_goes(day(0), 100) is Waits.CREDIT
    assert fee_goes(day(0), 0) == day(30)
    assert fee_goes(day(0), 0, day(9)) == day(39)
    assert payment_goes([day(30), day(39)]) == day(39)
    assert payment_goes([day(30), Waits.FEE]) is Waits.FEE
    assert log_row_goes(on(0, 23, 59), 183) == day(183)
