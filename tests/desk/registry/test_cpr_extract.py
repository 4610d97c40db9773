"""Extracts of the CPR register as files, and what their records say of a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import ImportFailed
from desk.registry.cpr_extract import CprExtract
from desk.registry.person_register import RegisteredPerson, Status, with_newest_numbers
from desk.registry.report import Problem
from tests.desk.registry.extracts import (
    ANNA,
    BO,
    CLARA,
    address,
    error,
    extract,
    gone,
    moved,
    name,
    person,
    protection,
    somebody,
    written,
)

TODAY = date(2026, 3, 10)
REFUSALS = {"empty", "not_iso_8859_1", "not_cpr", "several_extracts", "cut", "count"}


def read(folder: Path, content: bytes) -> CprExtract:
    path = folder / "cpr.txt"
    path.write_bytes(content)
    return CprExtract(path, TODAY)


def found(folder: Path, *lines: str) -> list[RegisteredPerson | tuple[int, str, str]]:
    """Each person, or line, code and detail of the problem."""
    return [
        (one.record, one.why, one.detail) if isinstance(one, Problem) else one
        for one in read(folder, extract(*lines)).persons()
    ]


def only(folder: Path, *lines: str) -> RegisteredPerson:
    (one,) = found(folder, *lines)
    assert isinstance(one, RegisteredPerson)
    return one


def refusal(folder: Path, content: bytes) -> tuple[str, str]:
    with pytest.raises(ImportFailed) as refused:
        read(folder, content)
    return refused.value.why, refused.value.detail


def test_a_person_is_read_from_four_records(tmp_path: Path) -> None:
    lines = (
        person(ANNA, born="1980-05-17"),
        address(ANNA),
        name(ANNA),
        written(ANNA, care_of="c/o Jensen", place="Solgården", town="Hjerm", postcode="7560", city="Hjerm"),
    )
    assert only(tmp_path, *lines) == RegisteredPerson(
        record=2,
        cpr=ANNA,
        status=Status.RESIDENT,
        name="Anna Kirstine Møller",
        birth_date=date(1980, 5, 17),
        care_of="c/o Jensen, Solgården",
        street="Østergade 5,2 th, Hjerm",
        postcode="7560",
        city="Hjerm",
        municipality="671",
        address_dated=date(2015, 2, 1),
        given_on=date(2026, 3, 9),
    )


def test_records_of_one_person_may_stand_anywhere_in_the_file(tmp_path: Path) -> None:
    lines = (person(ANNA), person(BO), name(BO, "Bo"), name(ANNA), written(BO, "Vestergade 1"), written(ANNA))
    people = [(one.name, one.street) for one in found(tmp_path, *lines) if isinstance(one, RegisteredPerson)]
    assert people == [("Anna Kirstine Møller", "Østergade 5,2 th"), ("Bo Kirstine Møller", "Vestergade 1")]


def test_the_municipality_is_taken_from_the_written_address_when_the_other_is_missing(tmp_path: Path) -> None:
    assert only(tmp_path, person(ANNA), written(ANNA, municipality="0665"), name(ANNA)).municipality == "665"


def test_an_address_without_a_day_of_its_own_is_as_old_as_the_status_or_the_extract(tmp_path: Path) -> None:
    assert only(tmp_path, *gone(ANNA, "80")).address_dated == date(2026, 2, 20)
    assert only(tmp_path, person(ANNA), written(ANNA), name(ANNA)).address_dated == date(2026, 3, 9)


@pytest.mark.parametrize("born", ["1980-00-00", "0000-00-00", ""])
def test_a_birth_date_nobody_knows_is_the_one_in_the_number(tmp_path: Path, born: str) -> None:
    assert only(tmp_path, person(ANNA, born=born), written(ANNA), name(ANNA)).birth_date == date(1980, 5, 17)


def test_somebody_without_a_name_has_none(tmp_path: Path) -> None:
    assert only(tmp_path, person(ANNA), written(ANNA), name(ANNA, "", "", "")).name == ""
    assert only(tmp_path, person(ANNA), written(ANNA), name(ANNA, "", "", "", addressed="A Møller")).name == "A Møller"


def test_only_the_first_kind_of_protection_masks(tmp_path: Path) -> None:
    others = [protection(ANNA, kind) for kind in ("0002", "0003", "0004")]
    assert not only(tmp_path, *somebody(ANNA), *others).is_protected
    one = only(tmp_path, *somebody(ANNA), *others, protection(ANNA))
    assert (one.is_protected, one.protected_until) == (True, date(2027, 1, 1))


@pytest.mark.parametrize("ends", ["", "0000-00-00", "2027-02-31"])
def test_protection_without_a_real_end_has_none(tmp_path: Path, ends: str) -> None:
    one = only(tmp_path, *somebody(ANNA), protection(ANNA, ends=ends), protection(ANNA))
    assert (one.is_protected, one.protected_until) == (True, None)


def test_protection_that_begins_tomorrow_or_was_prolonged_holds_until_the_last_day(tmp_path: Path) -> None:
    first, next_one = protection(ANNA), protection(ANNA, begins="2027-01-02", ends="2032-01-01")
    assert only(tmp_path, *somebody(ANNA), next_one).is_protected
    assert only(tmp_path, *somebody(ANNA), next_one, first).protected_until == date(2032, 1, 1)


def test_a_new_number_is_read_only_where_the_old_one_does_not_hold(tmp_path: Path) -> None:
    assert only(tmp_path, *moved(ANNA, BO)).current_cpr == BO
    assert only(tmp_path, *moved(ANNA, BO, "50")).current_cpr == BO
    for nothing in ("", "0000000000", ANNA):
        assert only(tmp_path, *moved(ANNA, nothing)).current_cpr == ""
    assert only(tmp_path, person(ANNA, "01", current=BO), written(ANNA), name(ANNA)).current_cpr == ""


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((*somebody(ANNA), person(ANNA)), (6, "record_twice", "001")),
        ((*somebody(ANNA), written(ANNA, "Vestergade 1")), (6, "record_twice", "003")),
        ((*somebody(ANNA), name(ANNA, "Ane")), (6, "record_twice", "008")),
        ((*somebody(ANNA), protection(ANNA), protection(ANNA)), (7, "record_twice", "004")),
        ((address(ANNA), written(ANNA), name(ANNA)), (2, "record_missing", "001")),
        ((person(ANNA), address(ANNA), name(ANNA)), (2, "record_missing", "003")),
        ((person(ANNA, "02"), written(ANNA), name(ANNA)), (2, "status", "")),
        ((person(ANNA, ""), written(ANNA), name(ANNA)), (2, "status", "")),
        (somebody("3102804321"), (2, "cpr", "")),
        (somebody("0101364000"), (2, "cpr", "")),
        (somebody("77058O4321"), (2, "cpr", "")),
        (moved(ANNA, "3102804321"), (2, "cpr", "")),
        ((person(ANNA), written(ANNA, "\x93Gaden\x94 1"), name(ANNA)), (2, "encoding", "")),
    ],
)
def test_a_person_who_cannot_be_read_is_told_and_the_next_is_read(
    tmp_path: Path, lines: tuple[str, ...], problem: tuple[int, str, str]
) -> None:
    told, other = found(tmp_path, *lines, *somebody(BO))
    assert told == problem
    assert isinstance(other, RegisteredPerson)


@pytest.mark.parametrize("status", ["03", "07", "70", "80", "90"])
def test_those_who_may_have_no_address_need_no_record_of_one(tmp_path: Path, status: str) -> None:
    assert only(tmp_path, person(ANNA, status), name(ANNA)).street == ""


def test_records_a_library_has_no_use_for_are_passed_over_in_silence(tmp_path: Path) -> None:
    file = read(tmp_path, extract(*somebody(ANNA), f"015{ANNA}1980-05-17", f"099{ANNA}", f"997{BO}"))
    assert (file.records, file.remarks, len(list(file.persons()))) == (9, [], 1)


def test_unknown_types_and_error_records_are_remarked_on_without_what_stands_in_them(tmp_path: Path) -> None:
    lines = (f"777{ANNA}Anna", *somebody(ANNA), error(), "X", f"777{ANNA}")
    file = read(tmp_path, extract(*lines))
    assert file.remarks == [
        Problem(2, "record_type", "777"),
        Problem(7, "register_error", "0005"),
        Problem(8, "record_type", "?"),
        Problem(9, "record_type", "777"),
    ]
    assert len(list(file.persons())) == 1


@pytest.mark.parametrize("counted", [5, 4])
def test_error_records_may_be_counted_or_not(tmp_path: Path, counted: int) -> None:
    assert read(tmp_path, extract(*somebody(ANNA), error(), counted=counted)).records == 7


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_they_like_and_blanks_may_have_stayed(tmp_path: Path, ends: str) -> None:
    text = extract(*somebody(ANNA)).decode("iso-8859-1")
    content = ends.join(line.ljust(400) for line in text.splitlines()) + ends + ends + "\x1a"
    (one,) = read(tmp_path, content.encode("iso-8859-1")).persons()
    assert isinstance(one, RegisteredPerson)
    assert (one.name, one.street) == ("Anna Kirstine Møller", "Østergade 5,2 th")


def test_a_byte_that_breaks_lines_elsewhere_breaks_none_here(tmp_path: Path) -> None:
    lines = (person(ANNA), written(ANNA, "Gaden\x85 1"), name(ANNA))
    assert found(tmp_path, *lines) == [(2, "encoding", "")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("empty", "")),
        (b" \n\n", ("empty", "")),
        (b"card,name\nK1,Anna\n", ("not_cpr", "")),
        (extract(*somebody(ANNA)).decode("iso-8859-1").encode(), ("not_iso_8859_1", "")),
        (extract(*somebody(ANNA)).decode("iso-8859-1").encode("utf-16"), ("not_iso_8859_1", "")),
        (b"\xef\xbb\xbf" + extract(), ("not_iso_8859_1", "")),
        (extract(*somebody(ANNA)) * 2, ("several_extracts", "")),
        (extract(*somebody(ANNA))[:-22], ("cut", "5")),
        (extract(*somebody(ANNA), counted=9), ("count", "9 / 4")),
        (extract(*somebody(ANNA))[:-2], ("count", "0 / 4")),
        (extract(*somebody(ANNA))[:-9], ("count", "? / 4")),
    ],
)
def test_a_file_that_is_no_whole_extract_is_refused(tmp_path: Path, content: bytes, expected: tuple[str, str]) -> None:
    assert refusal(tmp_path, content) == expected


def test_the_registers_own_extract_is_read(shared: Path) -> None:
    file = CprExtract(shared / "data" / "cpr-u12170-demo.txt", TODAY)
    people: list[Any] = list(file.persons())
    assert (file.records, file.remarks) == (1100, [])
    assert Counter(one.status.value for one in people) == {"01": 69, "90": 3, "60": 3, "80": 3, "50": 1, "70": 1}
    assert sum(one.is_protected for one in people) == 9
    assert max(one.protected_until for one in people if one.is_protected) == date(2010, 12, 31)
    by_number = {one.cpr: one for one in people}
    assert by_number["0707614285"] == RegisteredPerson(
        record=350,
        cpr="0707614285",
        status=Status.RESIDENT,
        name="Jens Mortensen",
        birth_date=date(1961, 7, 7),
        care_of="c/o Christiansen",
        street="Industrivænget 95,1 mf",
        postcode="9000",
        city="Aalborg",
        municipality="851",
        address_dated=date(1997, 9, 9),
        given_on=date(2001, 11, 19),
    )
    assert by_number["0712614382"].care_of == "Solhavehjemmet"
    assert by_number["0712614382"].street == "Industrivænget 2,st th, Hasseris"
    assert by_number["2802980011"].name == "Helmer Ulrik Selmersen"
    assert by_number["0101520013"].current_cpr == "0107529039"
    assert [one.cpr for one in people if not one.name] == ["3006980014", "0101005038"]


def test_numbers_changed_twice_lead_to_the_newest_and_a_ring_leads_nowhere() -> None:
    def changed(cpr: str, current: str) -> RegisteredPerson:
        return RegisteredPerson(record=1, cpr=cpr, status=Status.CHANGED, current_cpr=current)

    stays = replace(changed(CLARA, ""), status=Status.RESIDENT)
    numbers = with_newest_numbers([changed(ANNA, BO), changed(BO, CLARA), stays])
    assert [one.current_cpr for one in numbers] == [CLARA, CLARA, ""]
    assert [one.current_cpr for one in with_newest_numbers([changed(ANNA, BO), changed(BO, ANNA)])] == ["", ""]


def test_what_was_read_shows_nobody(tmp_path: Path) -> None:
    content = extract(*somebody(ANNA), protection(ANNA), *moved(BO, CLARA))
    file = read(tmp_path, content)
    shown = repr([list(file.persons()), list(file._persons.values())])
    assert not any(secret in shown for secret in (ANNA, BO, CLARA, "Møller", "Østergade", "1980", "2027"))


DEMO_LIKE = extract(*somebody(ANNA), protection(ANNA), *gone(BO, "90"), *moved(CLARA, "6109854326"), error())


@given(st.data())
def test_a_file_cut_anywhere_is_never_taken_for_whole(tmp_path: Path, data: st.DataObject) -> None:
    # The last line break alone may go: it is no part of the end record.
    place = data.draw(st.integers(0, len(DEMO_LIKE) - 2))
    assert refusal(tmp_path, DEMO_LIKE[:place])[0] in {"empty", "not_cpr", "cut", "count"}


@given(st.binary(min_size=1, max_size=60), st.integers(0, len(DEMO_LIKE) - 1))
def test_bytes_overwritten_anywhere_give_persons_or_say_what_is_wrong(tmp_path: Path, noise: bytes, place: int) -> None:
    answer(tmp_path, DEMO_LIKE[:place] + noise + DEMO_LIKE[place + len(noise) :])


@given(st.lists(st.sampled_from(["001", "002", "003", "004", "008", "099", "910", "X"]), max_size=6), st.data())
def test_any_records_give_persons_or_say_what_is_wrong(tmp_path: Path, kinds: list[str], data: st.DataObject) -> None:
    letters = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=260)
    lines = [kind + data.draw(st.sampled_from([ANNA, BO, ""])) + data.draw(letters) for kind in kinds]
    answer(tmp_path, extract(*lines))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    answer(tmp_path, content)
    answer(tmp_path, extract() + content)


def answer(folder: Path, content: bytes) -> None:
    """Read a file; whatever is wrong with it must have a code and a line."""
    people: list[RegisteredPerson | Problem] = []
    why = ""
    try:
        people = list(read(folder, content).persons())
    except ImportFailed as refused:
        why = refused.why
    assert why in REFUSALS | {""}
    for one in people:
        assert one.record >= 2
        if isinstance(one, Problem):
            assert one.why in {"record_twice", "record_missing", "status", "cpr", "encoding"}
        else:
            assert f"{one.name}{one.care_of}{one.street}{one.city}".isprintable()
