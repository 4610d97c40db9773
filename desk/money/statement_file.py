"""A statement as a PDF file (M3): the template lies beside this module, what it says is handed to it as data."""

from __future__ import annotations

import errno
import json
import os
import unicodedata
from pathlib import Path
from typing import Any

from desk.calendar import local_date
from desk.errors import FileNotWritten
from desk.labels.rules import grouped
from desk.money.records import FeeRecord
from desk.money.statement import LentRecord, StatementRecord
from desk.privacy.access_report.words import long_date
from desk.private_files import private_folder, write_private
from desk.system_words import system_words
from desk.texts import language, ngettext, pgettext
from desk.wording import kroner, plain, short_date

TEMPLATE = Path(__file__).with_name("statement.typ")
MOST_A_DAY = 100


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
    content = statement_pdf(statement)
    stem = f"{statement.number}-opgoerelse-{local_date(statement.made_at).isoformat()}"
    try:
        private_folder(folder)
        for turn in range(1, MOST_A_DAY + 1):
            path = folder / (f"{stem}.pdf" if turn == 1 else f"{stem}-{turn}.pdf")
            try:
                write_private(path, content, replace=False)
            except FileExistsError:
                continue
            return path
    except (OSError, ValueError) as error:
        raise FileNotWritten(str(folder), "unwritable", system_words(error)) from None
    raise FileNotWritten(str(folder), "unwritable", system_words(os.strerror(errno.EEXIST)))


def statement_pdf(statement: StatementRecord) -> bytes:
    """Give a statement as the content of a PDF file: A4, nothing of the borrower in its metadata."""
    import typst  # noqa: PLC0415  (84 MB, which only a print needs)

    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"statement": json.dumps(_content(statement), ensure_ascii=False)},
        timestamp=int(statement.made_at.timestamp()),
    )


def _content(statement: StatementRecord) -> dict[str, Any]:
    today = local_date(statement.made_at)
    credit = pgettext("statement", "Owed to you: {amount}").format(amount=kroner(statement.credit_ore))
    return {
        "title": pgettext("statement", "Statement of balance"),
        "language": language(),
        "library": _text(statement.library),
        "made": long_date(today),
        "to": [_text(line) for line in (statement.name, *statement.address)],
        "number": pgettext("statement", "Borrower number {number}").format(number=grouped(statement.number)),
        "note": _text(statement.note),
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
        "title": _text(loan.title),
        "more": _text(loan.author),
        "due": due,
        "late": late,
        "bars": _bars(loan.barcode),
        "code": _text(loan.barcode),
    }


def _fee(fee: FeeRecord, statement: StatementRecord) -> dict[str, str]:
    what = {
        "overdue": pgettext("statement", "Returned late"),
        "claim": pgettext("statement", "Replacement"),
        "by_hand": pgettext("statement", "Fee"),
    }[fee.reason]
    about = _text(fee.note or ", ".join(fee.titles))
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


def _text(value: str) -> str:
    """Give data as text that can do nothing but be read, with Å as one letter and not as A with a ring."""
    return unicodedata.normalize("NFC", plain(value))
