"""Puts together what is on the counter and the app that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.lending.at_counter import AtCounter

if TYPE_CHECKING:
    from desk.counter.work import CounterWork
    from screens.app import DeskApp


def wired(app: DeskApp, work: CounterWork) -> AtCounter:
    """Give the counter's state, which tells the app of what the app has to do something about.

    Args:
        app: the counter's program.
        work: what handles the scans.
    """
    at_counter = AtCounter(work, app.today, app.visit_changed, app.refresh_borrower)
    at_counter.show_mode = app.show_mode
    at_counter.receipt.kind, at_counter.receipt.now = app.installation.settings.receipt.kind, app.now
    at_counter.sign_off = app.sign_off
    # Behind a mode that a card has just changed.
    at_counter.open_page = lambda: app.call_next(app.open_borrower)
    at_counter.read_borrower_again = app.refresh_borrower
    at_counter.page_says = app.page_says
    at_counter.same_card = app.privacy.raise_curtain
    work.card_waits = app.privacy.card_waits
    return at_counter
