"""Tombstones: laid before the commit, never lost, and a list that was touched is noticed."""

from __future__ import annotations

import multiprocessing
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.fields import CprVault
from desk.backups.known import KnownBackup, Register, write_register
from desk.errors import TombstonesError
from desk.privacy.tombstones import (
    copy_name,
    lay_down,
    list_file,
    numbers_of_nobody,
    take_up,
    tombstone_of,
    tombstones_in,
)

TODAY = date(2026, 3, 10)
VAULT = CprVault(b"s" * 32, b"i" * 32)
OTHER = CprVault(b"s" * 32, b"j" * 32)
NUMBERS = ("10000001", "10000002", "10000003")
STONES = tuple(tombstone_of(VAULT, number) for number in NUMBERS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def lay_all(home: Path) -> Path:
    for days, stone in enumerate(STONES):
        lay_down(home, VAULT, stone, TODAY + timedelta(days=days))
    return list_file(home)


def backed_up_in(home: Path, *folders: Path) -> None:
    """Let a home know of back-ups; whether they are there is each test's."""
    backups = tuple(KnownBackup(str(folder / "b"), TODAY, TODAY + timedelta(days=30)) for folder in folders)
    write_register(home, Register(backups, TODAY))


def test_a_number_has_one_tombstone_and_another_under_another_key() -> None:
    assert tombstone_of(VAULT, "10000001") == STONES[0]
    assert len({*STONES, tombstone_of(OTHER, "10000001"), VAULT.index("10000001")}) == 5
    assert b"10000001" not in STONES[0]


def test_what_was_laid_down_is_read_back_and_the_file_is_the_owners_alone(home: Path) -> None:
    found = tombstones_in(lay_all(home), VAULT)
    assert found.tombstones == set(STONES)
    assert found.known_until == TODAY + timedelta(days=2)
    assert list_file(home).stat().st_mode & 0o777 == 0o600
    assert not any(number in list_file(home).read_text() for number in NUMBERS)


def test_a_repeated_erasure_lays_one_tombstone(home: Path) -> None:
    lay_down(home, VAULT, STONES[0], TODAY)
    lay_down(home, VAULT, STONES[0], TODAY + timedelta(days=1))
    assert len(tombstones_in(list_file(home), VAULT).entries) == 1


def test_an_erasure_that_was_not_committed_takes_its_tombstone_up_again(home: Path) -> None:
    lay_all(home)
    take_up(home, VAULT, STONES[1], TODAY)
    take_up(home, VAULT, tombstone_of(VAULT, "99999999"), TODAY)
    assert tombstones_in(list_file(home), VAULT).tombstones == {STONES[0], STONES[2]}
    lay_down(home, VAULT, STONES[1], TODAY)
    assert tombstones_in(list_file(home), VAULT).tombstones == set(STONES)


def test_every_list_that_was_touched_is_noticed(home: Path) -> None:
    path = lay_all(home)
    whole = path.read_text()
    lines = whole.splitlines(keepends=True)
    touched = {whole[:end] for end in range(len(whole))}
    touched |= {"".join(lines[:gone] + lines[gone + 1 :]) for gone in range(len(lines))}
    touched |= {"".join((*lines[:2], lines[3], lines[2], *lines[4:])), whole + "\n", whole + lines[2]}
    touched |= {whole.replace(STONES[1].hex(), STONES[1].hex()[::-1]), whole.replace("2026-03-11", "2026-03-12")}
    touched.add(whole.replace(" laid ", " taken-up ", 1))
    for text in touched:
        path.write_text(text)
        with pytest.raises(TombstonesError):
            tombstones_in(path, VAULT)
        with pytest.raises(TombstonesError):
            lay_down(home, VAULT, tombstone_of(VAULT, "10000009"), TODAY)
        assert path.read_text() == text
    path.write_text(whole)
    with pytest.raises(TombstonesError):
        tombstones_in(path, OTHER)


def test_a_list_that_cannot_be_written_stops_the_erasure_and_is_as_before(home: Path) -> None:
    before = lay_all(home).read_bytes()
    (home / "tombstones.lock").unlink()
    (home / "tombstones.lock").mkdir()
    with pytest.raises(TombstonesError):
        lay_down(home, VAULT, tombstone_of(VAULT, "10000009"), TODAY)
    assert list_file(home).read_bytes() == before


def test_every_folder_with_a_back_up_has_the_list_at_once_and_one_that_is_away_gets_it_later(
    home: Path, tmp_path: Path
) -> None:
    near, away = tmp_path / "near", tmp_path / "away"
    for folder in (near, away):
        folder.mkdir()
    (near / "b").touch()
    backed_up_in(home, near, away)
    lay_down(home, VAULT, STONES[0], TODAY)
    assert tombstones_in(near / copy_name(VAULT), VAULT).tombstones == {STONES[0]}
    # An empty mount point is a folder too.
    assert not any(away.iterdir())
    (away / "b").touch()
    lay_down(home, VAULT, STONES[1], TODAY)
    assert (away / copy_name(VAULT)).read_bytes() == (near / copy_name(VAULT)).read_bytes()


def test_a_list_that_is_gone_from_the_home_is_taken_from_beside_a_back_up(home: Path, tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    backed_up_in(home, tmp_path)
    lay_down(home, VAULT, STONES[0], TODAY)
    list_file(home).unlink()
    lay_down(home, VAULT, STONES[1], TODAY)
    assert tombstones_in(list_file(home), VAULT).tombstones == set(STONES[:2])


def test_a_list_beside_a_back_up_that_knows_more_is_not_replaced(home: Path, tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    backed_up_in(home, tmp_path)
    lay_down(home, VAULT, STONES[0], TODAY)
    before = list_file(home).read_bytes()
    lay_down(home, VAULT, STONES[1], TODAY)
    list_file(home).write_bytes(before)
    lay_down(home, VAULT, STONES[2], TODAY)
    assert tombstones_in(tmp_path / copy_name(VAULT), VAULT).tombstones == set(STONES[:2])


def test_a_number_of_somebody_who_was_erased_is_not_drawn_again(home: Path) -> None:
    def drawing() -> list[str]:
        drawn = iter(("10000001", "10000002", "10000009", "10000010"))
        draw = numbers_of_nobody(home, VAULT, lambda _count: next(drawn))
        return [draw(8), draw(8)]

    assert drawing() == ["10000001", "10000002"]
    lay_all(home)
    assert drawing() == ["10000009", "10000010"]
    # A list that cannot be read keeps nobody from getting a card.
    list_file(home).write_text("x")
    assert drawing() == ["10000001", "10000002"]


def lay_some(home: Path, start: int) -> None:
    for number in range(start, start + 20):
        lay_down(home, VAULT, tombstone_of(VAULT, str(number)), TODAY)


def test_two_programs_that_erase_at_once_lose_none(home: Path) -> None:
    spawned = multiprocessing.get_context("spawn")
    programs = [spawned.Process(target=lay_some, args=(home, start)) for start in (20000000, 30000000)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert len(tombstones_in(list_file(home), VAULT).tombstones) == 40
