"""A folder in which the website leaves its forms: what is taken in is shredded, what is refused stays."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from db.models import CommandRecord, Form
from desk.command import INSTALLATION
from desk.forms.commands import HandleForm
from desk.forms.reading import Fault
from desk.forms.taking_in import FormsReport, drop_folder, files_in, take_in
from desk.installation import Installation
from desk.settings import FormsSettings
from tests.builders import KEY, House
from tests.decrypted import found_in_database, found_in_files
from tests.desk.forms.sent import STRINGS, drop, form
from tests.messaging import Office


@pytest.fixture
def office(house: House, tmp_path: Path) -> Office:
    """A library with a drop folder."""
    office = Office(house, tmp_path)
    office.settings = replace(office.settings, forms=FormsSettings(folder="dropped"))
    return office


def dropped(office: Office) -> Path:
    """The drop folder, made."""
    folder = office.home / "dropped"
    folder.mkdir(exist_ok=True)
    return folder


async def run(office: Office) -> FormsReport:
    """Take in the drop folder."""
    installation: Installation = office.installation()
    folder = drop_folder(installation)
    assert folder is not None
    return await take_in(installation, files_in(folder), INSTALLATION, office.clock)


def forms(house: House) -> int:
    """Count the inbox."""
    return len(house.ids(Form))


async def test_good_forms_go_in_and_the_bad_ones_of_the_same_folder_stay(office: Office) -> None:
    folder = dropped(office)
    drop(folder, "1.json", form())
    drop(folder, "2.json", b"hej")
    drop(folder, "3.json", form("holiday_bag"))
    drop(folder, "4.json", form("purchase_suggestion"))
    drop(folder, "5.json.part", form()[:40])
    drop(folder, ".6.json", b"")
    (folder / "7").mkdir()
    report = await run(office)
    assert (report.read, report.added, report.known, report.left) == (4, 2, 0, [])
    assert [(one.file, one.fault) for one in report.skipped] == [
        ("2.json", Fault("not_json")),
        ("3.json", Fault("season")),
    ]
    assert sorted(os.listdir(folder)) == [".6.json", "2.json", "3.json", "5.json.part", "7"]
    assert forms(office.house) == 2


async def test_what_was_taken_in_is_written_over_before_its_name_goes(office: Office, tmp_path: Path) -> None:
    path = drop(dropped(office), "1.json", form())
    other_name = tmp_path / "same-blocks"
    other_name.hardlink_to(path)
    await run(office)
    assert not path.exists()
    assert other_name.read_bytes() == bytes(len(form()))


async def test_no_page_and_no_file_ever_holds_a_word_of_it(office: Office, tmp_path: Path) -> None:
    drop(dropped(office), "1.json", form())
    await run(office)
    house = office.house
    assert forms(house) == 1

    def lies_open() -> set[str]:
        found = set().union(*found_in_files(tmp_path, STRINGS).values())
        if house.store.url.startswith("sqlcipher"):
            found |= found_in_database(tmp_path / "store.db", KEY, STRINGS)
        rows = repr(house.rows(Form.select()) + house.rows(CommandRecord.select()))
        return found | {text for text in STRINGS if text in rows}

    assert lies_open() == set()
    (form_id,) = house.ids(Form)
    await house.desk.do(
        HandleForm(command_id="handle", who=house.who(), at=house.clock(), form_id=form_id),
    )
    assert lies_open() == set()


async def test_the_same_form_dropped_twice_is_one(office: Office) -> None:
    folder = dropped(office)
    drop(folder, "a.json", form(id="17"))
    drop(folder, "b.json", form(id="17", name="Ib"))
    drop(folder, "c.json", form())
    drop(folder, "d.json", form())
    drop(folder, "e.json", form("reading_group", id="17"))
    report = await run(office)
    # The website has begun to count anew: what somebody else sent under the same id is another form.
    assert (report.added, report.known, list(folder.iterdir())) == (4, 1, [])
    drop(folder, "f.json", form(id="17"))
    report = await run(office)
    assert (report.added, report.known, list(folder.iterdir())) == (0, 1, [])
    assert forms(office.house) == 4


async def test_a_form_that_comes_again_after_it_was_handled_the_same_day_does_not_come_back(office: Office) -> None:
    drop(dropped(office), "a.json", form())
    await run(office)
    house = office.house
    (form_id,) = house.ids(Form)
    await house.desk.do(HandleForm(command_id="handle", who=house.who(), at=house.clock(), form_id=form_id))
    drop(dropped(office), "a.json", form())
    report = await run(office)
    assert (report.added, report.known, forms(house)) == (0, 1, 0)


async def test_a_shredding_that_was_cut_short_is_ended(office: Office) -> None:
    path = drop(dropped(office), "1.json", bytes(300))
    report = await run(office)
    assert (report.read, report.is_well, path.exists()) == (0, True, False)


async def test_a_link_is_not_followed_and_a_pipe_not_waited_for(office: Office, tmp_path: Path) -> None:
    target = drop(tmp_path, "target.json", form())
    folder = dropped(office)
    (folder / "link.json").symlink_to(target)
    (folder / "long.json").symlink_to("x" * 300)
    (folder / "round.json").symlink_to("round.json")
    drop(folder, "good.json", form())
    os.mkfifo(folder / "pipe.json")
    report = await run(office)
    assert [one.file for one in report.skipped] == ["link.json", "long.json", "round.json"]
    assert {one.fault.why for one in report.skipped} == {"unreadable"}
    assert report.added == 1
    installation = office.installation()
    report = await take_in(installation, [folder / "pipe.json"], INSTALLATION, office.clock)
    assert [one.fault.why for one in report.skipped] == ["unreadable"]
    assert target.read_bytes() == form()
    assert stat.S_ISFIFO((folder / "pipe.json").stat().st_mode)


async def test_zeros_that_were_never_a_form_are_refused_and_not_written_over(office: Office) -> None:
    path = dropped(office) / "sparse.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    report = await run(office)
    assert [one.fault for one in report.skipped] == [Fault("too_long")]
    assert path.stat().st_blocks == 0


async def test_ten_megabytes_are_not_read_to_their_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(dropped(office), "big.json", form()[:-1] + b" " * 10_000_000 + b"}")
    report = await run(office)
    assert [one.fault for one in report.skipped] == [Fault("too_long")]


async def test_what_the_program_may_not_delete_is_not_taken_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(dropped(office), "1.json", form())
    # Root may delete anything; the question is put to the system as anybody else would hear the answer.
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    report = await run(office)
    assert [one.fault for one in report.skipped] == [Fault("cannot_shred")]
    assert (path.exists(), forms(office.house)) == (True, 0)


async def test_a_folder_that_is_not_named_is_nowhere(office: Office) -> None:
    office.settings = replace(office.settings, forms=FormsSettings())
    assert drop_folder(office.installation()) is None
