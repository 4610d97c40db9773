"""The app: modes, routing of what devices and keys bring, theme, and a crash report without a person in it. Small."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from desk.calendar import local_date
from desk.command import Who
from desk.counter.holds import SIGN_UP
from desk.counter.modes import CHECK_OUT, RETURN
from desk.counter.orders import SIGN_OFF
from desk.errors import DeskError, NotAllowed, StoreError
from desk.installation import CounterPlace, Installation, now
from desk.staff.records import StaffRecord
from desk.texts import _
from screens import pages
from screens.base import DeskScreen
from screens.commands import app_commands, footer_keys, status_of
from screens.crash import crash_report
from screens.curtain.privacy import Privacy
from screens.deletions.elsewhere import DeletedElsewhere
from screens.deletions.under_way import Deletions
from screens.hearing import Hearing
from screens.held_back import HeldBack
from screens.keys import DeskDriver, router_for
from screens.opening import OpensPages
from screens.retention_watch import RetentionWatch
from screens.sentences import sentence
from screens.shift import Shift
from screens.sign_in.sign_in import SignInScreen
from screens.theme import THEMES, wear_our_themes
from screens.widgets.status_line import Status

if TYPE_CHECKING:
    from desk.counter.records import Outcome
    from desk.counter.work import CounterWork
    from desk.privacy.commands import NoteSearch
    from screens.hearing import DeviceMessage
    from screens.lending.at_counter import AtCounter

SIGN_IN = "sign_in"
NOTE_AGAIN_SECONDS = 1.0
DEVICES_AFTER_SECONDS = 0.2


class DeskApp(OpensPages):
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
        Binding("ctrl+q", "leave", id="app.sign_off", show=False),
    ]

    def __init__(
        self,
        installation: Installation,
        place: CounterPlace,
        library: str,
        counter_work: Callable[[], CounterWork],
        hint: str = "",
    ) -> None:
        super().__init__(driver_class=DeskDriver)
        self.installation = installation
        self.counter_place = place
        self.library = library
        self.hint = hint
        # What the sign-in screen says in red: something that IT should mend, and that stops nobody.
        self.warning = ""
        self.operator = None
        # Whoever starts the program says what this counter has.
        self.plug_in_devices: Callable[[], None] = lambda: None
        # How each device is started, and how it is let go of.
        self._devices: list[tuple[Callable[[], object], Callable[[], object]]] = []
        self._started: list[Callable[[], object]] = []
        self._counter_work = counter_work
        self.privacy = Privacy(self, installation.settings.privacy)
        self.held_back = HeldBack(self)
        self.shift = Shift(self)
        self.deletions = Deletions(self)
        self.deleted_elsewhere = DeletedElsewhere(self)
        self.retention = RetentionWatch(self)
        # Whether the run that a night has left out is done now; whoever starts the program says so.
        self.catches_up = False
        self.hearing = Hearing(self)
        self.router = router_for(self, self.hearing.heard, installation.settings.scanner)
        wear_our_themes(self, installation.settings.look.theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables a value even before our theme is on."""
        return dict(THEMES[0].variables)

    def plug_in(self, start: Callable[[], object], stop: Callable[[], object]) -> None:
        """Take a device that begins with the app and ends with it; whoever wires the program says which."""
        self._devices.append((start, stop))

    @cached_property
    def at_counter(self) -> AtCounter:  # type: ignore[override]
        """What is on the counter; put together behind the first page, or by the first key before that (Q5)."""
        from screens.lending.wiring import wired  # noqa: PLC0415  (a fifth of what a start would load)

        return wired(self, self._counter_work())

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
        """Wait for somebody to sign in; the queue is taken up meanwhile."""
        self.set_interval(1, self._tick)
        # Behind the first page: what they load would be in the way of its painting (Q5).
        self.set_timer(DEVICES_AFTER_SECONDS, self._start_devices)
        self.call_after_refresh(pages.load)
        self.call_after_refresh(self._begin_work)
        if self.catches_up:
            self.call_after_refresh(self.catch_up)
        # Switched off by whoever started the program: what is made before the first page is painted, stays.
        self.call_after_refresh(gc.enable)

    def _begin_work(self) -> None:
        self.at_counter.work.load_rules()
        self.listen()
        self.run_counter()
        self.finish_left_behind()

    @work(group="counter")
    async def listen(self) -> None:
        """Write every scan down before anything reacts to it."""
        await self.at_counter.work.listen()

    @work(group="counter")
    async def run_counter(self) -> None:
        """Finish what an earlier run left, then handle scans for ever."""
        await self.shift.learn_from_store()
        await self.at_counter.work.run()

    @work(group="counter")
    async def finish_left_behind(self) -> None:
        """Finish what other programs left, beside the counter's own work."""
        await self.shift.finish_left_behind()

    @work(group="counter")
    async def catch_up(self) -> None:
        """Delete what is due, if the night has not, beside the counter's own work."""
        await self.retention.catch_up()

    @work(group="printing", exclusive=True)
    async def print_again(self) -> None:
        """Spool what could not be kept for the printer before."""
        await self.at_counter.work.print_again()

    @work(group="queue")
    async def ask_queue_again(self) -> None:
        """Take the band off once scans are kept again: it says to stop, and nobody scans to find out (C2)."""
        await self.at_counter.work.ask_queue_again()

    def _start_devices(self) -> None:
        self.plug_in_devices()
        for start, stop in self._devices:
            start()
            self._started.append(stop)

    def on_unmount(self) -> None:
        """Let the devices' threads go."""
        for stop in reversed(self._started):
            stop()

    async def signed_in(self, staff: StaffRecord, password: str = "") -> None:
        """Open the counter for somebody; of the password only its kind is noted."""
        await self.shift.begin(staff, password)

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

    def action_leave(self) -> None:
        """Sign off, behind the scans (C7). At the sign-in screen, leave the program; behind the lock, nothing."""
        if self.operator is None:
            self.exit(0)
        elif not self.is_hidden:
            if self.at_counter.work.waiting:
                self.hint_counter(_("Signing off when the scans have been handled."))
            self.order(SIGN_OFF)

    @work(group="leave")
    async def sign_off(self) -> None:
        """Sign off; decisions that wait are asked about."""
        await self.shift.end(SIGN_IN)

    # What is heard.

    async def on_event(self, event: events.Event) -> None:
        """Take a burst whole, before priority bindings, focus and modals see it (C1)."""
        if self.router.takes(event):
            return
        if isinstance(event, (events.Key, events.Paste)):
            self.privacy.touched()
            self.at_counter.put_receipt_away()
            if not event.is_forwarded and isinstance(self.screen, DeskScreen) and self.screen.keeps(event):
                return
        await super().on_event(event)

    def call_from_device(self, message: DeviceMessage) -> None:
        """Hand a device's message to the event loop; called on the device's thread, which never waits."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._hear, message)

    def _hear(self, message: DeviceMessage) -> None:
        # On the event loop, but outside any of the app's own handlers: what is heard may open or close a page.
        with self._context():
            self.hearing.hear(message)

    def heard_typed(self, code: str) -> None:
        """A code was typed in the scan line."""
        self.hearing.heard_typed(code)

    def order(self, kind: str) -> None:
        """Queue an order behind the scans."""
        self.at_counter.work.take(kind, "", self.who)

    # What is shown.

    def show_mode(self, mode: str) -> None:
        """Go over to a mode's page; pages about a borrower who is gone close. Never while a secret is typed."""
        self.held_back.then(lambda: self._show_mode(mode))

    def _show_mode(self, mode: str) -> None:
        if self.operator is not None and self.current_mode != mode:
            self.close_pages_about_a_borrower()
            self.call_next(self.switch_mode, mode)
            self.refresh_borrower()

    def visit_changed(self) -> None:
        """A visit opened or ended: behind the curtain, a new one draws it back. Never while a secret is typed."""
        self.held_back.then(self._visit_changed)

    def _visit_changed(self) -> None:
        if self.privacy.is_drawn and self.at_counter.place.visit is not None:
            self.privacy.raise_curtain()
        self.close_pages_about_a_borrower()
        if self.at_counter.work.on_reader.left_before(self.at_counter.place.visit):
            self.privacy.draw_curtain()

    @work(group="noting")
    async def look_again(self) -> None:
        """Note that whoever has taken over sees the borrower whose visit is open."""
        await self.shift.look_again()

    @work(group="leave")
    async def drop_visit(self, then: Callable[[], None]) -> None:
        """End the visit ahead of what waits, and show nothing of it any more."""
        await self.at_counter.work.drop_visit(self.who)
        self.at_counter.forget_borrower()
        then()
        if self.at_counter.view is not None:
            self.at_counter.view.show_all()

    @work(group="sign_up")
    async def signed_up(self, borrower_id: int, entry_id: int | None, *, created: bool) -> None:
        """A sign-up is over: open the borrower's visit, then go on with what was scanned meanwhile."""
        counter_work = self.at_counter.work
        try:
            await counter_work.signed_up(borrower_id, self.who, entry_id, created=created)
        except DeskError as error:
            self.hint_counter(sentence(error))
        finally:
            counter_work.release(SIGN_UP)

    def _tick(self) -> None:
        if not self.is_running:
            # The pages are being taken down.
            return
        self.privacy.tick()
        self.deletions.tick()
        self.retention.tick()
        self.deleted_elsewhere.tick()
        if not self.at_counter.queue_ok:
            self.ask_queue_again()
        prints = self.at_counter.work.prints
        if prints is not None and prints.has_failed:
            self.print_again()
        if self.privacy.idle_seconds >= self.installation.settings.privacy.curtain_after_seconds:
            self.at_counter.put_receipt_away()
        # A page that is just being made has nothing to paint yet, and one that is being closed has nothing any more.
        if isinstance(self.screen, DeskScreen) and self.screen.is_mounted and self.screen.children:
            self.screen.tick()

    def hint_counter(self, text: str) -> None:
        """Say one line on the page that is shown; one that is just being made has no place for it yet."""
        if isinstance(self.screen, DeskScreen) and self.screen.is_mounted:
            self.screen.show_hint(text)

    def page_says(self, outcome: Outcome) -> bool:
        """Offer an outcome to the page that is shown; tells whether it has said it."""
        return isinstance(self.screen, DeskScreen) and self.screen.is_mounted and self.screen.say_outcome(outcome)

    def show_state(self) -> None:
        """Paint the status line and the band anew; not while the pages are being taken down."""
        if self.is_running and self.at_counter.view is not None:
            self.at_counter.view.show_state()

    def status(self, mode: str) -> Status:
        """Give the status line's values (C14)."""
        return status_of(self, mode)

    def keys(self, decisions: int) -> tuple[tuple[str, str], ...]:
        """Give the bottom line."""
        return footer_keys(decisions)

    def get_system_commands(self, screen: Screen[Any]) -> list[SystemCommand]:
        """Every action is in the palette (U2); a screenshot is not: it would hold a person."""
        return app_commands(self, screen)

    @work(group="noting")
    async def note_search(self, command: NoteSearch) -> None:
        """Note a search that opened nobody; a store that does not answer is asked again."""
        while True:
            try:
                await self.installation.desk.do(command)
            except StoreError:
                await asyncio.sleep(NOTE_AGAIN_SECONDS)
            except NotAllowed:
                # The account has been closed meanwhile: what the rights say holds for this too.
                return
            else:
                return

    async def borrower_changed(self) -> None:
        """Read the borrower again: a block or a note has changed.

        Raises:
            DeskError: the store did not answer.
        """
        from desk.borrowers.queries import borrower_at_counter  # noqa: PLC0415  (nobody has a visit at the start)

        visit = self.at_counter.place.visit
        if visit is not None:
            borrower = await self.installation.desk.ask(
                self.who, borrower_at_counter, visit.borrower_id, visit.card_id, self.today()
            )
            if self.at_counter.place.visit == visit:
                # Else it is over meanwhile, and nothing of it comes back.
                self.at_counter.borrower = borrower

    # A crash.

    def _fatal_error(self) -> None:
        """Show and log a bug without a person in it."""
        self.bell()
        report = crash_report(self._exception, self.installation.home)
        if not self._exit_renderables:
            # One bug brings the next; of several Textual would say in English how many it does not show.
            self._exit_renderables.append(Text(report))
        self._close_messages_no_wait()
