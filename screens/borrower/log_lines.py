"""The access log as it is read: runs of the same work folded into one line (G8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desk.calendar import local_date
from desk.privacy.records import LogLine
from desk.texts import _
from desk.wording import clock, short_date
from screens.borrower.details_rows import spaced_number
from screens.privacy_words import action_words, item_words, outcome_words, purpose_words
from screens.text import paintable

# Revealing four items one after the other is one piece of work.
ONE_RUN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of the log that are one piece of work.

    Attributes:
        newest: the last of them.
        revealed: keys of the data map in all of them, in the order of the log as read.
        times: how many there are.
    """

    newest: LogLine
    revealed: tuple[str, ...]
    times: int = 1


def folded(lines: Iterable[LogLine]) -> tuple[Run, ...]:
    """Fold rows of the same person, place, borrower, action, purpose and outcome within a minute.

    Args:
        lines: the newest first.
    """
    runs: list[Run] = []
    for line in lines:
        last = runs[-1] if runs else None
        if last is not None and _is_same_work(last.newest, line):
            revealed = tuple(dict.fromkeys((*last.revealed, *line.revealed)))
            runs[-1] = replace(last, revealed=revealed, times=last.times + 1)
        else:
            runs.append(Run(line, line.revealed))
    return tuple(runs)


def _is_same_work(newest: LogLine, line: LogLine) -> bool:
    return newest.at - line.at <= ONE_RUN and _what(newest) == _what(line)


def _what(line: LogLine) -> tuple[str, ...]:
    return (line.staff, line.counter, line.borrower, line.action, line.purpose, line.outcome)


def when_words(run: Run, today: date) -> str:
    """Say when: ``24. sep. 10.42``."""
    return f"{short_date(local_date(run.newest.at), today)} {clock(run.newest.at)}"


def what_words(run: Run) -> str:
    """Say what was done, how often, and whether it failed."""
    said = action_words(run.newest.action)
    if run.times > 1:
        said = _("{what} ×{count}").format(what=said, count=run.times)
    outcome = outcome_words(run.newest.outcome)
    return f"{said}, {outcome}" if outcome else said


def revealed_items(run: Run) -> str:
    """Name what was shown or changed, as the policy does."""
    return ", ".join(item_words(key) for key in run.revealed)


def of_borrower(run: Run, today: date) -> tuple[str, ...]:
    """Give the columns of a borrower's log: when, who, what, why, which items, where."""
    return (
        when_words(run, today),
        paintable(run.newest.staff) or "–",
        what_words(run),
        purpose_words(run.newest.purpose),
        revealed_items(run),
        paintable(run.newest.counter) or "–",
    )


def of_staff(run: Run, today: date) -> tuple[str, ...]:
    """Give the columns of a staff member's log: when, whom, what, why, which items, where."""
    return (
        when_words(run, today),
        spaced_number(run.newest.borrower) or "–",
        what_words(run),
        purpose_words(run.newest.purpose),
        revealed_items(run),
        paintable(run.newest.counter) or "–",
    )
