"""One of each print, and the files they are compared with.

``python -m tests.desk.slips.made`` writes the files anew: bytes as the printer takes them (``.escpos``), and the same
rows as text, for whoever reviews a change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from desk import texts
from desk.circulation.records import ItemRecord
from desk.money.records import FeeRecord
from desk.money.statement import LentRecord, StatementRecord
from desk.slips.documents import pickup_slip, return_receipt, statement_slip, transit_slip, visit_receipt
from desk.slips.records import LentLine, ReturnReceipt, SlipRecord, VisitReceipt
from devices.escpos import escpos_bytes
from devices.paper import Document, laid_out, preview

FOLDER = Path(__file__).parent / "prints"
AT = datetime(2026, 9, 24, 8, 42, tzinfo=UTC)
LIBRARY = "Struer Bibliotek"
ITEM = ItemRecord(
    7, "3000003416", "Smilla’s fornemmelse for sne – Ærø, Åbo", "Peter Høeg", "standard", 1, "Struer", "on_shelf", 1
)
# The code page and the width each is printed with: every pair of them is somewhere.
PAPERS = {
    "pickup": ("cp865", 32),
    "transit": ("cp858", 42),
    "receipt": ("cp850", 42),
    "returned": ("cp1252", 48),
    "statement": ("cp865", 48),
}


def documents() -> dict[str, Document]:
    """Give one of each, in the language that is on."""
    fees = (_fee("overdue", 6000, ("Kongens Fald",)), _fee("by_hand", 2500, (), "Ny pose til lydbog med æble"))
    return {
        "pickup": pickup_slip(SlipRecord(LIBRARY, "Struer", 34, date(2026, 10, 2), 4), ITEM, AT),
        "transit": transit_slip(SlipRecord(LIBRARY, "Struer", borrower_id=4), ITEM, "Thyholm", AT, is_reserved=True),
        "receipt": visit_receipt(
            VisitReceipt(
                LIBRARY,
                "Thyholm",
                AT,
                (
                    LentLine("Smillas fornemmelse for sne", date(2026, 10, 24)),
                    LentLine(
                        "Den utrolige historie om den kæmpestore pære, og hvad der siden skete", date(2026, 10, 26)
                    ),
                ),
                (LentLine("Nordkraft", date(2026, 10, 24)),),
            )
        ),
        "returned": return_receipt(ReturnReceipt(LIBRARY, "Struer", AT, ("Kongens Fald", "\x1b[2JIb [/] Čapek 🦉"))),
        "statement": statement_slip(
            StatementRecord(
                LIBRARY,
                "48291173",
                "Anna Kirstine Møller Jensen",
                ("Hemmelig Vej 7",),
                AT,
                (LentRecord("Kongens Fald", "Johannes V. Jensen", "3000003416", date(2026, 9, 12), 12),),
                fees,
                8500,
                1000,
                "Husk at hente brillerne",
            )
        ),
    }


def _fee(reason: str, ore: int, titles: tuple[str, ...], note: str = "") -> FeeRecord:
    return FeeRecord(1, "fee", reason, note, ore, 0, ore, 0, date(2026, 9, 2), None, None, "", titles)


def paper_of(name: str, document: Document) -> tuple[bytes, str]:
    """Give a print as bytes and as text."""
    code_page, width = PAPERS[name]
    rows = laid_out(document, width, code_page)
    return escpos_bytes(rows, code_page), preview(rows, width) + "\n"


def main() -> None:
    """Write the files anew."""
    texts.use("da")
    FOLDER.mkdir(exist_ok=True)
    for name, document in documents().items():
        data, text = paper_of(name, document)
        (FOLDER / f"{name}.escpos").write_bytes(data)
        (FOLDER / f"{name}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
