"""What «Oplysninger» says of each of the policy's items."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from desk.borrowers.details import Address, Cpr, Email, Telephones
from desk.borrowers.records import BlockRecord, BorrowerPage, BorrowerRecord, CardRecord, GuardianRecord
from desk.privacy.data_map import POLICY
from screens.borrower.details_rows import DetailRow, revealed_words, rows_of
from tests.screens.widgets.stage import HOSTILE

TODAY = date(2026, 9, 24)
SEEN_AT = datetime(2026, 9, 3, 9, 0, tzinfo=UTC)


def borrower(**values: Any) -> BorrowerRecord:
    """Somebody of whom little is held."""
    usual: dict[str, Any] = {
        "borrower_id": 1,
        "number": "48291173",
        "name": "Anna Møller",
        "age": 46,
        "group": "Voksen",
        "home_branch": "Struer",
        "language": "da",
        "address_protected": False,
        "open_loans": 14,
        "limit": 15,
        "card": None,
        "blocks": (),
        "note": "",
        "note_by": "",
        "note_at": None,
    }
    return BorrowerRecord(**(usual | values))


def page(*, of: BorrowerRecord | None = None, **values: Any) -> BorrowerPage:
    """The page of somebody of whom little is held."""
    usual: dict[str, Any] = {
        "borrower": of or borrower(),
        "birth_date": date(1980, 5, 17),
        "masked_cpr": "",
        "is_replacement": False,
        "has_address": False,
        "address_dated": None,
        "telephones": 0,
        "has_email": False,
        "protected_until": None,
        "absent_from": None,
        "absent_until": None,
        "group_id": 1,
        "home_branch_id": 1,
        "municipality": "",
        "has_guardian": False,
        "responsible_for": 0,
        "reservations": 0,
        "ready": 0,
        "owed_ore": 0,
        "messages": 0,
        "note_to_borrower": "",
        "note_to_borrower_by": "",
        "note_to_borrower_at": None,
        "cards": (),
        "blocks": (),
    }
    return BorrowerPage(**(usual | values))


def row(key: str, shown: BorrowerPage) -> DetailRow:
    """Give one item's line, with ordinary spaces."""
    found = next(one for one in rows_of(shown, TODAY) if one.key == key)
    return replace(found, value=found.value.replace("\u00a0", " "))


def block(kind: str, **values: Any) -> BlockRecord:
    """A block in force."""
    usual: dict[str, Any] = {
        "block_id": 1,
        "kind": kind,
        "set_on": date(2026, 9, 12),
        "reason": "støj",
        "ends_on": None,
        "set_by": "Mette K.",
        "lifted_at": None,
        "lifted_by": "",
        "lift_reason": "",
    }
    return BlockRecord(**(usual | values))


def test_the_items_come_in_the_policys_order_and_then_protection_and_guardian() -> None:
    keys = [one.key for one in rows_of(page(), TODAY)]
    assert keys == [*(held.key for held in POLICY), "protection", "guardian"]


