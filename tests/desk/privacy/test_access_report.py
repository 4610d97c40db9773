"""What is gathered about a borrower who asks to see it (G9), on both engines."""

from __future__ import annotations

from datetime import date

import pytest

from db.models import AccessLog, Borrower, CommandRecord, Staff
from db.models.access_log import OUTCOMES
from db.models.borrowers import BLOCK_KINDS, CARD_KINDS, CARD_STATES, LANGUAGES
from desk.circulation.overriding import FOR_ONE_ITEM, FOR_THE_VISIT
from desk.errors import NotAllowed, NotFound
from desk.privacy.access_log import first_break
from desk.privacy.access_report.as_json import report_json
from desk.privacy.access_report.as_pdf import report_pdf
from desk.privacy.access_report.commands import MakeAccessReport, borrower_with_number
from desk.privacy.access_report.gathering import GATHERERS
from desk.privacy.access_report.wording import sections
from desk.privacy.access_report.words import CODES, DELETED, FIELDS
from desk.privacy.data_map import MAP, Goes
from desk.privacy.purposes import Action, Purpose
from tests.builders import House
from tests.desk.privacy.whole_record import (
    CPR,
    PIN_HASH,
    SECRET_NAMES,
    SEEN,
    WITHHELD,
    make_person,
    report_of,
    squeezed,
)
from tests.pdfs import text_of

NEVER = (*SECRET_NAMES, PIN_HASH, "besøgsord", "MORS-KORT", "7705801234", "770580-1234")


def test_every_item_of_the_data_map_is_gathered_named_and_said_to_go() -> None:
    keys = {held.key for held in MAP}
    assert set(GATHERERS) == keys
    assert set(FIELDS) == keys
    assert set(DELETED) == set(Goes)


def test_every_column_of_the_data_map_is_handed_out_or_withheld_for_a_reason() -> None:
    columns = [column for held in MAP for column in held.columns]
    withheld = [column for listed in WITHHELD.values() for column in listed.split()]
    assert sorted([*SEEN, *withheld]) == sorted(columns)


def test_every_code_that_can_lie_in_the_store_is_worded() -> None:
    assert set(CODES["language", "language"]) == set(LANGUAGES)
    assert set(CODES["block_reason", "kind"]) == set(BLOCK_KINDS)
    assert set(CODES["cards", "kind"]) == set(CARD_KINDS)
    assert set(CODES["cards", "state"]) == set(CARD_STATES)
    assert set(CODES["overrides", "refusal"]) >= FOR_THE_VISIT | FOR_ONE_ITEM
    assert set(CODES["log", "outcome"]) == set(OUTCOMES)
    assert set(CODES["log", "purpose"]) == {purpose.value for purpose in Purpose}
    assert set(CODES["log", "action"]) == {action.value for action in Action}


async def test_the_pdf_holds_every_field_with_the_policys_words(house: House) -> None:
    report = await report_of(house, await make_person(house))
    text = squeezed(text_of(report_pdf(report)))
    assert {column for column, seen in SEEN.items() if squeezed(seen) not in text} == set()
    for held in MAP:
        assert squeezed(f"{held.label} – {held.used_for}") in text


async def test_the_json_holds_every_item_under_its_key_and_every_string_of_the_store(house: House) -> None:
    person = await make_person(house)
    text = report_json(await report_of(house, person)).decode("utf-8")
    borrower = house.rows(
        Borrower.select(
            Borrower.number, Borrower.name, Borrower.care_of, Borrower.street, Borrower.city, Borrower.email,
            Borrower.internal_note, Borrower.note_to_borrower,
        ).where(Borrower.id == person.borrower_id)
    )[0]  # fmt: skip
    more = [CPR, "1980-05-17", "2026-07-01", "97 11 22 33", "KANARIE-KORT-2", "kanarieårsag", "kanarieophævelse"]
    more += ["Kanarietitel", "kanarieferie", "kanarietilladelse", "Kanariemor Møller", "2026-03-02T09:30:00+00:00"]
    for wanted in (*borrower, *more):
        assert f'"{wanted}"' in text
    for held in MAP:
        assert f'"{held.key}": {{\n   "label": "{held.label}",\n   "explanation": "{held.used_for}"' in text


async def test_no_staff_no_pin_and_nothing_of_others_is_in_either_file(house: House) -> None:
    report = await report_of(house, await make_person(house))
    pdf, data = squeezed(text_of(report_pdf(report))), report_json(report).decode("utf-8")
    staff = [name for (name,) in house.rows(Staff.select(Staff.name))]
    assert set(SECRET_NAMES) < set(staff)
    for secret in (*NEVER, *staff):
        assert squeezed(secret) not in pdf
        assert secret not in data


