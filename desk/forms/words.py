"""The words of forms: their kinds, and why one was not taken. Nothing that was sent is repeated (T3)."""

from __future__ import annotations

from desk.forms.kinds import KINDS, SENDER
from desk.forms.reading import Fault
from desk.texts import N_, NP_, _, pgettext

KIND_WORDS = {
    "appointment": NP_("form", "Book a time"),
    "reading_group": NP_("form", "Reading group"),
    "purchase_suggestion": NP_("form", "Suggestion for purchase"),
    "holiday_bag": NP_("form", "Holiday bag"),
}
LABELS = {
    **{one.name: one.label for fields in KINDS.values() for one in (*fields, *SENDER)},
    "id": NP_("form", "Id"),
    "sent_at": NP_("form", "Sent"),
}
FAULTS = {
    "not_json": N_("is not JSON, or not one form"),
    "twice": N_("has the same field twice"),
    "kind": N_("is not one of the four kinds of form"),
    "unknown_field": N_("has a field that the form does not have"),
    "missing": N_("lacks »{field}«"),
    "no_way_back": N_("has neither e-mail nor telephone"),
    "type": N_("»{field}« is of the wrong kind"),
    "value": N_("»{field}« has a value that cannot be meant"),
    "too_long": N_("is too long"),
    "control": N_("»{field}« has control characters"),
    "markup": N_("»{field}« has markup"),
    "season": N_("was sent outside the weeks of the holiday bags"),
    "unreadable": N_("cannot be read"),
    "cannot_shred": N_("cannot be deleted by this program, and was therefore not taken"),
}


def kind_words(kind: str) -> str:
    """Name a kind of form."""
    return pgettext("form", KIND_WORDS[kind])


def label_words(name: str) -> str:
    """Name a field."""
    return pgettext("form", LABELS[name])


def fault_words(fault: Fault) -> str:
    """Say why a form was not taken, as the rest of a sentence that begins with its file."""
    return _(FAULTS[fault.why]).format(field=label_words(fault.field) if fault.field else "")
