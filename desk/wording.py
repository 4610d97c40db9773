"""How values read on screen: dates, times, amounts, and data from outside made safe to show.

Values in, words out: neither the clock nor the store is asked. The spaces inside a date or an amount do not break.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from desk.texts import NP_, pgettext

PEOPLES_TIME: Final = ZoneInfo("Europe/Copenhagen")
NO_BREAK_SPACE: Final = "\u00a0"

MONTHS: Final = (
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
WEEKDAYS: Final = (
    NP_("weekday", "Mon"),
    NP_("weekday", "Tue"),
    NP_("weekday", "Wed"),
    NP_("weekday", "Thu"),
    NP_("weekday", "Fri"),
    NP_("weekday", "Sat"),
    NP_("weekday", "Sun"),
)


def plain(value: str) -> str:
    """Make data from outside safe to show: what steers a terminal or reorders text is taken out.

    Control characters, marks that turn or hide text (bidi overrides and isolates, zero-width characters) and
    halves of surrogate pairs go; line ends, tabs and odd spaces become one ordinary space each. Brackets stay:
    keeping them from being read as markup is the widget's work.
    """
    if value.isprintable():
        return value
    return "".join(map(_plain_character, value))


def _plain_character(character: str) -> str:
    if character in "\t\n\v\f\r\x85":
        return " "
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs"}:
        return ""
    if category in {"Zs", "Zl", "Zp"} and character != NO_BREAK_SPACE:
        return " "
    return character


def breakable(text: str) -> str:
    """Give a text with ordinary spaces only, for what is painted cell by cell, sent as SMS or printed."""
    return text.replace(NO_BREAK_SPACE, " ")


def number(value: int) -> str:
    """Write a whole number with its thousands apart: 1.250."""
    separator = pgettext("thousands separator", ",")
    return f"{value:,}".replace(",", separator)


def kroner(ore: int) -> str:
    """Write an amount: 1.250,00 kr.

    Args:
        ore: the amount in øre.
    """
    whole, rest = divmod(abs(ore), 100)
    sign = "-" if ore < 0 else ""
    separator = pgettext("decimal separator", ".")
    amount = f"{sign}{number(whole)}{separator}{rest:02}"
    return pgettext("money", "DKK\u00a0{amount}").format(amount=amount)


def whole_kroner(ore: int) -> str:
    """Write a limit or a tariff, which are whole kroner: 200 kr.

    Args:
        ore: the limit in øre; odd øre are written out as an amount.
    """
    if ore % 100:
        return kroner(ore)
    return pgettext("money", "DKK\u00a0{amount}").format(amount=number(ore // 100))


def short_date(day: date, today: date) -> str:
    """Write a date: 24. sep. in the year of ``today``, else 24. sep. 2025."""
    if day.year == today.year:
        return pgettext("date", "{day}\u00a0{month}").format(day=day.day, month=_month(day))
    return pgettext("date", "{day}\u00a0{month}\u00a0{year}").format(day=day.day, month=_month(day), year=day.year)


def weekday_date(day: date, today: date) -> str:
    """Write a date on which somebody must act: tor. 24. sep."""
    weekday = pgettext("weekday", WEEKDAYS[day.weekday()])
    return pgettext("date", "{weekday} {date}").format(weekday=weekday, date=short_date(day, today))


def date_range(first: date, last: date, today: date) -> str:
    """Write the days from ``first`` to ``last``, both included: 24.–27. dec."""
    if first == last:
        return short_date(first, today)
    if (first.year, first.month) == (last.year, last.month):
        return pgettext("date", "{day}–{last_date}").format(day=first.day, last_date=short_date(last, today))
    return pgettext("date", "{first_date}–{last_date}").format(
        first_date=short_date(first, today), last_date=short_date(last, today)
    )


def clock(instant: datetime) -> str:
    """Write the time of day people see: 10.42.

    Args:
        instant: an aware instant.
    """
    seen = local(instant)
    return pgettext("time", "{hour}:{minute}").format(hour=f"{seen.hour:02}", minute=f"{seen.minute:02}")


def local(instant: datetime) -> datetime:
    """Give an instant as the date and time people see in Denmark.

    Raises:
        ValueError: for an instant without a time zone, which could be any of several.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(PEOPLES_TIME)


def _month(day: date) -> str:
    return pgettext("month", MONTHS[day.month - 1])
