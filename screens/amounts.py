"""Amounts as a clerk types them: 120, 120,00, 1.250,50, 120.5, with or without kr."""

from __future__ import annotations

import re

# Thousands apart by stops, øre after a comma; or plain, with either before the øre. Figures are 0–9 and no others.
WITH_STOPS = re.compile(r"^(-?)(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?$", re.ASCII)
PLAIN = re.compile(r"^(-?)(\d{1,9})(?:[.,](\d{1,2}))?$", re.ASCII)


def typed_amount(text: str) -> int | None:
    """Read a typed amount.

    Args:
        text: in kroner.

    Returns:
        The amount in øre, which may be negative; None when it is none.
    """
    squeezed = "".join(text.casefold().removesuffix(".").split()).removesuffix("kr")
    match = WITH_STOPS.match(squeezed) or PLAIN.match(squeezed)
    if match is None:
        return None
    sign, whole, rest = match.groups()
    ore = int(whole.replace(".", "")) * 100 + int((rest or "0").ljust(2, "0"))
    return -ore if sign else ore


def as_typed(ore: int) -> str:
    """Give an amount as it would be typed: ``120,00``."""
    return f"{ore // 100},{ore % 100:02}"
