"""What a look at the printer finds, for whoever looks through an installation. Prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desk.texts import _

if TYPE_CHECKING:
    from desk.settings import PrinterSettings


@dataclass(frozen=True, slots=True)
class PrinterFinding:
    """One finding: how bad it is, and a sentence."""

    level: Literal["ok", "note", "error"]
    sentence: str


def printer_findings(settings: PrinterSettings) -> tuple[PrinterFinding, ...]:
    """Look whether the printer that is set answers and has paper; none where none is set, or a virtual one.

    Args:
        settings: of this counter. What they refuse by themselves is not looked at again.
    """
    if settings.kind in {"none", "virtual"}:
        return ()
    from devices.printer_lines import PrinterAway, line_to  # noqa: PLC0415  (only where there is a printer)

    line = line_to(settings.kind, settings.address)
    try:
        has_paper = line.has_paper()
    except PrinterAway:
        away = _("The printer at {address} does not answer. Look at its plug, and at {setting} in desk.toml.")
        return (PrinterFinding("error", away.format(address=settings.address, setting="[printer] address")),)
    finally:
        line.close()
    if not has_paper:
        return (PrinterFinding("note", _("The printer is out of paper. Slips wait until there is some.")),)
    if settings.kind == "file":
        return (PrinterFinding("ok", _("The printer's file can be written; it does not tell whether there is paper.")),)
    return (PrinterFinding("ok", _("The printer answers.")),)
