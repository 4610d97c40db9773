"""``desk erasure``: certificates, and proofs that were cut short. Names nobody (T3)."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.engine import is_embedded
from desk.cli.output import complain, say, say_json
from desk.cli.words import Count, Worded, WordedGroup, json_option
from desk.command import INSTALLATION
from desk.installation import Installation, open_installation
from desk.privacy.erasure.at_start import end_erasures, is_cut_short
from desk.privacy.erasure.certificate import write_certificate
from desk.privacy.erasure.queries import certificate_of, erasures_without_proof
from desk.privacy.erasure.words import stage_words, state_words, why_words
from desk.settings import home
from desk.texts import _
from desk.wording import plain

if TYPE_CHECKING:
    from desk.privacy.erasure.records import ErasureOutcome, Stage

WELL, WRONG = 0, 1


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "erasure",
        {"certificate": _certificate_command, "prove": _prove_command},
        help=_("Deletions of borrowers: their certificates, and proofs that are missing."),
    )


def _certificate_command() -> click.Command:
    return Worded(
        "certificate",
        callback=certificate,
        params=[
            click.Argument(["request_id"], metavar=_("NUMBER"), type=Count()),
            click.Option(["--out"], metavar=_("FOLDER"), required=True, help=_("Where the two files go.")),
            json_option(),
        ],
        help=_("The certificate of a deletion, by the number of its request, as PDF and JSON."),
    )


def _prove_command() -> click.Command:
    return Worded(
        "prove",
        callback=prove,
        params=[json_option()],
        help=_("Take up proofs that are missing or failed: rewrite the files and look through them."),
    )


def certificate(request_id: int, out: str, *, as_json: bool) -> None:
    """Write the certificate of an erasure.

    Raises:
        DeskError: there is none, or the files cannot be written.
    """
    with open_installation(home()) as installation:
        certified = asyncio.run(installation.desk.ask(INSTALLATION, certificate_of, request_id))
        on_server = not is_embedded(installation.store.url)
        pdf, data = write_certificate(certified, Path(out), on_server=on_server)
    if as_json:
        say_json({"request": request_id, "state": certified.state, "pdf": str(pdf), "json": str(data)})
    else:
        say(_("The certificate is in {pdf}, and as JSON in {json}.").format(pdf=plain(pdf), json=plain(data)))


def prove(*, as_json: bool) -> int:
    """Take up every proof that is missing, and try those again that failed.

    Returns:
        0: every erasure is proven; 1: one is not.

    Raises:
        DeskError: the store cannot be opened.
    """
    with open_installation(home()) as installation:
        outcomes = end_with_progress(installation, failed_too=True)
        without = asyncio.run(installation.desk.ask(INSTALLATION, erasures_without_proof))
    if as_json:
        say_json(
            {
                "ok": not (without.missing or without.failed),
                "taken_up": [
                    {"request": one.request_id, "state": one.state, "why": one.why, "left": list(one.left)}
                    for one in outcomes
                ],
                "missing": list(without.missing),
                "failed": list(without.failed),
            }
        )
    else:
        for one in outcomes:
            say(outcome_words(one))
        if not outcomes:
            say(_("No proof was missing that could be taken up."))
    return WRONG if without.missing or without.failed else WELL


def outcome_words(outcome: ErasureOutcome) -> str:
    """Say what became of a proof that was taken up."""
    said = _("Request {number}: {state}.").format(number=outcome.request_id, state=state_words(outcome.state))
    said = f"{said} {why_words(outcome.why, outcome.state)}".strip()
    return "\n".join((said, *(f"  {plain(place)}" for place in outcome.left)))


def end_with_progress(installation: Installation, *, failed_too: bool = False) -> list[ErasureOutcome]:
    """End what was cut short, and say meanwhile what is being done: somebody waits for the screen.

    Raises:
        DeskError: the store or the home did not do it.
    """
    told: set[Stage] = set()

    def progress(stage: Stage, _done: int, _of: int) -> None:
        if stage not in told:
            told.add(stage)
            complain(f"{stage_words(stage.value)} …")
            sys.stderr.flush()

    return end_erasures(installation, progress, failed_too=failed_too)


def end_what_was_cut_short(where: Path) -> None:
    """End erasures that were begun in a home and not ended, before a command or a screen opens its store.

    Raises:
        DeskError: the store cannot be opened, or did not do it.
    """
    if not is_cut_short(where):
        return
    with open_installation(where) as installation:
        for outcome in end_with_progress(installation):
            complain(outcome_words(outcome))
