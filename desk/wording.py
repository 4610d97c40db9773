"""Values as people read them: money, numbers, dates, times, and data made safe to show.

Dates and money carry no-break spaces, so that a line never breaks inside ``120,00 kr.``; where those cannot be sent
(sms, receipts) or are not wanted, :func:`ordinary_spaces` takes them out again. Nothing here reads the clock.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

from desk.calendar import COPENHAGEN
from desk.texts import NP_, pgettext

NO_BREAK = "\u00a0"

MONTHS = (
    NP_("month", "Jan"),
    NP_("month", "Feb"),
    NP_("month", "Mar"),
    NP_("month", "Apr"),
    NP_("month", "May"),
    NP_("month", "Jun"),
    NP_("month", "Jul"),
    NP_("month", "Aug"),
    NP_("month", "Sep"),
    NP_("month", "Oct"),
    NP_("month", "Nov"),
    NP_("month", "Dec"),
)
WHOLE_MONTHS = (
    NP_("whole month", "January"),
    NP_("whole month", "February"),
    NP_("whole month", "March"),
    NP_("whole month", "April"),
    NP_("whole month", "May"),
    NP_("whole month", "June"),
    NP_("whole month", "July"),
    NP_("whole month", "August"),
    NP_("whole month", "September"),
    NP_("whole month", "October"),
    NP_("whole month", "November"),
    NP_("whole month", "December"),
)

WEEKDAYS = (
    NP_("weekday", "Mon"),
    NP_("weekday", "Tue"),
    NP_("weekday", "Wed"),
    NP_("weekday", "Thu"),
    NP_("weekday", "Fri"),
    NP_("weekday", "Sat"),
    NP_("weekday", "Sun"),
)


def plain(value: object) -> str:
    """Give data as text that can do nothing but be read.

    Line breaks and tabs become spaces. Control characters (ESC among them), everything that turns, hides or joins
    neighbouring text (bidi marks, overrides and isolates, zero-width characters) and lone surrogates go. Markup is
    not touched: whoever paints must not parse data as markup.

    Args:
        value: anything with a ``str``; None gives the empty text.
    """
    if value is None:
        return ""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(filter(_can_stay, " ".join(text.splitlines()).replace("\t", " ")))


def _can_stay(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


def one_stop(said: str) -> str:
    """End a sentence once: an abbreviation that ends it («24. sep.», «200 kr.») brings its full stop along."""
    return said.replace("..", ".")


def ordinary_spaces(text: str) -> str:
    """Give a text with ordinary spaces for no-break ones: GSM-7 and receipt printers have none."""
    return text.replace(NO_BREAK, " ")


def number(count: int) -> str:
    """Give a whole number with its thousands apart: ``18.204``."""
    return f"{count:,}".replace(",", pgettext("thousands separator", ","))


def kroner(ore: int) -> str:
    """Give an amount: ``1.250,00 kr.``.

    Args:
        ore: the amount in øre.
    """
    whole, rest = divmod(abs(ore), 100)
    return _amount(ore, number(whole) + pgettext("decimal separator", ".") + f"{rest:02}")


def whole_kroner(ore: int) -> str:
    """Give a limit or a tariff: ``200 kr.``, with the øre only if there are any.

    Args:
        ore: the amount in øre.
    """
    return kroner(ore) if ore % 100 else _amount(ore, number(abs(ore) // 100))


def _amount(ore: int, figures: str) -> str:
    amount = pgettext("money", "DKK {amount}").format(amount=figures)
    return ("\N{MINUS SIGN}" if ore < 0 else "") + amount.replace(" ", NO_BREAK)


def local(instant: datetime) -> datetime:
    """Give an instant as the clocks in the library show it (Europe/Copenhagen).

    Raises:
        ValueError: for a naive instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    return instant.astimezone(COPENHAGEN)


def clock(moment: datetime | time) -> str:
    """Give a time of day: ``10.42``.

    Args:
        moment: an aware instant, shown in local time, or a local time of day.

    Raises:
        ValueError: for a naive instant.
    """
    shown = local(moment) if isinstance(moment, datetime) else moment
    return pgettext("clock", "{hour}:{minute}").format(hour=f"{shown.hour:02}", minute=f"{shown.minute:02}")


def short_date(day: date, today: date) -> str:
    """Give a date: ``24. sep.`` in the year of ``today``, else ``24. sep. 2025``."""
    year = "" if day.year == today.year else f"{NO_BREAK}{day.year}"
    month = pgettext("month", MONTHS[day.month - 1])
    return pgettext("date", "{day} {month}").format(day=day.day, month=month).replace(" ", NO_BREAK) + year


def weekday_date(day: date, today: date) -> str:
    """Give a date on which somebody must act: ``tor. 24. sep.``."""
    return f"{pgettext('weekday', WEEKDAYS[day.weekday()])} {short_date(day, today)}"


def date_range(first: date, last: date, today: date) -> str:
    """Give the days from one date to another, both included: ``24.–27. dec.``, ``30. nov.–2. dec.``."""
    if first == last:
        return short_date(first, today)
    if (first.year, first.month) == (last.year, last.month):
        begin = pgettext("first day of a range", "{day}").format(day=first.day)
    else:
        begin = short_date(first, today)
    return f"{begin}–{short_date(last, today)}"


def long_date(day: date) -> str:
    """Give a date as a letter has it: ``10. marts 2026``."""
    month = pgettext("whole month", WHOLE_MONTHS[day.month - 1])
    return pgettext("report", "{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def on_day(day: str, instant: datetime) -> str:
    """Give a date that is worded already with the time of day: ``10. marts 2026 kl. 11.00``."""
    return pgettext("report", "{date} at {time}").format(date=day, time=clock(instant)).replace(" ", NO_BREAK)
