"""The made-up town of the demo: who lives there and what is worth showing about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from desk.registry.preparing import NewBranch, NewStaff

LIBRARY = "Struer Bibliotek"
ISIL = "DK-767100"
STRUER = NewBranch("Struer", "DK-767100", ("Skranke 1", "Skranke 2"))
THYHOLM = NewBranch("Thyholm", "DK-767101", ("Skranke 1",))
STAFF = (
    NewStaff("mette", "Mette K.", "staff", "demo-mette", card="9900001001", pin="1001", person_number="DEMO1"),
    NewStaff("lone", "Lone B.", "supervisor", "demo-lone", card="9900001002", pin="1002", person_number="DEMO2"),
    NewStaff("jonas", "Jonas H.", "supervisor", "demo-jonas", card="9900001003", pin="1003", person_number="DEMO3"),
    NewStaff("it", "It-drift", "it", "demo-it"),
)


@dataclass(frozen=True, slots=True)
class Lent:
    """Things somebody has at home: how many of a material group, lent how many days ago (the open day before)."""

    count: int
    days_ago: int
    material: str = "standard"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A block: FBS code, reason, set how many days ago, ending in how many days (None: until lifted)."""

    kind: str
    reason: str
    days_ago: int
    ends_in: int | None = None


@dataclass(frozen=True, slots=True)
class Owes:
    """A fee that is not paid: why, how much in whole kroner, from how many days ago; no note: returned late."""

    kroner: int
    days_ago: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citizen:
    """A borrower of the demo.

    Attributes:
        age: in years on the day the demo is made.
        guardian: name of the one who is financially responsible.
        protected_days: address protected for so many days more.
        card_state: of the first card; a stolen one has been replaced by a second.
    """

    name: str
    age: int
    group: str = "voksen"
    at_thyholm: bool = False
    language: str = "da"
    guardian: str = ""
    protected_days: int | None = None
    card_state: str = "active"
    internal_note: str = ""
    note_to_borrower: str = ""
    blocks: tuple[Blocked, ...] = ()
    lent: tuple[Lent, ...] = ()


_child = partial(Citizen, group="barn")

