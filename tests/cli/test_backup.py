"""``desk backup``, ``desk restore``, ``desk keys``: what is said, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.models import Borrower
from desk.backups.expiring import last_day_in_a_backup
from desk.installation import open_installation
from desk.privacy.tombstones import copy_name, list_file
from tests import canary
from tests.backing_up import erase, inside, numbers_in, vault_of
from tests.cli.conftest import Shell

PASSPHRASE = "fire fugle i buret"


@pytest.fixture
def library(desk: Shell) -> Shell:
    """A library with the canary and a second supervisor."""
    canary.sing(desk.home)
    assert desk("staff", "add", "ole", "--role", "supervisor", "--password-stdin", typed="hemmelig\n") == 0
    return desk


@pytest.fixture
def elsewhere(library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Go on another machine: an empty home, where nothing is but what is brought there."""

    def go() -> Path:
        library.home = tmp_path / "elsewhere"
        monkeypatch.setenv("DESK_HOME", str(library.home))
        monkeypatch.setattr("desk.secrets.choose_backend", lambda: "folder")
        return library.home

    return go


def test_a_back_up_is_said_in_three_sentences(library: Shell, tmp_path: Path) -> None:
    assert library("backup", str(tmp_path / "b")) == 0
    first, second = library.out.splitlines()
    assert first.startswith(f"Sikkerhedskopien ligger i {tmp_path / 'b'} (1 MB). Den slettes ")
    assert second == "Listen ved siden af kender 0 slettede personer. Nøglerne er ikke med."
    assert library("backup", str(tmp_path / "b")) == 1
    assert "--force" in library.err
    assert library("backup", str(tmp_path / "b"), "--force", "--json") == 0
    assert library.json["file"] == str(tmp_path / "b")
    assert library.json["bytes"] == (tmp_path / "b").stat().st_size
    assert library.json["expires_on"] > "2026"


def test_a_folder_that_is_not_there_is_not_taken_for_a_file(library: Shell, tmp_path: Path) -> None:
    assert library("backup", f"{tmp_path / 'usb'}/") == 1
    assert f"Der er ingen mappe {tmp_path / 'usb'}/" in library.err
    assert not (tmp_path / "usb").exists()
    (tmp_path / "usb").mkdir()
    assert library("backup", f"{tmp_path / 'usb'}/") == 0
    assert len(list((tmp_path / "usb").glob("*.backup"))) == 1


def test_a_list_that_is_missing_beside_back_ups_is_what_is_said_to_be_missing(library: Shell, tmp_path: Path) -> None:
    assert library("backup", str(tmp_path / "b")) == 0
    beside = tmp_path / copy_name(vault_of(library.home))
    beside.unlink()
    assert library("check") == 0
    assert f"{beside} mangler ved siden af sikkerhedskopierne" in library.err
    assert "mediet" not in library.err
    (tmp_path / "b").unlink()
    assert library("check") == 0
    assert "mediet" in library.err


def test_a_certificate_from_before_a_restore_is_said_to_hold(
    library: Shell, tmp_path: Path, elsewhere: Callable[[], Path]
) -> None:
    old = library.home
    assert library("backup", str(tmp_path / "b")) == 0
    assert library("keys", "export", str(tmp_path / "keys"), "--passphrase-stdin", typed=f"{PASSPHRASE}\n") == 0
    erase(old, "47164716")
    certificate = ("erasure", "certificate", "1", "--out", str(tmp_path / "attest"))
    assert library(*certificate) == 0
    elsewhere()
    assert library("keys", "import", str(tmp_path / "keys"), "--passphrase-stdin", typed=f"{PASSPHRASE}\n") == 0
    assert library("restore", str(tmp_path / "b")) == 0
    assert library(*certificate) == 1
    assert "1 slettet person blev slettet igen, før den blev åbnet. En attest fra før gælder" in library.err
    (tmp_path / "later").mkdir()
    assert library("backup", str(tmp_path / "later")) == 0
    assert library(*certificate) == 1
    assert "En attest fra før gælder" in library.err


