"""A pcscd for these tests, and readers that watch it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.hardware.pcscd import Pcscd, lacking
from tests.hardware.watching import Watch


@pytest.fixture(scope="session")
def installed_pcscd() -> Iterator[Pcscd]:
    """The one of this process: PC/SC's library asks for the socket's name once and keeps it."""
    if why := lacking():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    pcscd = Pcscd()
    os.environ["PCSCLITE_CSOCK_NAME"] = str(pcscd.socket)
    yield pcscd
    pcscd.close()


@pytest.fixture
def pcscd(installed_pcscd: Pcscd) -> Iterator[Pcscd]:
    """A pcscd that runs, its reader plugged in."""
    installed_pcscd.mend_driver()
    installed_pcscd.plug_in()
    installed_pcscd.start()
    yield installed_pcscd
    installed_pcscd.kill()


@pytest.fixture
def watch(pcscd: Pcscd) -> Iterator[Watch]:
    """The first slot for borrowers, the second for items; both are there."""
    watch = Watch()
    watch.expect_states("ok", "ok")
    yield watch
    watch.close()
