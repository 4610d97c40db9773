"""Renewing on the borrower's page: one command a loan, every one with its own answer (C10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.circulation.commands import Renew
from desk.circulation.records import OpenLoan, RenewalRecord
from desk.errors import DeskError, Refused
from desk.installation import new_id
from desk.texts import _
from screens.outcomes import renewed_note
from screens.refusals import renewal_notes, renewal_sentences
from screens.sentences import sentence

if TYPE_CHECKING:
    from screens.app import DeskApp
    from screens.borrower.opened import Opened


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of loans that were to be renewed.

    Attributes:
        told: the sentence that sums it up, with every reason there was.
        notes: what the line of each says.
        refused: those that are not renewed: they are looked at first (C10).
    """

    told: str = field(default="", repr=False)
    notes: dict[int, str] = field(default_factory=dict)
    refused: frozenset[int] = frozenset()


NO_ANSWERS = Answers()


async def renew(app: DeskApp, opened: Opened, visit: str, loans: tuple[OpenLoan, ...]) -> Answers:
    """Renew loans, each by itself; those refused come with all their reasons.

    Args:
        app: who does it, and when.
        opened: whose page it is.
        visit: the loan occasion that begins.
        loans: those to renew.
    """
    renewed: list[RenewalRecord] = []
    began = app.now()
    try:
        return await _renew_each(app, opened, visit, loans, renewed)
    finally:
        # Also of a page that was closed meanwhile: what has been renewed is the last thing done here (C9).
        app.at_counter.work.last_done.remember_renewals(renewed, began)


async def _renew_each(
    app: DeskApp, opened: Opened, visit: str, loans: tuple[OpenLoan, ...], renewed: list[RenewalRecord]
) -> Answers:
    notes: dict[int, str] = {}
    reasons: list[str] = []
    refused: set[int] = set()
    for loan in loans:
        command = Renew(
            command_id=new_id(),
            who=app.who,
            at=app.now(),
            loan_id=loan.loan_id,
            borrower_id=opened.borrower_id,
            card_id=opened.card_id,
            visit=visit,
        )
        try:
            record = await app.installation.desk.do(command)
        except Refused as denied:
            refused.add(loan.loan_id)
            notes[loan.loan_id] = renewal_notes(denied.reasons)
            reasons.extend(renewal_sentences(denied.reasons, app.today()))
        except DeskError as error:
            # Those before it are renewed and say so on their lines.
            return Answers(sentence(error), notes, frozenset(refused))
        else:
            renewed.append(record)
            notes[loan.loan_id] = renewed_note(record, app.today())
    told = _("Renewed: {count} of {total}.").format(count=len(renewed), total=len(loans))
    return Answers(" ".join((told, *dict.fromkeys(reasons))), notes, frozenset(refused))