def test_desk_check_says_from_when_a_list_begins_that_was_restored_without_one(
    library: Shell, tmp_path: Path, elsewhere: Callable[[], Path]
) -> None:
    assert library("backup", str(tmp_path / "b")) == 0
    assert library("keys", "export", str(tmp_path / "keys"), "--passphrase-stdin", typed=f"{PASSPHRASE}\n") == 0
    (tmp_path / copy_name(vault_of(library.home))).unlink()
    elsewhere()
    assert library("keys", "import", str(tmp_path / "keys"), "--passphrase-stdin", typed=f"{PASSPHRASE}\n") == 0
    assert library("restore", str(tmp_path / "b")) == 1
    words = ("restore", str(tmp_path / "b"), "--supervisor", "lone", "--password-stdin")
    assert library(*words, typed="hemmelig\n") == 0
    assert "Listen begynder i dag" in library.err
    assert library("check") == 0
    assert "Listen over slettede begynder først" in library.err


def test_from_one_machine_to_another_without_whoever_was_erased(
    library: Shell, tmp_path: Path, elsewhere: Callable[[], Path]
) -> None:
    old = library.home
    assert library("backup", str(tmp_path / "b")) == 0
    assert library("keys", "export", str(tmp_path / "keys"), "--passphrase-stdin", typed=f"{PASSPHRASE}\n") == 0
    erase(old, "47164716")
    home = elsewhere()
    assert library("restore", str(tmp_path / "b")) == 1
    assert "mangler" in library.err
    assert library("keys", "import", str(tmp_path / "keys"), "--passphrase-stdin", typed=f"{PASSPHRASE}\n") == 0
    assert "5 nøgler er hentet ind." in library.out
    assert library("restore", str(tmp_path / "b"), "--json") == 0
    assert library.json["erased"] == 1
    assert library.json["tombstone_lists"] == [str(tmp_path / copy_name(vault_of(home)))]
    assert numbers_in(home) == set()
    assert library("check", "--json") == 0
    assert not any(text in library.said for text in canary.STRINGS)


def test_a_restore_without_a_list_is_loud_and_needs_a_supervisor(
    library: Shell, tmp_path: Path, elsewhere: Callable[[], Path]
) -> None:
    old = library.home
    assert library("backup", str(tmp_path / "b")) == 0
    (tmp_path / copy_name(vault_of(old))).unlink()
    home = elsewhere()
    home.mkdir(mode=0o700)
    (old / "keys").rename(home / "keys")
    assert library("restore", str(tmp_path / "b")) == 1
    assert "Listen over slettede mangler" in library.err
    assert "vagthavende" in library.err
    asked = ("restore", str(tmp_path / "b"), "--supervisor", "lone", "--password-stdin")
    assert library(*asked, typed="forkert\n") == 1
    assert "Forkert brugernavn eller adgangskode." in library.err
    assert not (home / "desk.toml").exists()
    assert library(*asked, typed="hemmelig\n") == 0
    assert library.err.count("ADVARSEL") == 2
    assert numbers_in(home) == {"47164716"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"noget andet", "er ikke en sikkerhedskopi fra dette program. Intet er ændret."),
        (b"skranke back-up 1\n", "er afkortet: det er ikke hele sikkerhedskopien. Intet er ændret."),
        (b"skranke back-up 2\n", "er lavet af en nyere version af programmet. Intet er ændret."),
        (b"skranke back-up 1\n" + bytes(100), "er lavet med andre nøgler end denne mappes. Intet er ændret."),
        (None, "findes ikke. Intet er ændret."),
    ],
)
def test_what_is_no_back_up_is_said(library: Shell, tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "b").write_bytes(content)
    assert library("restore", str(tmp_path / "b"), "--replace") == 1
    assert sentence in library.err


def test_a_restore_over_a_store_takes_a_word(library: Shell, tmp_path: Path) -> None:
    assert library("backup", str(tmp_path / "b")) == 0
    inside(library.home, lambda transaction: transaction.run(Borrower.update(number="58275827")))
    assert library("restore", str(tmp_path / "b")) == 1
    assert "--replace" in library.err
    assert numbers_in(library.home) == {"58275827"}
    with open_installation(library.home):
        assert library("restore", str(tmp_path / "b"), "--replace") == 1
        assert "Luk det først." in library.err
    assert library("restore", str(tmp_path / "b"), "--replace") == 0
    assert "0 slettede personer er slettet igen." in library.out
    assert numbers_in(library.home) == {"47164716"}


