"""``desk doctor``: what is wrong with this counter, and the command that mends it (T1)."""

from __future__ import annotations

import click

from desk.cli.doctor_words import finding, mend
from desk.cli.output import complain, say, say_json
from desk.cli.words import Worded, json_option
from desk.doctor import pad, printer, readers
from desk.doctor.records import Check, Verdict
from desk.settings import home, load
from desk.texts import _

WELL, ILL = 0, 1


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "doctor",
        callback=doctor,
        params=[json_option()],
        help=_("Say what is wrong with this counter, and the command that mends it."),
    )


def doctor(*, as_json: bool) -> int:
    """Look at everything, area by area.

    Returns:
        0: nothing is wrong; 1: something is.

    Raises:
        SettingsError: desk.toml cannot be read.
    """
    settings = load(home())
    checks = [*readers.checks(settings.reader), *pad.checks(settings.pad), *printer.checks(settings.printer)]
    is_well = all(check.verdict is not Verdict.WRONG for check in checks)
    if as_json:
        say_json({"ok": is_well, "checks": [_as_json(check) for check in checks]})
    else:
        for check in checks:
            _tell(check)
        if is_well:
            say(_("All is well."))
    return WELL if is_well else ILL


def _as_json(check: Check) -> dict[str, str]:
    return {
        "area": check.area,
        "check": check.what,
        "state": check.verdict.value,
        "text": finding(check),
        "mend": mend(check),
    }


def _tell(check: Check) -> None:
    match check.verdict:
        case Verdict.OK:
            say(_("ok: {text}").format(text=finding(check)))
        case Verdict.NOTE:
            say(_("note: {text}").format(text=finding(check)))
        case Verdict.WRONG:
            complain(_("error: {text}").format(text=finding(check)))
    if advice := mend(check):
        (complain if check.verdict is Verdict.WRONG else say)(f"  → {advice}")
