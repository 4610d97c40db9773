"""F4: a borrower's page, opened from the counter or from a search: masthead, and tabs that one key reaches.

The panes show and post messages; what is done stands in the rooms of work beside it. Longer than most: every message of
eight tabs has its few lines here, so that who asks for what is read in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, TypedDict, TypeVar, cast

from textual import events, getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from desk.borrowers.about import AboutBorrower, Changed
from desk.borrowers.commands import OpenPage
from desk.borrowers.queries import borrower_page
from desk.borrowers.records import BorrowerPage
from desk.command import Who
from desk.counter.orders import TO_RETURN, UNDO
from desk.counter.records import Outcome, Undone
from desk.errors import DeskError, StoreError
from desk.installation import new_id
from desk.privacy.purposes import Purpose
from desk.texts import _, pgettext
from screens.base import DeskDialog, DeskScreen
from screens.borrower import balance_work, block_work, card_work, deletion_work, message_work, reservation_work
from screens.borrower.balance_pane import BalancePane
from screens.borrower.blocks_pane import BlocksPane
from screens.borrower.cards_pane import CardsPane
from screens.borrower.details_pane import DetailsPane
from screens.borrower.details_work import DetailsWork
from screens.borrower.export_work import hand_out_record
from screens.borrower.loans_pane import LoansPane
from screens.borrower.log_pane import LogPane
from screens.borrower.log_work import read_log
from screens.borrower.messages_pane import MessagesPane
from screens.borrower.opened import Opened
from screens.borrower.page_strip import page_strip
from screens.borrower.pane import Counted, Offering, Pane
from screens.borrower.reading import around_the_page
from screens.borrower.renewing import NO_ANSWERS, Answers, renew
from screens.borrower.reservations_pane import ReservationsPane
from screens.outcomes import beside_the_pile
from screens.sentences import sentence
from screens.text import plain
from screens.widgets.key_line import KeyLine
from screens.widgets.masthead import BorrowerStrip, Strip
from screens.widgets.status_line import StatusLine
from screens.widgets.tab_bar import Tab, TabBar

if TYPE_CHECKING:
    from screens.newsletter import Typed

T = TypeVar("T")

SHORT = 30
"""Lines below which a terminal has none to spare."""

PASSING = frozenset({"escape", "f1", "f2", "f3"})
"""Keys that leave the page, or explain it: they need nothing that has been read."""

# In the order of the tab bar. A new tab is a line here, and what is done with its messages below.
PANES: tuple[type[Pane], ...] = (
    LoansPane,
    CardsPane,
    BlocksPane,
    DetailsPane,
    LogPane,
    ReservationsPane,
    BalancePane,
    MessagesPane,
)


class About(TypedDict):
    """What every command from this page has in common."""

    command_id: str
    who: Who
    at: datetime
    borrower_id: int
    purpose: Purpose


class BorrowerScreen(DeskScreen[None]):
    """The page over the counter; closes by itself when another borrower's card is scanned.

    Args:
        opened: whose page, which visit, why. Opening it is noted in the access log (G8), once.
    """

    HELP = "borrower"
    NEWSLETTER = True
    ABOUT_A_BORROWER = True
    CSS_PATH = "borrower.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2", "leave", id="borrower.leave", show=False),
        Binding("f3", "to_return", id="lending.return", show=False),
        Binding("ctrl+t", "app.item", id="item.open", show=False),
        Binding("ctrl+z", "undo", id="lending.undo", show=False),
        Binding("i,I", "hand_out_record", id="borrower.record", show=False),
        Binding("d,D", "deletion", id="borrower.deletion", show=False),
        *(Binding(pane.TAB[0], f"tab('{pane.TAB[0]}')", id=f"tab.{pane.TAB[0]}", show=False) for pane in PANES),
    ]

    status = getters.query_one(StatusLine)
    strip = getters.query_one(BorrowerStrip)
    tabs = getters.query_one(TabBar)
    loans = getters.query_one(LoansPane)
    balance = getters.query_one(BalancePane)
    reservations = getters.query_one(ReservationsPane)
    details = getters.query_one(DetailsPane)
    log_pane = getters.query_one(LogPane)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened
        self.page: BorrowerPage | None = None
        self._panes: tuple[Pane, ...] = tuple(pane() for pane in PANES)
        self._open = self._panes[0]
        # Renewing begins a loan occasion; without a visit it is this page's own.
        self._occasion = opened.visit or new_id()
        self._settled = 0
        self._is_loading = True
        self._kept: list[events.Key | events.Paste] = []

    def compose(self) -> ComposeResult:
        """Masthead, tabs, one of the panes, one sentence, keys."""
        yield StatusLine()
        yield BorrowerStrip()
        yield TabBar()
        with Vertical(id="panes"):
            yield from cast("Sequence[Widget]", self._panes)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the first tab, then ask."""
        self._settled = self.desk_app.at_counter.pile.settled
        self._details = DetailsWork(self.desk_app, self.opened, self.details, self.say, lambda: self.load().wait())
        self.status.show(self.desk_app.status(_("F4 BORROWER")))
        self._go_to(self._open)
        # Until it has been read, the page says nothing about anybody.
        self._show_panes(shown=False)
        self.open()

    def on_resize(self) -> None:
        """Leave out the blank line above the tabs where lines are few."""
        self.set_class(self.app.size.height < SHORT, "-short")

    # Until it has been read.

    def keeps(self, event: events.Key | events.Paste) -> bool:
        """Keep keys until the page has been read, in their order. Esc, F2 and the like leave unless something waits."""
        passes = isinstance(event, events.Key) and (event.key == "f9" or (not self._kept and event.key in PASSING))
        if not self._is_loading or passes:
            return False
        self._kept.append(event)
        return True

    def _show_panes(self, *, shown: bool) -> None:
        panes = self.query_one("#panes")
        if shown and not panes.visible:
            panes.visible = True
            self._focus_open()
        elif not shown:
            panes.visible = False
            self.strip.show(Strip(_("Loading …"), ()))

    def _end_loading(self, *, is_read: bool) -> None:
        """Go on with the keys that were kept; of a page that could not be read nobody knows what they would do."""
        if not self._is_loading or self.is_gone:
            return
        self._is_loading = False
        kept, self._kept = self._kept, []
        if is_read:
            self.desk_app.router.send_again(kept)
        else:
            self.strip.show(Strip("–", ()))

    # What is shown.

    @work(group="load")
    async def open(self) -> None:
        """Open the page: a look, which is noted."""
        command = OpenPage(**self.about(), card_id=self.opened.card_id)
        try:
            await self._show(await self.desk_app.installation.desk.do(command))
        except DeskError as error:
            self._end_loading(is_read=False)
            self.say(sentence(error))

    @work(group="load")
    async def load(self, answers: Answers = NO_ANSWERS) -> None:
        """Ask again for a page that is open.

        Args:
            answers: what became of a renewal.
        """
        app, opened = self.desk_app, self.opened
        try:
            page = await app.installation.desk.ask(
                app.who, borrower_page, opened.borrower_id, opened.card_id, app.today()
            )
            if page is None:
                # Deleted on another counter while the page was open: nothing of them stays on it.
                app.run_worker(app.deleted_elsewhere.let_go(opened.borrower_id), group="noting", exclusive=False)
                return
            await self._show(page, answers)
        except DeskError as error:
            self.say(sentence(error))

    async def _show(self, page: BorrowerPage, answers: Answers = NO_ANSWERS) -> None:
        app, today = self.desk_app, self.desk_app.today()
        around = await around_the_page(app, self.opened.borrower_id)
        if self.is_gone:
            return
        self.page = page
        self.strip.show(page_strip(page, today, app.counter_place.branch, around.deletion))
        for pane in self._panes:
            pane.show(page, today)
        self.loans.show_loans(around.loans, answers, around.returned)
        self.balance.show_balance(around.balance)
        self.reservations.show_reservations(around.reservations)
        self._show_tabs()
        self._show_panes(shown=True)
        self._end_loading(is_read=True)

    def _show_tabs(self) -> None:
        self.tabs.show([_tab(pane, is_counted=self.page is not None) for pane in self._panes], self._open.TAB[0])
        every = (("I", pgettext("footer", "access")), ("D", pgettext("footer", "deletion")))
        # Where there is no room for all of them, F1 says the rest.
        own = (*self._open.footer(), ("F1", pgettext("footer", "help")))
        self.keys.show((("Esc", pgettext("footer", "back")), *own, *every))

    def tick(self) -> None:
        """Keep the clock right, and the loans: scans go on while the page is open."""
        self.status.show(self.desk_app.status(_("F4 BORROWER")))
        settled = self.desk_app.at_counter.pile.settled
        if settled != self._settled:
            self._settled = settled
            self.load()

    def say(self, text: str) -> None:
        """Say one sentence below the tab."""
        if not self.is_gone:
            self.said.update(plain(text))

    def show_hint(self, text: str) -> None:
        """Say what the counter has to say."""
        self.say(text)

    def say_outcome(self, outcome: Outcome) -> bool:
        """Say what Ctrl+Z did, and show the loans as they are now."""
        self.say(beside_the_pile(outcome, self.desk_app.today()))
        if isinstance(outcome, Undone):
            self.loans.forget_answers()
            self.load()
        return True

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here: every key's work by name."""
        return [
            *(self._open.actions() if isinstance(self._open, Offering) else ()),
            *(
                SystemCommand(
                    _(pane.TAB[1]),
                    _("Go to the tab ({key})").format(key=pane.TAB[0]),
                    lambda pane=pane: self._go_to(pane),
                )
                for pane in self._panes
            ),
            SystemCommand(
                _("Right of access"),
                _("The whole record as PDF and JSON, released by a supervisor (I)"),
                self.action_hand_out_record,
            ),
            SystemCommand(
                _("Deletion request"),
                _("The borrower wants to be deleted, or has changed their mind (D)"),
                self.action_deletion,
            ),
            SystemCommand(
                _("Undo"), _("Take back the last loan or renewal of this borrower (Ctrl+Z)"), self.action_undo
            ),
            SystemCommand(_("Back"), _("Back to the counter (Esc)"), self.action_leave),
            SystemCommand(_("Return"), _("Go to F3"), self.action_to_return),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
            SystemCommand(_("Lock"), _("Lock the counter"), self.desk_app.privacy.lock),
        ]

    async def newsletter_start(self) -> Typed:
        """Begin the newsletter's questions with the borrower's own e-mail."""
        from screens.borrower.newsletter_start import start_of  # noqa: PLC0415  (no page waits for it)

        return await start_of(self, self.page)

    # Going about.

    def action_tab(self, key: str) -> None:
        """Go to a tab."""
        self._go_to(next(pane for pane in self._panes if pane.TAB[0] == key))

    def _go_to(self, chosen: Pane) -> None:
        self._open = chosen
        self.say("")
        for pane in self._panes:
            cast("Widget", pane).display = pane is chosen
        self._focus_open()
        self._show_tabs()

    def _focus_open(self) -> None:
        widget = cast("Widget", self._open)
        first = next((one for one in (widget, *widget.query("*")) if one.focusable), None)
        self.set_focus(first)

    def action_to_return(self) -> None:
        """Go to F3, behind the scans."""
        self.desk_app.order(TO_RETURN)
        self.dismiss()

    def action_undo(self) -> None:
        """Take back what was done last for this borrower, behind the scans (C9). What was another's stays unseen."""
        if self.desk_app.at_counter.work.last_done.is_of(self.opened.borrower_id):
            self.desk_app.order(UNDO)
        else:
            self.say(_("Nothing to undo for this borrower. A return is undone in F3."))

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()

    # What the rooms of work need.

    def about(self) -> About:
        """Give what every command from this page has in common, with a command id of its own."""
        app = self.desk_app
        return About(
            command_id=new_id(),
            who=app.who,
            at=app.now(),
            borrower_id=self.opened.borrower_id,
            purpose=self.opened.purpose,
        )

    async def ask(self, dialog: DeskDialog[T]) -> T | None:
        """Open a dialog over the page; None: nothing happens."""
        self.say("")
        return await self.app.push_screen_wait(dialog)

    async def do(self, command: AboutBorrower[Changed]) -> Changed:
        """Carry out a change, also for the counter's strip.

        Raises:
            DeskError: nothing has changed.
        """
        changed = await self.desk_app.installation.desk.do(command)
        self.desk_app.refresh_borrower()
        return changed

    async def change(self, command: AboutBorrower[Changed], told: str, *, below: str = "") -> None:
        """Carry out a change and tell it, or why there was none.

        Args:
            command: what is done.
            told: what is said on the page.
            below: what is said at the counter, to whoever is there next, if the page closes at once; empty: the same.
        """
        try:
            await self.do(command)
        except DeskError as error:
            self.refuse(error)
            return
        self.say(told)
        self.desk_app.held_back.tell(below or told)
        self.load()

    def refuse(self, error: DeskError) -> None:
        """Say why nothing was done, and show what is so now: the page may be older than what another counter did."""
        self.say(sentence(error))
        if not isinstance(error, StoreError):
            self.desk_app.refresh_borrower()
            self.load()

    # What the panes ask for.

    @on(LoansPane.RenewalAsked)
    @work(group="change")
    async def renew_loans(self, event: LoansPane.RenewalAsked) -> None:
        """Renew loans; each gets its own answer."""
        answers = await renew(self.desk_app, self.opened, self._occasion, event.loans)
        self.say(answers.told)
        self.desk_app.refresh_borrower()
        self.load(answers)

    @on(CardsPane.NewAsked)
    @work(group="change")
    async def hand_out_card(self) -> None:
        """Hand out another card."""
        await card_work.hand_out(self)

    @on(CardsPane.StopAsked)
    @work(group="change")
    async def stop_card(self, event: CardsPane.StopAsked) -> None:
        """Stop a card."""
        await card_work.stop(self, event.card)

    @on(CardsPane.ReopeningAsked)
    @work(group="change")
    async def reopen_card(self, event: CardsPane.ReopeningAsked) -> None:
        """Let a card be used again."""
        await card_work.reopen(self, event.card)

    @on(CardsPane.PinAsked)
    @work(group="change")
    async def set_pin(self, event: CardsPane.PinAsked) -> None:
        """Give a card a new PIN."""
        await card_work.new_pin(self, event.card)

    @on(BlocksPane.BlockAsked)
    @work(group="change")
    async def set_block(self, event: BlocksPane.BlockAsked) -> None:
        """Block the borrower, or a card."""
        await (block_work.block_card(self) if event.of_card else block_work.block(self))

    @on(BlocksPane.LiftingAsked)
    @work(group="change")
    async def lift_block(self, event: BlocksPane.LiftingAsked) -> None:
        """Lift a block."""
        await block_work.lift(self, event.block)

    @on(BlocksPane.NoteAsked)
    @work(group="change")
    async def write_note(self, event: BlocksPane.NoteAsked) -> None:
        """Write or clear a note."""
        await (block_work.internal_note(self) if event.is_internal else block_work.note_to_borrower(self))

    @on(BalancePane.Asked)
    @work(group="change")
    async def work_on_balance(self, event: BalancePane.Asked) -> None:
        """Take money, waive, charge, give back, or make a statement."""
        await balance_work.carry_out(self, event)

    @on(ReservationsPane.NewAsked)
    @work(group="change")
    async def reserve(self) -> None:
        """Reserve a title."""
        await reservation_work.reserve(self)

    @on(ReservationsPane.CancelAsked)
    @work(group="change")
    async def cancel_reservation(self, event: ReservationsPane.CancelAsked) -> None:
        """Cancel a reservation."""
        await reservation_work.cancel(self, event.reservation)

    @on(ReservationsPane.MoveAsked)
    @work(group="change")
    async def move_reservation(self, event: ReservationsPane.MoveAsked) -> None:
        """Let a reservation be fetched elsewhere."""
        await reservation_work.move(self, event.reservation)

    @on(DetailsPane.RevealAsked)
    @work(group="change")
    async def reveal(self, event: DetailsPane.RevealAsked) -> None:
        """Show a masked item; the log notes it."""
        await self._details.reveal(event.key)

    @on(DetailsPane.EditAsked)
    @work(group="change")
    async def edit(self, event: DetailsPane.EditAsked) -> None:
        """Change an item."""
        await self._details.edit(event.key)

    @on(DetailsPane.TabAsked)
    def go_to_tab(self, event: DetailsPane.TabAsked) -> None:
        """Go where an item is changed."""
        self.action_tab(event.tab)

    @on(DetailsPane.KeysChanged)
    @on(LogPane.KeysChanged)
    def show_keys(self) -> None:
        """Show the keys that are valid now."""
        self._show_tabs()

    @on(MessagesPane.Asked)
    @work(group="change")
    async def work_on_messages(self, event: MessagesPane.Asked) -> None:
        """List the messages, show one, try one again, cancel one."""
        await message_work.carry_out(self, self.query_one(MessagesPane), event)

    @on(LogPane.LogAsked)
    @work(group="load")
    async def read_log(self) -> None:
        """Read who looked at the borrower."""
        await read_log(self.desk_app, self.opened, self.log_pane)

    @work(group="change")
    async def action_deletion(self) -> None:
        """Register that the borrower wants to be deleted (G1), or withdraw it."""
        await deletion_work.register_or_withdraw(self)

    @work(group="change")
    async def action_hand_out_record(self) -> None:
        """Hand the borrower the whole record (G9): a supervisor steps up, then it becomes two files."""
        self.say("")
        # To the end: a card that was scanned meanwhile would close the page before the files are written.
        with self.desk_app.held_back.during():
            told = await hand_out_record(self.desk_app, self.opened.borrower_id)
            if told:
                self.say(told)


def _tab(pane: Pane, *, is_counted: bool) -> Tab:
    key, label = pane.TAB
    return Tab(key, _(label), pane.count() if is_counted and isinstance(pane, Counted) else "")
