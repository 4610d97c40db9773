"""The counter with a bug in it: the borrower's page falls over a second after it was opened, a name in its hands.

``python -m tests.pty.crashing_counter`` instead of ``python -m desk demo``.
"""

from __future__ import annotations

import sys

from desk.cli.main import run
from screens.borrower.borrower import BorrowerScreen


def falls_over(screen: BorrowerScreen) -> None:
    """Be the bug: the page is in a local variable, and the name is in the message too. One bug brings the next."""
    page = screen.page
    if page is not None:
        try:
            raise RuntimeError(f"nobody expected {page.borrower.name} {page.note_to_borrower}")
        except RuntimeError as bug:
            screen.app._handle_exception(bug)
            raise RuntimeError(page.borrower.name) from bug


if __name__ == "__main__":
    BorrowerScreen.tick = falls_over  # type: ignore[assignment]
    sys.exit(run(["demo"]))
