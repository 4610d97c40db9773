"""Details that cannot be meant, in words: what is so, and that nothing has changed."""

from __future__ import annotations

from desk.errors import InvalidInput
from desk.texts import N_, _
from screens.sentences import input_sentence

_SENTENCES = {
    ("name", "missing"): N_("The name is missing. Nothing has changed."),
    ("name", "too_long"): N_("The name is longer than 200 characters. Nothing has changed."),
    ("birth_date", "invalid"): N_("Nobody here was born on that day. Nothing has changed."),
    ("cpr", "digits"): N_("A CPR number is ten figures. Nothing has changed."),
    ("cpr", "date"): N_("The first six figures are no date. Nothing has changed."),
    ("cpr", "unborn"): N_("The CPR number's date has not come yet. Nothing has changed."),
    ("cpr", "taken"): N_("Another borrower has that CPR number. Nothing has changed."),
    ("care_of", "too_long"): N_("The c/o name is longer than 200 characters. Nothing has changed."),
    ("street", "too_long"): N_("The street is longer than 200 characters. Nothing has changed."),
    ("city", "too_long"): N_("The town is longer than 200 characters. Nothing has changed."),
    ("postcode", "too_long"): N_("The postcode is longer than 10 characters. Nothing has changed."),
    ("postcode", "invalid"): N_("A postcode is figures and letters only. Nothing has changed."),
    ("email", "invalid"): N_("The e-mail lacks an @ or what stands after it. Nothing has changed."),
    ("email", "too_long"): N_("The e-mail is longer than 254 characters. Nothing has changed."),
    ("telephone", "invalid"): N_("A telephone is at least four figures, without letters. Nothing has changed."),
    ("telephone", "too_many"): N_("There is room for six telephones. Nothing has changed."),
    ("telephone", "twice"): N_("The same telephone is there twice. Nothing has changed."),
    ("telephone", "sms"): N_("The telephone that takes sms is not among them. Nothing has changed."),
    ("absence", "ends_before_start"): N_("The absence ends before it begins. Nothing has changed."),
    ("group", "unknown"): N_("The borrower group is gone. Nothing has changed."),
    ("home_branch", "unknown"): N_("The branch is gone. Nothing has changed."),
    ("municipality", "invalid"): N_("A municipality no. is three figures. Nothing has changed."),
    ("municipality", "too_long"): N_("A municipality no. is three figures. Nothing has changed."),
    ("language", "unknown"): N_("Messages are sent in Danish or English. Nothing has changed."),
    ("protection", "passed"): N_("The last day of the protection has passed. Nothing has changed."),
    ("guardian", "unknown"): N_("No borrower has that card or number. Nothing has changed."),
    ("guardian", "self"): N_("A borrower cannot be made responsible for themselves. Nothing has changed."),
    ("guardian", "has_guardian"): N_("Somebody else is responsible for that borrower. Nothing has changed."),
}


def detail_sentence(error: InvalidInput) -> str:
    """Word a detail that cannot be meant."""
    said = _SENTENCES.get((error.field, error.why))
    return input_sentence(error) if said is None else _(said)
