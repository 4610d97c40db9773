"""What the item page does with a copy: ask, do, tell. Run from a worker of the page; gives the sentence to say."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desk.borrowers.queries import choices
from desk.catalogue.commands import SetItemStatus, ShowItemHolder
from desk.catalogue.records import CopyRecord, TitlePage
from desk.catalogue.rules import statuses_for
from desk.catalogue.statuses import LONGEST_REASON
from desk.errors import DeskError, FileNotWritten, Refused
from desk.installation import new_id
from desk.labels.drawing import drawn_label
from desk.labels.files import label_name, write_labels
from desk.labels.queries import item_label
from desk.privacy.purposes import Purpose
from desk.reservations.commands import PlaceReservation
from desk.texts import _
from desk.wording import plain
from screens import reservation_words
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.purpose import purpose_of, purpose_question
from screens.dialogs.question import QuestionDialog
from screens.item import words
from screens.refusals import sentences
from screens.sentences import sentence
from screens.text import paintable

if TYPE_CHECKING:
    from screens.app import DeskApp

LABELS = "labels"
SHOWN_BRANCHES = 9


async def set_status(app: DeskApp, copy: CopyRecord) -> str:
    """Ask which status and why, then set it. Empty: nothing happened."""
    offered = statuses_for(copy.status, on_loan=copy.due_on is not None, set_aside=copy.is_set_aside)
    by_letter = {words.letter_of(status)[0]: status for status in offered}
    question = _("{barcode}: which status?").format(barcode=paintable(copy.barcode))
    choice = QuestionDialog(question, tuple(map(words.letter_of, offered)), is_list=True)
    letter = await app.push_screen_wait(choice)
    if letter is None:
        return ""
    status = by_letter[letter]
    asked = TextDialog(words.reason_title(copy, status), _("Reason, no names"), needed=True, longest=LONGEST_REASON)
    reason = await app.push_screen_wait(asked)
    if reason is None:
        return ""
    command = SetItemStatus(
        command_id=new_id(), who=app.who, at=app.now(), item_id=copy.item_id, status=status, reason=reason
    )
    try:
        return words.told(await app.installation.desk.do(command))
    except Refused as refused:
        return " ".join((*sentences(refused.reasons, app.today()), _("Nothing has changed.")))
    except DeskError as error:
        return sentence(error)


async def reserve(app: DeskApp, page: TitlePage, copy: CopyRecord | None = None) -> str:
    """Ask where it is fetched, then reserve the title, or one copy of it, for the borrower whose visit is open."""
    visit, borrower = app.at_counter.place.visit, app.at_counter.borrower
    if visit is None or borrower is None:
        return _("Scan the borrower's card first: it is reserved for whoever's visit is open.")
    try:
        branches = (await app.installation.desk.ask(app.who, choices)).branches
        ordered = sorted(branches, key=lambda branch: branch[1] != borrower.home_branch)[:SHOWN_BRANCHES]
        by_key = {str(place): branch for place, branch in enumerate(ordered, 1)}
        asked = _("Reserve »{title}«. Fetched where?").format(title=paintable(page.title))
        if copy is not None:
            asked = _("Reserve this copy alone, {barcode}, of »{title}«. Fetched where?").format(
                barcode=paintable(copy.barcode), title=paintable(page.title)
            )
        offered = tuple((key, branch[1]) for key, branch in by_key.items())
        answer = await app.push_screen_wait(QuestionDialog(asked, offered, is_list=True))
        if answer is None or app.at_counter.place.visit != visit:
            return ""
        placed = await app.installation.desk.do(
            PlaceReservation(
                command_id=new_id(),
                who=app.who,
                at=app.now(),
                borrower_id=visit.borrower_id,
                purpose=Purpose.LENDING,
                title_id=page.title_id,
                item_id=None if copy is None else copy.item_id,
                pickup_branch_id=by_key[answer][0],
                card_id=visit.card_id,
            )
        )
    except Refused as refused:
        return reservation_words.sentences(refused.reasons, app.today())
    except DeskError as error:
        return sentence(error)
    return reservation_words.placed_sentence(placed)


async def make_label(app: DeskApp, copy: CopyRecord) -> str:
    """Draw a copy's label into the installation's folder, in the place of an older one; says where it is."""
    folder = app.installation.home / LABELS
    try:
        label, content = await drawn_label(app.installation.desk, app.who, item_label, copy.barcode, "svg")
        path = folder / label_name(label.code, ".svg")
        await asyncio.to_thread(write_labels, [(path, content)], folder, replace=True)
    except FileNotWritten as error:
        return _("{file} cannot be written: {reason}").format(file=plain(error.file), reason=plain(error.detail))
    except DeskError as error:
        return sentence(error)
    return _("The label is in {file}.").format(file=plain(path))


async def show_holder(app: DeskApp, copy: CopyRecord) -> str:
    """Ask why, then say who has a copy or whom it is set aside for; the look is logged (G8)."""
    if copy.due_on is None and not copy.is_set_aside:
        return _("Nobody has it, and it is set aside for nobody.")
    question = _("{barcode}: why is the borrower's name shown?").format(barcode=paintable(copy.barcode))
    purpose = purpose_of(await app.push_screen_wait(purpose_question(question)))
    if purpose is None:
        return ""
    command = ShowItemHolder(command_id=new_id(), who=app.who, at=app.now(), item_id=copy.item_id, purpose=purpose)
    try:
        holder = await app.installation.desk.do(command)
    except DeskError as error:
        return sentence(error)
    # While the store was slow somebody else may have taken over the counter: it was not shown to them.
    return words.holder_words(holder, app.today()) if app.who == command.who else ""
