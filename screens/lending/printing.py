"""What is printed at the counter when somebody asks: the receipt once more, a receipt for what was handed in (C13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from desk.counter.modes import RETURN
from desk.counter.records import Returned
from desk.errors import DeskError
from desk.installation import new_id
from desk.texts import _
from screens.sentences import sentence

if TYPE_CHECKING:
    from desk.spool.printing import Printing
    from screens.lending.lending import LendingScreen


def print_commands(screen: LendingScreen) -> tuple[SystemCommand, ...]:
    """Give what the palette offers of printing; nothing where there is no printer."""
    prints = screen.at_counter.work.prints
    if prints is None:
        return ()
    if screen.MODE == RETURN:
        about = _("Print what lies in this pile, for whoever asks for it")
        return (SystemCommand(_("Receipt for returns"), about, _starter(screen, prints, returns=True)),)
    if not prints.receipts:
        return ()
    about = _("The last borrower's, within 2 minutes")
    return (SystemCommand(_("Print receipt again"), about, _starter(screen, prints, returns=False)),)


def _starter(screen: LendingScreen, prints: Printing, *, returns: bool) -> Callable[[], object]:
    work = print_returns if returns else print_receipt_again
    return lambda: screen.run_worker(work(screen, prints), group="printing")


async def print_receipt_again(screen: LendingScreen, prints: Printing) -> None:
    """Print the latest receipt once more, within two minutes and before the next borrower comes."""
    job_id = screen.at_counter.receipt.printed_job
    try:
        waits = bool(job_id) and await prints.again(job_id)
    except OSError:
        screen.show_hint(_("It could not be kept for the printer. Tell IT."))
        return
    screen.show_hint(waiting_words(screen) if waits else _("There is no receipt any more."))


async def print_returns(screen: LendingScreen, prints: Printing) -> None:
    """Print what has been returned in this pile."""
    rows = screen.at_counter.piles[RETURN].rows.values()
    titles = tuple(row.outcome.returned.item.title for row in rows if isinstance(row.outcome, Returned))
    if not titles:
        screen.show_hint(_("Nothing has been returned in this pile."))
        return
    app = screen.desk_app
    try:
        await prints.print_returns(app.who, titles, app.now(), new_id())
    except DeskError as error:
        screen.show_hint(sentence(error))
    except OSError:
        screen.show_hint(_("It could not be kept for the printer. Tell IT."))
    else:
        screen.show_hint(waiting_words(screen))


def waiting_words(screen: LendingScreen) -> str:
    """Say that something is being printed, or why it waits."""
    return printer_words(screen.at_counter.slips.printer)


def printer_words(printer: str) -> str:
    """Word what becomes of a print that waits, by how the printer is."""
    match printer:
        case "no_paper":
            return _("The printer is out of paper. It prints by itself when there is some.")
        case "missing":
            return _("The printer does not answer. It prints by itself when it does.")
        case _:
            return _("Being printed.")
