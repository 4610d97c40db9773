"""One form from the bytes of a file: strict, since anybody on the internet may have written it."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from desk.calendar import local_date
from desk.forms.kinds import DATE, HOLIDAY_BAG, KINDS, LONGEST_ID, PHONE, TIME, WHOLE, FormField, fields_of
from desk.forms.records import FormContent
from desk.forms.rules import is_in_season
from desk.lines import ADDRESS

LONGEST_FILE: Final = 16 * 1024
"""Bytes: several times what the longest form takes."""
LONGEST_SEASON_AGO: Final = timedelta(days=180)
"""A holiday bag of last year's season is packed for nobody."""
AHEAD: Final = timedelta(hours=1)
"""By how much the website's clock may be ahead."""

_TAG = re.compile(r"<[A-Za-z/!?]")
_ENTITY = re.compile(r"&#?\w+;")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PHONE = re.compile(PHONE)
# They hold the parts of one picture together, and are not seen.
_JOINERS = str.maketrans("", "", "\u200c\u200d")
# Written out, where fromisoformat takes much more than a date.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a form is not taken: a word for the edge, and which of *our* fields it is about; nothing that was sent."""

    why: str
    field: str = ""


class NotTaken(Exception):
    """Reading stops at the first fault."""

    def __init__(self, why: str, field: str = "") -> None:
        super().__init__(why)
        self.fault = Fault(why, field)


def read_form(raw: bytes, now: datetime, weeks: tuple[int, int] | None) -> FormContent | Fault:
    """Read a form, or say why it is not taken.

    Args:
        raw: the whole file.
        now: aware UTC.
        weeks: the holiday bags' season, as for :func:`~desk.forms.rules.is_in_season`.
    """
    try:
        return _read(raw, now, weeks)
    except NotTaken as not_taken:
        return not_taken.fault


def _read(raw: bytes, now: datetime, weeks: tuple[int, int] | None) -> FormContent:
    told = _parsed(raw)
    kind = told.get("form")
    if not isinstance(kind, str) or kind not in KINDS:
        raise NotTaken("kind")
    fields = {one.name: one for one in fields_of(kind)}
    if told.keys() - fields.keys() - {"form", "id", "sent_at"}:
        raise NotTaken("unknown_field")
    sent_at = _sent_at(told.get("sent_at"), now)
    own_id = _text(told["id"], "id", LONGEST_ID) if "id" in told else ""
    for one in fields.values():
        if one.is_needed and one.name not in told:
            raise NotTaken("missing", one.name)
    values = {name: _value(told[name], one) for name, one in fields.items() if name in told}
    if "email" not in values and "phone" not in values:
        raise NotTaken("no_way_back")
    if kind == HOLIDAY_BAG and not (is_in_season(local_date(sent_at), weeks) and sent_at > now - LONGEST_SEASON_AGO):
        raise NotTaken("season")
    return FormContent(kind, sent_at, own_id, values)


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_FILE:
        raise NotTaken("too_long")
    try:
        told = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once_each, parse_constant=_no_number)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise NotTaken("not_json") from None
    except ValueError:
        # A number with more figures than Python reads.
        raise NotTaken("not_json") from None
    if not isinstance(told, dict):
        raise NotTaken("not_json")
    return told


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise NotTaken("twice")
    return read


def _no_number(_written: str) -> Any:
    raise NotTaken("not_json")


def _sent_at(told: Any, now: datetime) -> datetime:
    if told is None:
        raise NotTaken("missing", "sent_at")
    try:
        read = datetime.fromisoformat(told) if isinstance(told, str) else None
        sent_at = None if read is None or read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        sent_at = None
    if sent_at is None or sent_at > now + AHEAD or sent_at < now - timedelta(days=3660):
        raise NotTaken("value", "sent_at")
    return sent_at


def _value(told: Any, field: FormField) -> str | int:
    if field.of == WHOLE:
        if isinstance(told, float) and told.is_integer():
            # The same number to JSON.
            told = int(told)
        if type(told) is not int:
            raise NotTaken("type", field.name)
        if not field.least <= told <= field.most:
            raise NotTaken("value", field.name)
        return told
    text = _text(told, field.name, field.longest)
    if not _SHAPES.get(field.name, _SHAPES.get(field.of, _any_text))(text):
        raise NotTaken("value", field.name)
    return text


def _text(told: Any, name: str, longest: int) -> str:
    """Read a text as it may be shown: composed, with ordinary blanks around no word of it."""
    if not isinstance(told, str):
        raise NotTaken("type", name)
    if len(told) > longest:
        raise NotTaken("too_long", name)
    told = told.translate(_JOINERS)
    if any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Cn"} for one in told if one != "\n"):
        raise NotTaken("control", name)
    if _TAG.search(told) or any(html.unescape(found) != found for found in _ENTITY.findall(told)):
        raise NotTaken("markup", name)
    text = " ".join(unicodedata.normalize("NFC", told).split())
    if not text:
        raise NotTaken("missing", name)
    return text


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _any_text(_text: str) -> bool:
    return True


_SHAPES: Mapping[str, Any] = {
    "email": lambda text: ADDRESS.fullmatch(text) is not None,
    "phone": lambda text: _PHONE.fullmatch(text) is not None,
    DATE: _is_date,
    TIME: lambda text: _TIME.fullmatch(text) is not None,
}
