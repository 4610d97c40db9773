"""A back-up: whole or not there, encrypted, known to the home, and with the tombstones beside it."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import Borrower
from desk.backups.container import heading_of
from desk.backups.known import register_of
from desk.backups.making import make_backup
from desk.errors import BackupError, DeskError, FileNotWritten, TombstonesError
from desk.installation import now, open_installation
from desk.privacy.tombstones import copy_name, list_file, tombstones_in
from tests import canary
from tests.backing_up import a_home, back_up, bring_back, erase, inside, store_key, vault_of, with_keys_of
from tests.decrypted import found_in_files


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return a_home(tmp_path / "home")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


def test_a_back_up_is_one_file_of_its_owner_and_holds_nobody_in_the_clear(home: Path, media: Path) -> None:
    canary.sing(home)
    made = back_up(home, media / "b")
    assert made.file == media / "b"
    assert sorted(path.name for path in media.iterdir()) == ["b", copy_name(vault_of(home))]
    assert (media / "b").stat().st_mode & 0o777 == 0o600
    assert made.size == (media / "b").stat().st_size
    assert found_in_files(media, (*canary.STRINGS, "SQLite format 3", "borrower")) == {}


def test_it_says_of_itself_when_it_goes_and_the_home_knows_it(home: Path, media: Path) -> None:
    made = back_up(home, media / "b")
    (known,) = register_of(home).backups
    assert known.path == media / "b"
    assert known.expires_on == made.expires_on == known.made_on + timedelta(days=30)
    assert heading_of(media / "b", store_key(home)).expires_on == made.expires_on


def test_a_folder_gets_a_file_with_the_date(home: Path, media: Path) -> None:
    made = back_up(home, media)
    assert made.file.parent == media
    assert made.file.name.startswith("skranke-20")
    assert made.file.name.endswith(".backup")


def test_a_file_that_is_there_stays_unless_it_is_said_that_it_may_go(home: Path, media: Path) -> None:
    (media / "b").write_text("mit")
    with pytest.raises(FileNotWritten):
        back_up(home, media / "b")
    assert (media / "b").read_text() == "mit"
    assert register_of(home).backups == ()
    back_up(home, media / "b", may_replace=True)
    assert heading_of(media / "b", store_key(home)).tombstones == 0
    assert len(register_of(home).backups) == 1


def test_the_list_beside_it_knows_who_was_erased_before_and_who_is_erased_after(home: Path, media: Path) -> None:
    first = canary.sing(home)
    erase(home, first.number)
    assert back_up(home, media / "b").tombstones == 1
    canary.sing(home)
    inside(home, lambda transaction: transaction.run(Borrower.update(number="58275827")))
    erase(home, "58275827")
    beside = media / copy_name(vault_of(home))
    assert beside.read_bytes() == list_file(home).read_bytes()


def test_a_back_up_without_a_list_that_can_be_trusted_is_not_made(home: Path, media: Path) -> None:
    list_file(home).write_text("skranke tombstones 1\n")
    with pytest.raises(TombstonesError):
        back_up(home, media / "b")
    assert list(media.iterdir()) == []


@contextmanager
def no_file_larger_than(many: int) -> Iterator[None]:
    """Let every write beyond so many bytes fail, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (many, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("many", [100_000, 400_000])
def test_a_disk_that_is_full_leaves_no_file_and_the_one_that_was(home: Path, media: Path, many: int) -> None:
    back_up(home, media / "b")
    before = {path.name: path.read_bytes() for path in media.iterdir()}
    with open_installation(home) as installation, no_file_larger_than(many), pytest.raises(DeskError):
        make_backup(installation, media / "b", now(), lambda _done, _total: None, may_replace=True)
    assert {path.name: path.read_bytes() for path in media.iterdir()} == before


def test_a_folder_that_is_not_there_is_said(home: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten) as refused:
        back_up(home, tmp_path / "nowhere" / "b")
    assert refused.value.detail == "filen eller mappen mangler"


def test_a_name_cut_off_by_a_kill_is_swept_by_the_next(home: Path, media: Path) -> None:
    ours = copy_name(vault_of(home)).removesuffix(".tombstones")
    somebody_elses = f".b.{ours[:-1]}x.part"
    for left in (f".b.{ours}.part", f".b.{ours}.store.part", f".a.{ours}.store.part-journal", somebody_elses):
        (media / left).write_text("x")
    back_up(home, media / "b")
    assert {path.name for path in media.iterdir()} == {"b", somebody_elses, copy_name(vault_of(home))}


def test_a_back_up_in_the_home_itself_is_none(home: Path) -> None:
    for name in ("b", "exports/../b", "keys"):
        with pytest.raises(BackupError) as refused:
            back_up(home, home / name)
        assert refused.value.why == "inside"


def test_a_mount_point_without_its_medium_is_no_place_for_a_back_up(home: Path, media: Path) -> None:
    back_up(home, media / "b")
    away = media.rename(media.with_name("away"))
    media.mkdir()
    with pytest.raises(BackupError) as refused:
        back_up(home, media / "c")
    assert refused.value.why == "away"
    assert list(media.iterdir()) == []
    media.rmdir()
    away.rename(media)
    back_up(home, media / "c")


def test_two_at_once_are_one_and_a_refusal(home: Path, media: Path) -> None:
    refusals: list[str] = []

    def meanwhile(_done: int, _total: int) -> None:
        if not refusals:
            with pytest.raises(BackupError) as refused:
                back_up(home, media / "c")
            refusals.append(refused.value.why)

    with open_installation(home) as installation:
        make_backup(installation, media / "b", now(), meanwhile)
    assert refusals == ["running"]
    assert (media / "b").exists()
    assert not (media / "c").exists()


def test_what_was_deleted_and_still_stands_in_a_free_page_is_not_in_a_back_up(home: Path, media: Path) -> None:
    """Even where the store itself was not rewritten, a back-up holds the pages that are in use, and no others."""
    fill = "INSERT INTO title (title, author, source_key) VALUES (?, ?, ?)"
    with open_installation(home) as installation:
        installation.store.write_here(
            lambda transaction: transaction.run_many(fill, [(f"{n}" * 200, "", f"{n}") for n in range(2000)])
        )
        installation.store.write_here(lambda transaction: transaction.run_many("DELETE FROM title", [()]))
    full = (home / "store.db").stat().st_size
    made = back_up(home, media / "b")
    assert made.size < full


def test_a_server_is_told_what_to_do(tmp_path: Path, media: Path, postgres_url: str) -> None:
    from dataclasses import replace

    from desk.installation import new_id
    from desk.registry.preparing import make_installation
    from desk.settings import Settings, StoreSettings
    from tests.backing_up import CHEAP, LIBRARY

    home = tmp_path / "home"
    settings = replace(Settings(sign_in=CHEAP), store=StoreSettings(postgres_url))
    make_installation(home, LIBRARY, settings, now(), new_id)
    with pytest.raises(BackupError) as refused:
        back_up(home, media / "b")
    assert refused.value.why == "server"
    assert list(media.iterdir()) == []


def test_an_older_programs_store_can_be_backed_up_before_the_upgrade(home: Path, media: Path, tmp_path: Path) -> None:
    from desk.installation import unopened

    inside(home, lambda transaction: transaction.run_many("DROP TABLE statistics_count", [()]))
    inside_again = "DELETE FROM schema_migration WHERE name LIKE '0005%'"
    inside(home, lambda transaction: transaction.run_many(inside_again, [()]))
    with unopened(home) as installation:
        make_backup(installation, media / "b", now(), lambda _done, _total: None)
    assert "0005" not in "".join(heading_of(media / "b", store_key(home)).migrations)
    assert os.listdir(media)


def test_the_log_a_backup_was_made_with_is_looked_for_in_it(home: Path, media: Path, tmp_path: Path) -> None:
    canary.sing(home)
    back_up(home, media / "b")
    heading = heading_of(media / "b", store_key(home))
    assert heading.log_number > 0
    tombstones = tombstones_in(media / copy_name(vault_of(home)), vault_of(home))
    assert tombstones.entries == ()
    bring_back(media / "b", with_keys_of(home, tmp_path / "fresh"))
