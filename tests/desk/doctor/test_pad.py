"""What ``desk doctor`` finds of the RFID pad, and of what lies on it (V1, T1)."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator

import pytest

from desk.cli.doctor_words import finding, mend
from desk.doctor.pad import checks
from desk.doctor.records import Verdict
from desk.settings import PadSettings
from devices.feig_line import opened
from devices.rfid import ON_LOAN, Tag, Usage, bytes_of
from tests.devices.feig_reader import FeigStage

NUMBER = "5237124059"


@pytest.fixture
def stage() -> Iterator[FeigStage]:
    stage = FeigStage()
    yield stage
    stage.close()


def look(port: str) -> list[tuple[str, str]]:
    """What it says, each with its verdict."""
    return [(check.verdict.value, finding(check)) for check in checks(PadSettings("feig", port))]


def test_where_there_is_no_pad_that_is_noted_and_nothing_is_wrong() -> None:
    (noted,) = checks(PadSettings())
    assert noted.verdict is Verdict.NOTE
    assert finding(noted) == "Der er ikke sat en RFID-plade op til denne skranke."
    (virtual,) = checks(PadSettings("virtual"))
    assert finding(virtual) == "RFID-pladen er virtuel, til øvelse."


def test_a_pad_that_answers_says_what_lies_on_it_and_no_number(stage: FeigStage) -> None:
    assert look(stage.address) == [
        ("ok", "Pladen svarer."),
        ("note", "Der ligger ingen chip på pladen, så læsningen er ikke prøvet. Læg en på, og kør dette igen."),
    ]
    stage.lay("E004000000000001", bytes_of(Tag(NUMBER, "DK767100")), afi=ON_LOAN)
    stage.lay("E004000000000002", bytes_of(Tag(NUMBER, usage=Usage.DISCARDED)))
    stage.lay("E004000000000003", bytes_of(Tag(NUMBER, usage=Usage.LOCAL_3)), afi=0x21)
    stage.lay("E004000000000004", bytes(36))
    said = look(stage.address)
    assert said == [
        ("ok", "Pladen svarer."),
        ("ok", "På pladen: et materiale til udlån, alarm slået fra (AFI C2)"),
        ("ok", "På pladen: et kasseret materiale, alarm slået til (AFI 07)"),
        ("note", "På pladen: noget andet, ukendt AFI (21)"),
        ("note", "På pladen: det, der står på en chip, kan ikke forstås (memory), alarm slået til (AFI 07)"),
    ]
    assert NUMBER not in str(said)


def test_one_that_does_not_answer_is_wrong_and_is_named_by_where_it_was_looked_for() -> None:
    (away,) = checks(PadSettings("feig", "127.0.0.1:1"))
    assert away.verdict is Verdict.WRONG
    assert finding(away) == "Pladen på 127.0.0.1:1 svarer ikke."
    assert "[pad] port" in mend(away)


def test_a_line_that_a_counter_speaks_on_is_not_spoken_into() -> None:
    ours, theirs = pty.openpty()
    counter = opened(os.ttyname(theirs), 1)
    try:
        (away,) = checks(PadSettings("feig", os.ttyname(theirs)))
        assert away.what == "pad_away"
        os.set_blocking(ours, False)
        with pytest.raises(BlockingIOError):
            os.read(ours, 100)
    finally:
        for line in (counter, ours, theirs):
            os.close(line)
