"""``desk import cpr``: what IT and scripts are told of an extract, and that nobody is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.cli.import_words import STATUSES, UNREADABLE, note_text, status_text
from desk.registry.person_register import Status
from desk.registry.report import Note
from tests.cli.conftest import Shell
from tests.desk.registry.extracts import ANNA, BO, CLARA, error, extract, gone, moved, person, protection, somebody

NOTES = (
    "record_type",
    "register_error",
    "dead",
    "dead_without_block",
    "blocked_but_not_dead",
    "missing_person",
    "emigrated",
    "no_address",
    "name_kept",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cpr.txt"


def test_the_registers_own_extract_adds_everybody_once(desk: Shell, shared: Path) -> None:
    words = ("import", "cpr", str(shared / "data" / "cpr-u12170-demo.txt"), "--create", "--json")
    for added, updated in ((74, 4), (0, 78)):
        assert desk(*words) == 0
        report = desk.json
        assert {name: report[name] for name in ("records", "read", "added", "updated", "skipped", "statuses")} == {
            "records": 1100,
            "read": 80,
            "added": added,
            "updated": updated,
            "skipped": 2,
            "statuses": {"01": 69, "50": 1, "60": 3, "70": 1, "80": 3, "90": 3},
        }
    assert {"record": 922, "reason": "1 låner er forsvundet: adressen er fjernet, intet er blokeret"} in report[
        "reasons"
    ]
    assert desk("check", "--json") == 0
    assert desk.json["counts"]["borrowers"] == 74


def test_statuses_are_told_in_words(desk: Shell, file: Path) -> None:
    file.write_bytes(extract(*somebody(ANNA), *gone(BO, "90"), *moved(CLARA, ANNA)))
    assert desk("import", "cpr", str(file), "--create") == 0
    assert desk.out.splitlines() == [
        "Linjer eller poster: 12 · læst: 3 · tilføjet: 2 · opdateret: 1 · sprunget over: 0",
        "01 bopæl i Danmark: 1",
        "60 ændret nummer: 1",
        "90 død: 1",
    ]
    assert "fra nr. 6: 1 låner er død: blokering D er sat" in desk.err


def test_those_who_are_no_borrowers_do_not_crowd_out_what_must_be_looked_at(desk: Shell, file: Path) -> None:
    others = [line for number in range(30) for line in somebody(f"77058{number:05}")]
    file.write_bytes(extract(*others, *gone(ANNA, "30")))
    assert desk("import", "cpr", str(file)) == 0
    assert desk.err.splitlines()[1] == "nr. 122: CPR-nummeret er annulleret; intet er ændret"
    assert "nr. 2: er ikke låner; --create opretter dem, der mangler" in desk.err
    assert "… og 11 mere." in desk.err


def test_new_borrowers_belong_to_the_branch_that_is_named(desk: Shell, file: Path) -> None:
    file.write_bytes(extract(*somebody(ANNA)))
    assert desk("import", "cpr", str(file), "--create", "--branch", "Ribe") == 1
    assert desk("import", "cpr", str(file), "--create", "--branch", "thyholm") == 0


def test_nothing_of_a_person_is_said(desk: Shell, file: Path) -> None:
    secrets = (ANNA, BO, CLARA, "7705", "Møller", "Anna", "Østergade", "1980", "2027", "Bager", "FORKERT")
    lines = (
        *somebody(ANNA),
        protection(ANNA),
        *moved(BO, ANNA),
        *somebody(CLARA),
        person(CLARA),
        error(asked=ANNA),
        f"777{ANNA}Anna Møller",
    )
    file.write_bytes(extract(*lines))
    for words in (("--create",), ("--create", "--json"), ()):
        assert desk("import", "cpr", str(file), *words) == 0
        assert [secret for secret in secrets if secret.casefold() in desk.said.casefold()] == []
        assert "personens post 001 står to gange" in desk.said
        assert "1 fejlpost (910) fra registret, fejlnr. 0005; teksten står i filen" in desk.said
        assert "ukendt posttype 777: 1 post er ikke læst" in desk.said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "er tom."),
        (b"card,name\n", "er ikke et udtræk af CPR-registret (U12170). Intet er indlæst."),
        (extract(*somebody(ANNA)).decode("iso-8859-1").encode(), "er ikke ISO-8859-1"),
        (extract() * 2, "rummer mere end ét udtræk."),
        (extract(*somebody(ANNA))[:-40], "er skåret over: slutposten (999) mangler efter linje 5. Intet er indlæst."),
        (extract(*somebody(ANNA), counted=5), "har ikke samme antal poster (5 / 4). Intet er indlæst."),
    ],
)
def test_a_file_that_is_no_whole_extract_is_named_and_nobody_goes_in(
    desk: Shell, file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    assert desk("import", "cpr", str(file), "--create") == 1
    assert str(file) in desk.err
    assert sentence in desk.err
    assert desk("check", "--json") == 0
    assert desk.json["counts"]["borrowers"] == 0


def test_a_file_that_is_not_there_is_told(desk: Shell, tmp_path: Path) -> None:
    assert desk("import", "cpr", str(tmp_path / "nothing.txt")) == 1
    assert "findes ikke" in desk.err


def test_every_status_and_every_remark_has_words() -> None:
    assert set(STATUSES) == {status.value for status in Status}
    assert all(status_text(status).startswith(f"{status} ") for status in STATUSES)
    texts = {note_text(Note(1, why, "x", 2)) for why in NOTES}
    assert len(texts | {note_text(Note(1, UNREADABLE, "", 1))}) == len(NOTES) + 1
