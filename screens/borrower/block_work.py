"""What is done with blocks and notes: ask, leave early, do, tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.borrowers.blocks import REASON_LENGTH
from desk.borrowers.commands import LiftBlock, SetBlock, WriteInternalNote, WriteNoteToBorrower
from desk.borrowers.records import BlockRecord, CardRecord
from desk.texts import _
from screens.borrower.block_words import is_in_force, what
from screens.borrower.card_words import kind_words, tail
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.question import QuestionDialog
from screens.dialogs.set_block import BlockDialog

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
    reason = await screen.ask(TextDialog(title, _("Reason"), needed=True, longest=REASON_LENGTH))
    if reason is not None:
        command = LiftBlock(**screen.about(), block_id=chosen.block_id, reason=reason)
        await screen.change(command, _("The block is lifted."))


async def internal_note(screen: BorrowerScreen) -> None:
    """Write or clear the note for staff."""
    old = "" if screen.page is None else screen.page.borrower.note
    note = await screen.ask(TextDialog(_("Internal note, for staff only"), _("Note"), old))
    if note is not None:
        await screen.change(WriteInternalNote(**screen.about(), note=note), _note_told(note))


async def note_to_borrower(screen: BorrowerScreen) -> None:
    """Write or clear the note that is printed on the statement."""
    old = "" if screen.page is None else screen.page.note_to_borrower
    note = await screen.ask(TextDialog(_("Note to the borrower, printed on the statement"), _("Note"), old))
    if note is not None:
        await screen.change(WriteNoteToBorrower(**screen.about(), note=note), _note_told(note))


def _note_told(note: str) -> str:
    return _("The note is saved.") if note else _("The note is cleared.")
