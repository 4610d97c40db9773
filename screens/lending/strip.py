"""The borrower above the pile: name, age group, warnings. Never CPR, address, telephone or e-mail (C12)."""

from __future__ import annotations

from datetime import date

from desk.borrowers.records import BorrowerRecord
from desk.calendar import local_date
from desk.money.debt import debt_reached
from desk.texts import _
from desk.wording import kroner, one_stop, short_date
from screens.refusals import block_sentence, debt_sentence
from screens.widgets.masthead import Strip, Warning_

ADULT_FROM = 18


def age_group(age: int | None) -> str:
    """Word the age group: what the counter needs to know, and no birth date."""
    if age is None:
        return _("age unknown")
    return _("adult") if age >= ADULT_FROM else _("child, {age}").format(age=age)


def strip_of(borrower: BorrowerRecord | None, today: date, branch: str) -> Strip | None:
    """Make the strip of a borrower; None: nobody's visit is open.

    Args:
        borrower: as the desk gave it.
        today: local date.
        branch: where the counter stands: its shelf is named by its places.
    """
    if borrower is None:
        return None
    looks = [_("Name and address protection.")] if borrower.address_protected else []
    if borrower.note:
        looks.append(note_words(borrower, today))
    warnings = (*block_warnings(borrower, today), *(Warning_(text, "look") for text in looks))
    return Strip(borrower.name, facts_of(borrower), warnings, aside=asides_of(borrower, branch))


def asides_of(borrower: BorrowerRecord, branch: str) -> tuple[str, ...]:
    """Give what stands at the strip's right edge: what is owed, and what lies ready, here and elsewhere."""
    return tuple(filter(None, (owed_words(borrower), ready_words(borrower.ready, branch))))


def owed_words(borrower: BorrowerRecord) -> str:
    """Word the balance; empty: nothing is owed."""
    return _("balance {amount}").format(amount=kroner(borrower.owed_ore)) if borrower.owed_ore else ""


def ready_words(ready: tuple[tuple[str, int], ...], branch: str) -> str:
    """Word what lies on pickup shelves: «reserveret: 2 klar på hylde 12 og 34»; empty: nothing does.

    Args:
        ready: branch and place of each.
        branch: of which the places are named; of what lies elsewhere, only the branch is.
    """
    here = [number for name, number in ready if name == branch]
    if here:
        *others, last = map(str, here)
        numbers = _("{numbers} and {last}").format(numbers=", ".join(others), last=last) if others else last
        return _("reserved: {count} ready on shelf {numbers}").format(count=len(here), numbers=numbers)
    if ready:
        return _("reserved: {count} ready in {branch}").format(count=len(ready), branch=ready[0][0])
    return ""


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
    whys = [one_stop(block_sentence(block, today)) for block in borrower.blocks]
    if debt is not None:
        whys.append(debt_sentence(debt))
    return tuple(Warning_(_("BLOCKED: {why}").format(why=why), "stop") for why in whys)


def note_words(borrower: BorrowerRecord, today: date) -> str:
    """Word the internal note, with who and when; one that was imported is nobody's here."""
    if borrower.note_at is None:
        return _("Note: {note}").format(note=borrower.note)
    if not borrower.note_by:
        on = short_date(local_date(borrower.note_at), today)
        return _("Note ({date}): {note}").format(date=on, note=borrower.note)
    return _("Note ({who} {date}): {note}").format(
        who=borrower.note_by, date=short_date(local_date(borrower.note_at), today), note=borrower.note
    )
