"""What is done with blocks and notes: ask, leave early, do, tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.borrowers.blocks import REASON_LENGTH, TAKES_SUPERVISOR
from desk.borrowers.commands import LiftBlock, SetBlock, WriteInternalNote, WriteNoteToBorrower
from desk.borrowers.records import BlockRecord, BorrowerPage, CardRecord
from desk.command import Who
from desk.errors import ChangedMeanwhile, DeskError
from desk.texts import _
from screens.borrower.block_words import is_in_force, what
from screens.borrower.card_words import kind_words, tail
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.question import QuestionDialog
from screens.dialogs.set_block import BlockDialog
from screens.dialogs.step_up import StepUpDialog
from screens.sentences import now_sentence, sentence
from screens.stepping_up import supervisor_of

if TYPE_CHECKING:
    from screens.borrower.borrower import BorrowerScreen


async def block(screen: BorrowerScreen) -> None:
    """Ask for kind, reason and end, then block the borrower."""
    await _set(screen, _("Block the borrower"), None)


async def block_card(screen: BorrowerScreen) -> None:
    """Ask which card, if there are several, and block that one."""
    cards = () if screen.page is None else screen.page.cards
    card = cards[0] if len(cards) == 1 else await _card(screen, cards)
    if card is not None:
        await _set(screen, _("Block card {tail}").format(tail=tail(card.number)), card.card_id)


async def _card(screen: BorrowerScreen, cards: tuple[CardRecord, ...]) -> CardRecord | None:
    if not cards:
        screen.say(_("No cards."))
        return None
    by_key = {str(place): card for place, card in enumerate(cards[:9], 1)}
    choices = tuple((key, f"{kind_words(card.kind)} {tail(card.number)}") for key, card in by_key.items())
    answer = await screen.ask(QuestionDialog(_("Which card is to be blocked?"), choices))
    return None if answer is None else by_key[answer]


async def _set(screen: BorrowerScreen, title: str, card_id: int | None) -> None:
    asked = await screen.ask(BlockDialog(screen.desk_app.today(), title))
    if asked is None:
        return
    command = SetBlock(**screen.about(), kind=asked.kind, reason=asked.reason, ends_on=asked.ends_on, card_id=card_id)
    await screen.change(command, _("The block is set."))


async def lift(screen: BorrowerScreen, chosen: BlockRecord | None) -> None:
    """Lift a block, with a reason."""
    if chosen is None or screen.page is None:
        screen.say(_("No blocks."))
        return
    if not is_in_force(chosen, screen.desk_app.today()):
        screen.say(_("The block does not hold any more."))
        return
    title = _("Lift the block: {block}").format(block=what(chosen, screen.page.cards))
    operator = screen.desk_app.operator
    if chosen.kind in TAKES_SUPERVISOR and not (operator is not None and operator.is_supervisor):
        with screen.desk_app.held_back.during():
            await _lift_with_supervisor(screen, chosen, title)
        return
    reason = await screen.ask(TextDialog(title, _("Reason"), needed=True, longest=REASON_LENGTH))
    if reason is not None:
        command = LiftBlock(**screen.about(), block_id=chosen.block_id, reason=reason)
        await screen.change(command, _("The block is lifted."))


async def _lift_with_supervisor(screen: BorrowerScreen, chosen: BlockRecord, title: str) -> None:
    """Let a supervisor step up in place (C5) and give the reason; the lift is the supervisor's."""
    app, said, reason = screen.desk_app, "", ""
    while True:
        step_up = await screen.ask(StepUpDialog(said, reason, title))
        if step_up is None:
            return
        reason = step_up.reason
        try:
            supervisor = await supervisor_of(app.installation.sign_in, step_up)
        except DeskError as error:
            said = sentence(error)
            continue
        about = screen.about() | {"who": Who(supervisor.staff_id, app.who.counter_id)}
        command = LiftBlock(**about, block_id=chosen.block_id, reason=reason)
        await screen.change(command, _("The block is lifted."))
        return


async def internal_note(screen: BorrowerScreen) -> None:
    """Write or clear the note for staff."""
    await _write(screen, WriteInternalNote, "internal_note", _("Internal note, for staff only"))


async def note_to_borrower(screen: BorrowerScreen) -> None:
    """Write or clear the note that is printed on the statement."""
    await _write(screen, WriteNoteToBorrower, "note_to_borrower", _("Note to the borrower, printed on the statement"))


async def _write(
    screen: BorrowerScreen, command: type[WriteInternalNote | WriteNoteToBorrower], key: str, title: str
) -> None:
    """Ask for a note and write it; one that was changed meanwhile is shown, and what was typed stays."""
    typed, said = _note_of(screen.page, key), ""
    while True:
        seen = "" if screen.page is None else screen.page.marks.get(key, "")
        note = await screen.ask(TextDialog(title, _("Note"), typed, said=said))
        if note is None:
            return
        try:
            await screen.do(command(**screen.about(), note=note, seen=seen))
        except ChangedMeanwhile as changed:
            await screen.load().wait()
            if not screen.is_current:
                return
            typed, said = note, f"{sentence(changed)} {now_sentence(_note_of(screen.page, key))}"
        except DeskError as error:
            screen.say(sentence(error))
            return
        else:
            screen.say(_note_told(note))
            screen.load()
            return


def _note_of(page: BorrowerPage | None, key: str) -> str:
    if page is None:
        return ""
    return page.borrower.note if key == "internal_note" else page.note_to_borrower


def _note_told(note: str) -> str:
    return _("The note is saved.") if note else _("The note is cleared.")
