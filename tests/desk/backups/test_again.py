"""A store that was put back by other means: whoever was erased is erased again, on both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import is_embedded
from desk.backups.again import erase_again_in
from desk.errors import HomeError, TombstonesError
from desk.installation import new_id, now, open_installation
from desk.registry.preparing import make_installation
from desk.settings import Settings, StoreSettings
from tests import canary
from tests.backing_up import CHEAP, LIBRARY, erase, numbers_in, store_key
from tests.decrypted import found_in_database


@pytest.fixture
def home(tmp_path: Path, store_url: str) -> Path:
    """A home whose erased borrower is back, as after a restore of the engine's own."""
    home = tmp_path / "home"
    settings = replace(Settings(sign_in=CHEAP), store=StoreSettings(store_url))
    make_installation(home, LIBRARY, settings, now(), new_id)
    erase(home, canary.sing(home).number)
    canary.sing(home)
    return home


def test_who_is_back_is_erased_again(home: Path, store_url: str) -> None:
    replayed, lists = erase_again_in(home, (), now(), new_id)
    assert replayed.erased == 1
    assert lists.read == (str(home / "tombstones"),)
    assert numbers_in(home) == set()
    if is_embedded(store_url):
        assert found_in_database(home.parent / "store.db", store_key(home), canary.STRINGS) == set()
    assert erase_again_in(home, (), now(), new_id)[0].erased == 0


def test_nobody_works_meanwhile(home: Path) -> None:
    with open_installation(home), pytest.raises(HomeError) as refused:
        erase_again_in(home, (), now(), new_id)
    assert refused.value.why == "held"


def test_without_a_list_nothing_is_done_and_another_one_will_do(home: Path, tmp_path: Path) -> None:
    (home / "tombstones").rename(tmp_path / "list")
    with pytest.raises(TombstonesError):
        erase_again_in(home, (), now(), new_id)
    assert numbers_in(home) == {"47164716"}
    assert erase_again_in(home, (tmp_path / "list",), now(), new_id)[0].erased == 1
