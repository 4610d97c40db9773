"""F2 check-out and F3 return: one page each, the same shape: strip, pile, lane, scan line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from desk.circulation.commands import SetDueDate
from desk.counter.holds import SIGN_UP
from desk.counter.modes import CHECK_OUT, RETURN
from desk.counter.orders import DROP_BOX, END, LAST_BORROWER, TO_CHECK_OUT, TO_RETURN, UNDO
from desk.counter.records import Answer, BranchAnswered, Lent, Outcome
from desk.errors import DeskError, Refused
from desk.installation import new_id
from desk.texts import _, pgettext
from screens import pages
from screens.base import NEVER, DeskScreen
from screens.dialogs.due_date import AskedDueDate, DueDateDialog
from screens.dialogs.step_up import StepUpDialog
from screens.lending.printing import print_commands
from screens.lending.receipt import receipt_text
from screens.lending.strip import strip_of
from screens.outcomes import answer_of, beside_the_pile, lane_entry, line
from screens.refusals import sentences
from screens.sentences import sentence
from screens.stepping_up import supervisor_of
from screens.text import cut, plain
from screens.widgets.band import Band
from screens.widgets.counter import PileCounter
from screens.widgets.key_line import KeyLine
from screens.widgets.lane import DecisionLane
from screens.widgets.masthead import BorrowerStrip
from screens.widgets.pile import Columns, Pile, PileLine
from screens.widgets.scan_line import ScanLine
from screens.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from screens.lending.at_counter import AtCounter
    from screens.lending.piles import Row

NARROW = 100
TALL = 40
LONGEST_TITLE = 40
"""Cells of a title in the step-up dialog, whose other lines are the reasons."""
ESC_FOR_WHAT_WENT = 1.5
"""Seconds after the lane let go of the focus, or a page closed, by itself, within which an Esc was meant for it."""


class LendingScreen(DeskScreen[None]):
    """The page both modes share. ``MODE`` says which."""

    MODE: ClassVar[Columns] = "check_out"
    CSS_PATH = "lending.tcss"
    AUTO_FOCUS = "ScanLine"
    NEWSLETTER = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "to_check_out", id="lending.check_out", show=False),
        Binding("f3", "to_return", id="lending.return", show=False),
        Binding("f4", "app.borrower", id="borrower.open", show=False),
        Binding("f5", "app.lists", id="lists.open", show=False),
        Binding("f6", "app.deletions", id="deletions.open", show=False),
        Binding("ctrl+t", "app.item", id="item.open", show=False),
        Binding("f8", "to_lane", id="lane.open", show=False),
        Binding("f10", "last_borrower", id="lending.last_borrower", show=False),
        Binding("ctrl+o", "drop_box", id="lending.drop_box", show=False),
        Binding("ctrl+z", "undo", id="lending.undo", show=False),
        Binding("ctrl+d", "set_due_date", id="loan.set_due_date", show=False),
        Binding("pageup", "page(-1)", id="pile.page_up", show=False),
        Binding("pagedown", "page(1)", id="pile.page_down", show=False),
        Binding("escape", "end", id="lending.end", show=False),
    ]

    status = getters.query_one(StatusLine)
    band = getters.query_one(Band)
    pile = getters.query_one(Pile)
    counter = getters.query_one(PileCounter)
    lane = getters.query_one(DecisionLane)
    scan_line = getters.query_one(ScanLine)
    keys = getters.query_one(KeyLine)
    hint = getters.query_one("#hint", Static)

    def __init__(self) -> None:
        super().__init__()
        # When the focus last went from the lane to the scan line without an Esc.
        self._left_lane_at = NEVER
        self._said_of_an_item = False

    @property
    def at_counter(self) -> AtCounter:
        """What is on the counter."""
        return self.desk_app.at_counter

    def compose(self) -> ComposeResult:
        """Lay out one column of attention: status, band, strip, pile with its side, scan line, keys."""
        yield StatusLine()
        yield Band()
        if self.MODE == CHECK_OUT:
            yield BorrowerStrip()
            yield Static("", id="receipt", markup=False)
        with Horizontal(id="work"):
            yield Pile(self.MODE)
            with Vertical(id="side"):
                yield PileCounter()
                yield DecisionLane()
        yield Static("", id="hint", markup=False)
        yield ScanLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Fit the page to the terminal."""
        self._fit()

    def on_resize(self) -> None:
        """Fit the page to the terminal again."""
        self._fit()

    def _fit(self) -> None:
        self.set_class(self.app.size.width < NARROW, "-narrow")
        self.set_class(self.app.size.height >= TALL and self.app.size.width >= NARROW, "-tall")

    def on_screen_resume(self) -> None:
        """Paint what is on the counter: it went on while another page was shown."""
        self.at_counter.view = self
        self.show_all()
        self.scan_line.focus()
        if self.at_counter.borrower is not None:
            # What was done on a page may have changed what the strip says: a fee, a block, a loan.
            self.desk_app.refresh_borrower()

    # What the counter asks to be painted.

    def show_row(self, row: Row) -> None:
        """Paint one line and the figures."""
        self.pile.update_line(self._line(row))
        self._show_figures()

    def turn_to(self, row: Row) -> None:
        """Turn to a line's page."""
        self.pile.turn_to(row.number)

    def _line(self, row: Row) -> PileLine:
        here = self.at_counter
        return line(row.number, row.outcome, here.today(), row.times, tags=row.tags, slip=here.slips.state_of(row))

    def show_all(self) -> None:
        """Paint everything anew."""
        here, today = self.at_counter, self.at_counter.today()
        rows = here.piles[self.MODE].rows.values()
        self.pile.show_lines(
            tuple(map(self._line, rows)),
            # Without a borrower F2 asks for a card, above the pile.
            invites=self.MODE == RETURN or here.borrower is not None,
        )
        if self.MODE == CHECK_OUT:
            self.query_one(BorrowerStrip).show(strip_of(here.borrower, today, self.desk_app.counter_place.branch))
            self.show_receipt()
        self._show_figures()
        self.show_lane()
        self.show_state()

    def show_receipt(self) -> None:
        """Show the last visit's receipt in F2, as long as it is there to be shown."""
        if self.MODE == CHECK_OUT:
            shown, place = self.at_counter.receipt.shown, self.query_one("#receipt", Static)
            place.display = shown is not None
            place.update("" if shown is None else receipt_text(shown, self.at_counter.today()))

    def show_receipt_printed(self) -> None:
        """Say that the last visit's receipt has been printed."""
        if self.MODE == CHECK_OUT:
            self.show_hint(_("Receipt printed."))

    @work(group="receipt")
    async def action_latest_receipt(self) -> None:
        """Show the latest receipt again, within two minutes and before the next borrower comes (C13)."""
        receipt, prints = self.at_counter.receipt, self.at_counter.work.prints
        text = await prints.shown(receipt.printed_job) if prints is not None and receipt.printed_job else ""
        if receipt.show_print(text) or (self.at_counter.place.visit is None and receipt.show_again()):
            self.show_receipt()
        else:
            self.show_hint(_("There is no receipt any more."))

    def show_lane(self) -> None:
        """Paint the decisions, those of this pile with their line."""
        here = self.at_counter
        # What was just scanned comes first; what an earlier visit left behind can wait longer.
        decisions = sorted(here.work.decisions.values(), key=lambda decision: (decision.waits, decision.heard_at))
        self.lane.show(
            tuple(
                lane_entry(
                    decision,
                    here.line_of_decision.get(decision.entry_id, 0),
                    here.today(),
                    is_of_this_visit=decision.visit == here.place.visit,
                    is_of_an_earlier_one=here.is_of_an_earlier_visit(decision),
                    tags=here.tags_of(decision.entry_id),
                )
                for decision in decisions
            )
        )
        self.keys.show(self._keys())

    def show_state(self) -> None:
        """Paint the status line and the band; a page that is being taken down has none any more."""
        if not self.children:
            return
        self.status.show(self.desk_app.status(self.MODE))
        if not self.at_counter.queue_ok:
            self.band.show(_("NOT SAVED – stop scanning"))
        elif self.MODE == RETURN and self.at_counter.place.drop_box:
            self.band.show(_("DROP-BOX – counts as returned on the last open day"), "look")
        else:
            self.band.show("")

    def tick(self) -> None:
        """Keep the clock and the states right."""
        self.show_state()

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here: every key's work by name."""
        app = self.desk_app
        return [
            SystemCommand(_("Check-out"), _("Go to F2"), self.action_to_check_out),
            SystemCommand(_("Return"), _("Go to F3"), self.action_to_return),
            SystemCommand(_("Borrower"), _("Loans and blocks of the borrower (F4)"), app.action_borrower),
            SystemCommand(
                _("Lists"), _("What is to be fetched, lies ready, is put back, is on its way (F5)"), app.action_lists
            ),
            SystemCommand(_("Decisions"), _("Answer what waits (F8)"), self.action_to_lane),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), app.action_curtain),
            SystemCommand(_("Last borrower"), _("Bring the last borrower back (F10)"), self.action_last_borrower),
            SystemCommand(
                _("Due date"), _("Set the due date of the loan made last (Ctrl+D)"), self.action_set_due_date
            ),
            SystemCommand(_("Undo"), _("Take back the last loan, return or renewal (Ctrl+Z)"), self.action_undo),
            SystemCommand(_("Lock"), _("Lock the counter"), app.privacy.lock),
            *((self._receipt_command(),) if self.MODE == CHECK_OUT else (self._drop_box_command(),)),
            *print_commands(self),
        ]

    def _receipt_command(self) -> SystemCommand:
        about = _("What the last borrower took home, within 2 minutes")
        return SystemCommand(_("Latest receipt"), about, self.action_latest_receipt)

    def _drop_box_command(self) -> SystemCommand:
        about = _("What comes now lay in the box, or does no longer (Ctrl+O)")
        return SystemCommand(_("Drop-box"), about, self.action_drop_box)

    def show_hint(self, text: str) -> None:
        """Say one line above the scan line until something else happens."""
        self._said_of_an_item = False
        self.hint.update(plain(text))
        self.hint.display = bool(text)

    def say_of_item(self, text: str) -> None:
        """Say one line that names an item: it goes with the visit (C7)."""
        self.show_hint(text)
        self._said_of_an_item = True

    def forget_said(self) -> None:
        """Take off what was said of an item, and leave what was said of anything else."""
        if self._said_of_an_item:
            self.show_hint("")

    def say(self, outcome: Outcome) -> None:
        """Say what became of something that has no line here any more."""
        if isinstance(outcome, BranchAnswered):
            self.show_hint(_("IT corrects the branch in desk.toml. Put the pile aside, and scan it again after that."))
            return
        said = beside_the_pile(outcome, self.at_counter.today())
        borrower = self.at_counter.borrower
        if isinstance(outcome, Lent) and borrower is not None and outcome.loan.borrower_id != borrower.borrower_id:
            said = _("{said} · for an earlier borrower").format(said=said)
        self.say_of_item(said)

    def ring(self) -> None:
        """Something needs a look."""
        self.app.bell()

    def _show_figures(self) -> None:
        here = self.at_counter
        pile = here.piles[self.MODE]
        borrower = here.borrower if self.MODE == CHECK_OUT else None
        limit = (
            ""
            if borrower is None
            else _("loans {count}/{limit}").format(count=borrower.open_loans, limit=borrower.limit)
        )
        self.counter.show(pile.scanned, pile.settled, pile.to_you, limit)

    def _keys(self) -> tuple[tuple[str, str], ...]:
        keys = self.desk_app.keys(len(self.at_counter.work.decisions))
        # Behind the keys of the modes: F4 is of more use in F2 than here.
        return keys if self.MODE == CHECK_OUT else (*keys[:3], ("^O", pgettext("footer", "drop-box")), *keys[3:])

    # What the keys do.

    @on(ScanLine.Entered)
    def entered(self, event: ScanLine.Entered) -> None:
        """A typed code is heard like a scanned one."""
        self.desk_app.heard_typed(event.code)

    def action_to_check_out(self) -> None:
        """Go to F2, behind the scans."""
        self._order(TO_CHECK_OUT)

    def action_to_return(self) -> None:
        """Go to F3, behind the scans."""
        self._order(TO_RETURN)

    def action_last_borrower(self) -> None:
        """Bring the last borrower back."""
        self._order(LAST_BORROWER)

    def action_drop_box(self) -> None:
        """At return: what comes now lay in the drop-box, or does no longer; behind the scans (C8)."""
        if self.MODE == RETURN:
            self._order(DROP_BOX)

    def action_undo(self) -> None:
        """Take back the last loan, return or renewal, behind the scans (C9)."""
        self._order(UNDO)

    def action_end(self) -> None:
        """End the visit or the pile; with neither, Esc does nothing."""
        here = self.at_counter
        has_visit = self.MODE == CHECK_OUT and (here.place.visit is not None)
        # What has been taken in and is on its way to the queue comes before the end as well.
        if has_visit or here.piles[self.MODE].scanned or here.work.waiting or here.work.is_busy:
            self._order(END)

    def on_key(self, event: events.Key) -> None:
        """Let an Esc end no visit that was meant for the lane, having been answered, or for a page a card closed."""
        went = max(self._left_lane_at, self.desk_app.pages_closed_at)
        self._left_lane_at = self.desk_app.pages_closed_at = NEVER
        if event.key == "escape" and event.time - went <= ESC_FOR_WHAT_WENT:
            event.stop()
            event.prevent_default()

    def _order(self, kind: str) -> None:
        self.show_hint("")
        self.desk_app.order(kind)

    def action_to_lane(self) -> None:
        """Go over to the decisions, where letters answer."""
        if self.at_counter.work.decisions:
            self.lane.focus()

    @on(DecisionLane.Left)
    def back_to_scanning(self) -> None:
        """Esc in the lane goes back to the scan line."""
        self._left_lane_at = NEVER
        self.scan_line.focus()

    def _leave_lane(self) -> None:
        """Go back to the scan line without being asked to: an Esc may be on its way."""
        self._left_lane_at = time.monotonic()
        self.scan_line.focus()

    def action_page(self, step: int) -> None:
        """Turn a page of the pile."""
        self.pile.turn(step)

    @on(DecisionLane.Answered)
    def answered(self, event: DecisionLane.Answered) -> None:
        """A letter in the lane."""
        decision = self.at_counter.work.decisions.get(event.key)
        answer = None if decision is None else answer_of(decision, event.letter)
        if answer is Answer.OVERRIDE:
            self.override(event.key)
        elif answer is Answer.CREATE:
            self._sign_up(event.key)
        elif answer is not None:
            self.carry_out(event.key, answer)

    def _sign_up(self, entry_id: int) -> None:
        """Create a borrower with the number that was scanned; what is scanned from this moment on waits for them."""
        counter_work = self.at_counter.work
        counter_work.hold(cards_pass=False, by=SIGN_UP)
        self.app.push_screen(pages.sign_up(cpr=counter_work.code_of(entry_id), entry_id=entry_id))

    @work(group="answers")
    async def carry_out(self, entry_id: int, answer: Answer) -> None:
        """Do what was answered; whatever could not be done is said and stays in the lane."""
        self.show_hint("")
        try:
            await self.at_counter.work.answer(entry_id, answer, self.desk_app.who)
        except DeskError as error:
            self.show_hint(sentence(error))
            return
        is_empty = not any(not decision.waits for decision in self.at_counter.work.decisions.values())
        if is_empty and self.lane.has_focus:
            self._leave_lane()

    @work(group="answers")
    async def override(self, entry_id: int) -> None:
        """Ask a supervisor to step up, then lend anyway; wrong credentials keep what was typed as reason."""
        self.show_hint("")
        with self.desk_app.held_back.during():
            await self._override(entry_id)

    def _whose(self, entry_id: int) -> str:
        """Tell the supervisor what is set aside for somebody who is not on the screen; nothing for whoever is (C5)."""
        here = self.at_counter
        decision = here.work.decisions.get(entry_id)
        if decision is None or decision.item is None or decision.visit is None:
            return ""
        if here.place.visit is not None and not here.is_of_an_earlier_visit(decision):
            return ""
        title = cut(plain(decision.item.title), LONGEST_TITLE)
        why = " ".join(sentences(decision.reasons, here.today()))
        return _('"{title}" for an earlier borrower. {reasons}').format(title=title, reasons=why)

    async def _override(self, entry_id: int) -> None:
        said, reason = "", ""
        title = self._whose(entry_id)
        while True:
            stepped_up = await self.app.push_screen_wait(StepUpDialog(said, reason, title))
            if stepped_up is None:
                self._leave_lane()
                return
            reason = stepped_up.reason
            try:
                supervisor = await supervisor_of(self.desk_app.installation.sign_in, stepped_up)
                await self.at_counter.work.override(entry_id, self.desk_app.who, supervisor, reason)
            except DeskError as error:
                said = sentence(error)
                continue
            self._leave_lane()
            return

    @work(group="answers")
    async def action_set_due_date(self) -> None:
        """Set the due date of the loan made last by hand, with a reason (C6)."""
        loan = self.at_counter.last_loan
        if self.MODE != CHECK_OUT or loan is None:
            return
        self.show_hint("")
        today = self.at_counter.today()
        said, asked = "", None
        while True:
            asked = await self.app.push_screen_wait(DueDateDialog(loan.item.title, today, said, asked))
            if asked is None:
                return
            try:
                await self._set_due_date(loan.loan_id, asked)
            except Refused as refused:
                said = " ".join(sentences(refused.reasons, today))
            except DeskError as error:
                said = sentence(error)
            else:
                self.show_all()
                return

    async def _set_due_date(self, loan_id: int, asked: AskedDueDate) -> None:
        """Set a due date by hand, and keep it for the loan's line.

        Raises:
            DeskError: it could not be set.
        """
        app = self.desk_app
        command = SetDueDate(
            command_id=new_id(), who=app.who, at=app.now(), loan_id=loan_id, due_on=asked.due_on, reason=asked.reason
        )
        self.at_counter.loan_changed(await app.installation.desk.do(command))


class CheckOutScreen(LendingScreen):
    """F2: lending."""

    MODE = HELP = "check_out"


class ReturnScreen(LendingScreen):
    """F3: taking back."""

    MODE = HELP = "return"
