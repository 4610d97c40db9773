"""One operator's shift at the counter, from sign-in to sign-off, and what the counter knows before it begins (C7)."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.counter.orders import DROP_BOX_ENDS, TO_CHECK_OUT
from desk.errors import DeskError, StoreError
from desk.installation import new_id
from desk.staff.records import StaffRecord
from desk.texts import _, pgettext
from screens.dialogs.question import QuestionDialog
from screens.sentences import left_behind_sentence, sentence, sign_off_question

if TYPE_CHECKING:
    from screens.app import DeskApp

RETRY_SECONDS = 1.0


class Shift:
    """Opens the counter for somebody, and closes it after them."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        # Decisions taken over from an ended program, until somebody has been told.
        self._left_behind = 0

    async def learn_from_store(self) -> None:
        """Read staff cards and the lane's decisions; a store that does not answer is asked again."""
        app = self._app
        try:
            await app.installation.learn_staff_cards()
            await app.at_counter.work.restore_decisions(app.who)
        except StoreError:
            app.at_counter.store_state = "down"
            app.set_timer(RETRY_SECONDS, self.learn_from_store)
        else:
            app.at_counter.store_state = "ok"

    async def finish_left_behind(self) -> None:
        """Finish what ended programs left in their queues; only what needs a human is told, quietly."""
        app = self._app
        while True:
            try:
                self._left_behind = await app.at_counter.work.finish_left_behind(app.who)
                break
            except StoreError:
                await asyncio.sleep(RETRY_SECONDS)
        if self._left_behind and app.at_counter.view is not None:
            app.at_counter.view.show_lane()
            self._tell_left_behind()

    def _tell_left_behind(self) -> None:
        """Say once, to whoever is signed in, that the lane holds what another program left."""
        if self._left_behind and self._app.operator is not None:
            self._app.hint_counter(left_behind_sentence(self._left_behind))
            self._left_behind = 0

    async def begin(self, staff: StaffRecord, password: str) -> None:
        """Open the counter for somebody; of the password only its kind is noted."""
        app = self._app
        app.operator = staff
        app.privacy.signed_in(password)
        await self.learn_from_store()
        await self._end_stale_visit()
        await app.switch_mode(app.at_counter.place.mode)
        app.refresh_borrower()
        self._tell_left_behind()
        if app.at_counter.place.drop_box:
            # A program that was ended in it: what was scanned before still counts so, what comes now is a new day's.
            app.order(DROP_BOX_ENDS)
        # What is loaded now stays for the day: a full collection that walks all of it takes as long as ten scans.
        gc.collect()
        gc.freeze()

    async def _end_stale_visit(self) -> None:
        """A visit that a restart brought back has ended if it would have, had the program gone on (C7)."""
        app = self._app
        settings = app.installation.settings.privacy
        kept = timedelta(seconds=settings.curtain_after_seconds + settings.session_kept_seconds)
        if app.at_counter.place.is_stale(app.now(), kept):
            await app.at_counter.work.drop_visit(app.who)
            app.at_counter.forget_borrower()

    def take_over(self, staff: StaffRecord) -> None:
        """Go on with whoever unlocked as the operator: the pile and the queue stay (C12).

        A colleague sees the borrower whose visit is open, so that is a look of theirs, and noted (G8).
        """
        app, before = self._app, self._app.operator
        app.operator = staff
        app.show_state()
        visit = app.at_counter.place.visit
        if visit is not None and (before is None or before.staff_id != staff.staff_id):
            app.look_again()

    async def look_again(self) -> None:
        """Open the visit for whoever has taken over, which is noted; a store that does not answer is asked again."""
        app = self._app
        visit = app.at_counter.place.visit
        while visit is not None and app.at_counter.place.visit == visit:
            from desk.borrowers.visiting import OpenVisit  # noqa: PLC0415  (nobody has a visit at the start)

            command = OpenVisit(
                command_id=new_id(), who=app.who, at=app.now(), borrower_id=visit.borrower_id, card_id=visit.card_id
            )
            try:
                app.at_counter.borrower = await app.installation.desk.do(command)
            except StoreError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            except DeskError as error:
                app.hint_counter(sentence(error))
                return
            if app.at_counter.view is not None:
                app.at_counter.view.show_all()
            return

    async def end(self, sign_in: str) -> None:
        """Sign off; decisions that wait are asked about.

        Args:
            sign_in: the mode to go to.
        """
        app, work = self._app, self._app.at_counter.work
        waiting = len(work.decisions)
        if waiting:
            answers = ((pgettext("key", "J yes")[0], pgettext("key", "J yes")[2:]), ("N", _("no")))
            answer = await app.push_screen_wait(QuestionDialog(sign_off_question(waiting), answers))
            if answer in {None, "N"}:
                # It may still say that signing off waits for the scans.
                app.hint_counter("")
                return
        # Nothing that lies over the counter is there for whoever signs in next.
        app.close_pages_about_a_borrower()
        await work.drop_visit(app.who)
        for pile in app.at_counter.piles.values():
            pile.clear()
        app.at_counter.forget_borrower()
        app.close_pages()
        app.operator = None
        await app.switch_mode(sign_in)
        # The place is a fresh one for the next operator, in F2.
        app.order(TO_CHECK_OUT)
