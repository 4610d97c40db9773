"""The borrower's page in a test: what is in the store before, and what is in it afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.models import AccessLog, Block, Borrower, Card
from db.store import Transaction
from desk.installation import open_installation
from desk.privacy.purposes import Purpose
from screens import pages
from screens.borrower.borrower import BorrowerScreen
from screens.borrower.opened import Opened
from tests.screens.at_work import CARD, AtWork

ANNA = 1


def write(home: Path, *statements: Any) -> None:
    """Write rows before the counter starts."""
    installation = open_installation(home)

    def fill(transaction: Transaction) -> None:
        for statement in statements:
            transaction.run(statement)

    installation.store.write_here(fill)
    installation.close()


def rows(counter: AtWork, query: Any) -> list[tuple[Any, ...]]:
    """Read rows while the counter runs."""
    return counter.app.installation.store.read_here(lambda transaction: transaction.all(query))


def about_anna(**columns: Any) -> Any:
    """Give a statement that changes columns of Anna's row."""
    return Borrower.update(**columns).where(Borrower.id == ANNA)


def cards(counter: AtWork) -> list[tuple[Any, ...]]:
    """Read Anna's cards: number, kind, state."""
    return rows(counter, Card.select(Card.number, Card.kind, Card.state).where(Card.borrower == ANNA).order_by(Card.id))


def blocks(counter: AtWork) -> list[tuple[Any, ...]]:
    """Read Anna's blocks: kind, card, end, why it was lifted."""
    return rows(
        counter, Block.select(Block.kind, Block.card, Block.ends_on, Block.lift_reason).where(Block.borrower == ANNA)
    )


def logged(counter: AtWork) -> list[tuple[str, str, str]]:
    """Read the access log: action, purpose, what was changed or revealed."""
    return rows(
        counter, AccessLog.select(AccessLog.action, AccessLog.purpose, AccessLog.revealed).order_by(AccessLog.number)
    )


async def open_f4(counter: AtWork) -> BorrowerScreen:
    """Open the page of Anna's visit."""
    await counter.scan(CARD)
    await counter.press("f4")
    return await shown(counter)


async def open_from_search(counter: AtWork, purpose: Purpose = Purpose.BORROWER_ASKS) -> BorrowerScreen:
    """Open Anna's page as the search does: without a card, without a visit."""
    counter.app.push_screen(pages.borrower(Opened(ANNA, purpose=purpose)))
    await counter.settle()
    return await shown(counter)


async def shown(counter: AtWork) -> BorrowerScreen:
    """Wait until the page has been read."""
    screen = counter.app.screen
    assert isinstance(screen, BorrowerScreen)
    await counter.until("digitale tjenester")
    return screen