@pytest.mark.parametrize(
    ("key", "shown", "value"),
    [
        ("number", page(), "4829 1173"),
        ("cpr", page(), "ikke oplyst"),
        ("cpr", page(masked_cpr="010190-••••"), "010190-••••"),
        ("cpr", page(masked_cpr="610190-••••", is_replacement=True), "610190-•••• · erstatningsnummer"),
        ("absence", page(), "ingen"),
        ("absence", page(absent_from=date(2026, 10, 1)), "fra 1. okt."),
        ("absence", page(absent_until=date(2026, 9, 24)), "til og med 24. sep. · reserveringer på pause"),
        ("absence", page(absent_until=date(2026, 9, 23)), "til og med 23. sep."),
        (
            "absence",
            page(absent_from=date(2026, 9, 24), absent_until=date(2026, 9, 30)),
            "24.–30. sep. · reserveringer på pause",
        ),
        ("birth_date", page(), "17. maj 1980 · 46 år"),
        ("birth_date", page(birth_date=None), "ikke oplyst"),
        ("address", page(), "ikke oplyst"),
        ("address", page(has_address=True, address_dated=date(2026, 9, 3)), "•••• · pr. 3. sep."),
        (
            "address",
            page(of=borrower(address_protected=True), has_address=True, protected_until=date(2027, 2, 2)),
            "•••• · adressebeskyttet til og med 2. feb. 2027",
        ),
        ("address", page(of=borrower(address_protected=True)), "ikke oplyst · adressebeskyttet uden slutdato"),
        ("telephone", page(telephones=2), "•••• · 2 telefoner"),
        ("email", page(has_email=True), "••••"),
        ("blocked_on", page(blocks=(block("U"),)), "12. sep."),
        ("blocked_on", page(blocks=(block("U", ends_on=date(2026, 9, 23)),)), "ikke blokeret"),
        ("blocked_on", page(blocks=(block("U", lifted_at=SEEN_AT),)), "ikke blokeret"),
        ("block_reason", page(blocks=(block("U"), block("E", reason=""))), "udelukket: støj, gebyrgrænse"),
        ("reservations", page(), "Ingen reserveringer."),
        ("reservations", page(reservations=2, ready=1), "2 reserveringer · 1 klar"),
        ("balance", page(), "Intet mellemværende."),
        ("balance", page(owed_ore=12_000), "skylder 120,00 kr."),
        ("messages", page(messages=1), "1 besked"),
        ("municipality", page(municipality="661"), "661 Holstebro · digitale tjenester: nej"),
        ("municipality", page(municipality="999"), "999 · digitale tjenester: nej"),
        ("municipality", page(), "ikke oplyst · digitale tjenester: nej"),
        (
            "municipality",
            page(of=borrower(digital_services=True), municipality="671"),
            "671 Struer · digitale tjenester: ja",
        ),
        ("language", page(of=borrower(language="en")), "engelsk"),
        ("cards", page(cards=(CardRecord(1, "1", "library", "active"),)), "1 kort"),
        (
            "cards",
            page(cards=(CardRecord(1, "1", "library", "active"), CardRecord(2, "2", "child", "stolen"))),
            "2 kort · 1 spærret",
        ),
        ("internal_note", page(), "ingen"),
        (
            "internal_note",
            page(of=borrower(note="henter selv", note_by="Mette K.", note_at=SEEN_AT)),
            "henter selv (Mette K. 3. sep.)",
        ),
        ("note_to_borrower", page(note_to_borrower="husk nøgle"), "husk nøgle"),
        ("loans", page(), "14 lån af 15"),
        ("protection", page(), "ingen"),
        ("protection", page(of=borrower(address_protected=True)), "gælder uden slutdato"),
        ("guardian", page(), "låneren selv"),
        ("guardian", page(has_guardian=True, responsible_for=2), "•••• · ansvarlig for 2 lånere"),
    ],
)
def test_an_item_says_what_there_is_or_its_mask(key: str, shown: BorrowerPage, value: str) -> None:
    assert row(key, shown).value == value


def test_a_child_without_anybody_responsible_is_amber_until_fourteen() -> None:
    assert row("guardian", page(of=borrower(age=13))).needs_look
    assert row("guardian", page(of=borrower(age=13))).value == "mangler: låneren er under 14 år"
    assert not row("guardian", page(of=borrower(age=14))).needs_look
    assert not row("guardian", page(of=borrower(age=13), has_guardian=True)).needs_look


def test_only_what_is_there_can_be_revealed() -> None:
    nothing = {one.key for one in rows_of(page(), TODAY) if one.is_masked}
    held = page(masked_cpr="010190-••••", has_address=True, telephones=1, has_email=True, has_guardian=True)
    assert nothing == set()
    assert {one.key for one in rows_of(held, TODAY) if one.is_masked} == {
        "cpr",
        "address",
        "telephone",
        "email",
        "guardian",
    }


def test_what_is_revealed_reads_on_one_line() -> None:
    assert revealed_words(Cpr("0101901234")) == "010190-1234"
    assert revealed_words(Address("Ib", "Vej 1", "7600", "Struer")) == "c/o Ib, Vej 1, 7600 Struer"
    assert revealed_words(Telephones(("97850001", "97850002"), 1)) == "97850001, 97850002 (sms)"
    assert revealed_words(Email("a@b.dk")) == "a@b.dk"
    assert revealed_words(GuardianRecord(4, "48291174", "Pia")) == "Pia · 4829 1174"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_held_steers_the_terminal(text: str) -> None:
    shown = page(
        of=borrower(name=text, number=text, group=text, home_branch=text, language=text, note=text, note_by=text),
        municipality=text,
        note_to_borrower=text,
        note_to_borrower_by=text,
        blocks=(block("U", reason=text),),
    )
    hidden = (Address(text, text, text, text), Email(text), Telephones((text,), 0), GuardianRecord(1, text, text))
    said = [*(one.value for one in rows_of(shown, TODAY)), *(revealed_words(one) for one in hidden)]
    assert [one for one in said if not one.replace("\u00a0", " ").isprintable()] == []