async def test_the_export_is_the_first_line_of_the_log_it_hands_out(house: House) -> None:
    person = await make_person(house)
    report = await report_of(house, person)
    first, *others = report.held["log"]
    assert (first["at"], first["action"], first["purpose"]) == (house.clock(), "export", "access")
    assert [row["action"] for row in others] == ["export", "reveal", "page"]
    assert others[1]["revealed"] == ("cpr",)
    assert house.store.read_here(first_break) is None


async def test_all_of_the_log_is_handed_out_and_nobody_elses(house: House) -> None:
    person, other = await make_person(house), house.borrower()
    for _time in range(3):
        await report_of(house, other)
    for _time in range(502):
        await report_of(house, person)
    assert len((await report_of(house, person)).held["log"]) == 506
    assert len((await report_of(house, other)).held["log"]) == 4


async def test_a_borrower_of_whom_little_is_held_is_told_so(house: House) -> None:
    report = await report_of(house, house.borrower(born=None))
    empty = {section.key for section in sections(report) if section.remark == "Intet er registreret."}
    assert {"cpr", "birth_date", "address", "telephone", "email", "internal_note", "loans", "guardian"} <= empty
    text = text_of(report_pdf(report))
    assert text.count("Intet er registreret.") == len(empty)
    assert "None" not in text


async def test_who_answers_for_whom_is_a_name_and_no_number(house: House) -> None:
    mother = house.borrower(name="Mor Møller", cpr="7705801234", card="MORS-KORT")
    child = house.borrower(name="Barn Møller", cpr="7705101234", card="BARNETS-KORT")
    house.put(Borrower.update(guardian=mother.borrower_id).where(Borrower.id == child.borrower_id))
    of_child, of_mother = await report_of(house, child), await report_of(house, mother)
    assert of_child.held["guardian"] == ({"role": "answers_for_the_borrower", "name": "Mor Møller"},)
    assert of_mother.held["guardian"] == ({"role": "the_borrower_answers_for", "name": "Barn Møller"},)
    for report, others in ((of_child, ("MORS-KORT", "7705801234")), (of_mother, ("BARNETS-KORT", "7705101234"))):
        assert not any(number in report_json(report).decode("utf-8") for number in others)


async def test_a_protected_name_is_given_to_nobody_else(house: House) -> None:
    mother = house.borrower(name="Mor Møller")
    child = house.borrower(name="Skjult Navn")
    protected = {Borrower.guardian: mother.borrower_id, Borrower.address_protected: True}
    house.put(Borrower.update(protected).where(Borrower.id == child.borrower_id))
    report = await report_of(house, mother)
    text = text_of(report_pdf(report))
    assert "navnet er udeladt, fordi det er beskyttet" in text
    assert "Skjult Navn" not in text + report_json(report).decode("utf-8")
    # The protection has ended: its last day is inclusive.
    house.put(Borrower.update(protected_until=date(2026, 3, 9)).where(Borrower.id == child.borrower_id))
    assert "Skjult Navn" in text_of(report_pdf(await report_of(house, mother)))


async def test_the_same_command_twice_is_one_look(house: House) -> None:
    person = house.borrower()
    command = MakeAccessReport(
        command_id="one", who=house.who("supervisor"), at=house.clock(), borrower_id=person.borrower_id
    )
    first = await house.desk.do(command)
    assert await house.desk.do(command) == first
    assert len(first.held["log"]) == 1


@pytest.mark.parametrize("role", ["staff", "it"])
async def test_only_a_supervisor_releases_it_and_a_try_leaves_nothing(house: House, role: str) -> None:
    person = house.borrower()
    command = MakeAccessReport(command_id="x", who=house.who(role), at=house.clock(), borrower_id=person.borrower_id)
    with pytest.raises(NotAllowed):
        await house.desk.do(command)
    assert house.rows(AccessLog.select(AccessLog.number)) == []
    assert house.rows(CommandRecord.select(CommandRecord.id)) == []


async def test_a_borrower_who_is_gone_is_said_to_be(house: House) -> None:
    command = MakeAccessReport(command_id="x", who=house.who("supervisor"), at=house.clock(), borrower_id=99)
    with pytest.raises(NotFound):
        await house.desk.do(command)


async def test_a_lanernummer_finds_its_borrower_in_groups_too_and_nothing_else_does(house: House) -> None:
    person = house.borrower(card="K-1", cpr=CPR)
    house.put(Borrower.update(number="48291173"))
    for number in ("48291173", "4829 1173"):
        assert await house.desk.ask(house.who("supervisor"), borrower_with_number, number) == person.borrower_id
    for number in ("K-1", CPR, "", "48291174", "4829117"):
        with pytest.raises(NotFound):
            await house.desk.ask(house.who("supervisor"), borrower_with_number, number)


async def test_nothing_of_a_person_is_in_what_a_report_calls_itself(house: House) -> None:
    report = await report_of(house, await make_person(house), "kanariegrund")
    said = repr(report) + repr(sections(report))
    assert "anarie" not in said
    assert CPR not in said
