"""People and numbers that nobody has: for the demo, the sample and the tests (product.md, D)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

WOMEN = (
    "Anna", "Anne", "Astrid", "Birgit", "Bodil", "Camilla", "Charlotte", "Dorte", "Ellen", "Emma", "Freja", "Gerda",
    "Hanne", "Helle", "Ida", "Inge", "Ingrid", "Jette", "Josefine", "Julie", "Karen", "Kirsten", "Lærke", "Laura",
    "Lis", "Louise", "Maja", "Marie", "Mathilde", "Mette", "Nanna", "Pernille", "Rikke", "Sara", "Signe", "Sofie",
    "Susanne", "Tove", "Ulla", "Vibeke",
)  # fmt: skip
MEN = (
    "Aage", "Anders", "Asger", "Bent", "Bjarne", "Carl", "Christian", "Emil", "Erik", "Flemming", "Frederik", "Hans",
    "Henrik", "Ib", "Jakob", "Jens", "Jesper", "Johannes", "Jørgen", "Karl", "Kasper", "Kjeld", "Lars", "Lucas",
    "Mads", "Magnus", "Martin", "Mikkel", "Niels", "Oliver", "Ove", "Per", "Peter", "Poul", "Rasmus", "Søren",
    "Thomas", "Torben", "Villads", "Viggo",
)  # fmt: skip
SURNAMES = (
    "Jensen", "Nielsen", "Hansen", "Pedersen", "Andersen", "Christensen", "Larsen", "Sørensen", "Rasmussen",
    "Jørgensen", "Petersen", "Madsen", "Kristensen", "Olsen", "Thomsen", "Christiansen", "Poulsen", "Johansen",
    "Møller", "Mortensen", "Knudsen", "Bjerregaard", "Nørgaard", "Østergaard", "Kjærgaard", "Søndergaard", "Lund",
    "Holm", "Schmidt", "Toft", "Krogh", "Vestergaard", "Bech", "Dahl", "Friis", "Gade", "Hald", "Juhl", "Kofoed",
    "Åkjær",
)  # fmt: skip
STREETS = (
    "Østergade", "Vestergade", "Kirkegade", "Havnegade", "Skolegade", "Fjordvej", "Bryggergade", "Møllevej",
    "Parkvej", "Ringgade", "Skovvej", "Strandvejen", "Søndergade", "Nørregade", "Engvej", "Lyngvej", "Bakkevej",
    "Tværgade", "Æblehaven", "Ørnevej",
)  # fmt: skip
TOWNS = (("7600", "Struer"), ("7560", "Hjerm"), ("7790", "Thyholm"))
MUNICIPALITY = "671"

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)
# Ten digits that no CPR number can be: their month would be 00, or their day 33 or 51.
FIRST_CARD = 300_000_012
FIRST_SAMPLE_CARD = 330_000_012
FIRST_BARCODE = 510_000_001


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """A name, a birth date and an address that belong to nobody."""

    name: str
    born: date
    street: str
    postcode: str
    city: str
    phone: str
    email: str


def person(random: Random, today: date, youngest: int, oldest: int) -> MadeUpPerson:
    """Make a person up.

    Args:
        random: seeded.
        today: the day the age counts from.
        youngest: age in years, at least.
        oldest: age in years, at most.
    """
    first = random.choice(random.choice((WOMEN, MEN)))
    middle = f" {random.choice(SURNAMES)}" if random.random() < 0.4 else ""
    last = random.choice(SURNAMES)
    born = today - timedelta(days=random.randint(youngest * 366, oldest * 365))
    postcode, city = random.choices(TOWNS, (70, 15, 15))[0]
    return MadeUpPerson(
        name=f"{first}{middle} {last}",
        born=born,
        street=f"{random.choice(STREETS)} {random.randint(1, 98)}",
        postcode=postcode,
        city=city,
        phone=telephone(random),
        email=f"{_ascii(first)}.{_ascii(last)}{random.randint(1, 999)}@example.dk",
    )


def telephone(random: Random) -> str:
    """Make a telephone number up."""
    return f"{random.choice('23456789')}{random.randrange(10_000_000):07}"


def _ascii(name: str) -> str:
    for letter, plain in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        name = name.lower().replace(letter, plain)
    return name


def replacement_cpr(random: Random, born: date) -> str:
    """Make a replacement number: day + 60, which no CPR number has; the seventh digit says the century.

    Raises:
        ValueError: for a birth year before 1900 or after 2036.
    """
    if not 1900 <= born.year <= 2036:
        raise ValueError(f"no replacement number for {born.year}")
    seventh = random.choice("0123" if born.year < 2000 else "5678")
    return f"{born.day + 60}{born:%m%y}{seventh}{random.randrange(1000):03}"


def distinct_cprs(random: Random, birth_dates: Iterable[date]) -> list[str]:
    """Make a replacement number up for each birth date, none twice; there are 4,000 for a day."""
    made: dict[str, None] = {}
    for born in birth_dates:
        cpr = replacement_cpr(random, born)
        while cpr in made:
            cpr = replacement_cpr(random, born)
        made[cpr] = None
    return list(made)


def numbers_with_check_digit(first: int) -> Iterator[str]:
    """Count up in ten-digit numbers of the Danish material-number kind (modulus 11), from nine digits on."""
    number = first
    while True:
        digits = f"{number:09}"
        check = -sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11
        # A check digit of 10 cannot be written: such numbers are left out.
        if check < 10:
            yield f"{digits}{check}"
        number += 1
