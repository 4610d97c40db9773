"""What a look at the printer finds (V3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.settings import PrinterSettings
from desk.spool.findings import printer_findings
from tests.printing import FilePrinter, NetworkPrinter


@pytest.fixture
def printer() -> Iterator[NetworkPrinter]:
    on_network = NetworkPrinter()
    yield on_network
    on_network.unplug()


def test_where_there_is_no_printer_there_is_nothing_to_find() -> None:
    assert printer_findings(PrinterSettings()) == ()


def test_a_printer_that_answers_is_well_and_one_without_paper_is_noted(printer: NetworkPrinter) -> None:
    settings = PrinterSettings("network", f"127.0.0.1:{printer.port}")
    (well,) = printer_findings(settings)
    assert well.level == "ok"
    printer.take_paper_out()
    (noted,) = printer_findings(settings)
    assert (noted.level, noted.sentence) == ("note", "Printeren mangler papir. Sedlerne venter, til der er papir i.")


def test_one_that_does_not_answer_is_an_error_that_names_where_it_was_looked_for(tmp_path: Path) -> None:
    FilePrinter(tmp_path / "lp0")
    assert [one.level for one in printer_findings(PrinterSettings("file", str(tmp_path / "lp0")))] == ["ok"]
    (away,) = printer_findings(PrinterSettings("file", str(tmp_path / "lp1")))
    assert away.level == "error"
    assert str(tmp_path / "lp1") in away.sentence
    assert "[printer] address" in away.sentence
