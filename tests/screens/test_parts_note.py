"""An item in several parts that comes back too late: the line says to count, and what it costs, and there is room."""

from __future__ import annotations

from datetime import date

import pytest

from desk.circulation.records import ItemRecord, ReturnRecord
from desk.counter.records import Returned
from desk.money.records import NOTHING, Charged
from desk.texts import speaking
from screens.outcomes import line

DAY = date(2026, 3, 10)
NOTE = 28
"""Characters a note of the pile has (danish.md)."""


def said(parts: int, days: int, charged: Charged, slip: str = "") -> str:
    item = ItemRecord(1, "3000000001", "Den store boks", "Peter", "standard", 1, "Struer", "on_loan", parts)
    returned = ReturnRecord(item, 1, DAY, days, None, "on_loan", charged=charged)
    with speaking("da"):
        return line(1, Returned(returned), DAY, slip=slip).note.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("parts", "days", "charged", "note"),
    [
        (2, 0, NOTHING, "2 dele – tæl efter"),
        (2, 5, Charged(2_000), "tæl 2 dele · 20,00 kr."),
        (12, 40, Charged(123_000), "tæl 12 dele · 1.230,00 kr."),
        (2, 5, Charged(2_000, is_shared=True), "tæl 2 dele · samme gebyr"),
        (12, 100, NOTHING, "tæl 12 dele · 100 dage over"),
        (2, 1, NOTHING, "tæl 2 dele · 1 dag over"),
        (1, 5, Charged(2_000), "5 dage over · 20,00 kr."),
    ],
)
def test_the_note_says_the_parts_and_the_fee(parts: int, days: int, charged: Charged, note: str) -> None:
    assert said(parts, days, charged) == note
    assert len(note) <= NOTE


@pytest.mark.parametrize(
    ("parts", "days", "charged", "note"),
    [
        (1, 5, Charged(2_000), "20,00 kr. · ingen seddel"),
        (1, 5, NOTHING, "5 dage over · ingen seddel"),
        (2, 5, Charged(2_000), "tæl 2 dele · ingen seddel"),
    ],
)
def test_a_slip_that_could_not_be_kept_is_said_beside_the_fee(
    parts: int, days: int, charged: Charged, note: str
) -> None:
    assert said(parts, days, charged, "failed") == note
    assert len(note) <= NOTE
    assert said(parts, days, charged, "waiting") == said(parts, days, charged)
