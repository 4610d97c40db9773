"""``desk.toml``: what it may say, and what it says when it is wrong."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import asdict, fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

import argon2
import pytest

from desk import settings
from desk.errors import SettingsError
from desk.settings import (
    CounterSettings,
    LookSettings,
    ScannerSettings,
    Settings,
    SignInSettings,
    StoreSettings,
    home,
    load,
    read,
    write,
)

FILE = Path("/library/desk.toml")


def refusal(toml: str) -> str:
    with pytest.raises(SettingsError) as refused:
        read(tomllib.loads(toml), FILE)
    return str(refused.value)


def test_a_counter_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert asdict(load(tmp_path)) == asdict(Settings())
    assert asdict(Settings().scanner) == asdict(ScannerSettings("", "", 35, 6, 1.5))


def test_what_the_file_does_not_say_stays_as_by_default() -> None:
    told = read(tomllib.loads('[counter]\nname = "Skranke 2"'), FILE)
    assert asdict(told) == asdict(Settings(counter=CounterSettings(name="Skranke 2")))


def test_passwords_cost_what_argon2_recommends() -> None:
    recommended = argon2.PasswordHasher()
    ours = SignInSettings()
    assert (ours.argon2_time_cost, ours.argon2_memory_kib, ours.argon2_parallelism) == (
        recommended.time_cost,
        recommended.memory_cost,
        recommended.parallelism,
    )


@pytest.mark.parametrize(
    ("toml", "named", "nearest"),
    [
        ("[scaner]", "»scaner«", "»scanner«"),
        ("[scanner]\nburst_gap = 35", "»scanner.burst_gap«", "»scanner.burst_gap_ms«"),
        ('[privacy]\nprefix = "x"', "»privacy.prefix«", "»scanner.prefix«"),
        ('[look]\nname = "Skranke 2"', "»look.name«", "»counter.name«"),
        ('theme = "dark"', "»theme«", "»look.theme«"),
        ('"a\\u001b[2J" = 1', "»a[2J«", ""),
    ],
)
def test_an_unknown_key_is_refused_by_its_full_name_with_the_nearest_known(toml: str, named: str, nearest: str) -> None:
    message = refusal(toml)
    assert str(FILE) in message
    assert named in message
    assert nearest in message


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("store = 3", "[store]"),
        ("[sign_in]\nwrong_tries = true", "helt tal fra 1 til 100"),
        ("[privacy]\nlock_after_seconds = 60.0", "helt tal fra 30 til 14400"),
        ("[privacy]\nlock_after_seconds = 5", "helt tal fra 30 til 14400"),
        ("[sign_in]\ndelay_seconds = nan", "et tal fra 0.0 til 60.0"),
        ('[sign_in]\ndelay_seconds = "1"', "et tal fra 0.0 til 60.0"),
        ("[look]\ntheme = ['dark']", "dark, light, high-contrast"),
        ('[language]\ndefault = "de"', "da, en"),
        ('[scanner]\nprefix = "123456789"', "højst 8 tegn"),
        ("[counter]\nname = 2", "højst 200 tegn"),
        ('[store]\nurl = "mysql://host"', "postgresql://"),
        ("[privacy]\nlock_after_seconds = 30", "privacy.lock_warning_seconds"),
        ("[sign_in]\nargon2_memory_kib = 8", "sign_in.argon2_parallelism"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could(toml: str, said: str) -> None:
    message = refusal(toml)
    assert str(FILE) in message
    assert said in message


def test_whole_seconds_do_where_parts_of_a_second_are_counted() -> None:
    assert read({"sign_in": {"delay_seconds": 2}}, FILE).sign_in.delay_seconds == 2


def test_a_stores_password_is_not_repeated_in_a_refusal_or_a_repr() -> None:
    assert "hemmelig" not in refusal('[store]\nurl = "mysql://desk:hemmelig@host"')
    assert "hemmelig" not in repr(Settings(store=StoreSettings("postgresql://desk:hemmelig@host/db")))


@pytest.mark.parametrize("content", [b"[store\n", b"name = \xe6", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "desk.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"desk\.toml kan ikke læses"):
        load(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").mkdir()
    with pytest.raises(SettingsError, match=r"desk\.toml kan ikke læses"):
        load(tmp_path)


def test_the_store_is_in_the_home_until_another_is_named(tmp_path: Path) -> None:
    odd = tmp_path / "Struer 100% #1"
    assert unquote(urlsplit(Settings().store_url(odd)).path) == str(odd / "store.db")
    named = Settings(store=StoreSettings("postgresql://desk@host/db"))
    assert named.store_url(odd) == "postgresql://desk@host/db"


def test_what_desk_init_writes_reads_back_as_it_was_told(tmp_path: Path) -> None:
    told = Settings(counter=CounterSettings('Struer "Havn" \\ \x7f Ø', "Skranke 2"), look=LookSettings("light"))
    write(tmp_path, told)
    assert asdict(load(tmp_path)) == asdict(told)


def test_the_written_file_shows_every_setting_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = write(tmp_path / "new" / "home", Settings())
    text = path.read_text("utf-8")
    for table, kind in settings.TABLES.items():
        assert f"[{table}]" in text
        assert all(f"# {setting.name} = " in text for setting in fields(kind))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["desk.toml"]


def test_settings_that_are_there_are_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text("[counter]")
    with pytest.raises(SettingsError, match="findes allerede"):
        write(tmp_path, Settings())
    assert (tmp_path / "desk.toml").read_text() == "[counter]"
    assert os.listdir(tmp_path) == ["desk.toml"]


def test_the_home_is_where_desk_home_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.setenv("DESK_HOME", "relative")
    assert home().is_absolute()


def test_without_desk_home_it_is_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DESK_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home() == tmp_path / "skranke"


@pytest.mark.parametrize(
    ("kind", "address"),
    [("usb", "printeren"), ("network", "10.0.0.7:printer"), ("file", "lp0"), ("file", ""), ("network", "")],
)
def test_an_address_that_is_none_of_a_printer_is_refused(kind: str, address: str) -> None:
    said = refusal(f'[printer]\nkind = "{kind}"\naddress = "{address}"')
    assert "»printer.address«" in said
    assert kind in said


@pytest.mark.parametrize("port", ["", "/", "ttyUSB0", "pladen", ":10001", "10.0.0.7:plade", "10.0.0.7:70000"])
def test_a_pad_that_is_nowhere_is_refused(port: str) -> None:
    said = refusal(f'[pad]\nkind = "feig"\nport = "{port}"')
    assert "»pad.port«" in said
    assert "/dev/ttyUSB0" in said


@pytest.mark.parametrize("port", ["/dev/ttyUSB0", "10.0.0.7:10001", "plade.bibliotek.dk:10001"])
def test_a_pad_on_a_line_is_taken_and_none_needs_no_line(port: str) -> None:
    assert read(tomllib.loads(f'[pad]\nkind = "feig"\nport = "{port}"'), FILE).pad.port == port
    assert read(tomllib.loads('[pad]\nkind = "virtual"'), FILE).pad.port == ""


def test_a_printed_receipt_takes_a_printer() -> None:
    said = refusal('[receipt]\nkind = "print"')
    assert "»receipt.kind«" in said
    assert "»printer.kind«" in said
    told = read(tomllib.loads('[receipt]\nkind = "print"\n[printer]\nkind = "network"\naddress = "10.0.0.7"'), FILE)
    assert (told.printer.code_page, told.printer.width, told.printer.keep_days) == ("cp858", 42, 3)
