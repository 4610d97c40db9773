"""The borrower above the pile: name, age group, warnings. Never CPR, address, telephone or e-mail (C12)."""

from __future__ import annotations

from datetime import date

from desk.borrowers.records import BorrowerRecord
from desk.calendar import local_date
from desk.money.debt import debt_reached
from desk.texts import _
from desk.wording import kroner, short_date
from screens.refusals import block_sentence, debt_sentence
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
    looks = [_("Name and address protection.")] if borrower.address_protected else []
    if borrower.note:
        looks.append(note_words(borrower, today))
    warnings = (*block_warnings(borrower, today), *(Warning_(text, "look") for text in looks))
    return Strip(borrower.name, facts_of(borrower), warnings, aside=owed_aside(borrower))


def owed_aside(borrower: BorrowerRecord) -> tuple[str, ...]:
    """Give the balance for the strip's right edge; nothing when nothing is owed."""
    return (_("balance {amount}").format(amount=kroner(borrower.owed_ore)),) if borrower.owed_ore else ()


def facts_of(borrower: BorrowerRecord) -> tuple[str, ...]:
    """Give what stands beside the name: age group, borrower group, card, and the language if it is not Danish."""
    facts = [age_group(borrower.age), borrower.group]
    if borrower.card is not None:
        facts.append(_("card …{tail}").format(tail=borrower.card.number[-4:]))
    if borrower.language == "en":
        facts.append(_("English"))
    return tuple(facts)


def block_warnings(borrower: BorrowerRecord, today: date) -> tuple[Warning_, ...]:
    """Give every block that holds, the debt among them (R4), with what lifts it."""
    debt = debt_reached(borrower.owed_ore, borrower.debt_limit_ore) if borrower.owed_ore else None
    # Danish short dates end in a stop of their own, which also ends the sentence.
    whys = [block_sentence(block, today).replace("..", ".") for block in borrower.blocks]
    if debt is not None:
        whys.append(debt_sentence(debt))
    return tuple(Warning_(_("BLOCKED: {why}").format(why=why), "stop") for why in whys)


def note_words(borrower: BorrowerRecord, today: date) -> str:
    """Word the internal note, with who and when."""
    if borrower.note_at is None:
        return _("Note: {note}").format(note=borrower.note)
    return _("Note ({who} {date}): {note}").format(
        who=borrower.note_by, date=short_date(local_date(borrower.note_at), today), note=borrower.note
    )
