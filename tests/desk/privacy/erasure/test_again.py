"""A proof that failed is tried again: what was looked for is kept until it has succeeded (G4)."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Borrower, DeletionRequest
from desk.errors import NotFound
from desk.privacy.erasure import proving
from desk.privacy.erasure.begun import requests_failed, requests_pending
from desk.privacy.erasure.queries import certificate_of
from desk.privacy.erasure.records import ErasureOutcome
from desk.privacy.erasure.resuming import prove_again, resume
from desk.privacy.tombstones import own_list
from tests import canary
from tests.builders import TUESDAY, VAULT
from tests.desk.privacy.erasure.test_obstacles import a_reader
from tests.desk.privacy.erasure.test_proof import Library, library
from tests.erasing import KEYS, Life, a_life

__all__ = ["library"]


async def unproven(library: Library) -> Life:
    """Erase somebody whose name stands in a log of IT's."""
    life = await a_life(library.house)
    (library.home / "it.log").write_text(f"set {canary.NAME} i dag", "utf-8")
    assert (await library.erase(life)).state == "unproven"
    return life


async def resumed(library: Library, **more: Any) -> list[ErasureOutcome]:
    """Take up what was left."""
    return await resume(
        library.installation,
        clock=library.house.clock,
        new_id=library.house.new_id,
        progress=lambda _stage, _done, _of: None,
        **more,
    )


async def again(library: Library, life: Life, **more: Any) -> ErasureOutcome:
    """Try once more, as a supervisor does on F6."""
    return await prove_again(
        library.installation,
        life.request_id,
        who=library.house.who("supervisor"),
        clock=library.house.clock,
        new_id=library.house.new_id,
        progress=lambda _stage, _done, _of: None,
        **more,
    )


def keys(library: Library) -> list[str]:
    """Name the keys that lie in the home."""
    return sorted(path.name for path in (library.home / "keys").iterdir())


async def test_what_was_looked_for_is_kept_and_no_start_waits_for_it(library: Library) -> None:
    life = await unproven(library)
    assert requests_failed(library.home) == [life.request_id]
    assert requests_pending(library.home) == []
    assert len(keys(library)) == len(KEYS) + 1
    assert await resumed(library) == []
    assert requests_failed(library.home) == [life.request_id]


async def test_once_the_cause_is_gone_it_is_proven_and_all_of_it_goes(library: Library) -> None:
    life = await unproven(library)
    assert [one.state for one in await resumed(library, failed_too=True)] == ["unproven"]
    (library.home / "it.log").unlink()
    assert [one.state for one in await resumed(library, failed_too=True)] == ["proven"]
    assert library.house.value(DeletionRequest.select(DeletionRequest.state)) == "proven"
    assert (requests_failed(library.home), requests_pending(library.home)) == ([], [])
    assert keys(library) == sorted(KEYS)
    assert library.proof()["left"] == []
    assert await resumed(library, failed_too=True) == []
    certificate = await library.house.desk.ask(library.house.who("supervisor"), certificate_of, life.request_id)
    assert certificate.proven_at is not None


async def test_a_supervisor_tries_one_again(library: Library) -> None:
    life = await unproven(library)
    (library.home / "it.log").unlink()
    assert (await again(library, life)).state == "proven"
    with pytest.raises(NotFound):
        await again(library, life)


async def test_a_try_that_somebody_is_in_the_way_of_changes_nothing_of_what_was_found(library: Library) -> None:
    life = await unproven(library)
    left = library.proof()["left"]
    with a_reader(library.house.store.url):
        outcome = await again(library, life, wait_seconds=0.2)
    assert (outcome.state, outcome.why) == ("unproven", "held")
    assert library.proof()["left"] == left
    assert requests_failed(library.home) == [life.request_id]
    (library.home / "it.log").unlink()
    assert (await again(library, life)).state == "proven"


async def test_killed_while_it_was_tried_again_it_is_kept_and_not_tried_at_the_start(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await unproven(library)

    async def killed(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(proving, "_once", killed)
    with pytest.raises(RuntimeError):
        await again(library, life)
    assert requests_pending(library.home) == [life.request_id]
    assert await resumed(library) == []
    assert (requests_pending(library.home), requests_failed(library.home)) == ([], [life.request_id])


async def test_a_store_that_was_put_back_lets_no_tombstone_be_taken_up(library: Library) -> None:
    life = await unproven(library)
    house = library.house
    tombstones = own_list(library.home, VAULT, TUESDAY.date()).tombstones
    # As after a restore: the borrower was erased again, and nothing is known of the request.
    house.put(DeletionRequest.delete())
    assert await resumed(library, failed_too=True) == []
    assert own_list(library.home, VAULT, TUESDAY.date()).tombstones == tombstones
    assert len(tombstones) == 1
    assert requests_failed(library.home) == []
    assert life.person.borrower_id not in house.ids(Borrower)
    assert keys(library) == sorted(KEYS)
