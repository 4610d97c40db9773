"""``desk label``: what lands in which file, and what does not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.labels.files import label_name
from desk.private_files import write_private
from tests.barcodes import read_png, read_svg
from tests.cli.conftest import Shell

BORROWERS = "card,name,birth_date,street,branch\n"


@pytest.fixture
def library(desk: Shell, tmp_path: Path) -> Shell:
    """A library with two borrowers and three items."""
    (tmp_path / "borrowers.csv").write_text(
        BORROWERS + "30000034A6,Anna Møller,1980-05-17,Østergade 5,Struer\n9912345678,Ib Hansen,,,Struer\n", "utf-8"
    )
    (tmp_path / "items.csv").write_text("barcode;title\n5100001;Ærø\n5100002;Århus\nA/B 3;Ødipus\nØ4;Brand\n", "utf-8")
    assert desk("import", "borrowers", str(tmp_path / "borrowers.csv")) == 0
    assert desk("import", "items", str(tmp_path / "items.csv")) == 0
    return desk


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("ending", "read"), [(".svg", read_svg), (".png", read_png), (".PNG", read_png)])
def test_a_cards_label_is_a_file_for_its_owner_alone(
    library: Shell, tmp_path: Path, ending: str, read: Callable[[bytes], str]
) -> None:
    file = tmp_path / f"kort{ending}"
    assert library("label", "card", "9912345678", "--out", str(file)) == 0
    assert library.out == f"1 etiket ligger i {file}.\n"
    assert read(file.read_bytes()) == "9912345678"
    assert file.stat().st_mode & 0o777 == 0o600


def test_several_go_into_a_folder_each_once(library: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "etiketter"
    assert library("label", "item", "5100001", "a/b 3", " 5100001", "--out", str(folder), "--json") == 0
    assert library.json == {"labels": 2, "out": str(folder)}
    assert names(folder) == ["5100001.svg", "A%2FB%203.svg"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert read_svg((folder / "A%2FB%203.svg").read_bytes()) == "A/B 3"
    # A folder that is there takes a single one too.
    assert library("label", "item", "5100002", "--out", str(folder), "--png") == 0
    assert read_png((folder / "5100002.png").read_bytes()) == "5100002"


def test_a_file_that_is_there_stays_unless_told_otherwise(library: Shell, tmp_path: Path) -> None:
    file = tmp_path / "etiket.svg"
    file.write_text("mit")
    assert library("label", "item", "5100001", "--out", str(file)) == 1
    assert library.err == f"desk: {file} findes allerede. Intet er skrevet. --force erstatter den.\n"
    assert file.read_text() == "mit"
    assert library("label", "item", "5100001", "--out", str(file), "--force") == 0
    assert read_svg(file.read_bytes()) == "5100001"


def test_one_file_in_the_way_stops_all_of_them(library: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "kort"
    folder.mkdir()
    (folder / "30000034A6.svg").write_text("mit")
    words = ("label", "card", "9912345678", "30000034A6", "--out", str(folder))
    assert library(*words) == 1
    assert f"En af filerne findes allerede i {folder}." in library.err
    assert "30000034A6" not in library.said
    assert names(folder) == ["30000034A6.svg"]
    assert library(*words, "--force") == 0
    assert names(folder) == ["30000034A6.svg", "9912345678.svg"]


def test_when_one_cannot_be_written_the_others_go_again(
    library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes, *, replace: bool) -> None:
        if path.name.startswith("5100002"):
            raise OSError(28, "No space left on device")
        write_private(path, content, replace=replace)

    monkeypatch.setattr("desk.labels.files.write_private", full)
    folder = tmp_path / "etiketter"
    assert library("label", "item", "5100001", "5100002", "--out", str(folder)) == 1
    assert library.err == f"desk: {folder} kan ikke skrives: disken er fuld\n"
    assert names(folder) == []


def test_of_several_every_refused_one_is_told_by_its_place(library: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "kort"
    assert library("label", "card", "30000034A6", "100190-1234", "4711", "Ø4", "--out", str(folder)) == 1
    assert library.err.splitlines() == [
        "nr. 2: Det kan være et CPR-nummer, og det må ikke stå på et kort. Intet er skrevet. "
        "Giv låneren et andet kort.",
        "nr. 3: Kortet er ukendt. Intet er skrevet.",
        "nr. 4: Kortnummeret har tegn, som en stregkode ikke har, f.eks. Æ, Ø eller Å. Intet er skrevet.",
    ]
    assert not folder.exists()


@pytest.mark.parametrize("words", [("30000034A6",), ("9912345678", "30000034A6"), ("9912345678", "--json")])
def test_nothing_of_a_person_is_said_of_a_card(library: Shell, tmp_path: Path, words: tuple[str, ...]) -> None:
    out = str(tmp_path / "kort") if len(words) > 1 and "--json" not in words else str(tmp_path / "kort.svg")
    assert library("label", "card", *words, "--out", out) == 0
    assert not any(secret in library.said for secret in ("30000034A6", "9912345678", "Anna", "Hansen", "1980"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("card", "1001901234"), "CPR-nummer"),
        (("card", "5100001"), "Kortet er ukendt."),
        (("item", "9912345678"), "Materialet er ukendt."),
        (("item", "ø4"), "Materialenummeret har tegn"),
        (("item", " "), "Et materialenummer er på 1 til 64 synlige tegn."),
        (("card", "x" * 65), "Et kortnummer er på 1 til 64 synlige tegn."),
    ],
)
def test_one_that_cannot_be_had_is_said_and_nothing_written(
    library: Shell, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "etiket.svg"
    assert library("label", *words, "--out", str(file)) == 1
    assert sentence in library.err
    assert "1001901234" not in library.said
    assert not file.exists()


@pytest.mark.parametrize(
    ("out", "more", "sentence"),
    [
        ("etiket.pdf", (), "ender på .svg eller .png"),
        ("etiket", (), "ender på .svg eller .png"),
        ("etiket.svg", ("--png",), "ender på .svg eller .png"),
        ("etiket.svg", ("5100002",), "skal ligge i en mappe"),
        ("ingen/etiket.svg", (), "kan ikke skrives"),
        ("items.csv", ("5100002",), "kan ikke skrives"),
        ("x\0y.svg", (), "kan ikke skrives"),
    ],
)
def test_a_place_that_is_none_is_told(
    library: Shell, tmp_path: Path, out: str, more: tuple[str, ...], sentence: str
) -> None:
    before = names(tmp_path)
    assert library("label", "item", "5100001", *more, "--out", str(tmp_path / out)) == 1
    assert sentence in library.err
    assert names(tmp_path) == before


def test_it_is_said_what_is_missing(desk: Shell) -> None:
    assert desk("label", "card", "4711") == 2
    assert "--out mangler. desk label card --help" in desk.err
    assert desk("label", "item", "--out", "x.svg") == 2
    assert "STREGKODE … mangler" in desk.err


@pytest.mark.parametrize("code", [".", "..", "../../x", "~", "A B", "/" * 64, "%2F"])
def test_a_code_names_one_file_in_its_folder_and_no_other(code: str) -> None:
    name = label_name(code, ".svg")
    assert "/" not in name
    assert name not in {".", ".."}
    assert len(name) < 240


def test_neither_pillow_nor_barcodes_are_loaded_before_a_label_is_drawn() -> None:
    program = (
        "import sys, screens.app, desk.__main__, desk.cli.commands, desk.cli.label, desk.labels.drawing\n"
        "sys.exit(' '.join({'PIL', 'barcode', 'devices.label'} & set(sys.modules)) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
