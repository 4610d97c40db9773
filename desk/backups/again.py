"""Erasing again in a store that was put back by other means than ours: a server's own, or a copied file (G5)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db import errors as below
from db.backup import rewrite
from db.engine import is_embedded
from desk.backups.lists import Lists, lists_of_home
from desk.backups.replaying import Replayed, replay
from desk.backups.restoring import alone_in
from desk.backups.vouching import Vouches, doubts_of, take_word
from desk.desk import store_error
from desk.errors import ClockSetBack, HomeError, TombstonesError
from desk.installation import SETTINGS_FILE, put_together
from desk.privacy.tombstones import list_file
from desk.secrets import Secrets
from desk.settings import load

if TYPE_CHECKING:
    from desk.installation import Installation


def erase_again_in(
    home: Path,
    more_lists: tuple[Path, ...],
    at: datetime,
    new_id: Callable[[], str],
    vouches: Vouches | None = None,
) -> tuple[Replayed, Lists]:
    """Erase everybody in a home's store who has a tombstone, run retention, and rewrite the file.

    Args:
        home: the installation's folder; no program of this machine may run on it. Those of other machines, on a
            server's store, are kept out by whoever put it back.
        more_lists: further lists of tombstones, or folders they lie in.
        at: the instant, aware UTC.
        new_id: draws command ids.
        vouches: asked for a supervisor when the last retention run lies ahead of the clock; None: nobody is there.

    Returns:
        What went, and by which lists.

    Raises:
        HomeError: ``empty``, or ``held``: a program is running on it.
        TombstonesError: there is no list that can be used.
        ClockSetBack: the last retention run lies ahead, and nobody vouches for the clock; nothing was done.
        SignInFailed: whoever vouches is no supervisor.
        StoreError: the store cannot be read, or is another version's.
    """
    if not (home / SETTINGS_FILE).exists():
        raise HomeError(str(home), "empty")
    with alone_in(home):
        settings = load(home)
        keys = Secrets(home, settings.keys.backend)
        url = settings.store_url(home)
        try:
            with contextlib.closing(put_together(home, settings, keys, url)) as installation:
                installation.store.check_current()
                lists = lists_of_home(home, more_lists, installation.vault)
                if not lists.read:
                    raise TombstonesError(str(list_file(home)), "missing")
                _trust_clock(installation, lists, at, new_id, vouches)
                replayed = replay(installation, lists, at, new_id)
            if is_embedded(url):
                rewrite(url, keys.secret("store"))
        except below.StorageError as error:
            raise store_error(error) from None
    return replayed, lists


def _trust_clock(
    installation: Installation, lists: Lists, at: datetime, new_id: Callable[[], str], vouches: Vouches | None
) -> None:
    # A list that is not whole is told, and erases whom it knows: nobody comes back by this that was not there already.
    for doubt in doubts_of(installation, lists, at):
        if doubt.ahead_from is not None:
            if vouches is None:
                raise ClockSetBack(doubt.ahead_from, at)
            take_word(installation, (doubt,), vouches((doubt,)), at, new_id)
