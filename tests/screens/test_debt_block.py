"""A block for debt that somebody has set says so, and claims no debt that is not there (R4, R5)."""

from __future__ import annotations

from datetime import date

from desk.circulation.refusals import Blocked
from screens.refusals import block_sentence


def test_a_block_for_debt_that_was_set_by_hand_does_not_say_that_the_limit_is_reached() -> None:
    said = block_sentence(Blocked("E", date(2026, 9, 12), None, "aftalt"), date(2026, 9, 24))
    assert said.replace("\u00a0", " ") == "Blokeret af personalet 12. sep. på grund af gæld. Ophæves af en vagthavende."
