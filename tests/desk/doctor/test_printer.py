"""What ``desk doctor`` finds of the printer (V3, T1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.cli.doctor_words import finding, mend
from desk.doctor.printer import checks
from desk.doctor.records import Verdict
from desk.settings import PrinterSettings
from tests.printing import FilePrinter, NetworkPrinter


@pytest.fixture
def printer() -> Iterator[NetworkPrinter]:
    on_network = NetworkPrinter()
    yield on_network
    on_network.unplug()


def test_where_there_is_no_printer_that_is_noted_and_nothing_is_wrong() -> None:
    (noted,) = checks(PrinterSettings())
    assert noted.verdict is Verdict.NOTE
    assert finding(noted) == "Der er ikke sat en bonprinter op til denne skranke."


def test_a_printer_that_answers_is_well_and_one_without_paper_is_noted(printer: NetworkPrinter) -> None:
    settings = PrinterSettings("network", f"127.0.0.1:{printer.port}")
    (well,) = checks(settings)
    assert well.verdict is Verdict.OK
    printer.take_paper_out()
    (noted,) = checks(settings)
    assert (noted.verdict, finding(noted)) == (
        Verdict.NOTE,
        "Printeren mangler papir. Sedlerne venter, til der er papir i.",
    )


def test_one_that_does_not_answer_is_wrong_and_is_named_by_where_it_was_looked_for(tmp_path: Path) -> None:
    FilePrinter(tmp_path / "lp0")
    assert [one.verdict for one in checks(PrinterSettings("file", str(tmp_path / "lp0")))] == [Verdict.OK]
    (away,) = checks(PrinterSettings("file", str(tmp_path / "lp1")))
    assert away.verdict is Verdict.WRONG
    assert str(tmp_path / "lp1") in finding(away)
    assert "[printer] address" in mend(away)


def test_one_that_takes_slips_and_says_nothing_is_noted_for_it_may_hang(printer: NetworkPrinter) -> None:
    printer.is_mute = True
    (noted,) = checks(PrinterSettings("network", f"127.0.0.1:{printer.port}"))
    assert noted.verdict is Verdict.NOTE
    assert "siger ikke, om der er papir" in finding(noted)
