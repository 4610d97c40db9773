"""Names of the municipalities that are met here, by the CPR authority's codes (domain.md 1.7)."""

from __future__ import annotations

NAMES = {
    "101": "København",
    "657": "Herning",
    "661": "Holstebro",
    "665": "Lemvig",
    "671": "Struer",
    "751": "Aarhus",
    "756": "Ikast-Brande",
    "760": "Ringkøbing-Skjern",
    "773": "Morsø",
    "779": "Skive",
    "787": "Thisted",
    # Closed in 2006; old records may carry them.
    "663": "Ikast",
    "667": "Ringkøbing",
    "673": "Thyborøn-Harboøre",
    "675": "Thyholm",
}


def municipality_name(code: str) -> str:
    """Give the name of a municipality, or an empty text for one that is not in the list.

    Args:
        code: three digits, or four as the CPR register writes it (0671).
    """
    return NAMES.get(code.strip()[-3:], "")