def test_a_store_put_back_by_hand_is_found_out_and_erased_again(library: Shell) -> None:
    home = library.home
    with open_installation(home):
        pass
    before = (home / "store.db").read_bytes()
    witness = (home / "access-log.newest").read_bytes()
    erase(home, "47164716")
    (home / "store.db").write_bytes(before)
    (home / "access-log.newest").write_bytes(witness)
    assert library("check", "--json") == 1
    assert [error["check"] for error in library.json["errors"]] == ["erased_and_back"]
    assert "desk restore --erase-again" in library.json["errors"][0]["text"]
    assert library("restore", "--erase-again") == 0
    assert "1 slettet person er slettet igen." in library.out
    assert library("check") == 0
    assert numbers_in(home) == set()


def test_erasing_again_needs_a_list(library: Shell) -> None:
    assert library("restore", "--erase-again") == 1
    assert "Der er ingen liste over slettede" in library.err
    assert library("restore") == 2
    assert library("restore", "b", "--erase-again") == 2


def test_check_says_when_the_last_back_up_was_and_what_is_wrong(library: Shell, tmp_path: Path) -> None:
    assert library("check") == 0
    assert "Der er ikke taget nogen sikkerhedskopi herfra." in library.out
    assert library("backup", str(tmp_path / "b")) == 0
    assert library("check") == 0
    assert "Seneste sikkerhedskopi: " in library.out
    beside = tmp_path / copy_name(vault_of(library.home))
    erase(library.home, "47164716")
    beside.write_text("skranke tombstones 1\nx\n")
    assert library("check", "--json") == 0
    assert [warning["check"] for warning in library.json["warnings"]] == ["tombstones"]
    list_file(library.home).write_text("skranke tombstones 1\nx\n")
    assert library("check", "--json") == 1
    assert {error["check"] for error in library.json["errors"]} == {"tombstones", "erased_without_tombstone"}


def test_a_back_up_that_is_too_old_is_wrong_until_it_is_gone(
    library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library("backup", str(tmp_path / "b")) == 0
    register = library.home / "backups.json"
    last = last_day_in_a_backup(library.home)
    assert last is not None
    old = register.read_text().replace(register.read_text().split('"expires_on": "')[1][:10], "2026-01-01")
    register.write_text(old)
    assert library("check") == 1
    assert "skulle være slettet nu" in library.err
    away = tmp_path / "b"
    away.unlink()
    away.mkdir()
    assert library("nightly", "--only", "backups", "--json") == 1
    assert library.json["parts"][0]["backups_left"] == 1
    away.rmdir()
    away.write_text("x")
    assert library("nightly", "--only", "backups", "--json") == 0
    assert library.json["parts"][0]["backups_deleted"] == 1
    assert not away.exists()


def test_keys_are_never_said(library: Shell, tmp_path: Path) -> None:
    keys = [path.read_text() for path in (library.home / "keys").iterdir()]
    assert library("keys", "export", str(tmp_path / "k"), "--passphrase-stdin", typed="kort\n") == 1
    assert "En adgangssætning er på mindst 12 tegn." in library.err
    assert library("keys", "export", str(tmp_path / "k"), "--passphrase-stdin", "--json", typed=PASSPHRASE) == 0
    assert not any(key in library.said or key in (tmp_path / "k").read_text("latin-1") for key in keys)
    assert library("keys", "import", str(tmp_path / "k"), "--passphrase-stdin", typed="en anden sætning\n") == 1
    assert "Adgangssætningen åbner ikke" in library.err
    (library.home / "keys" / "store").write_text("ab" * 32)
    assert library("keys", "import", str(tmp_path / "k"), "--passphrase-stdin", typed=PASSPHRASE) == 1
    assert "»store«" in library.err
    (library.home / "keys" / "store").unlink()
    assert library("keys", "import", str(tmp_path / "k"), "--passphrase-stdin", "--json", typed=PASSPHRASE) == 0
    assert library.json["new"] == 1
    assert library("check") == 0


def test_without_a_terminal_a_passphrase_must_be_given(library: Shell, tmp_path: Path) -> None:
    assert library("keys", "export", str(tmp_path / "k")) == 2
    assert "--passphrase-stdin mangler." in library.err
    assert not (tmp_path / "k").exists()
