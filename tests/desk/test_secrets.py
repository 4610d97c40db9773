"""Where the keys lie, and what is refused."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringLocked
from keyring.testing.backend import BackendBasicTests

from desk import keyring_probe, secrets
from desk.errors import SecretsError
from desk.folder_keyring import FolderKeyring
from desk.secrets import NAMES, Secrets, choose_backend


class MemoryKeyring(KeyringBackend):
    """A keyring that keeps, and can be locked or made forgetful."""

    kept: ClassVar[dict[tuple[str, str], str]] = {}
    locked: ClassVar[bool] = False
    forgetful: ClassVar[bool] = False

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805  (a property of the class)
        return 1

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgetful:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


MEMORY = f"{__name__}.MemoryKeyring"


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> type[MemoryKeyring]:
    """Let the memory keyring count as a real one."""
    monkeypatch.setattr(secrets, "REAL_KEYRINGS", (MEMORY,))
    monkeypatch.setattr(MemoryKeyring, "kept", {})
    return MemoryKeyring


@pytest.fixture(autouse=True)
def desk_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DESK_HOME", str(tmp_path))


class TestFolderKeyring(BackendBasicTests):
    """What keyring asks of any backend."""

    def init_keyring(self) -> FolderKeyring:
        return FolderKeyring()  # type: ignore[no-untyped-call]  # keyring's own __init__ has no types


@pytest.fixture(params=["folder", MEMORY], ids=["folder", "keyring"])
def backend(request: pytest.FixtureRequest, memory: type[MemoryKeyring]) -> str:
    return str(request.param)


def test_every_key_is_drawn_once_and_stays(tmp_path: Path, backend: str) -> None:
    Secrets(tmp_path, backend).new_keys()
    first = {name: Secrets(tmp_path, backend).secret(name) for name in NAMES}
    Secrets(tmp_path, backend).new_keys()
    assert {name: Secrets(tmp_path, backend).secret(name) for name in NAMES} == first
    assert {len(key) for key in first.values()} == {32}
    assert len(set(first.values())) == len(NAMES)


def test_a_key_is_never_written_over(tmp_path: Path, backend: str) -> None:
    keys = Secrets(tmp_path, backend)
    keys.keep("store", b"old")
    with pytest.raises(SecretsError, match="ikke ændret"):
        keys.keep("store", b"new")
    assert keys.secret("store") == b"old"


def test_a_missing_key_is_named_with_where_it_should_be(tmp_path: Path, backend: str) -> None:
    with pytest.raises(SecretsError, match=f"»cpr« mangler.*{tmp_path}"):
        Secrets(tmp_path, backend).secret("cpr")


def test_two_homes_have_keys_of_their_own(tmp_path: Path, backend: str) -> None:
    one, other = Secrets(tmp_path / "one", backend), Secrets(tmp_path / "other", backend)
    one.new_keys()
    other.new_keys()
    assert one.secret("store") != other.secret("store")


def test_key_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    Secrets(tmp_path, "folder").new_keys()
    folder = tmp_path / "keys"
    assert sorted(os.listdir(folder)) == sorted(NAMES)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize(("opened", "mode"), [("keys/store", 0o640), ("keys/store", 0o604), ("keys", 0o750)])
def test_a_key_that_lies_open_is_refused_with_the_cure(tmp_path: Path, opened: str, mode: int) -> None:
    keys = Secrets(tmp_path, "folder")
    keys.new_keys()
    (tmp_path / opened).chmod(mode)
    with pytest.raises(SecretsError, match=f"chmod go= {tmp_path / opened}"):
        keys.secret("store")


def test_a_damaged_key_is_told_from_a_missing_one(tmp_path: Path) -> None:
    keys = Secrets(tmp_path, "folder")
    keys.new_keys()
    (tmp_path / "keys" / "store").write_text("no hex")
    with pytest.raises(SecretsError, match="beskadiget"):
        keys.secret("store")


def test_a_link_in_a_keys_place_is_not_followed(tmp_path: Path) -> None:
    keys = Secrets(tmp_path, "folder")
    keys.new_keys()
    (tmp_path / "keys" / "store").rename(tmp_path / "elsewhere")
    (tmp_path / "keys" / "store").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SecretsError, match="kan ikke læses"):
        keys.secret("store")


def test_keys_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file in the folder's place")
    with pytest.raises(SecretsError, match="kan ikke skrives"):
        Secrets(tmp_path, "folder").keep("store", b"key")


def test_opening_the_folder_does_not_load_keyring(tmp_path: Path) -> None:
    Secrets(tmp_path, "folder").new_keys()
    program = (
        "import sys, pathlib; from desk.secrets import Secrets; "
        "Secrets(pathlib.Path(sys.argv[1]), 'folder').secret('store'); sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, tmp_path], check=False).returncode == 0


def test_a_locked_keyring_is_told_and_nothing_is_drawn(
    tmp_path: Path, memory: type[MemoryKeyring], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "locked", True)
    with pytest.raises(SecretsError, match="svarer ikke"):
        Secrets(tmp_path, MEMORY).new_keys()
    assert memory.kept == {}


def test_a_keyring_whose_service_has_died_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/gone")
    with pytest.raises(SecretsError, match="svarer ikke"):
        Secrets(tmp_path, "keyring.backends.SecretService.Keyring").secret("store")


@pytest.mark.parametrize(
    "backend",
    ["keyring.backends.null.Keyring", "keyrings.alt.file.PlaintextKeyring", "os.path", "", "no\x1bwhere"],
)
def test_what_only_pretends_to_keep_a_secret_is_refused(tmp_path: Path, backend: str) -> None:
    with pytest.raises(SecretsError, match="ikke en keyring"):
        Secrets(tmp_path, backend)


def test_a_keyring_that_is_no_longer_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SecretsError, match="svarer ikke"):
        Secrets(tmp_path, "keyring.backends.SecretService.Gone")


def test_each_place_says_what_it_means(tmp_path: Path, memory: type[MemoryKeyring]) -> None:
    assert str(tmp_path / "keys") in Secrets(tmp_path, "folder").describe()
    assert MEMORY in Secrets(tmp_path, MEMORY).describe()


def test_without_a_keyring_that_answers_the_folder_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    assert choose_backend() == "folder"


def test_a_keyring_in_the_clear_is_never_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert choose_backend() == "folder"


def test_a_keyring_that_never_answers_does_not_hold_up_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "PROBE_SECONDS", 0.001)
    assert choose_backend() == "folder"


@pytest.mark.parametrize("forgetful", [False, True])
def test_a_keyring_is_chosen_when_it_gives_back_what_it_was_given(
    memory: type[MemoryKeyring], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], forgetful: bool
) -> None:
    monkeypatch.setattr(keyring_probe, "get_keyring", memory)
    monkeypatch.setattr(memory, "forgetful", forgetful)
    assert (keyring_probe.main(), capsys.readouterr().out) == ((1, "") if forgetful else (0, MEMORY))
    assert memory.kept == {}


def test_a_keyring_that_only_pretends_is_not_even_tried(
    memory: type[MemoryKeyring], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "REAL_KEYRINGS", ("keyring.backends.SecretService.",))
    monkeypatch.setattr(keyring_probe, "get_keyring", memory)
    assert keyring_probe.main() == 1
