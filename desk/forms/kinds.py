"""The four kinds of form that the policy names, and what each may ask for: what handling it takes, and no more (P9).

One list: the reader, the JSON schema and the inbox are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from desk.texts import NP_

APPOINTMENT: Final = "appointment"
READING_GROUP: Final = "reading_group"
SUGGESTION: Final = "purchase_suggestion"
HOLIDAY_BAG: Final = "holiday_bag"

TEXT, DATE, TIME, WHOLE = "text", "date", "time", "whole"
LONGEST_ID: Final = 100
PHONE: Final = r"[+(]{0,2}[0-9][0-9 ()-]{6,18}"
# As JSON schemas have them (ECMA 262): no tag, no control character.
PLAIN_TEXT: Final = r"^(?![\s\S]*<[A-Za-z/!?])[^\u0000-\u0009\u000B-\u001F\u007F-\u009F]*$"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    Attributes:
        name: its key in the JSON.
        label: as the inbox shows it, marked (context ``form``).
        of: ``text``, ``date`` (YYYY-MM-DD), ``time`` (HH:MM, 24 hours) or ``whole`` (a whole number).
        longest: characters of a text at most.
        least, most: of a whole number.
        is_needed: whether it must be there.
    """

    name: str
    label: str
    of: str = TEXT
    longest: int = 200
    least: int = 1
    most: int = 1
    is_needed: bool = False


# Who sent it, and how they are answered. One of the last two is needed.
SENDER: Final = (
    FormField("name", NP_("form", "Name"), longest=100, is_needed=True),
    FormField("email", NP_("form", "E-mail"), longest=254),
    FormField("phone", NP_("form", "Telephone"), longest=20),
)
_TITLE = FormField("title", NP_("form", "Title"), is_needed=True)
_AUTHOR = FormField("author", NP_("form", "Author"), longest=100)

KINDS: Final[Mapping[str, tuple[FormField, ...]]] = {
    APPOINTMENT: (
        FormField("about", NP_("form", "About"), longest=300, is_needed=True),
        FormField("wanted_on", NP_("form", "Wanted on"), of=DATE),
        FormField("wanted_at", NP_("form", "Wanted at"), of=TIME),
    ),
    READING_GROUP: (
        _TITLE,
        _AUTHOR,
        FormField("copies", NP_("form", "Copies"), of=WHOLE, most=40, is_needed=True),
        FormField("needed_on", NP_("form", "Needed on"), of=DATE),
    ),
    SUGGESTION: (_TITLE, _AUTHOR, FormField("year", NP_("form", "Year"), of=WHOLE, least=1000, most=2999)),
    HOLIDAY_BAG: (
        FormField("ages", NP_("form", "For what age"), longest=60, is_needed=True),
        FormField("wishes", NP_("form", "Wishes"), longest=300),
        FormField("pickup_on", NP_("form", "Fetched on"), of=DATE),
    ),
}


def fields_of(kind: str) -> tuple[FormField, ...]:
    """Give every field that a form of a kind may have, the sender's last."""
    return (*KINDS[kind], *SENDER)


def schema_of(kind: str) -> dict[str, Any]:
    """Give the JSON schema (2020-12) of a kind of form, for whoever makes the website send it."""
    fields = fields_of(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind,
        "description": "Texts are plain: no markup, no character references such as &amp;, no control characters.",
        "type": "object",
        "properties": {
            "form": {"const": kind},
            "id": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
            "sent_at": {"type": "string", "format": "date-time"},
        }
        | {field.name: _schema_of_field(field) for field in fields},
        "required": ["form", "sent_at", *(field.name for field in fields if field.is_needed)],
        "anyOf": [{"required": ["email"]}, {"required": ["phone"]}],
        "additionalProperties": False,
    }


def _schema_of_field(field: FormField) -> dict[str, Any]:
    if field.of == WHOLE:
        return {"type": "integer", "minimum": field.least, "maximum": field.most}
    if field.of == DATE:
        return {"type": "string", "format": "date"}
    if field.of == TIME:
        return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
    text = {"type": "string", "minLength": 1, "maxLength": field.longest}
    match field.name:
        case "email":
            return text | {"format": "email"}
        case "phone":
            return text | {"pattern": f"^{PHONE}$"}
    return text | {"pattern": PLAIN_TEXT}
