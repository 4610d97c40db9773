"""A record as JSON: keys and codes stable and English, each item with its label and explanation beside it (G9)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from desk.privacy.access_report.records import AccessReport, Row
from desk.privacy.access_report.wording import remark_on
from desk.privacy.access_report.words import CODES, FIELDS, code_words, deleted_words, field_words
from desk.privacy.data_map import MAP, Held


def report_json(report: AccessReport) -> bytes:
    """Give a record as the content of a JSON file.

    Dates are ISO 8601, instants with their offset, amounts whole øre. ``fields`` names the values, ``codes`` words
    those that are codes, ``remark`` says what is not there.
    """
    content = {
        "report": "right_of_access",
        "library": report.library,
        "borrower_number": report.number,
        "made_at": report.made_at,
        "reason": report.reason,
        "held": {held.key: _item(held, report.held[held.key]) for held in MAP},
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_iso).encode("utf-8") + b"\n"


def _item(held: Held, rows: tuple[Row, ...]) -> dict[str, Any]:
    key, remark = held.key, remark_on(held.key, rows)
    item: dict[str, Any] = {
        "label": held.label,
        "explanation": held.used_for,
        "deleted": deleted_words(held.goes),
        "in_policy": held.in_policy,
        "fields": {name: field_words(key, name) for name in FIELDS[key]},
        "values": [dict(row) for row in rows],
    }
    codes = {
        name: {code: code_words(key, name, code) for code in sorted({str(row[name]) for row in rows})}
        for name in FIELDS[key]
        if (key, name) in CODES and rows
    }
    return item | ({"codes": codes} if codes else {}) | ({"remark": remark} if remark else {})


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
