"""The certificate of an erasure as PDF and JSON (G4). It names no person: figures, dates and a keyed hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.calendar import local_date
from desk.errors import FileNotWritten
from desk.prints.pdf import pdf_of, printable
from desk.privacy.erasure.words import state_words, table_words, why_words
from desk.private_files import private_folder, write_private
from desk.system_words import system_words
from desk.texts import language, ngettext, pgettext
from desk.wording import long_date, number, on_day

if TYPE_CHECKING:
    from desk.privacy.erasure.records import Certificate

TEMPLATE = Path(__file__).with_name("certificate.typ")


def write_certificate(certificate: Certificate, folder: Path, *, on_server: bool) -> tuple[Path, Path]:
    """Write a certificate as PDF and JSON, ``sletteattest-12.pdf``; an older one of the same erasure gives way.

    Args:
        certificate: what it says.
        folder: where; made if need be.
        on_server: the store is PostgreSQL's, whose own archives are not ours to look through.

    Returns:
        The PDF and the JSON file.

    Raises:
        FileNotWritten: with the system's words.
    """
    stem = f"sletteattest-{certificate.request_id}"
    files = (folder / f"{stem}.pdf", folder / f"{stem}.json")
    contents = (
        certificate_pdf(certificate, on_server=on_server),
        certificate_json(certificate, on_server=on_server),
    )
    try:
        private_folder(folder)
        for path, content in zip(files, contents, strict=True):
            write_private(path, content, replace=True)
    except (OSError, ValueError) as error:
        raise FileNotWritten(str(folder), "unwritable", system_words(error)) from None
    return files


def certificate_json(certificate: Certificate, *, on_server: bool) -> bytes:
    """Give a certificate as the content of a JSON file: dates ISO 8601, instants with their offset."""
    content = {"certificate": "erasure", **asdict(certificate), "on_server": on_server}
    return json.dumps(content, ensure_ascii=False, indent=1, default=_iso).encode("utf-8") + b"\n"


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def certificate_pdf(certificate: Certificate, *, on_server: bool) -> bytes:
    """Give a certificate as the content of a PDF file."""
    return pdf_of(TEMPLATE, "certificate", _content(certificate, on_server=on_server), certificate.erased_at)


def _content(certificate: Certificate, *, on_server: bool) -> dict[str, Any]:
    return {
        "title": pgettext("certificate", "Certificate of deletion"),
        "language": language(),
        "library": printable(certificate.library),
        "number": pgettext("certificate", "Request no. {number}").format(number=certificate.request_id),
        "state": state_words(certificate.state).capitalize(),
        "facts": _facts(certificate),
        "counted_heading": pgettext("certificate", "Deleted from the store"),
        "counted": [[table_words(table), number(count)] for table, count in certificate.counts.items() if count],
        "found_heading": pgettext("certificate", "The proof"),
        "found": _found(certificate),
        "notes": _notes(certificate, on_server=on_server),
    }


def _facts(certificate: Certificate) -> list[list[str]]:
    return [
        [pgettext("certificate", "Asked for"), _moment(certificate.registered_at)],
        [pgettext("certificate", "Approved by a second pair of eyes"), _moment(certificate.decided_at)],
        [pgettext("certificate", "Deleted"), _moment(certificate.erased_at)],
        [
            pgettext("certificate", "Proven"),
            pgettext("certificate", "not yet") if certificate.proven_at is None else _moment(certificate.proven_at),
        ],
        [
            pgettext("certificate", "Last date on which a back-up may hold the person"),
            long_date(certificate.last_backup_on),
        ],
        [pgettext("certificate", "Tombstone"), certificate.tombstone],
    ]


def _moment(instant: datetime) -> str:
    return on_day(long_date(local_date(instant)), instant)


def _found(certificate: Certificate) -> list[str]:
    if certificate.files_scanned is None or certificate.hits is None:
        return [pgettext("certificate", "Nobody has looked through the files yet."), why_words(certificate.why)]
    said = [
        ngettext(
            "{n} file was looked through, its free pages and remains included.",
            "{n} files were looked through, their free pages and remains included.",
            certificate.files_scanned,
        ).format(n=number(certificate.files_scanned)),
        ngettext("{n} place was found.", "{n} places were found.", certificate.hits).format(n=number(certificate.hits)),
    ]
    if certificate.closed:
        said.append(
            ngettext(
                "{n} of the files is a picture, encrypted, or packed in a way that cannot be read: what is in it was"
                " not looked through.",
                "{n} of the files are pictures, encrypted, or packed in a way that cannot be read: what is in them was"
                " not looked through.",
                certificate.closed,
            ).format(n=number(certificate.closed))
        )
    said += list(certificate.left)
    if certificate.noted:
        said.append(
            ngettext(
                "{n} of them is a note about somebody else with the borrower's number, CPR number or card number in it."
                " It must be edited before the proof can succeed; F6 opens it.",
                "{n} of them are notes about others with the borrower's number, CPR number or card number in them. They"
                " must be edited before the proof can succeed; F6 opens them.",
                certificate.noted,
            ).format(n=number(certificate.noted))
        )
    if why_words(certificate.why, certificate.state):
        said.append(why_words(certificate.why, certificate.state))
    for table, count in {**_counted(certificate.explained), **certificate.shared}.items():
        rows = certificate.explained.get(table, ())
        if not rows:
            text = ngettext(
                "{n} row of others in {table} holds one of the same words.",
                "{n} rows of others in {table} hold one of the same words.",
                count,
            )
            said.append(text.format(n=number(count), table=table))
            continue
        text = ngettext(
            "{n} row of others in {table} holds one of the same words: row {rows}.",
            "{n} rows of others in {table} hold one of the same words: row {rows}.",
            count,
        )
        numbers = ", ".join(str(row) for row in rows) + (" …" if count > len(rows) else "")
        # «…» ends a sentence by itself.
        said.append(text.format(n=number(count), table=table, rows=numbers).replace("….", "…"))
    return said


def _counted(explained: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    return {table: len(rows) for table, rows in explained.items()}


def _notes(certificate: Certificate, *, on_server: bool) -> list[str]:
    notes = [
        pgettext(
            "certificate",
            "Back-ups were not looked through: until {date} one may hold the person. A restore carries the deletion out"
            " again before anybody can open the store.",
        ).format(date=long_date(certificate.last_backup_on)),
        pgettext(
            "certificate",
            "Of payments an anonymous line stays for the accounts: date, amount, kind, counter and voucher number. Rows"
            " of the access log stay until they are 183 days old; nothing tells any more whose they were.",
        ),
    ]
    if on_server:
        notes.append(
            pgettext(
                "certificate",
                "The store lies on a PostgreSQL server. Its tables and indexes were written anew; what the server keeps"
                " in its own write-ahead log, archives and replicas goes by the server's own rules and was not looked"
                " through.",
            )
        )
    return notes
