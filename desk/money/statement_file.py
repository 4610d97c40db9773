"""A statement as a PDF file (M3): the template lies beside this module, what it says is handed to it as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk.calendar import local_date
from desk.labels.rules import grouped
from desk.money.records import FeeRecord
from desk.money.statement import LentRecord, StatementRecord
from desk.prints.files import write_prints
from desk.prints.pdf import pdf_of, printable
from desk.texts import language, ngettext, pgettext
from desk.wording import kroner, long_date, short_date

TEMPLATE = Path(__file__).with_name("statement.typ")


def write_statement(statement: StatementRecord, folder: Path) -> Path:
    """Write a statement into the folder of prints, readable by its owner alone and never over one that is there.

    Args:
        statement: what it says.
        folder: where; made if need be.

    Returns:
        The file: ``48291173-opgoerelse-2026-03-10.pdf``; its date says when it is deleted again.

    Raises:
        FileNotWritten: with the system's words.
    """
    stem = f"{statement.number}-opgoerelse-{local_date(statement.made_at).isoformat()}"
    (file,) = write_prints(folder, stem, {".pdf": statement_pdf(statement)})
    return file


def statement_pdf(statement: StatementRecord) -> bytes:
    """Give a statement as the content of a PDF file: A4, nothing of the borrower in its metadata."""
    return pdf_of(TEMPLATE, "statement", _content(statement), statement.made_at)


def _content(statement: StatementRecord) -> dict[str, Any]:
    today = local_date(statement.made_at)
    credit = pgettext("statement", "Owed to you: {amount}").format(amount=kroner(statement.credit_ore))
    return {
        "title": pgettext("statement", "Statement of balance"),
        "language": language(),
        "library": printable(statement.library),
        "made": long_date(today),
        "to": [printable(line) for line in (statement.name, *statement.address)],
        "number": pgettext("statement", "Borrower number {number}").format(number=grouped(statement.number)),
        "note": printable(statement.note),
        "loans_heading": pgettext("statement", "On loan"),
        "no_loans": pgettext("statement", "Nothing is on loan."),
        "loans": [_loan(loan, statement) for loan in statement.loans],
        "fees_heading": pgettext("statement", "Owed"),
        "no_fees": pgettext("statement", "Nothing is owed."),
        "fees": [_fee(fee, statement) for fee in statement.fees],
        "total": pgettext("statement", "In all: {amount}").format(amount=kroner(statement.owed_ore)),
        "credit": credit if statement.credit_ore else "",
        "page": pgettext("statement", "page {page} of {pages}"),
        "barcode": pgettext("statement", "barcode of the material"),
    }


def _loan(loan: LentRecord, statement: StatementRecord) -> dict[str, str]:
    due = pgettext("statement", "Due {date}").format(date=short_date(loan.due_on, local_date(statement.made_at)))
    late = ""
    if loan.days_overdue:
        late = ngettext("{count} day overdue", "{count} days overdue", loan.days_overdue).format(
            count=loan.days_overdue
        )
    return {
        "title": printable(loan.title),
        "more": printable(loan.author),
        "due": due,
        "late": late,
        "bars": _bars(loan.barcode),
        "code": printable(loan.barcode),
    }


def _fee(fee: FeeRecord, statement: StatementRecord) -> dict[str, str]:
    what = {
        "overdue": pgettext("statement", "Returned late"),
        "claim": pgettext("statement", "Replacement"),
        "by_hand": pgettext("statement", "Fee"),
    }[fee.reason]
    about = printable(fee.note or ", ".join(fee.titles))
    paid = ""
    if fee.paid_ore:
        paid = pgettext("statement", "of {amount}, the rest is paid").format(amount=kroner(fee.amount_ore))
    return {
        "what": f"{what}: {about}" if about else what,
        "since": short_date(fee.charged_on, local_date(statement.made_at)),
        "left": kroner(fee.left_ore),
        "paid": paid,
    }


def _bars(code: str) -> str:
    """Draw a barcode; empty when there are no bars for what is in it."""
    from devices.label import NotEncodable, label_svg  # noqa: PLC0415  (Pillow, which only a barcode needs)

    try:
        return label_svg(code).decode("utf-8")
    except NotEncodable:
        return ""
