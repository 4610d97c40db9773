"""What a supervisor types, read: figures, amounts, hours. None: it cannot be meant."""

from __future__ import annotations

import re

KRONER = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,7})(?:,(\d{2}))?", re.ASCII)
CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?", re.ASCII)
SPAN = re.compile(r"\s*[-–]\s*")
MINUTES = 60


def whole(text: str) -> int | None:
    """Read a whole number; a minus in front makes it one that is refused by name, not by form."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,7}", text) else None


def ore(text: str) -> int | None:
    """Read an amount as øre: 200, 1.250, 120,50, also with kr. behind it."""
    bare = text.casefold().removesuffix("kr.").removesuffix("kr").strip()
    sign = -1 if bare.startswith(("-", "\N{MINUS SIGN}")) else 1
    bare = bare.lstrip("-\N{MINUS SIGN}")
    found = KRONER.fullmatch(bare)
    if found is None:
        return None
    whole_kroner = int(bare.partition(",")[0].replace(".", ""))
    return sign * (whole_kroner * 100 + int(found[1] or 0))


def minutes(text: str) -> int | None:
    """Read a time of day as minutes after midnight: 10, 10.30, 24."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * MINUTES + minute if minute < MINUTES and hour * MINUTES + minute <= 24 * 60 else None


def span(text: str) -> tuple[int, int] | None:
    """Read opening hours: 10-18, 10.00–14.30."""
    ends = SPAN.split(text.strip())
    if len(ends) != 2:
        return None
    opens, closes = minutes(ends[0]), minutes(ends[1])
    return None if opens is None or closes is None else (opens, closes)


def as_ore(amount: int) -> str:
    """Give an amount as it would be typed."""
    kroner, rest = divmod(abs(amount), 100)
    return f"{kroner},{rest:02}" if rest else str(kroner)


def as_clock(minute: int) -> str:
    """Give a time of day as it would be typed."""
    return f"{minute // 60:02}.{minute % 60:02}"
