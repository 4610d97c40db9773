"""The two files of a right-of-access print: read back, drawn and scanned by programs that know nothing of typst."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from db.models import Loan, LoanOccasion
from desk import texts
from desk.errors import FileNotWritten
from desk.privacy.access_report.as_json import report_json
from desk.privacy.access_report.as_pdf import report_pdf
from desk.privacy.access_report.expiry import FOLDER, delete_old_reports
from desk.privacy.access_report.files import write_report
from desk.privacy.access_report.records import AccessReport, Row
from desk.privacy.data_map import MAP
from desk.private_files import write_private
from tests.builders import TUESDAY, House, a_house
from tests.desk.privacy.whole_record import make_person, report_of, squeezed
from tests.pdfs import barcodes_of, pages_of, right_edge_of, text_of

HOSTILE = (
    '#eval("1+1") #read("/etc/passwd")',
    "$x^2$ [*fed*] _kursiv_ \\ \\n `kode`",
    '#import "@preview/x:1.0.0" <etiket> @henvisning // væk /* væk */',
    "#set page(fill: red)\n= Overskrift\n- punkt",
    "]} #panic() {[",
    "Ib [/] Hansen",
    "ÆØÅ æøå é ü ß Ολγα Жанна",
)


@pytest.fixture
def a_report() -> AccessReport:
    """A report of a borrower of whom next to nothing is held."""
    return AccessReport(
        borrower_id=1,
        number="48291173",
        library="Struer Bibliotek",
        made_at=TUESDAY,
        reason="",
        held={held.key: () for held in MAP} | {"number": ({"number": "48291173"},)},
    )


@pytest.fixture(scope="module")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A library on one engine: what is read back does not depend on it."""
    with a_house(f"sqlcipher://{tmp_path_factory.mktemp('house')}/store.db") as house:
        yield house


def holding(report: AccessReport, **held: tuple[Row, ...]) -> AccessReport:
    return replace(report, held={**report.held, **held})


def card(number: str) -> Row:
    state = {"state": "active", "state_since": None, "pin_is_set": True, "wrong_pins": 0}
    return {"number": number, "kind": "library", **state}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_looks_like_markup_is_only_text(a_report: AccessReport, hostile: str) -> None:
    report = holding(
        replace(a_report, library=hostile, reason=hostile),
        name=({"name": hostile},),
        internal_note=({"note": hostile, "written_at": TUESDAY},),
        overrides=({"given_at": TUESDAY, "refusal": hostile, "title": hostile, "reason": hostile},),
    )
    text = squeezed(text_of(report_pdf(report)))
    # Library (title, introduction, footer of each page), reason, name, note, and three cells of a table.
    assert text.count(squeezed(hostile)) >= 8
    assert json.loads(report_json(report))["held"]["name"]["values"] == [{"name": hostile}]


@pytest.mark.parametrize("hostile", ["\x1b[2Jryd", "a\u202eb\u2066c", "e\u200bt\x07o\x00"])
def test_what_turns_or_hides_text_is_left_out_of_the_pdf(a_report: AccessReport, hostile: str) -> None:
    text = text_of(report_pdf(holding(a_report, name=({"name": hostile},))))
    assert not any(character in text for character in "\x1b\u202e\u2066\u200b\x07\x00")
    assert "".join(filter(str.isprintable, hostile)).replace("\u200b", "") in text


def test_a_word_longer_than_a_page_is_wide_stays_on_the_page(a_report: AccessReport) -> None:
    long = "æ" * 200
    row: Row = {"set_on": date(2026, 1, 5), "kind": "U", "card": None, "reason": long, "lift_reason": None}
    pdf = report_pdf(holding(a_report, name=({"name": long},), block_reason=(row,)))
    words = [line for line in text_of(pdf).split() if set(line) == {"æ"}]
    assert sum(map(len, words)) == 400
    assert right_edge_of(pdf) < 190


def test_danish_letters_need_no_font_of_the_machine(tmp_path: Path, a_report: AccessReport) -> None:
    pdf = report_pdf(holding(a_report, name=({"name": "Åse Ærø Østergård A\u030a"},)))
    assert "Åse Ærø Østergård Å" in text_of(pdf)
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in cast("dict[str, Any]", page["/Resources"])["/Font"].values()
    }
    assert fonts
    assert all(name.startswith("Libertinus") for name in fonts)


def test_the_number_and_each_card_is_a_barcode_that_scans(a_report: AccessReport) -> None:
    long = "KORT-" + "Z9" * 29
    report = holding(a_report, cards=(card("9912345678"), card("30000034A6"), card(long), card("KORT-Ø")))
    pdf = report_pdf(report)
    assert barcodes_of(pdf) == ["48291173", "9912345678", "30000034A6", long]
    assert right_edge_of(pdf) < 190
    # What has no bars is still told.
    assert "KORT-Ø" in text_of(pdf)


def test_pages_are_counted_and_named(a_report: AccessReport) -> None:
    pages = pages_of(report_pdf(a_report))
    assert len(pages) > 1
    for place, text in enumerate(pages, 1):
        assert f"side {place} af {len(pages)}" in text
        assert squeezed("Struer Bibliotek · Indsigtsudskrift · 10. marts 2026 · lånernummer 4829 1173") in squeezed(
            text
        )


def test_the_policys_items_come_first_in_the_policys_order(a_report: AccessReport) -> None:
    text = squeezed(text_of(report_pdf(a_report)))
    places = [text.index(squeezed(f"{held.label} – {held.used_for}")) for held in MAP]
    assert places == sorted(places)
    assert text.index("Hvadvedvi") < places[0]


