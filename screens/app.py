"""The app: modes, routing of what devices and keys bring, theme, and a crash report without a person in it. Small."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeAlias

from rich.text import Text
from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from desk.borrowers.queries import borrower_at_counter
from desk.calendar import local_date
from desk.command import Who
from desk.counter.handling import CODE, SIGN_OFF, TO_CHECK_OUT
from desk.counter.records import CHECK_OUT, RETURN
from desk.counter.work import CounterWork
from desk.errors import DeskError, StoreError
from desk.installation import CounterPlace, Installation, now
from desk.privacy.purposes import Purpose
from desk.staff.records import StaffRecord
from desk.texts import _, pgettext
from desk.wording import clock
from devices.messages import CardPresented, CardRemoved, DeviceChanged, Scanned
from devices.stripe import cpr_in_stripe
from screens import pages
from screens.base import DeskScreen
from screens.borrower.opened import Opened
from screens.commands import app_commands, footer_keys
from screens.crash import crash_report
from screens.curtain.lock import LockScreen
from screens.curtain.privacy import Privacy
from screens.dialogs.help import HelpDialog, help_for
from screens.dialogs.question import QuestionDialog
from screens.keys import BurstRouter, DeskDriver
from screens.lending.at_counter import AtCounter
from screens.sentences import left_behind_sentence, sentence, sign_off_question
from screens.sign_in.sign_in import SignInScreen
from screens.theme import THEMES
from screens.widgets.status_line import Status

SIGN_IN = "sign_in"
DeviceMessage: TypeAlias = Scanned | CardPresented | CardRemoved | DeviceChanged


class DeskApp(App[int]):
    """The counter."""

    ENABLE_COMMAND_PALETTE = True
    # The sign-in page is the first: a blank one before it would be laid out, styled and painted too (30 ms).
    DEFAULT_MODE = SIGN_IN
    CSS_PATH = "sign_in/sign_in.tcss"
    MODES: ClassVar[dict[str, Any]] = {
        SIGN_IN: SignInScreen,
        CHECK_OUT: pages.check_out,
        RETURN: pages.returning,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", id="app.help", show=False),
        Binding("ctrl+q", "leave", id="app.sign_off", show=False),
    ]

    def __init__(
        self,
        installation: Installation,
        place: CounterPlace,
        library: str,
        counter_work: CounterWork,
        hint: str = "",
    ) -> None:
        super().__init__(driver_class=DeskDriver)
        self.installation = installation
        self.counter_place = place
        self.library = library
        self.hint = hint
        self.operator: StaffRecord | None = None
        self.left_behind = 0
        self.devices: dict[str, str] = {}
        self.devices_start: Callable[[], object] = lambda: None
        self.devices_stop: Callable[[], object] = lambda: None
        self.work_of_counter = counter_work
        self.at_counter = AtCounter(counter_work, self.today, self.visit_changed)
        self.at_counter.show_mode = self.show_mode
        self.at_counter.sign_off = self.sign_off
        self.privacy = Privacy(self, installation.settings.privacy, counter_work)
        scanner = installation.settings.scanner
        self.router = BurstRouter(
            self,
            self.heard,
            gap=scanner.burst_gap_ms / 1000,
            minimum=scanner.burst_minimum,
            prefix=scanner.prefix,
            suffix=scanner.suffix,
        )
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = installation.settings.look.theme
        ours = {theme.name for theme in THEMES}
        for name in set(self.available_themes) - ours:
            self.unregister_theme(name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables a value even before our theme is on."""
        return dict(THEMES[0].variables)

    # Time and place.

    def now(self) -> datetime:
        """The instant, aware UTC."""
        return now()

    def today(self) -> date:
        """The local date."""
        return local_date(self.now())

    @property
    def where(self) -> str:
        """Branch and counter, for the sign-in screen."""
        return f"{self.counter_place.branch} · {self.counter_place.counter}"

    @property
    def who(self) -> Who:
        """Whoever is signed in, at this counter."""
        return Who(None if self.operator is None else self.operator.staff_id, self.counter_place.counter_id)

    # Starting and stopping.

    async def on_mount(self) -> None:
        """Take up the queue, then wait for somebody to sign in."""
        self.at_counter.show_mode = self.show_mode
        self.set_interval(1, self._tick)
        self.devices_start()
        self.call_after_refresh(pages.load)
        self.listen()
        self.run_counter()
        self.finish_left_behind()
        # Switched off by whoever started the program: what is made before the first page is painted, stays.
        self.call_after_refresh(gc.enable)

    @work(group="counter")
    async def listen(self) -> None:
        """Write every scan down before anything reacts to it."""
        await self.at_counter.work.listen()

    @work(group="counter")
    async def run_counter(self) -> None:
        """Finish what an earlier run left, then handle scans for ever."""
        await self.learn_from_store()
        await self.at_counter.work.run()

    @work(group="counter")
    async def finish_left_behind(self) -> None:
        """Finish what ended programs left in their queues; only what needs a human is told, quietly."""
        while True:
            try:
                self.left_behind = await self.at_counter.work.finish_left_behind(self.who)
                break
            except StoreError:
                await asyncio.sleep(1)
        if self.left_behind and self.at_counter.view is not None:
            self.at_counter.view.show_lane()
            self._tell_left_behind()

    def _tell_left_behind(self) -> None:
        """Say once, to whoever is signed in, that the lane holds what another program left."""
        if self.left_behind and self.operator is not None:
            self.hint_counter(left_behind_sentence(self.left_behind))
            self.left_behind = 0

    async def learn_from_store(self) -> None:
        """Read staff cards and the lane's decisions; a store that does not answer is asked again."""
        try:
            await self.installation.learn_staff_cards()
            await self.at_counter.work.restore_decisions(self.who)
        except StoreError:
            self.at_counter.store_state = "down"
            self.set_timer(1, self.learn_from_store)

    def on_unmount(self) -> None:
        """Let the devices' threads go."""
        self.devices_stop()

    async def signed_in(self, staff: StaffRecord, password: str = "") -> None:
        """Open the counter for somebody; of the password only its kind is noted."""
        self.operator = staff
        self.privacy.signed_in(password)
        await self.learn_from_store()
        await self._end_stale_visit()
        await self.switch_mode(self.at_counter.place.mode)
        self.refresh_borrower()
        self._tell_left_behind()
        # What is loaded now stays for the day: a full collection that walks all of it takes as long as ten scans.
        gc.collect()
        gc.freeze()

    async def _end_stale_visit(self) -> None:
        """A visit that a restart brought back has ended if it would have, had the program gone on (C7)."""
        settings = self.installation.settings.privacy
        kept = timedelta(seconds=settings.curtain_after_seconds + settings.session_kept_seconds)
        if self.at_counter.place.is_stale(self.now(), kept):
            await self.at_counter.work.drop_visit()
            self.at_counter.forget_borrower()

    @work(group="load")
    async def refresh_borrower(self) -> None:
        """Read the open visit's borrower again: loans may have come back, or a restart brought the visit."""
        try:
            await self.borrower_changed()
        except DeskError as error:
            self.hint_counter(sentence(error))
            return
        if self.at_counter.view is not None:
            self.at_counter.view.show_all()

    def take_over(self, staff: StaffRecord) -> None:
        """Go on with somebody else as the operator: the pile and the queue stay."""
        self.operator = staff
        self._lending_state()

    def action_leave(self) -> None:
        """Sign off, behind the scans (C7). At the sign-in screen, leave the program; behind the lock, nothing."""
        if self.operator is None:
            self.exit(0)
        elif not self._is_hidden:
            if self.at_counter.work.waiting:
                self.hint_counter(_("Signing off when the scans have been handled."))
            self.order(SIGN_OFF)

    @property
    def _is_hidden(self) -> bool:
        return isinstance(self.screen, DeskScreen) and self.screen.HIDES

    @work(group="leave")
    async def sign_off(self) -> None:
        """Sign off; decisions that wait are asked about."""
        waiting = len(self.at_counter.work.decisions)
        if waiting:
            answers = ((pgettext("key", "J yes")[0], pgettext("key", "J yes")[2:]), ("N", _("no")))
            answer = await self.push_screen_wait(QuestionDialog(sign_off_question(waiting), answers))
            if answer in {None, "N"}:
                return
        self.at_counter.work.leave_waiting()
        await self.at_counter.work.drop_visit()
        for pile in self.at_counter.piles.values():
            pile.clear()
        self.at_counter.forget_borrower()
        self.operator = None
        await self.switch_mode(SIGN_IN)
        # The place is a fresh one for the next operator, in F2.
        self.order(TO_CHECK_OUT)

    # What is heard.

    async def on_event(self, event: events.Event) -> None:
        """Take a burst whole, before priority bindings, focus and modals see it (C1)."""
        if self.router.takes(event):
            return
        if isinstance(event, (events.Key, events.Paste)):
            self.privacy.touched()
        await super().on_event(event)

    def call_from_device(self, message: DeviceMessage) -> None:
        """Hand a device's message to the event loop; called on the device's thread, which never waits."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.hear, message)

    def hear(self, message: DeviceMessage) -> None:
        """Take what a device says. Called on the event loop."""
        match message:
            case Scanned():
                self.heard(message)
            case CardPresented(code=code):
                self.heard(Scanned(code, "reader", time.monotonic()))
            case DeviceChanged(device=device, state=state):
                self.devices[device] = state
                self._lending_state()

    def heard_typed(self, code: str) -> None:
        """A code was typed in the scan line."""
        self.heard(Scanned(code, "keyboard", time.monotonic()))

    def heard(self, scanned: Scanned) -> None:
        """Send a code to the queue, whatever dialog is open; a staff card goes to whoever asked for one (C3)."""
        self.privacy.touched()
        cpr = cpr_in_stripe(scanned.code)
        code = cpr or scanned.code
        if self.installation.is_staff_card(code):
            take = getattr(self.screen, "take_staff_card", None)
            if take is not None:
                take(code)
            else:
                self.hint_counter(_("Staff cards: only to sign in, or when a supervisor is asked for."))
        elif self.operator is None:
            if isinstance(self.screen, SignInScreen):
                self.screen.refuse_scan()
        elif cpr is not None or not self._is_asked_for(scanned):
            self.at_counter.work.take(CODE, code, self.who, scanned.at)

    def _is_asked_for(self, scanned: Scanned) -> bool:
        """Offer a code to what is open: a password at the lock, the number of a card that is handed out."""
        if isinstance(self.screen, LockScreen):
            return self.screen.takes_as_password(scanned)
        take = getattr(self.screen, "take_code", None)
        return take is not None and take(scanned.code)

    def order(self, kind: str) -> None:
        """Queue an order behind the scans."""
        self.at_counter.work.take(kind, "", self.who)

    # What is shown.

    def show_mode(self, mode: str) -> None:
        """Go over to a mode's page; pages about a borrower who is gone close."""
        if self.operator is not None and self.current_mode != mode:
            self._close_pages_about_a_borrower()
            self.call_next(self.switch_mode, mode)
            self.refresh_borrower()

    def visit_changed(self) -> None:
        """A visit opened or ended: behind the curtain, a new one draws it back."""
        if self.privacy.is_drawn and self.at_counter.place.visit is not None:
            self.privacy.raise_curtain()
        self._close_pages_about_a_borrower()

    def _close_pages_about_a_borrower(self) -> None:
        """Close whatever lies over the counter: pages and dialogs alike are about the borrower who was there."""
        while len(self.screen_stack) > 1 and not (isinstance(self.screen, DeskScreen) and self.screen.HIDES):
            self.screen.dismiss(None)

    def uncover(self, *, keep_pages: bool = False) -> None:
        """Take the curtain or the lock off.

        Args:
            keep_pages: whether what lies over the counter stays though no visit is open: it needs none.
        """
        while isinstance(self.screen, DeskScreen) and self.screen.HIDES:
            self.pop_screen()
        if self.at_counter.place.visit is None and not keep_pages:
            self._close_pages_about_a_borrower()

    @property
    def shows_a_borrower(self) -> bool:
        """Whether a page about somebody lies over the counter, with or without a visit."""
        return any(isinstance(screen, DeskScreen) and screen.ABOUT_A_BORROWER for screen in self.screen_stack)

    @work(group="leave")
    async def drop_visit(self, then: Callable[[], None]) -> None:
        """End the visit ahead of what waits, and show nothing of it any more."""
        await self.at_counter.work.drop_visit()
        self.at_counter.forget_borrower()
        then()
        if self.at_counter.view is not None:
            self.at_counter.view.show_all()

    def _tick(self) -> None:
        if not self.is_running:
            # The pages are being taken down.
            return
        self.privacy.tick()
        # A page that is just being made has nothing to paint yet.
        if isinstance(self.screen, DeskScreen) and self.screen.is_mounted:
            self.screen.tick()

    def hint_counter(self, text: str) -> None:
        """Say one line on the page that is shown."""
        if isinstance(self.screen, DeskScreen):
            self.screen.show_hint(text)

    def _lending_state(self) -> None:
        if self.at_counter.view is not None:
            self.at_counter.view.show_state()

    def status(self, mode: str) -> Status:
        """Give the status line's values (C14)."""
        return Status(
            branch=self.counter_place.branch,
            counter=self.counter_place.counter,
            operator="" if self.operator is None else self.operator.name,
            mode={CHECK_OUT: _("F2 CHECK-OUT"), RETURN: _("F3 RETURN")}.get(mode, mode),
            devices=(*self.devices.items(), *(() if self.at_counter.queue_ok else (("queue", "down"),))),
            store="busy" if self._store_has_stalled else self.at_counter.store_state,
            queue=self.at_counter.work.waiting,
            clock=clock(self.now()),
        )

    @property
    def _store_has_stalled(self) -> bool:
        return self.at_counter.store_state == "ok" and self.at_counter.work.has_stalled

    def keys(self, decisions: int) -> tuple[tuple[str, str], ...]:
        """Give the bottom line."""
        return footer_keys(decisions)

    def get_system_commands(self, screen: Screen[Any]) -> list[SystemCommand]:
        """Every action is in the palette (U2); a screenshot is not: it would hold a person."""
        return app_commands(self, screen)

    # Keys of the whole program.

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open."""
        palette = pages.palette()
        if not self._is_hidden and not isinstance(self.screen, type(palette)):
            self.push_screen(palette)

    def action_help(self) -> None:
        """Explain the page one is on."""
        if isinstance(self.screen, DeskScreen) and self.screen.HELP:
            self.push_screen(HelpDialog(*help_for(self.screen.HELP)))

    def action_curtain(self) -> None:
        """Draw the curtain."""
        self.privacy.draw_curtain()

    def action_borrower(self) -> None:
        """Open the page of the borrower whose visit is open."""
        visit = self.at_counter.place.visit
        if visit is None:
            self.hint_counter(_("No borrower chosen. Scan a library card."))
            return
        opened = Opened(visit.borrower_id, visit.card_id, visit.visit, Purpose.LENDING)
        self.push_screen(pages.borrower(opened))

    async def borrower_changed(self) -> None:
        """Read the borrower again: a block or a note has changed.

        Raises:
            DeskError: the store did not answer.
        """
        visit = self.at_counter.place.visit
        if visit is not None:
            self.at_counter.borrower = await self.installation.desk.ask(
                self.who, borrower_at_counter, visit.borrower_id, visit.card_id, self.today()
            )

    # A crash.

    def _fatal_error(self) -> None:
        """Show and log a bug without a person in it."""
        self.bell()
        self._exit_renderables.append(Text(crash_report(self._exception, self.installation.home)))
        self._close_messages_no_wait()
