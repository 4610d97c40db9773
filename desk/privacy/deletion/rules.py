"""The rules of a deletion request (G1, G2): pure functions of values."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

OF_AGE: Final = 18
# As they stand on F6: what a supervisor can decide now, what waits, what is under way, what went wrong, what is done.
STAGES: Final = ("ready", "approved", "lacking", "erased", "unproven", "proven")
"""In the order of the list: first what somebody can go on with."""
OPEN_STATES: Final = ("waiting", "approved")
"""States in which a request can be withdrawn: nothing has gone yet."""
# Why nobody could be told of an approval, besides what the transports say.
SWITCHED_OFF, NOT_SET_UP, NO_TEMPLATE, WRONG_SETTINGS = "switched_off", "not_set_up", "template", "settings"


def stage_of(state: str, *, is_clear: bool) -> str:
    """Tell where a request stands.

    Args:
        state: one of ``REQUEST_STATES``.
        is_clear: whether nothing stands in its way.
    """
    if state == "waiting":
        return "ready" if is_clear else "lacking"
    return state


def adult_born_by(today: date) -> date:
    """Give the latest birth date of whoever is 18 today: nobody answers for them any more.

    A birthday on 29 February is kept on 1 March in common years (*Semantics*).
    """
    year = today.year - OF_AGE
    return date(year, today.month, min(today.day, monthrange(year, today.month)[1]))
