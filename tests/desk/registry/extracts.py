"""Extracts of the CPR register, record by record; places are counted from 1, as in domain.md 7.2.

Everybody in them has a replacement number (day + 60), which the register never gives out.
"""

from __future__ import annotations

ANNA, BO, CLARA = "7705804321", "7806854321", "6109804322"


def fixed(*parts: tuple[int, str]) -> str:
    """Word a record: each text at its place, blanks between, and none at the end."""
    line = ""
    for start, text in parts:
        line = line.ljust(start - 1) + text
    return line.rstrip()


def person(
    cpr: str, status: str = "01", *, since: str = "000000000000", current: str = "", born: str = "1980-05-17"
) -> str:
    """Word a record 001."""
    return fixed((1, "001" + cpr), (14, current), (24, status), (26, since), (39, "K"), (40, born), (73, "Bager"))


def address(cpr: str, *, municipality: str = "0671", since: str = "201502011200") -> str:
    """Word a record 002."""
    return fixed((1, "002" + cpr), (14, municipality), (18, "1234005"), (70, since), (83, since))


def written(
    cpr: str,
    street: str = "Østergade 5,2 th",
    *,
    care_of: str = "",
    place: str = "",
    town: str = "",
    postcode: str = "7600",
    city: str = "Struer",
    municipality: str = "0671",
    addressed: str = "",
) -> str:
    """Word a record 003."""
    return fixed(
        (1, "003" + cpr),
        (14, addressed),
        (48, care_of),
        (82, place),
        (116, street),
        (150, town),
        (184, postcode),
        (188, city),
        (208, municipality),
    )


def no_address(cpr: str) -> str:
    """Word a record 003 as those have it who live nowhere any more."""
    return written(cpr, "", postcode="0000", city="", municipality="0000")


def protection(cpr: str, kind: str = "0001", *, begins: str = "2025-01-01", ends: str = "2027-01-01") -> str:
    """Word a record 004."""
    return fixed((1, "004" + cpr), (14, kind), (18, begins), (28, ends))


def name(cpr: str, first: str = "Anna", middle: str = "Kirstine", last: str = "Møller", *, addressed: str = "") -> str:
    """Word a record 008."""
    return fixed((1, "008" + cpr), (14, first), (65, middle), (106, last), (147, "000000000000"), (160, addressed))


def error(number: str = "0005", asked: str = ANNA, text: str = "PNR FORKERT") -> str:
    """Word a record 910."""
    return fixed((1, "9100000000000"), (14, "01" + asked), (89, number), (93, text))


def somebody(cpr: str, status: str = "01", *, first: str = "Anna", since: str = "000000000000") -> tuple[str, ...]:
    """Word the records of somebody who lives at an address."""
    return (person(cpr, status, since=since), address(cpr), written(cpr), name(cpr, first))


def gone(cpr: str, status: str, *, since: str = "202602201004") -> tuple[str, ...]:
    """Word the records of somebody who lives nowhere any more."""
    return (person(cpr, status, since=since), no_address(cpr), name(cpr))


def moved(cpr: str, current: str, status: str = "60", *, first: str = "Anna") -> tuple[str, ...]:
    """Word the records of a number that does not hold any more."""
    return (person(cpr, status, since="202602201004", current=current), no_address(cpr), name(cpr, first))


def extract(*lines: str, counted: int | None = None) -> bytes:
    """Put records between a start and an end record."""
    count = len(lines) if counted is None else counted
    start = fixed((1, "0000000000000"), (14, "110901"), (20, "20260309"), (28, "20260308"))
    return "".join(f"{line}\n" for line in (start, *lines, f"9999999999999{count:08}")).encode("iso-8859-1")