# The first ones are those the sign-in screen and ``--print`` begin with: grown up, nothing in their way.
CITIZENS = (
    Citizen("Anna Kirstine Møller", 42),
    Citizen("Jens Peter Nørgaard", 57, lent=(Lent(2, 6),)),
    Citizen("Fatima Yildiz", 31, lent=(Lent(1, 12),)),
    Citizen("Søren Østergaard", 66),
    Citizen("Ida Bjerregaard", 24, lent=(Lent(1, 3, "14dag"),)),
    Citizen("Bent Åkjær", 78, internal_note="Hører dårligt. Tal tydeligt, og vis datoen på skærmen."),
    Citizen("Camilla Holm", 36, lent=(Lent(3, 9),)),
    Citizen("Lars Vestergaard", 49),
    Citizen("Emma Friis", 19),
    Citizen("Niels Toft", 53, at_thyholm=True, lent=(Lent(2, 15),)),
    Citizen("Grete Søndergaard", 71, at_thyholm=True),
    Citizen("Mads Lund", 33, at_thyholm=True),
    # English-speaking
    Citizen("James Whitfield", 38, language="en"),
    Citizen("Olena Kovalenko", 29, language="en", lent=(Lent(2, 5),)),
    # Children, and those who answer for them
    _child("Villads Møller", 9, guardian="Anna Kirstine Møller", lent=(Lent(3, 8),)),
    _child("Freja Møller", 13, guardian="Anna Kirstine Møller"),
    _child("Asger Holm", 6, guardian="Camilla Holm", lent=(Lent(2, 36),)),
    _child("Nanna Yildiz", 11, guardian="Fatima Yildiz"),
    _child("Lucas Lund", 14, at_thyholm=True, guardian="Mads Lund"),
    # Blocked, each in another way
    Citizen("Torben Krogh", 44, blocks=(Blocked("U", "Har ikke afleveret 6 bøger", 12, 40),), lent=(Lent(6, 75),)),
    Citizen("Kirsten Dahl", 61, blocks=(Blocked("F", "Truende adfærd i læsesalen", 30, 150),)),
    Citizen("Rasmus Gade", 27, blocks=(Blocked("S", "Spærret ved automaten", 2),)),
    Citizen("Sofie Hald", 22, blocks=(Blocked("W", "Oprettet på hjemmesiden", 4),)),
    # A debt blocks by itself, as long as it is there (R4): see OWES.
    Citizen("Henrik Juhl", 39),
    Citizen("Aage Kofoed", 88, blocks=(Blocked("D", "Meddelt af CPR", 9),)),
    Citizen("Per Schmidt", 35, blocks=(Blocked("U", "Støj", 10, 20), Blocked("S", "Spærret ved automaten", 5))),
    Citizen("Ulla Bech", 47, blocks=(Blocked("U", "Udløbet for en uge siden", 60, -7),)),
    # A card that was stolen, and the new one
    Citizen("Jette Kjærgaard", 58, card_state="stolen"),
    # Overdue
    Citizen("Kasper Thomsen", 26, lent=(Lent(4, 37),)),
    Citizen("Maja Christiansen", 34, lent=(Lent(2, 52), Lent(1, 20, "14dag"))),
    Citizen("Ove Mortensen", 69, lent=(Lent(1, 95),)),
    # Near and at the limit of 15
    Citizen("Louise Poulsen", 41, lent=(Lent(9, 16), Lent(5, 4))),
    Citizen("Erik Juul Rasmussen", 64, lent=(Lent(10, 11), Lent(5, 2))),
    # Address protected, now and formerly
    Citizen("Signe Lykke", 37, protected_days=200),
    Citizen("Thomas Winther", 45, protected_days=-30),
    # Notes
    Citizen("Vibeke Sørensen", 52, internal_note="Har glemt en grå paraply. Den ligger under skranken."),
    Citizen("Poul Knudsen", 73, note_to_borrower="Tag sundhedskortet med ved næste besøg."),
    Citizen("Josefine Dam", 17),
    # An institution: 60 days, 100 loans, no fees
    Citizen("Børnehaven Fjordblik", 12, group="institution", lent=(Lent(8, 33),)),
    Citizen("Zoë D’Angelo-Ængsø", 30),
)

# Who owes what; the first two owe more than blocks.
OWES = {
    "Henrik Juhl": (Owes(345, 20, "Fra det gamle system"),),
    "Jette Kjærgaard": (Owes(230, 24), Owes(75, 9, "Bog med vandskade")),
    "Maja Christiansen": (Owes(120, 15),),
    "Poul Knudsen": (Owes(20, 6),),
}

# What stands otherwise than on its shelf: title → status of its last copy.
STATUSES = {
    "Hærværk": "lost",
    "Fasandræberne": "missing",
    "Det forsømte forår": "discarded",
    "Lille Virgil": "damaged",
    "Du forsvinder": "claimed_returned",
    "Kastanjemanden": "in_transit",
    "Den Danske Atlas, bind 5": "not_for_loan",
    "Avisudklip om Struer (mappe)": "not_for_loan",
    "Ordbog over det danske Sprog": "not_for_loan",
    "Den Store Danske Encyklopædi": "not_for_loan",
}


@dataclass(frozen=True, slots=True)
class Reserved:
    """What stands reserved in the demo, each by a borrower: on the shelf, on its way, waited for, to be fetched."""

    on_shelf: str = "Lars Vestergaard"
    shelf_title: str = "Rød mand, sort mand"
    shelf_author: str = "Kim Leine"
    in_transit: str = "Søren Østergaard"
    transit_title: str = "Kastanjemanden"
    waiting: str = "Emma Friis"
    to_fetch: str = "Vibeke Sørensen"


# Of these the counter needs some on the shelf, whatever else is lent out.
KEPT_AT_HOME = 30
