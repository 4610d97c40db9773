"""The receipt printer: does it answer, and has it paper (V1, V3)."""

from __future__ import annotations

from desk.doctor.records import Check, Verdict
from desk.settings import PrinterSettings

AREA = "printer"


def checks(settings: PrinterSettings) -> list[Check]:
    """Look at the printer of this counter.

    Args:
        settings: how it is reached. What they refuse by themselves is not looked at again.
    """
    if settings.kind in {"none", "virtual"}:
        return [Check(AREA, f"{settings.kind}_printer", Verdict.NOTE)]
    from devices.printer_lines import NetworkLine, PrinterAway, line_to  # noqa: PLC0415  (only where there is a printer)

    line = line_to(settings.kind, settings.address)
    try:
        has_paper = line.has_paper()
        is_mute = isinstance(line, NetworkLine) and not line.tells_of_paper
    except PrinterAway:
        return [Check(AREA, "printer_away", Verdict.WRONG, {"address": settings.address})]
    finally:
        line.close()
    if not has_paper:
        return [Check(AREA, "no_paper", Verdict.NOTE)]
    if is_mute:
        return [Check(AREA, "printer_mute", Verdict.NOTE, {"address": settings.address})]
    return [Check(AREA, "printer_file" if settings.kind == "file" else "printer", Verdict.OK)]
