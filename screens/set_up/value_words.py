"""The fields of what is decided, and their values, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from desk.set_up.records import Hours, Tier
from desk.texts import N_, NP_, _, pgettext
from desk.wording import WEEKDAYS, clock, short_date, whole_kroner

FIELDS = {
    "loan_days": N_("Loan days"),
    "renewals": N_("Renewals"),
    "renewable": N_("Renewable"),
    "reservable": N_("Reservable"),
    "loan_limit": N_("Loan limit"),
    "name": N_("Name"),
    "isil": N_("ISIL or id"),
    "fees": N_("Fees"),
    "notices": N_("Notices"),
    "age_limit": N_("Age limit"),
    "debt_limit_ore": N_("Debt limit"),
    "child_until_age": N_("Child's fee until age"),
    "claim_from_day": N_("Claim from day"),
    "unknown_price_ore": N_("Unknown price"),
    "handling_ore": N_("Handling charge"),
    "shelf_days": N_("Days on the shelf"),
    "reservation_limit": N_("Reservations, at most"),
    "interest_days": N_("Reservation kept, days"),
    "reminder_days": N_("Reminder, days before"),
    "from_day": N_("From day"),
    "adult_ore": N_("Adults"),
    "child_ore": N_("Children"),
    "sms": N_("Text message"),
    "email": N_("E-mail"),
    "first": N_("First day"),
    "last": N_("Last day"),
    "reason": N_("Reason"),
    "counter": N_("Counter"),
    "municipalities": N_("Digital services"),
    "hours": N_("Opening hours"),
    "calendar": N_("Calendar"),
}

# What is in words already.
CODES = {
    ("fees", "normal"): NP_("fees", "normal"),
    ("fees", "none"): NP_("fees", "none"),
    ("notices", "all"): NP_("notices", "all"),
    ("notices", "reminders"): NP_("notices", "reminders only"),
}

KINDS = {
    "reservation_ready": NP_("message", "reservation ready"),
    "reminder": NP_("message", "reminder"),
    "recall": NP_("message", "recall"),
    "bill": NP_("message", "bill"),
    "block": NP_("message", "block notice"),
    "receipt": NP_("message", "receipt"),
    "deletion_approved": NP_("message", "deletion approved"),
}


def label(field: str) -> str:
    """Name a field."""
    return _(FIELDS.get(field, field))


def kind_words(kind: str) -> str:
    """Name a kind of message."""
    return pgettext("message", KINDS.get(kind, kind))


def value(field: str, held: Any) -> str:
    """Word a field's value."""
    if held is None:
        return pgettext("limit", "none")
    if isinstance(held, bool):
        return pgettext("answer", "yes") if held else pgettext("answer", "no")
    if field.endswith("_ore"):
        return whole_kroner(held)
    if (field, held) in CODES:
        return pgettext(field, CODES[field, held])
    return str(held)


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """Word what differs: «lånedage 30 → 14 · grænse ingen → 5»; of what is new, all of it."""
    if before is None:
        return " · ".join(f"{label(field).lower()} {value(field, held)}" for field, held in after.items())
    return " · ".join(
        f"{label(field).lower()} {value(field, before.get(field))} → {value(field, held)}"
        for field, held in after.items()
        if held != before.get(field)
    )


def tier_words(tier: Tier) -> str:
    """Word a fee tier."""
    return _("from day {day}: {adult}, children {child}").format(
        day=tier.from_day, adult=whole_kroner(tier.adult_ore), child=whole_kroner(tier.child_ore)
    )


def hours_words(hours: Hours) -> str:
    """Word a weekday's hours: «man. 10.00–18.00»."""
    return f"{pgettext('weekday', WEEKDAYS[hours.weekday])} {span_words(hours)}"


def week_words(week: Sequence[Hours]) -> str:
    """Word a week, days that follow each other with the same hours as one: «man.–fre. 10.00–18.00, lør. …»."""
    runs: list[tuple[Hours, Hours]] = []
    for one in week:
        first, last = runs[-1] if runs else (one, one)
        goes_on = runs and one.weekday == last.weekday + 1 and span_words(one) == span_words(last)
        if goes_on:
            runs[-1] = (first, one)
        else:
            runs.append((one, one))
    return ", ".join(_run_words(first, last) for first, last in runs)


def _run_words(first: Hours, last: Hours) -> str:
    if first == last:
        return hours_words(first)
    return f"{pgettext('weekday', WEEKDAYS[first.weekday])}–{hours_words(last)}"


def span_words(hours: Hours) -> str:
    """Word opening hours: «10.00–18.00»."""
    return f"{_time(hours.opens_minute)}–{_time(hours.closes_minute)}"


def _time(minute: int) -> str:
    # 24.00 is no time of day to Python, but it is when a library closes at midnight.
    return clock(time(minute // 60, minute % 60)) if minute < 24 * 60 else clock(time()).replace("00", "24", 1)


def days_words(first: date, last: date, today: date) -> str:
    """Word some days, each end in full: «24. dec. – 2. jan. 2027»."""
    if first == last:
        return short_date(first, today)
    return f"{short_date(first, today)} – {short_date(last, today)}"


def day_state(*, is_open: bool | None, reason: str) -> str:
    """Word what was decided about days."""
    if is_open is None:
        return _("as the week says")
    said = pgettext("day", "open") if is_open else pgettext("day", "closed")
    return f"{said} ({reason})" if reason else said
