"""Back-ups go when their time is up, and what cannot be deleted is told until it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.backups.beside import bring_lists_up
from desk.backups.expiring import delete_expired, last_day_in_a_backup, overdue
from desk.backups.known import register_of
from desk.calendar import local_date
from desk.errors import BackupError
from desk.installation import now
from desk.privacy.tombstones import copy_name, tombstones_in
from tests.backing_up import a_home, back_up, vault_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return a_home(tmp_path / "home")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


def day(later: int) -> date:
    return local_date(now()) + timedelta(days=later)


def test_a_back_up_goes_on_the_thirtieth_day_and_not_on_the_day_before(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    assert delete_expired(home, vault_of(home), day(29)).deleted == ()
    assert (media / "b").exists()
    assert delete_expired(home, vault_of(home), day(30)).deleted == (str(media / "b"),)
    assert [path.name for path in media.iterdir()] == [copy_name(vault_of(home))]
    assert register_of(home).backups == ()


def test_the_next_back_up_deletes_it_too(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    made = back_up(home, media / "c", at=now() + timedelta(days=30))
    assert made.expired.deleted == (str(media / "b"),)
    assert not (media / "b").exists()
    assert register_of(home).last_made_on == day(30)


def test_how_long_is_a_setting(home: Path, media: Path) -> None:
    from desk.backups.making import make_backup
    from desk.installation import open_installation
    from desk.settings import BackupSettings

    with open_installation(home) as installation:
        installation.settings = replace(installation.settings, backup=BackupSettings(7))
        make_backup(installation, media / "b", now(), lambda _done, _total: None)
    assert overdue(home, vault_of(home), day(6)) == ()
    assert len(overdue(home, vault_of(home), day(7))) == 1


def test_a_medium_that_is_away_is_told_until_it_is_back(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    away = media.rename(media.with_name("away"))
    for _night in range(2):
        assert delete_expired(home, vault_of(home), day(40)).left == ((str(media / "b"), ""),)
    # An empty mount point in its place is not the medium.
    media.mkdir()
    assert delete_expired(home, vault_of(home), day(40)).left == ((str(media / "b"), ""),)
    assert len(overdue(home, vault_of(home), day(40))) == 1
    media.rmdir()
    away.rename(media)
    assert delete_expired(home, vault_of(home), day(41)).deleted == (str(media / "b"),)
    assert overdue(home, vault_of(home), day(41)) == ()


def test_one_that_somebody_else_deleted_is_forgotten(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    (media / "b").unlink()
    assert delete_expired(home, vault_of(home), day(1)).deleted == ()
    assert register_of(home).backups == ()


def test_one_that_cannot_be_deleted_says_why(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    (media / "b").unlink()
    (media / "b").mkdir()
    ((file, reason),) = delete_expired(home, vault_of(home), day(30)).left
    assert file == str(media / "b")
    assert reason == "stien er en mappe"


def test_the_last_day_on_which_a_back_up_may_hold_somebody(home: Path, media: Path) -> None:
    assert last_day_in_a_backup(home) is None
    back_up(home, media / "b", at=now() - timedelta(days=10))
    back_up(home, media / "c")
    assert last_day_in_a_backup(home) == day(29)


def test_a_night_says_in_every_list_that_it_is_complete(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    assert bring_lists_up(home, vault_of(home), day(3)) == ()
    assert tombstones_in(media / copy_name(vault_of(home)), vault_of(home)).known_until == day(3)


def test_a_register_that_is_damaged_is_known_to_be(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    (home / "backups.json").write_text("[")
    assert register_of(home).is_damaged
    with pytest.raises(BackupError):
        back_up(home, media / "c")
    assert not (media / "c").exists()
    assert (home / "backups.json").read_text() == "["
