"""The words of deletion requests (danish.md, *checklist*, *deletion*, *proof*). None of them names a borrower."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.circulation import refusals as common
from desk.errors import DeskError, FileNotWritten, NotErasable, Refused, SecretsError, TombstonesError
from desk.messages.handing_over import NO_CONTACT, UNCERTAIN
from desk.messages.words import problem_words
from desk.privacy.deletion import refusals as why
from desk.privacy.deletion import rules
from desk.privacy.deletion.records import Checklist, DeletionRecord, Erased
from desk.texts import N_, NP_, _, ngettext, pgettext
from desk.wording import clock, kroner, number, one_stop, short_date, weekday_date
from screens.sentences import sentence
from screens.text import paintable

if TYPE_CHECKING:
    from desk.privacy.erasure.records import WithoutProof

STAGES = {
    "ready": NP_("deletion", "ready"),
    "approved": NP_("deletion", "approved"),
    "erased": NP_("deletion", "deleted, proof missing"),
    "unproven": NP_("deletion", "deleted, proof failed"),
    "proven": NP_("deletion", "deleted and proven"),
}
IDENTITY = {
    "card": NP_("identity", "library card"),
    "photo_id": NP_("identity", "photo ID"),
    "known": NP_("identity", "known in person"),
    "letter": NP_("identity", "letter"),
}
NEWSLETTER = {
    "none": NP_("newsletter", "not subscribed"),
    "keep": NP_("newsletter", "kept"),
    "leave": NP_("newsletter", "unsubscribed"),
}
NOTICES = {
    "email": N_("The borrower was told by e-mail at {time}."),
    "sms": N_("The borrower was told by text message at {time}."),
    "print": N_("The borrower is told by letter."),
    "none": N_("The borrower is not told."),
}
# Why nobody could be told, besides what the transports say.
NOT_TOLD = {
    rules.NOT_SET_UP: N_("No mail server and no gateway is set up."),
    rules.SWITCHED_OFF: N_("The library does not send this kind of message."),
    rules.NO_TEMPLATE: N_("The library's own text for it cannot be used."),
    rules.WRONG_SETTINGS: N_("The mail server's settings cannot be used."),
    NO_CONTACT: N_("The borrower has no contact details."),
    UNCERTAIN: N_("A message was handed over, and nobody knows whether it arrived. It is not sent once more."),
}


def stage_words(record: DeletionRecord) -> str:
    """Name where a request stands; of one that waits, for what."""
    if record.stage == "lacking" and record.checklist is not None:
        return lacking_words(record.checklist)
    return pgettext("deletion", STAGES[record.stage])


def lacking_words(checklist: Checklist) -> str:
    """Name what is missing: «venter på aflevering, betaling»."""
    missing = (
        (checklist.open_loans, pgettext("waits for", "return")),
        (checklist.unsettled_fees, pgettext("waits for", "payment")),
        (checklist.credit_ore, pgettext("waits for", "paying out")),
        (checklist.responsible_for, pgettext("waits for", "another guardian")),
    )
    what = ", ".join(words for count, words in missing if count)
    return pgettext("deletion", "waits for {what}").format(what=what)


def tidied(text: str) -> str:
    """Give a sentence whose last word, a name or a date, may end in a stop of its own."""
    return one_stop(text)


def checklist_lines(checklist: Checklist) -> tuple[str, ...]:
    """Word the checklist: what is in order, what stands in the way and what to do, what goes with it."""
    loans, children = checklist.open_loans, checklist.responsible_for
    lines = (
        (
            not loans,
            ngettext("{n} loan – to be returned", "{n} loans – to be returned", loans).format(n=loans)
            if loans
            else _("no loans"),
        ),
        (
            not checklist.unsettled_fees,
            _("{amount} – to be paid or waived").format(amount=kroner(checklist.owed_ore))
            if checklist.unsettled_fees
            else _("no balance"),
        ),
        (
            not checklist.credit_ore,
            _("{amount} owed to the borrower – to be paid out").format(amount=kroner(checklist.credit_ore))
            if checklist.credit_ore
            else _("no credit"),
        ),
        (
            not children,
            ngettext(
                "responsible for {n} borrower – choose another first, or wait until the child has turned 18",
                "responsible for {n} borrowers – choose another first, or wait until the children have turned 18",
                children,
            ).format(n=children)
            if children
            else _("responsible for nobody"),
        ),
    )
    return (*(f"{'✓' if is_well else '✗'} {words}" for is_well, words in lines), *_goes_along(checklist))


def _goes_along(checklist: Checklist) -> tuple[str, ...]:
    """Tell the reservations that are deleted as well, and what that leaves on the shelf."""
    forms = (
        (
            "  "
            + ngettext(
                "{n} form waits, and is deleted as well", "{n} forms wait, and are deleted as well", checklist.forms
            ).format(n=checklist.forms),
        )
        if checklist.forms
        else ()
    )
    if not checklist.reservations:
        return forms
    said = ngettext(
        "{n} reservation is deleted as well", "{n} reservations are deleted as well", checklist.reservations
    ).format(n=checklist.reservations)
    if checklist.set_aside:
        said += " · " + ngettext("{n} copy is put back", "{n} copies are put back", checklist.set_aside).format(
            n=checklist.set_aside
        )
    if checklist.on_their_way:
        said += " · " + ngettext(
            "{n} copy in transit goes home", "{n} copies in transit go home", checklist.on_their_way
        ).format(n=checklist.on_their_way)
    return (f"  {said}", *forms)


def detail_lines(record: DeletionRecord, today: date, *, is_running: bool = False, notes: int = 0) -> tuple[str, ...]:
    """Word all of a request but whose it is.

    Args:
        record: as it is now.
        today: local date.
        is_running: it is being carried out by this program.
        notes: in how many notes about others the borrower stands.
    """
    by = paintable(record.registered.name)
    registered = _("Registered {date} by {name}. Identity checked: {identity}. Newsletter: {newsletter}.").format(
        date=weekday_date(local_date(record.registered_at), today),
        name=by,
        identity=pgettext("identity", IDENTITY[record.identity_check]),
        newsletter=pgettext("newsletter", NEWSLETTER[record.newsletter]),
    )
    if record.erased is not None:
        lines = (registered, *proof_lines(record, record.erased, today, is_running=is_running))
        lines += notes_lines(notes, is_gone=True) if record.lacks_proof else ()
    else:
        checklist = () if record.checklist is None else checklist_lines(record.checklist)
        lines = (registered, *checklist, *notes_lines(notes, is_gone=False), *_standing(record, today))
    return tuple(map(tidied, lines))


def notes_lines(notes: int, *, is_gone: bool) -> tuple[str, ...]:
    """Say that the borrower stands in what was written about others: no obstacle, but the proof fails by it."""
    if not notes:
        return ()
    if is_gone:
        text = ngettext(
            "! Named by number in {n} note about others. N opens it: edit it, then press B.",
            "! Named by number in {n} notes about others. N opens them: edit them, then press B.",
            notes,
        )
    else:
        text = ngettext(
            "! named by number in {n} note about others – N opens it: edit it first, or the proof fails",
            "! named by number in {n} notes about others – N opens them: edit them first, or the proof fails",
            notes,
        )
    return (text.format(n=number(notes)),)


def _standing(record: DeletionRecord, today: date) -> tuple[str, ...]:
    """Say what happens next, and by whom."""
    name = paintable(record.registered.name)
    if record.state == "approved":
        decided = _("Approved {date} by {name}, and not carried out yet.").format(
            date=short_date(local_date(record.decided_at or record.registered_at), today),
            name=paintable(record.decided_by),
        )
        return (decided, notice_words(record)) if record.notice else (decided,)
    if record.stage == "lacking":
        return (_("Offered for approval by itself when nothing stands in the way."),)
    if not record.registered.has_person_number:
        return (_("Cannot be approved: the account of {name} has no staff number. IT gives it one.").format(name=name),)
    return (_("Ready. To be approved by somebody other than {name}.").format(name=name),)


def notice_words(record: DeletionRecord) -> str:
    """Say how the borrower was told."""
    if record.notice is None or record.noticed_at is None:
        return ""
    return _(NOTICES[record.notice]).format(time=clock(record.noticed_at))


def proof_lines(record: DeletionRecord, erased: Erased, today: date, *, is_running: bool) -> tuple[str, ...]:
    """Say what was deleted and whether it is proven: figures and dates."""
    lines = [
        _("Certificate no. {number}").format(number=record.request_id),
        _("Deleted, proof missing.") if is_running else proof_sentence(record.state, erased.hits, erased.files_scanned),
    ]
    if record.decided_at is not None:
        lines.append(
            _("Approved {date} by {name}.").format(
                date=short_date(local_date(record.decided_at), today),
                name=paintable(record.decided_by),
            )
        )
    gone = sum(rows for rows in _counts(erased.counts))
    if gone:
        lines.append(ngettext("{n} row is gone.", "{n} rows are gone.", gone).format(n=number(gone)))
    if erased.last_backup_on is not None:
        until = short_date(erased.last_backup_on, today)
        lines.append(_("May be in a back-up up to and including {date}.").format(date=until))
    return tuple(lines)


def _counts(stored: str) -> Iterable[int]:
    try:
        read = json.loads(stored or "{}")
    except ValueError:
        return ()
    return [count for count in read.values() if isinstance(count, int)] if isinstance(read, dict) else ()


def proof_sentence(state: str, hits: int | None, files: int | None) -> str:
    """Say how far an erasure has come: success is told only after the proof (G3)."""
    if state == "proven":
        return ngettext(
            "Deleted · cleaned up · proven: 0 hits in {n} file",
            "Deleted · cleaned up · proven: 0 hits in {n} files",
            files or 0,
        ).format(n=number(files or 0))
    if state == "unproven":
        return ngettext(
            "Deleted, proof failed: {n} hit. Contact IT.", "Deleted, proof failed: {n} hits. Contact IT.", hits or 0
        ).format(n=number(hits or 0))
    return _("Deleted, proof missing. Resumed when the program starts.")


def not_told_words(problem: str) -> str:
    """Say why the borrower could not be told."""
    return _(NOT_TOLD[problem]) if problem in NOT_TOLD else problem_words(problem)


def refused_words(refused: Refused, today: date) -> str:
    """Word every reason why a request is not registered or decided, the worst first (C5)."""
    return " ".join(tidied(reason_words(reason, today)) for reason in refused.reasons)


def reason_words(reason: common.Refusal, today: date) -> str:
    """Word one reason, with what lifts it."""
    match reason:
        case why.AlreadyRequested(since=since):
            return _("The borrower asked to be deleted on {date} already. Nothing has changed.").format(
                date=short_date(since, today)
            )
        case why.SamePerson():
            return _("Registered by the same person. Another supervisor must approve.")
        case why.NoPersonNumber(name=name):
            return _(
                "The account of {name} has no staff number, so nobody can tell two persons apart. IT gives it one."
            ).format(name=paintable(name))
        case why.LoansOpen(count=count):
            return ngettext("{n} loan must be returned first.", "{n} loans must be returned first.", count).format(
                n=count
            )
        case why.FeesUnsettled(owed_ore=owed):
            return _("{amount} must be paid or waived first.").format(amount=kroner(owed))
        case why.CreditOwed(credit_ore=credit):
            return _("{amount} owed to the borrower must be paid out first.").format(amount=kroner(credit))
        case why.Responsible(count=count):
            return ngettext(
                "Responsible for {n} borrower: another guardian must be chosen first.",
                "Responsible for {n} borrowers: another guardian must be chosen first.",
                count,
            ).format(n=count)
        case _:
            return _("Refused before the restart ({code}).").format(code=reason.code)


def failure_words(error: DeskError) -> str:
    """Say why an erasure did not take place; of what came in between: whoever came first has won."""
    match error:
        case TombstonesError():
            return _("The list of tombstones cannot be used. Contact IT.")
        case FileNotWritten() | SecretsError():
            return _("What is to be proven could not be written down. Contact IT.")
        case NotErasable():
            return _came_in_between(error)
        case _:
            return sentence(error)


def _came_in_between(error: NotErasable) -> str:
    missing = Checklist(
        open_loans=error.open_loans,
        unsettled_fees=error.unsettled_fees,
        credit_ore=error.credit_ore,
        responsible_for=error.wards,
    )
    return _("Something came in between: {what}.").format(what=lacking_words(missing))


def waiting_words(count: int) -> str:
    """Say on the status line how many deletions wait for a supervisor (C14); nothing when none does."""
    if not count:
        return ""
    return ngettext("{n} deletion waits", "{n} deletions wait", count).format(n=count)


def status_words(waiting: int, without: WithoutProof | None) -> str:
    """Say on the status line what a supervisor should see of deletions (C14): what waits, and what is not proven."""
    failed = without is not None and without.failed
    missing = without is not None and without.missing
    said = (
        pgettext("status", "proof failed") if failed else "",
        pgettext("status", "proof missing") if missing else "",
        waiting_words(waiting),
    )
    return " · ".join(filter(None, said))
