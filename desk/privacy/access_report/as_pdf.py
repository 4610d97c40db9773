"""A record as PDF, through typst: the template lies beside this module, what it says is handed to it as data (G9)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.calendar import local_date
from desk.labels.rules import grouped
from desk.prints.pdf import pdf_of, printable
from desk.privacy.access_report.records import AccessReport
from desk.privacy.access_report.wording import Fact, Section, Table, sections
from desk.texts import language, pgettext
from desk.wording import long_date, on_day

if TYPE_CHECKING:
    pass

TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(report: AccessReport) -> bytes:
    """Give a record as the content of a PDF file: A4, in fonts of its own, nothing of the borrower in its metadata.

    What a name holds of markup is only text in it: the template evaluates nothing.
    """
    return pdf_of(TEMPLATE, "report", _content(report), report.made_at)


def _content(report: AccessReport) -> dict[str, Any]:
    worded = sections(report)
    day = long_date(local_date(report.made_at))
    library = printable(report.library)
    footer = pgettext("report", "{library} · {title} · {date} · borrower number {number}")
    title = pgettext("report", "Right-of-access print")
    return {
        "title": title,
        "language": language(),
        "library": library,
        "made": on_day(day, report.made_at),
        "footer": footer.format(library=library, title=title, date=day, number=grouped(report.number)),
        "barcode": pgettext("report", "barcode of the number above"),
        "page": pgettext("report", "page {page} of {pages}"),
        "intro": _intro(library, printable(report.reason)),
        "parts": [
            _part(
                pgettext("report", "What do we know about you, and what do we use it for?"),
                (),
                [section for section in worded if section.in_policy],
            ),
            _part(
                pgettext("report", "What running the library needs as well"),
                (pgettext("report", "These are not on the policy's list. The list could not be kept without them."),),
                [section for section in worded if not section.in_policy],
            ),
            _part(pgettext("report", "How long do we keep it, and what can you ask for?"), _rights(), []),
        ],
    }


def _intro(library: str, reason: str) -> list[str]:
    said = [
        pgettext(
            "report",
            "This is everything {library} holds about you, item by item, each with the explanation that the library's "
            "privacy policy gives. The names of staff are left out, and of other borrowers everything but the name "
            "of whom you answer for, or who answers for you.",
        ).format(library=library)
    ]
    if reason:
        said.append(pgettext("report", "Handed out because: {reason}").format(reason=reason))
    return said


def _rights() -> tuple[str, ...]:
    return (
        pgettext(
            "report",
            "Your loan history is deleted after 30 days, unless there are fees on the material. Then the history is "
            "deleted 30 days after the fee is paid.",
        ),
        pgettext(
            "report",
            "You can ask to be deleted from our system at any time. You must have returned all materials and paid all "
            "fees first.",
        ),
        pgettext("report", "We do not pass your details on to others."),
        pgettext(
            "report",
            "Your details come from yourself and from the CPR register. If something is wrong, ask at the counter and "
            "it will be put right. You can complain about how we treat your details to the Danish Data Protection "
            "Agency, datatilsynet.dk.",
        ),
    )


def _part(heading: str, paragraphs: tuple[str, ...], of: list[Section]) -> dict[str, Any]:
    return {"heading": heading, "paragraphs": list(paragraphs), "sections": [_section(one) for one in of]}


def _section(section: Section) -> dict[str, Any]:
    return {
        "label": section.label,
        "explanation": section.explanation,
        "deleted": section.deleted,
        "facts": [[_fact(fact) for fact in group] for group in section.facts],
        "table": None if section.table is None else _table(section.table),
        "remark": printable(section.remark),
    }


def _table(table: Table) -> dict[str, Any]:
    rows = [[{"value": printable(cell.value), "more": printable(cell.more)} for cell in row] for row in table.rows]
    return {"heads": table.heads, "widths": table.widths, "rows": rows}


def _fact(fact: Fact) -> dict[str, str]:
    return {"name": printable(fact.name), "value": printable(fact.value), "bars": _bars(fact.code)}


def _bars(code: str) -> str:
    """Draw a number as a barcode; empty when there are no bars for what is in it."""
    if not code:
        return ""
    from devices.label import NotEncodable, label_svg  # noqa: PLC0415  (Pillow, which only a barcode needs)

    try:
        return label_svg(code).decode("utf-8")
    except NotEncodable:
        return ""
