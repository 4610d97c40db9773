"""Borrowers as the CPR register knows them, on both engines."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from db.models import Block, Borrower, BorrowerGroup, Card, Telephone
from desk.borrowers.queries import borrower_at_counter
from desk.command import INSTALLATION
from desk.counter.codes import meaning_of
from desk.errors import ImportFailed, InvalidInput, NotAllowed
from desk.registry.person_register import RegisteredPerson, Status
from desk.registry.report import Problem
from desk.registry.update_from_register import UpdateFromRegister
from tests.builders import VAULT
from tests.desk.registry.extracts import (
    ANNA,
    BO,
    CLARA,
    error,
    extract,
    gone,
    moved,
    name,
    no_address,
    person,
    protection,
    somebody,
    written,
)
from tests.desk.registry.files import Desk, counts, skipped

DECEMBER_2001 = datetime(2001, 12, 1, 11, 0, tzinfo=UTC)
ADDRESS = (Borrower.street, Borrower.postcode, Borrower.city, Borrower.municipality)


def of(desk: Desk, cpr: str, *columns: Any) -> tuple[Any, ...]:
    """What the store holds on whoever has a number."""
    (row,) = desk.house.rows(Borrower.select(*columns).where(Borrower.cpr_index == VAULT.index(cpr)))
    return row


def blocks(desk: Desk) -> list[tuple[Any, ...]]:
    columns = (Block.kind, Block.set_on, Block.reason, Block.ends_on, Block.set_by)
    return desk.house.rows(Block.select(*columns).order_by(Block.id))


def notes(report: Any) -> list[tuple[int, str, int]]:
    return [(note.record, note.why, note.count) for note in report.notes]


async def is_masked(desk: Desk, borrower_id: int, today: date) -> bool:
    record = await desk.house.desk.ask(desk.house.who(), borrower_at_counter, borrower_id, None, today)
    assert record is not None
    return record.address_protected


async def test_the_register_overwrites_what_staff_typed_and_nothing_else(desk: Desk) -> None:
    house = desk.house
    known = house.borrower(cpr=ANNA, name="Ane Møler", born=None, group="institution")
    kept = {
        Borrower.email: "anna@example.dk",
        Borrower.language: "en",
        Borrower.internal_note: "glemte en hue",
        Borrower.note_to_borrower: "husk kortet",
        Borrower.home_branch: house.other_branch,
    }
    house.put(Borrower.update({**kept, Borrower.street: "Et gæt 1", Borrower.care_of: "gæt", Borrower.city: "Skive"}))
    house.put(Telephone.insert(borrower=known.borrower_id, number="20123456", takes_sms=True))
    columns = (Borrower.number, Borrower.borrower_group, *kept)
    before = of(desk, ANNA, *columns)

    report = await desk.extract(*somebody(ANNA), protection(ANNA))

    assert counts(report) == (1, 0, 1, 0)
    assert of(desk, ANNA, Borrower.id, Borrower.name, Borrower.birth_date, Borrower.care_of, *ADDRESS) == (
        known.borrower_id,
        "Anna Kirstine Møller",
        date(1980, 5, 17),
        "",
        "Østergade 5,2 th",
        "7600",
        "Struer",
        "671",
    )
    assert of(desk, ANNA, Borrower.address_dated, Borrower.address_protected, Borrower.protected_until) == (
        date(2015, 2, 1),
        True,
        date(2027, 1, 1),
    )
    assert of(desk, ANNA, *columns) == before
    assert house.rows(Card.select(Card.number)) == [(known.card,)]
    assert house.rows(Telephone.select(Telephone.number, Telephone.takes_sms)) == [("20123456", True)]


async def test_what_the_register_does_not_say_any_more_is_not_so_any_more(desk: Desk) -> None:
    desk.house.borrower(cpr=ANNA)
    await desk.extract(person(ANNA), written(ANNA, care_of="c/o Jensen"), name(ANNA), protection(ANNA))
    await desk.extract(person(ANNA, "03"), no_address(ANNA), name(ANNA, middle=""))
    assert of(desk, ANNA, Borrower.name, Borrower.care_of, *ADDRESS) == ("Anna Møller", "", "", "", "", "")
    assert of(desk, ANNA, Borrower.address_protected, Borrower.protected_until) == (False, None)


async def test_somebody_who_is_no_borrower_is_added_only_when_asked_for(desk: Desk) -> None:
    report = await desk.extract(*somebody(ANNA))
    assert (counts(report), skipped(report)) == ((1, 0, 0, 1), [(2, "not_a_borrower")])
    assert desk.house.ids(Borrower) == []
    assert counts(await desk.extract(*somebody(ANNA), create=True)) == (1, 1, 0, 0)
    assert counts(await desk.extract(*somebody(ANNA), create=True)) == (1, 0, 1, 0)
    assert len(desk.house.ids(Borrower)) == 1


async def test_a_new_borrower_has_a_number_a_branch_and_a_language_and_no_card(desk: Desk) -> None:
    await desk.extract(*somebody(ANNA), create=True, branch_id=desk.house.other_branch)
    assert of(desk, ANNA, Borrower.number, Borrower.home_branch, Borrower.language, Borrower.street) == (
        "10000001",
        desk.house.other_branch,
        "da",
        "Østergade 5,2 th",
    )
    assert VAULT.open(of(desk, ANNA, Borrower.cpr_sealed)[0]) == ANNA
    assert desk.house.ids(Card) == []
    meaning = await desk.house.desk.ask(desk.house.who(), meaning_of, f"{ANNA[:6]}-{ANNA[6:]}")
    assert (meaning.borrower_id, meaning.card_id) == (of(desk, ANNA, Borrower.id)[0], None)


@pytest.mark.parametrize(("born", "group"), [("2012-03-10", "voksen"), ("2012-03-11", "barn")])
async def test_a_child_is_one_until_the_fourteenth_birthday(desk: Desk, born: str, group: str) -> None:
    await desk.extract(person(ANNA, born=born), written(ANNA), name(ANNA), create=True)
    assert (
        desk.house.value(
            Borrower.select(BorrowerGroup.code).join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        )
        == group
    )


async def test_a_birthday_moves_nobody_into_another_group(desk: Desk) -> None:
    desk.house.borrower(cpr=ANNA, group="barn")
    before = of(desk, ANNA, Borrower.borrower_group)
    await desk.extract(*somebody(ANNA))
    assert of(desk, ANNA, Borrower.borrower_group) == before


async def test_a_child_without_a_name_in_the_register_keeps_the_one_it_has_and_is_not_added(desk: Desk) -> None:
    records = (person(ANNA), written(ANNA), name(ANNA, "", "", ""))
    for create in (True, False):
        assert skipped(await desk.extract(*records, create=create)) == [(2, "no_name_yet")]
    desk.house.borrower(cpr=ANNA, name="Lillebror Møller")
    report = await desk.extract(*records, create=True)
    assert (counts(report), notes(report)) == ((1, 0, 1, 0), [(2, "name_kept", 1)])
    assert of(desk, ANNA, Borrower.name, Borrower.street) == ("Lillebror Møller", "Østergade 5,2 th")


async def test_protection_lapses_by_date_the_last_day_included(desk: Desk) -> None:
    await desk.extract(*somebody(ANNA), protection(ANNA, ends="2026-03-12"), create=True)
    (borrower_id,) = desk.house.ids(Borrower)
    days = [date(2026, 3, day) for day in (10, 12, 13)]
    assert [await is_masked(desk, borrower_id, day) for day in days] == [True, True, False]


async def test_an_ended_protection_takes_away_one_that_staff_set(desk: Desk) -> None:
    known = desk.house.borrower(cpr=ANNA)
    desk.house.put(Borrower.update(address_protected=True))
    await desk.extract(*somebody(ANNA), protection(ANNA, ends="2026-03-09"))
    assert not await is_masked(desk, known.borrower_id, date(2026, 3, 10))


# The register's statuses, one by one.


@pytest.mark.parametrize("status", ["60", "50"])
@pytest.mark.parametrize("create", [False, True])
async def test_a_borrower_follows_to_the_new_number(desk: Desk, status: str, create: bool) -> None:
    known = desk.house.borrower(cpr=ANNA, born=date(1980, 5, 17), name="Anna Møller")
    desk.house.put(Borrower.update(street="Østergade 5"))
    report = await desk.extract(*moved(ANNA, BO, status, first="Ane"), create=create)
    assert counts(report) == (1, 0, 1, 0)
    # The old number's records say nothing of where the person lives now.
    assert of(desk, BO, Borrower.id, Borrower.name, Borrower.street) == (
        known.borrower_id,
        "Anna Møller",
        "Østergade 5",
    )
    assert of(desk, BO, Borrower.birth_date) == (date(1985, 6, 18),)
    assert VAULT.open(of(desk, BO, Borrower.cpr_sealed)[0]) == BO
    assert counts(await desk.extract(*moved(ANNA, BO, status), create=create)) == (1, 0, 1, 0)


@pytest.mark.parametrize("new_comes_first", [True, False])
async def test_old_and_new_number_in_one_file_are_one_borrower(desk: Desk, new_comes_first: bool) -> None:
    both = [moved(ANNA, BO, first="Gamle"), somebody(BO, first="Nye")]
    lines = [line for records in (reversed(both) if new_comes_first else both) for line in records]
    assert counts(await desk.extract(*lines, create=True)) == (2, 1, 1, 0)
    assert of(desk, BO, Borrower.name, Borrower.street) == ("Nye Kirstine Møller", "Østergade 5,2 th")
    assert len(desk.house.ids(Borrower)) == 1
    assert counts(await desk.extract(*lines, create=True)) == (2, 0, 2, 0)


@pytest.mark.parametrize("new_comes_first", [True, False])
async def test_whoever_is_known_by_the_old_number_is_not_added_under_the_new_one(
    desk: Desk, new_comes_first: bool
) -> None:
    known = desk.house.borrower(cpr=ANNA)
    # So many others that the two do not share a batch.
    others = [line for number in range(450) for line in somebody(f"77058{number:05}")]
    both = [moved(ANNA, BO), somebody(BO)]
    first, last = reversed(both) if new_comes_first else both
    assert counts(await desk.extract(*first, *others, *last, create=True)) == (452, 450, 2, 0)
    assert of(desk, BO, Borrower.id, Borrower.street) == (known.borrower_id, "Østergade 5,2 th")


async def test_the_old_number_alone_adds_one_borrower_under_the_new_number(desk: Desk) -> None:
    assert counts(await desk.extract(*moved(ANNA, BO), *moved(CLARA, BO), create=True)) == (2, 1, 1, 0)
    assert of(desk, BO, Borrower.name, Borrower.birth_date) == ("Anna Kirstine Møller", date(1985, 6, 18))
    assert counts(await desk.extract(*somebody(BO), create=True)) == (1, 0, 1, 0)


async def test_a_number_that_was_changed_twice_leads_to_the_newest(desk: Desk) -> None:
    known = desk.house.borrower(cpr=ANNA)
    report = await desk.extract(*moved(BO, CLARA), *moved(ANNA, BO), *somebody(CLARA), create=True)
    assert counts(report) == (3, 0, 3, 0)
    assert of(desk, CLARA, Borrower.id) == (known.borrower_id,)
    assert len(desk.house.ids(Borrower)) == 1


async def test_two_borrowers_with_the_old_and_the_new_number_are_never_merged(desk: Desk) -> None:
    desk.house.borrower(cpr=ANNA, name="Gammel")
    desk.house.borrower(cpr=BO, name="Ny")
    report = await desk.extract(*moved(ANNA, BO), *somebody(BO), create=True)
    assert (counts(report), skipped(report)) == ((2, 0, 1, 1), [(2, "two_borrowers")])
    assert of(desk, ANNA, Borrower.name) == ("Gammel",)
    assert of(desk, BO, Borrower.name) == ("Anna Kirstine Møller",)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (gone(ANNA, "30"), "annulled"),
        (somebody(ANNA, "20"), "tax_only"),
        (moved(ANNA, "", "50"), "no_current_number"),
        (moved(ANNA, ""), "no_current_number"),
    ],
)
async def test_a_number_that_says_nothing_changes_nobody_and_adds_nobody(
    desk: Desk, lines: tuple[str, ...], why: str
) -> None:
    assert skipped(await desk.extract(*lines, create=True)) == [(2, why)]
    assert desk.house.ids(Borrower) == []
    desk.house.borrower(cpr=ANNA, name="Anna Møller")
    desk.house.put(Borrower.update(street="Østergade 5"))
    assert skipped(await desk.extract(*lines, create=True)) == [(2, why)]
    assert of(desk, ANNA, Borrower.name, Borrower.street) == ("Anna Møller", "Østergade 5")


@pytest.mark.parametrize(("status", "why"), [("70", "missing_person"), ("80", "emigrated")])
@pytest.mark.parametrize("create", [False, True])
async def test_whoever_is_missing_or_has_emigrated_lives_nowhere_and_is_not_blocked(
    desk: Desk, status: str, why: str, create: bool
) -> None:
    if not create:
        desk.house.borrower(cpr=ANNA)
        desk.house.put(Borrower.update(street="Østergade 5", municipality="671", city="Struer"))
    report = await desk.extract(person(ANNA, status, since="202602201004"), written(ANNA), name(ANNA), create=create)
    assert notes(report) == [(2, why, 1)]
    assert of(desk, ANNA, *ADDRESS, Borrower.address_dated) == ("", "", "", "", date(2026, 2, 20))
    assert blocks(desk) == []


@pytest.mark.parametrize("create", [False, True])
async def test_the_dead_are_blocked_once_from_the_day_the_register_gives(desk: Desk, create: bool) -> None:
    if not create:
        desk.house.borrower(cpr=ANNA)
        desk.house.put(Borrower.update(street="Østergade 5", municipality="671"))
    report = await desk.extract(*gone(ANNA, "90"), create=create)
    assert notes(report) == [(2, "dead", 1)]
    await desk.extract(*gone(ANNA, "90"), create=create)
    assert blocks(desk) == [("D", date(2026, 2, 20), "CPR-registret", None, None)]
    assert of(desk, ANNA, *ADDRESS) == ("", "", "", "")
    (borrower_id,) = desk.house.ids(Borrower)
    record = await desk.house.desk.ask(
        desk.house.who(), borrower_at_counter, borrower_id, None, desk.house.clock().date()
    )
    assert record is not None
    assert [block.kind for block in record.blocks] == ["D"]


@pytest.mark.parametrize("since", ["000000000000", "203001010000"])
async def test_a_death_without_a_day_counts_from_today(desk: Desk, since: str) -> None:
    await desk.extract(*gone(ANNA, "90", since=since), create=True)
    assert [row[1] for row in blocks(desk)] == [date(2026, 3, 10)]


async def test_a_block_a_supervisor_lifted_is_not_set_again_but_told(desk: Desk) -> None:
    await desk.extract(*gone(ANNA, "90"), create=True)
    desk.house.put(Block.update(lifted_at=desk.house.clock(), lift_reason="forveksling"))
    assert notes(await desk.extract(*gone(ANNA, "90"))) == [(2, "dead_without_block", 1)]
    assert len(blocks(desk)) == 1


async def test_somebody_who_is_blocked_as_dead_and_lives_is_told(desk: Desk) -> None:
    await desk.extract(*gone(ANNA, "90"), create=True)
    assert notes(await desk.extract(*somebody(ANNA))) == [(2, "blocked_but_not_dead", 1)]
    assert len(blocks(desk)) == 1


async def test_no_fixed_abode_is_lawful_and_a_missing_address_elsewhere_is_told(desk: Desk) -> None:
    for status, told in (("03", []), ("07", []), ("01", [(2, "no_address", 1)]), ("05", [(2, "no_address", 1)])):
        report = await desk.extract(person(ANNA, status), no_address(ANNA), name(ANNA), create=True)
        assert notes(report) == told


# Whole files.


async def test_persons_are_counted_by_status_also_when_they_do_not_go_in(desk: Desk) -> None:
    report = await desk.extract(*somebody(ANNA), *gone(BO, "30"), *somebody(CLARA), person(CLARA))
    assert report.statuses == {"01": 1, "30": 1}
    assert skipped(report) == [(2, "not_a_borrower"), (6, "annulled"), (13, "record_twice")]


async def test_error_records_and_unknown_types_are_told(desk: Desk) -> None:
    report = await desk.extract(*somebody(ANNA), error(), error(), f"777{ANNA}", create=True)
    assert [(note.record, note.why, note.detail, note.count) for note in report.notes] == [
        (6, "register_error", "0005", 2),
        (8, "record_type", "777", 1),
    ]
    assert counts(report) == (1, 1, 0, 0)


async def test_a_file_that_was_cut_writes_nothing_at_all(desk: Desk, shared: Path) -> None:
    content = (shared / "data" / "cpr-u12170-demo.txt").read_bytes()
    known = desk.house.borrower(cpr="0707614285", name="Jens")
    for place in (len(content) // 2, len(content) - 22, len(content) - 2):
        with pytest.raises(ImportFailed):
            await desk.whole_extract(content[:place], create=True)
    with pytest.raises(ImportFailed):
        await desk.whole_extract(extract(*somebody(ANNA), counted=5), create=True)
    assert desk.house.ids(Borrower) == [known.borrower_id]
    assert (of(desk, "0707614285", Borrower.name), desk.house.records()) == (("Jens",), [])


async def test_adding_is_advised_only_for_those_who_would_be_added(desk: Desk, shared: Path) -> None:
    content = (shared / "data" / "cpr-u12170-demo.txt").read_bytes()
    advised = {
        record for record, why in skipped(await desk.whole_extract(content, create=False)) if why == "not_a_borrower"
    }
    assert advised
    assert advised.isdisjoint(record for record, _why in skipped(await desk.whole_extract(content, create=True)))


async def test_the_registers_own_extract_goes_in_once(desk: Desk, shared: Path) -> None:
    content = (shared / "data" / "cpr-u12170-demo.txt").read_bytes()
    report = await desk.whole_extract(content, create=True)
    # Four old numbers are the same people as four new ones, and two children have no name yet.
    assert (report.records, counts(report)) == (1100, (80, 74, 4, 2))
    assert report.statuses == {"01": 69, "90": 3, "60": 3, "80": 3, "50": 1, "70": 1}
    assert skipped(report) == [(1001, "no_name_yet"), (1010, "no_name_yet")]
    assert notes(report) == [(62, "dead", 3), (477, "emigrated", 3), (922, "missing_person", 1)]
    first = desk.house.rows(Borrower.select().order_by(Borrower.id))

    again = await desk.whole_extract(content, create=True)
    assert counts(again) == (80, 0, 78, 2)
    assert desk.house.rows(Borrower.select().order_by(Borrower.id)) == first
    assert len(blocks(desk)) == 3

    people = {line[3:13] for line in content.decode("iso-8859-1").splitlines() if line.startswith("001")}
    found = set()
    for cpr in people:
        meaning = await desk.house.desk.ask(desk.house.who(), meaning_of, cpr)
        if meaning.borrower_id is not None:
            found.add(cpr)
    replaced = {"0101520013", "0108610069", "0708614246", "0709614398"}
    assert people - found == replaced | {"3006980014", "0101005038"}


async def test_protection_masked_in_december_2001_and_lapsed_since(desk: Desk, shared: Path) -> None:
    content = (shared / "data" / "cpr-u12170-demo.txt").read_bytes()
    desk.house.clock.now = DECEMBER_2001
    await desk.whole_extract(content, create=True)
    masked = {
        cpr
        for cpr in ("0701614011", "0708614335", "0709610015", "0709614118", "0709614452", "2802363039", "0708614866")
        if await is_masked(desk, of(desk, cpr, Borrower.id)[0], date(2001, 12, 1))
    }
    assert masked == {"0701614011", "0708614335", "0709610015", "0709614118", "0709614452"}
    for today, many in ((date(2001, 12, 1), 5), (date(2010, 12, 31), 1), (date(2011, 1, 1), 0), (date(2026, 3, 10), 0)):
        assert sum([await is_masked(desk, borrower_id, today) for borrower_id in desk.house.ids(Borrower)]) == many


async def test_children_of_2001_are_children_then(desk: Desk, shared: Path) -> None:
    desk.house.clock.now = DECEMBER_2001
    await desk.whole_extract((shared / "data" / "cpr-u12170-demo.txt").read_bytes(), create=True)
    children = desk.house.rows(
        Borrower.select(Borrower.birth_date)
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .where(BorrowerGroup.code == "barn")
    )
    assert sorted(born.year for (born,) in children) == [1997, 1997, 1998, 1998, 1998]


async def test_the_order_of_records_changes_nothing(desk: Desk, shared: Path) -> None:
    content = (shared / "data" / "cpr-u12170-demo.txt").read_bytes()
    first, *records, last = content.splitlines(keepends=True)
    random.Random(7).shuffle(records)
    report = await desk.whole_extract(b"".join((first, *records, last)), create=True)
    assert counts(report) == (80, 74, 4, 2)
    assert of(desk, "0307610078", Borrower.street) == ("Industrivænget 4,1 tv, Hasseris",)


# The interface, for a register that is no file.


class Dialogue:
    """A register that answers number by number, as one on line would."""

    def __init__(self, *answers: RegisteredPerson | Problem) -> None:
        self.records = len(answers)
        self.remarks: list[Problem] = []
        self.persons = lambda: iter(answers)


async def test_a_dialogue_can_stand_where_the_extract_stands(desk: Desk) -> None:
    answer = RegisteredPerson(record=1, cpr=ANNA, status=Status.RESIDENT, name="Anna Møller", street="Østergade 5")
    report = await desk.importer().from_register(Dialogue(answer, Problem(2, "cpr")), create=True)
    assert (counts(report), report.records) == ((2, 1, 0, 1), 2)
    assert of(desk, ANNA, Borrower.name, Borrower.birth_date) == ("Anna Møller", None)


def command(desk: Desk, *rows: RegisteredPerson) -> UpdateFromRegister:
    return UpdateFromRegister(
        command_id="x",
        who=INSTALLATION,
        at=desk.house.clock(),
        rows=rows,
        create=True,
        branch_id=desk.house.branch,
        numbers=("10000001", "10000002"),
        log_keys=(b"1" * 32, b"2" * 32),
        block_reason="CPR-registret",
    )


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("new_comes_first", [True, False])
async def test_one_command_takes_old_and_new_number_in_any_order(
    desk: Desk, is_known: bool, new_comes_first: bool
) -> None:
    if is_known:
        desk.house.borrower(cpr=ANNA)
    new = RegisteredPerson(record=1, cpr=BO, status=Status.RESIDENT, name="Anna Møller")
    old = RegisteredPerson(record=2, cpr=ANNA, status=Status.CHANGED, current_cpr=BO, name="Ane Møller")
    rows = (new, old) if new_comes_first else (old, new)
    done = await desk.house.desk.do(command(desk, *rows))
    assert (done.added, done.updated) == ((0, 2) if is_known else (1, 1))
    assert of(desk, BO, Borrower.name) == ("Anna Møller",)
    assert len(desk.house.ids(Borrower)) == 1


async def test_numbers_that_are_taken_are_drawn_again_and_given_up_when_they_never_end(desk: Desk) -> None:
    await desk.extract(*somebody(ANNA), create=True)
    drawn = iter(["10000001"] * 21 + [f"{number:08}" for number in range(21)])
    await desk.extract(*somebody(BO), create=True, random_digits=lambda _count: next(drawn))
    assert len(set(desk.house.rows(Borrower.select(Borrower.number)))) == 2
    with pytest.raises(InvalidInput):
        await desk.extract(*somebody(CLARA), create=True, random_digits=lambda _count: "10000001")


async def test_staff_import_nobody(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        await desk.extract(*somebody(ANNA), create=True, who=desk.house.who("supervisor"))
    assert desk.house.ids(Borrower) == []


def test_a_command_shows_nobody(desk: Desk) -> None:
    row = RegisteredPerson(record=1, cpr=ANNA, status=Status.RESIDENT, name="Anna Møller", street="Østergade 5")
    shown = f"{command(desk, row)!r}{row!r}"
    assert not any(secret in shown for secret in (ANNA, "Møller", "Østergade", "10000001"))