async def test_metadata_names_nobody_and_no_folder(small_house: House) -> None:
    pdf = report_pdf(await report_of(small_house, await make_person(small_house)))
    reader = PdfReader(io.BytesIO(pdf))
    metadata = dict(reader.metadata or {})
    assert str(metadata.pop("/Creator")).startswith("Typst ")
    assert metadata == {"/Title": "Indsigtsudskrift"} | {
        key: value for key, value in metadata.items() if key in {"/CreationDate", "/ModDate"}
    }
    assert reader.attachments == {}
    for secret in (b"48291173", b"anarie", b"770580", str(Path(__file__).parents[3]).encode()):
        assert secret not in pdf
        assert reader.xmp_metadata is None or secret not in reader.xmp_metadata.stream.get_data()


def test_in_english_it_is_english(a_report: AccessReport) -> None:
    texts.use("en")
    text = text_of(report_pdf(a_report))
    assert "page 1 of" in text
    assert "Deleted when you are deleted as a borrower." in text
    assert json.loads(report_json(a_report))["held"]["name"]["label"] == "Name"


def test_four_times_the_log_takes_no_more_than_six_times_as_long_to_print(small_house: House) -> None:
    person = small_house.borrower()
    things = [small_house.item(title=f"Titel nr. {number}") for number in range(20)]
    occasion = small_house.put(LoanOccasion.insert(borrower=person.borrower_id, visit="v", due_on=date(2026, 4, 9)))
    closed = {"returned_at": TUESDAY, "closed_on": date(2026, 3, 10)}
    rows = [
        {
            "item": things[number % 20].item_id, "borrower": person.borrower_id, "occasion": occasion,
            "lent_at": TUESDAY, "due_on": date(2026, 4, 9), **closed,
        }
        for number in range(500)
    ]  # fmt: skip
    small_house.put(Loan.insert_many(rows))
    report = asyncio.run(report_of(small_house, person))

    def seconds(rows: int) -> float:
        # The processor's own seconds and a ratio: others may be at work on this machine, and no two are alike.
        full = holding(report, log=report.held["log"][:1] * rows)
        begun = time.process_time()
        report_pdf(full)
        report_json(full)
        return time.process_time() - begun

    seconds(500)
    assert min(seconds(2000) for _turn in range(3)) < 6 * min(seconds(500) for _turn in range(3))
    full = holding(report, log=report.held["log"][:1] * 2000)
    pdf, data = report_pdf(full), report_json(full)
    assert len(pages_of(pdf)) > 40
    assert len(json.loads(data)["held"]["loans"]["values"]) == 500


# The files


def test_both_files_are_their_owners_alone_and_never_over_one_that_is_there(
    a_report: AccessReport, tmp_path: Path
) -> None:
    first = write_report(a_report, tmp_path)
    assert [path.name for path in first] == ["48291173-2026-03-10.pdf", "48291173-2026-03-10.json"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in first)
    (tmp_path / "48291173-2026-03-10-2.json").write_text("mit")
    before = first[0].read_bytes()
    second = write_report(replace(a_report, reason="igen"), tmp_path)
    assert [path.name for path in second] == ["48291173-2026-03-10-3.pdf", "48291173-2026-03-10-3.json"]
    assert first[0].read_bytes() == before
    assert (tmp_path / "48291173-2026-03-10-2.json").read_text() == "mit"
    assert len(list(tmp_path.iterdir())) == 5


def test_when_one_cannot_be_written_neither_is(
    a_report: AccessReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes, *, replace: bool) -> None:
        if path.suffix == ".json":
            raise OSError(28, "No space left on device")
        write_private(path, content, replace=replace)

    monkeypatch.setattr("desk.prints.files.write_private", full)
    with pytest.raises(FileNotWritten) as failed:
        write_report(a_report, tmp_path)
    assert (failed.value.file, failed.value.detail) == (str(tmp_path), "disken er fuld")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("days", "left"), [(0, 5), (6, 5), (7, 1), (400, 1)])
def test_prints_at_the_counter_go_after_seven_days(
    a_report: AccessReport, tmp_path: Path, days: int, left: int
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    write_report(a_report, folder)
    write_report(replace(a_report, made_at=TUESDAY + timedelta(hours=1)), folder)
    assert delete_old_reports(tmp_path, TUESDAY - timedelta(days=1)) == 0
    later = TUESDAY + timedelta(days=days)
    write_report(replace(a_report, made_at=later + timedelta(days=1)), tmp_path)
    (folder / "mappe-2020-01-01").mkdir()
    assert delete_old_reports(tmp_path, later) == (4 if days >= 7 else 0)
    assert len(list(folder.iterdir())) == left
    # Only those in the folder of prints: whoever names another folder looks after it.
    assert len([path for path in tmp_path.iterdir() if path.is_file()]) == 2


def test_what_lies_there_under_another_name_goes_by_its_age(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    for name in ("Anna.pdf", ".48291173-9999-99-99.pdf.0a1b", "udateret"):
        (tmp_path / FOLDER / name).write_text("x")
    now = datetime.now(UTC)
    assert delete_old_reports(tmp_path, now + timedelta(days=6)) == 0
    assert delete_old_reports(tmp_path, now + timedelta(days=8)) == 3


def test_a_home_without_prints_is_left_as_it_is(tmp_path: Path) -> None:
    assert delete_old_reports(tmp_path, TUESDAY) == 0
    assert list(tmp_path.iterdir()) == []


def test_typst_and_barcodes_are_loaded_when_something_is_printed_and_not_before() -> None:
    program = (
        "import sys, screens.app, screens.borrower.export_work, desk.__main__, desk.cli.commands, desk.cli.export\n"
        "sys.exit(' '.join({'typst', 'barcode', 'PIL', 'devices.label'} & set(sys.modules)) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
