"""What is done with reservations: ask, leave early, do, tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.borrowers.queries import choices
from desk.errors import DeskError, Refused
from desk.reservations.commands import CancelReservation, ChangePickupBranch, PlaceReservation
from desk.reservations.queries import titles_to_reserve
from desk.reservations.records import FoundTitle, ReservationRecord
from desk.texts import _, pgettext
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.choose_title import TitleDialog
from screens.dialogs.question import QuestionDialog
from screens.reservation_words import placed_sentence, sentences
from screens.sentences import sentence
from screens.text import paintable

if TYPE_CHECKING:
    from screens.borrower.borrower import BorrowerScreen

SHOWN_BRANCHES = 9
READY = "readyForPickup"


async def reserve(screen: BorrowerScreen) -> None:
    """Find a title, ask where it is fetched, then reserve it."""
    try:
        title = await _title(screen)
        if title is None:
            return
        item_id = await _copy(screen, title)
        asked = _("Reserve »{title}«. Fetched where?").format(title=paintable(title.title))
        branch = None if item_id is False else await _branch(screen, asked)
        if branch is None:
            return
        await _place(screen, title, None if item_id is False else item_id, branch[0])
    except DeskError as error:
        screen.say(sentence(error))


async def _title(screen: BorrowerScreen) -> FoundTitle | None:
    typed = await screen.ask(
        TextDialog(_("What is reserved?"), _("Words of title and author, item number or FAUST number"), saves=False)
    )
    if not typed:
        return None
    app = screen.desk_app
    found = await app.installation.desk.ask(app.who, titles_to_reserve, typed)
    if not found:
        screen.say(_("Nothing found for »{typed}«.").format(typed=paintable(typed)))
        return None
    return found[0] if len(found) == 1 else await screen.ask(TitleDialog(found))


async def _copy(screen: BorrowerScreen, title: FoundTitle) -> int | bool | None:
    """Ask whether any copy will do, where one was named; None: any, False: nothing happens."""
    if title.item_id is None or title.copies == 1:
        return None
    words = (pgettext("key", "T any copy of the title"), pgettext("key", "E this copy only"))
    question = QuestionDialog(
        _("»{title}«: any copy, or this one?").format(title=paintable(title.title)),
        tuple((word[0], word[2:]) for word in words),
    )
    answer = await screen.ask(question)
    if answer is None:
        return False
    return None if answer == words[0][0] else title.item_id


async def _branch(screen: BorrowerScreen, asked: str, without: int | None = None) -> tuple[int, str] | None:
    """Ask for a branch by its figure.

    Args:
        screen: the borrower's page.
        asked: the question.
        without: a branch that is not offered.
    """
    app = screen.desk_app
    there = (await app.installation.desk.ask(app.who, choices)).branches
    home = None if screen.page is None else screen.page.home_branch_id
    branches = sorted((one for one in there if one[0] != without), key=lambda one: one[0] != home)[:SHOWN_BRANCHES]
    if not branches:
        screen.say(_("There is no other branch."))
        return None
    by_key = {str(place): branch for place, branch in enumerate(branches, 1)}
    answer = await screen.ask(QuestionDialog(asked, tuple((key, branch[1]) for key, branch in by_key.items())))
    return None if answer is None else by_key[answer]


async def _place(screen: BorrowerScreen, title: FoundTitle, item_id: int | None, branch_id: int) -> None:
    app = screen.desk_app
    command = PlaceReservation(
        **screen.about(),
        title_id=title.title_id,
        item_id=item_id,
        pickup_branch_id=branch_id,
        card_id=screen.opened.card_id,
    )
    try:
        placed = await app.installation.desk.do(command)
    except Refused as refused:
        screen.say(sentences(refused.reasons, app.today()))
        return
    screen.say(placed_sentence(placed))
    screen.load()


async def cancel(screen: BorrowerScreen, reservation: ReservationRecord) -> None:
    """Cancel a reservation, when asked once more."""
    words = (pgettext("key", "A cancel it"), pgettext("key", "B keep it"))
    asked = _("Cancel the reservation of »{title}«?").format(title=paintable(reservation.title))
    answer = await screen.ask(QuestionDialog(asked, tuple((word[0], word[2:]) for word in words)))
    if answer != words[0][0]:
        return
    told = _("The reservation is cancelled.")
    if reservation.state == READY:
        told += " " + _("What lies on shelf {number} in {branch} is to be put back.").format(
            number=reservation.shelf, branch=reservation.pickup_branch
        )
    await screen.change(CancelReservation(**screen.about(), reservation_id=reservation.reservation_id), told)


async def move(screen: BorrowerScreen, reservation: ReservationRecord) -> None:
    """Let a reservation be fetched at another branch."""
    try:
        branch = await _branch(
            screen,
            _("»{title}«: fetched where?").format(title=paintable(reservation.title)),
            without=reservation.pickup_branch_id,
        )
    except DeskError as error:
        screen.say(sentence(error))
        return
    if branch is None:
        return
    told = _("Fetched in {branch} now.").format(branch=branch[1])
    if reservation.state == READY:
        told += " " + _("What lies on shelf {number} in {branch} is to be scanned at return, and sent on.").format(
            number=reservation.shelf, branch=reservation.pickup_branch
        )
    command = ChangePickupBranch(**screen.about(), reservation_id=reservation.reservation_id, branch_id=branch[0])
    await screen.change(command, told)
