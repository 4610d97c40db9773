"""The borrower above the pile: name, age group, warnings. Never CPR, address, telephone or e-mail (C12)."""

from __future__ import annotations

from datetime import date

from desk.borrowers.records import BorrowerRecord
from desk.calendar import local_date
from desk.texts import _
from desk.wording import short_date
from screens.refusals import block_sentence
from screens.widgets.masthead import Strip, Warning_

ADULT_FROM = 18


def age_group(age: int | None) -> str:
    """Word the age group: what the counter needs to know, and no birth date."""
    if age is None:
        return _("age unknown")
    return _("adult") if age >= ADULT_FROM else _("child, {age}").format(age=age)


def strip_of(borrower: BorrowerRecord | None, today: date) -> Strip | None:
    """Make the strip of a borrower; None: nobody's visit is open."""
    if borrower is None:
        return None
    facts = [age_group(borrower.age), borrower.group]
    if borrower.card is not None:
        facts.append(_("card …{tail}").format(tail=borrower.card.number[-4:]))
    if borrower.language == "en":
        facts.append(_("English"))
    warnings = [
        Warning_(_("BLOCKED: {why}").format(why=block_sentence(b, today).replace("..", ".")), "stop")
        for b in borrower.blocks
    ]
    if borrower.address_protected:
        warnings.append(Warning_(_("Name and address protection."), "look"))
    if borrower.note:
        warnings.append(Warning_(_note(borrower, today), "look"))
    return Strip(borrower.name, tuple(facts), tuple(warnings))


def _note(borrower: BorrowerRecord, today: date) -> str:
    if borrower.note_at is None:
        return _("Note: {note}").format(note=borrower.note)
    return _("Note ({who} {date}): {note}").format(
        who=borrower.note_by, date=short_date(local_date(borrower.note_at), today), note=borrower.note
    )
