"""A test that measures has the machine to itself."""

from __future__ import annotations

from threading import Event, Thread
from typing import NamedTuple

import pytest

from tests.quiet import turn


class OtherTest(NamedTuple):
    """A test of another process, as far as its turn goes."""

    is_in: Event
    may_go: Event
    thread: Thread


@pytest.fixture(autouse=True)
def in_a_run_of_its_own(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", f"of-{request.node.name}")


def started(*, alone: bool) -> OtherTest:
    is_in, may_go = Event(), Event()

    def go() -> None:
        with turn(alone=alone):
            is_in.set()
            may_go.wait(20)

    thread = Thread(target=go)
    thread.start()
    return OtherTest(is_in, may_go, thread)


def finish(*tests: OtherTest) -> None:
    for test in tests:
        test.may_go.set()
    for test in tests:
        test.thread.join(20)
        assert not test.thread.is_alive()


def test_ordinary_tests_run_beside_each_other() -> None:
    one, other = started(alone=False), started(alone=False)
    assert one.is_in.wait(20)
    assert other.is_in.wait(20)
    finish(one, other)


def test_one_that_measures_waits_for_the_others_and_they_for_it() -> None:
    ordinary = started(alone=False)
    assert ordinary.is_in.wait(20)
    measuring = started(alone=True)
    assert not measuring.is_in.wait(0.2)
    later = started(alone=False)
    assert not later.is_in.wait(0.2)
    finish(ordinary)
    assert measuring.is_in.wait(20)
    assert not later.is_in.wait(0.2)
    finish(measuring)
    assert later.is_in.wait(20)
    finish(later)
