"""Receipts, slips and the statement as documents: values in, lines and bars out. Nothing here asks or reads a clock.

None takes a borrower's internal note, CPR number or address, so none can print one (P8, R6). Only the statement, which
is handed to the borrower it is about, has a name on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.labels.rules import grouped
from desk.texts import ngettext, pgettext
from desk.wording import clock, kroner, plain, weekday_date
from devices.paper import Bars, Document, Line, Rule

if TYPE_CHECKING:
    from datetime import date

    from desk.circulation.records import ItemRecord
    from desk.money.records import FeeRecord
    from desk.money.statement import LentRecord, StatementRecord
    from desk.slips.records import LentLine, ReturnReceipt, SlipRecord, VisitReceipt


def pickup_slip(slip: SlipRecord, item: ItemRecord, at: datetime) -> Document:
    """The slip that goes into an item on the pickup shelf: the place tells whose it is, and nothing else does (R6)."""
    today = local_date(at)
    lines = [
        *_heading(slip.library, slip.here),
        Line(pgettext("slip", "Shelf {number}").format(number=slip.shelf), style="big", centred=True),
    ]
    if slip.deadline is not None:
        by = pgettext("slip", "pick up by {date}").format(date=weekday_date(slip.deadline, today))
        lines.append(Line(by, style="bold", centred=True))
    return (*lines, *_item(item), *_made(at))


def transit_slip(slip: SlipRecord, item: ItemRecord, goes_to: str, at: datetime, *, is_reserved: bool) -> Document:
    """The slip that goes with an item to another branch."""
    way = pgettext("slip", "Transit: {origin} → {destination}").format(origin=slip.here, destination=goes_to)
    lines = [*_heading(slip.library, slip.here), Line(plain(goes_to), style="big", centred=True), Line(way)]
    if is_reserved:
        lines.append(Line(pgettext("slip", "Reserved there"), style="bold"))
    return (*lines, *_item(item), *_made(at))


def visit_receipt(receipt: VisitReceipt) -> Document:
    """The receipt of a visit: what goes home and when it is due (C13)."""
    today = local_date(receipt.at)
    lines = [*_heading(receipt.library, receipt.branch)]
    for heading, loans in (
        (pgettext("slip", "Lent"), receipt.lent),
        (pgettext("slip", "Renewed"), receipt.renewed),
    ):
        if loans:
            lines += [Line(heading, style="bold"), *_due_lines(loans, today), Line()]
    count = len(receipt.lent) + len(receipt.renewed)
    lines.append(Line(ngettext("{count} loan", "{count} loans", count).format(count=count), style="bold"))
    return (*lines, *_made(receipt.at))


def return_receipt(receipt: ReturnReceipt) -> Document:
    """A receipt for what was handed in, for whoever asks for one. That it came in, not whose it was."""
    count = len(receipt.titles)
    in_all = ngettext("{count} item returned", "{count} items returned", count).format(count=count)
    return (
        *_heading(receipt.library, receipt.branch),
        Line(pgettext("slip", "Returned"), style="bold"),
        *(Line(plain(title)) for title in receipt.titles),
        Line(),
        Line(in_all, style="bold"),
        *_made(receipt.at),
    )


def statement_slip(statement: StatementRecord) -> Document:
    """The statement for a receipt printer (M3): as its PDF, but with no address."""
    today = local_date(statement.made_at)
    lines: list[Line | Rule | Bars] = [
        *_heading(statement.library, ""),
        Line(pgettext("statement", "Statement of balance"), style="bold"),
        Line(plain(statement.name)),
        Line(pgettext("statement", "Borrower number {number}").format(number=grouped(statement.number))),
        Line(),
    ]
    if statement.note:
        lines += [Line(plain(statement.note)), Line()]
    lines.append(Line(pgettext("statement", "On loan"), style="bold"))
    lines += [line for loan in statement.loans for line in _loan(loan, today)]
    if not statement.loans:
        lines.append(Line(pgettext("statement", "Nothing is on loan.")))
    lines += [Line(), Line(pgettext("statement", "Owed"), style="bold")]
    lines += [_fee(fee) for fee in statement.fees]
    if not statement.fees:
        lines.append(Line(pgettext("statement", "Nothing is owed.")))
    lines.append(
        Line(pgettext("statement", "In all: {amount}").format(amount=kroner(statement.owed_ore)), style="bold")
    )
    if statement.credit_ore:
        lines.append(Line(pgettext("statement", "Owed to you: {amount}").format(amount=kroner(statement.credit_ore))))
    return (*lines, *_made(statement.made_at))


def _heading(library: str, branch: str) -> tuple[Line, ...]:
    # A library whose only branch has its name says it once.
    below = (Line(plain(branch), centred=True),) if branch and branch not in library else ()
    return (Line(plain(library), style="bold", centred=True), *below, Line())


def _item(item: ItemRecord) -> tuple[Line | Bars, ...]:
    author = (Line(plain(item.author)),) if item.author else ()
    return (Line(), Line(plain(item.title), style="bold"), *author, Line(), Bars(item.barcode))


def _made(at: datetime) -> tuple[Line | Rule, ...]:
    return (Rule(), Line(f"{weekday_date(local_date(at), local_date(at))} {clock(at)}", centred=True))


def _due_lines(loans: Iterable[LentLine], today: date) -> list[Line]:
    lines = []
    for loan in loans:
        due = pgettext("slip", "due by {date}").format(date=weekday_date(loan.due_on, today))
        lines += [Line(plain(loan.title)), Line(right=due)]
    return lines


def _loan(loan: LentRecord, today: date) -> tuple[Line | Bars, ...]:
    due = pgettext("slip", "due by {date}").format(date=weekday_date(loan.due_on, today))
    late = ""
    if loan.days_overdue:
        late = ngettext("{count} day overdue", "{count} days overdue", loan.days_overdue).format(
            count=loan.days_overdue
        )
    return (Line(plain(loan.title)), Line(late, right=due), Bars(loan.barcode))


def _fee(fee: FeeRecord) -> Line:
    what = {
        "overdue": pgettext("statement", "Returned late"),
        "claim": pgettext("statement", "Replacement"),
        "by_hand": pgettext("statement", "Fee"),
    }[fee.reason]
    about = plain(fee.note or ", ".join(fee.titles))
    return Line(f"{what}: {about}" if about else what, right=kroner(fee.left_ore))
