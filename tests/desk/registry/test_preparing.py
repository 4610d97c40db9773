"""A home made ready: all of it, or nothing that a second try stumbles over."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from db.models import Library, OpeningHours
from desk.command import NOBODY
from desk.errors import DeskError, HomeError, InvalidInput
from desk.installation import is_made_up, open_installation
from desk.registry.preparing import NewBranch, NewLibrary, NewStaff, make_installation
from desk.secrets import NAMES
from desk.settings import Settings, StoreSettings
from desk.staff.queries import library_name
from tests.builders import TUESDAY, Ids

LONE = NewStaff("Lone ", "Lone B.", "supervisor", "hemmelig")
LIBRARY = NewLibrary("Struer Bibliotek", "DK-767100", (NewBranch("Struer", "DK-767100"),), (LONE,))


def make(home: Path, library: NewLibrary = LIBRARY, store_url: str = "") -> None:
    make_installation(home, library, replace(Settings(), store=StoreSettings(store_url)), TUESDAY, Ids())


def why(home: Path, library: NewLibrary = LIBRARY, store_url: str = "") -> str:
    """Try, and give the code of why not."""
    try:
        make(home, library, store_url)
    except (HomeError, InvalidInput) as refused:
        return refused.why
    return ""


async def test_the_first_supervisor_signs_in_at_the_first_counter(tmp_path: Path, store_url: str) -> None:
    make(tmp_path / "home", store_url=store_url)
    with open_installation(tmp_path / "home") as installation:
        staff = await installation.sign_in.with_password("lone", "hemmelig")
        assert (staff.name, staff.role) == ("Lone B.", "supervisor")
        place = await installation.counter_place()
        assert (place.counter, place.branch) == ("Skranke 1", "Struer")
        assert await installation.desk.ask(NOBODY, library_name) == "Struer Bibliotek"
        assert not is_made_up(installation)
        hours = installation.store.read_here(lambda store: store.all(OpeningHours.select(OpeningHours.weekday)))
    assert len(hours) == 6


def test_only_its_owner_can_enter_and_read_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home)
    modes = {path.relative_to(home).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*")}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert modes == {
        "keys": 0o700,
        "desk.toml": 0o600,
        "store.db": 0o600,
        **{f"keys/{name}": 0o600 for name in NAMES},
    }


def test_nothing_can_be_read_in_the_store_without_its_key(tmp_path: Path) -> None:
    make(tmp_path / "home")
    raw = (tmp_path / "home" / "store.db").read_bytes()
    assert not any(word in raw for word in (b"SQLite", b"Struer", b"Lone", b"borrower"))


def test_an_installation_is_never_made_over(tmp_path: Path) -> None:
    make(tmp_path / "home")
    before = {path: path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()}
    assert why(tmp_path / "home") == "taken"
    assert {path: path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()} == before


def test_a_library_s_server_is_not_taken_by_another(tmp_path: Path, postgres_url: str) -> None:
    make(tmp_path / "first", store_url=postgres_url)
    assert why(tmp_path / "second", store_url=postgres_url) == "store_taken"
    with open_installation(tmp_path / "first") as installation:
        assert len(installation.store.read_here(lambda store: store.all(Library.select(Library.id)))) == 1
    assert not (tmp_path / "second" / "desk.toml").exists()


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        (replace(LIBRARY, name=" "), "missing"),
        (replace(LIBRARY, isil=""), "invalid"),
        (replace(LIBRARY, isil="x" * 17), "invalid"),
        (replace(LIBRARY, branches=(NewBranch("", "DK-1"),)), "missing"),
        (replace(LIBRARY, staff=(replace(LONE, password=""),)), "missing"),
        (replace(LIBRARY, staff=(replace(LONE, login="lone b"),)), "invalid"),
        (replace(LIBRARY, staff=(LONE, LONE)), "taken"),
    ],
)
def test_what_cannot_be_meant_leaves_no_installation_and_a_second_try_works(
    tmp_path: Path, library: NewLibrary, expected: str
) -> None:
    assert why(tmp_path / "home", library) == expected
    with pytest.raises(HomeError):
        open_installation(tmp_path / "home")
    make(tmp_path / "home")
    open_installation(tmp_path / "home").close()


def test_a_server_that_does_not_answer_leaves_no_installation(tmp_path: Path) -> None:
    with pytest.raises(DeskError):
        make(tmp_path / "home", store_url="postgresql://nobody@127.0.0.1:1/nothing")
    make(tmp_path / "home")


def test_a_folder_others_can_read_is_closed_when_empty_and_refused_when_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir(mode=0o755)
    make(tmp_path / "empty")
    assert stat.S_IMODE((tmp_path / "empty").stat().st_mode) == 0o700
    (tmp_path / "used").mkdir(mode=0o755)
    (tmp_path / "used" / "brev.txt").write_text("Kære Ib")
    assert why(tmp_path / "used") == "open"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert why(tmp_path / "file" / "home") == "unwritable"


def test_the_first_password_is_nowhere_in_the_clear(tmp_path: Path) -> None:
    make(tmp_path / "home")
    assert all(b"hemmelig" not in path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert "hemmelig" not in repr(LIBRARY)
