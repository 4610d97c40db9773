"""What is done with a borrower's cards: ask, leave early, do, tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.borrowers.commands import AddCard, OpenCard, SetPin, StopCard
from desk.borrowers.records import CardRecord
from desk.borrowers.signing_up import NewCard
from desk.errors import DeskError
from desk.texts import _, pgettext
from screens.borrower.card_words import tail
from screens.dialogs.new_card import NewCardDialog
from screens.dialogs.new_pin import NewPinDialog
from screens.dialogs.question import QuestionDialog
from screens.sentences import sentence

if TYPE_CHECKING:
    from screens.borrower.borrower import BorrowerScreen

STOLEN, STOPPED = "stolen", "stopped"


async def hand_out(screen: BorrowerScreen) -> None:
    """Hand out another card; what is refused stays in the dialog. Its PIN is chosen next, or later."""
    said, asked = "", None
    while True:
        asked = await screen.ask(NewCardDialog(said, asked))
        if asked is None:
            return
        with screen.desk_app.held_back.during():
            try:
                added = await screen.do(AddCard(**screen.about(), card=NewCard(asked.number, asked.kind)))
            except DeskError as error:
                said = sentence(error)
                continue
            screen.load()
            if not await _choose_pin(screen, added.row_id, _("The card is handed out, and the PIN is set.")):
                screen.say(_("The card is handed out, without a PIN."))
                screen.desk_app.held_back.tell(_("The card is handed out, without a PIN."))
            return


async def stop(screen: BorrowerScreen, card: CardRecord) -> None:
    """Stop a card, as stolen or otherwise: the one question."""
    if card.state == STOLEN:
        screen.say(_("The card is stopped already."))
        return
    answers = tuple((words[0], words[2:]) for words in (pgettext("key", "S stolen"), pgettext("key", "A otherwise")))
    answer = await screen.ask(QuestionDialog(_("Stop card {tail}? Why?").format(tail=tail(card.number)), answers))
    if answer is None:
        return
    state = STOLEN if answer == answers[0][0] else STOPPED
    await screen.change(StopCard(**screen.about(), card_id=card.card_id, state=state), _("The card is stopped."))


async def reopen(screen: BorrowerScreen, card: CardRecord) -> None:
    """Let a card be used again; one that was reported stolen only when that is said once more."""
    if card.state == "active":
        screen.say(_("The card is not stopped."))
        return
    if card.state == STOLEN:
        answers = tuple((words[0], words[2:]) for words in (pgettext("key", "G reopen"), pgettext("key", "B keep")))
        question = _("Card {tail} was reported stolen. Has it turned up?").format(tail=tail(card.number))
        if await screen.ask(QuestionDialog(question, answers)) != answers[0][0]:
            return
    await screen.change(OpenCard(**screen.about(), card_id=card.card_id), _("The card can be used again."))


async def new_pin(screen: BorrowerScreen, card: CardRecord) -> None:
    """Have the borrower choose a PIN."""
    await _choose_pin(screen, card.card_id, _("The PIN is changed."))


async def _choose_pin(screen: BorrowerScreen, card_id: int, told: str) -> bool:
    """Tell whether one was chosen."""
    installation = screen.desk_app.installation
    # To the end: a card that was scanned meanwhile would close the page before the PIN is set.
    with screen.desk_app.held_back.during():
        pin = await screen.ask(NewPinDialog(installation.settings.cards.pin_digits))
        if pin is None:
            return False
        hashed = await installation.pin_check.new_hash(pin)
        await screen.change(SetPin(**screen.about(), card_id=card_id, pin_hash=hashed), told)
        return True
