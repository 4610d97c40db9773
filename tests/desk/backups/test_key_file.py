"""Keys kept safe elsewhere: opened by a passphrase alone, brought in whole, and never over others."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.backups.key_file import MAGIC, keys_in, write_key_file
from desk.errors import BackupError, FileNotWritten, InvalidInput, SecretsError
from desk.secrets import NAMES, Secrets

PASSPHRASE = "fire fugle i buret"
# Long enough to stand in sealed bytes by no chance.
MAIL_PASSWORD = b"et langt kodeord".hex()
KEPT = {name: f"{number:02x}" * 32 for number, name in enumerate(NAMES)} | {"mail-password": MAIL_PASSWORD}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_key_file(tmp_path / "keys", KEPT, PASSPHRASE)
    return tmp_path / "keys"


def why(file: Path, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(BackupError) as refused:
        keys_in(file, passphrase)
    return refused.value.why


def test_what_was_written_is_read_back_and_no_key_lies_open_in_the_file(file: Path) -> None:
    assert keys_in(file, PASSPHRASE) == KEPT
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert not any(value.encode() in content or bytes.fromhex(value) in content for value in KEPT.values())


def test_another_passphrase_opens_nothing(file: Path) -> None:
    assert why(file, "fire fugle i burer") == "passphrase"
    assert why(file, "") == "passphrase"


def test_a_file_that_was_touched_opens_no_more(file: Path, tmp_path: Path) -> None:
    content = file.read_bytes()
    for position in (len(MAGIC), len(MAGIC) + 20, len(content) - 1):
        touched = bytearray(content)
        touched[position] ^= 1
        file.write_bytes(touched)
        assert why(file) == "passphrase"
    for end in (len(MAGIC), len(MAGIC) + 10, len(content) - 1):
        file.write_bytes(content[:end])
        assert why(file) == "passphrase"
    file.write_bytes(b"noget andet")
    assert why(file) == "not_keys"
    file.write_bytes(content.replace(b"keys 1", b"keys 2"))
    assert why(file) == "newer"
    assert why(tmp_path / "nowhere") == "missing"


def test_a_short_passphrase_is_refused_and_a_file_that_is_there_stays(tmp_path: Path, file: Path) -> None:
    with pytest.raises(InvalidInput):
        write_key_file(tmp_path / "more", KEPT, "elleve tegn")
    assert not (tmp_path / "more").exists()
    before = file.read_bytes()
    with pytest.raises(FileNotWritten):
        write_key_file(file, KEPT, PASSPHRASE)
    assert file.read_bytes() == before


def test_keys_that_are_others_stay_and_none_is_written(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    keys = Secrets(tmp_path / "home", "folder")
    assert set(keys.take_in({"cpr": KEPT["cpr"]})) == {"cpr"}
    with pytest.raises(SecretsError):
        keys.take_in(KEPT | {"cpr": "ff" * 32})
    assert keys.kept() == {"cpr": KEPT["cpr"]}
    assert set(keys.take_in(KEPT)) == set(KEPT) - {"cpr"}
    assert keys.take_in(KEPT) == ()
    assert keys.kept() == KEPT
