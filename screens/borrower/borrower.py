"""F4: loans and blocks of the borrower whose visit is open; renewal one, several or all (C10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from desk.borrowers.commands import LiftBlock, SetBlock, WriteInternalNote
from desk.borrowers.queries import blocks_of, borrower_at_counter
from desk.borrowers.records import BlockRecord, BorrowerRecord
from desk.circulation.commands import Renew
from desk.circulation.records import OpenLoan
from desk.circulation.renewal import open_loans_of
from desk.counter.handling import TO_RETURN
from desk.errors import DeskError, Refused
from desk.installation import new_id
from desk.texts import _, ngettext, pgettext
from desk.wording import short_date
from screens.base import DeskScreen
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.set_block import BlockDialog
from screens.lending.strip import strip_of
from screens.refusals import block_words, renewal_note, sentences
from screens.sentences import sentence
from screens.text import plain
from screens.widgets.key_line import KeyLine
from screens.widgets.masthead import BorrowerStrip
from screens.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from desk.counter.records import Visit


class BorrowerScreen(DeskScreen[None]):
    """The page over the counter; closes by itself when another borrower's card is scanned."""

    HELP = "borrower"
    ABOUT_A_BORROWER = True
    CSS_PATH = "borrower.tcss"
    AUTO_FOCUS = "#loans"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2", "leave", id="borrower.leave", show=False),
        Binding("f3", "to_return", id="lending.return", show=False),
        Binding("space", "mark", id="loan.mark", show=False, priority=True),
        Binding("f", "renew_marked", id="loan.renew", show=False),
        Binding("a", "renew_all", id="loan.renew_all", show=False),
        Binding("b", "set_block", id="block.set", show=False),
        Binding("o", "lift_block", id="block.lift", show=False),
        Binding("n", "write_note", id="note.write", show=False),
        Binding("f9", "app.curtain", id="privacy.curtain", show=False),
    ]

    status = getters.query_one(StatusLine)
    strip = getters.query_one(BorrowerStrip)
    loans = getters.query_one("#loans", DataTable)
    blocks = getters.query_one("#blocks", DataTable)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self._visit = visit
        self._open_loans: tuple[OpenLoan, ...] = ()
        self._blocks: tuple[BlockRecord, ...] = ()
        self._borrower: BorrowerRecord | None = None
        self._marked: set[int] = set()
        self._answers: dict[int, str] = {}

    def compose(self) -> ComposeResult:
        """Masthead, loans, blocks, one sentence, keys."""
        yield StatusLine()
        yield BorrowerStrip()
        with Vertical(id="lists"):
            yield DataTable(id="loans", cursor_type="row", zebra_stripes=False)
            yield DataTable(id="blocks", cursor_type="row", zebra_stripes=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Set the columns, then ask."""
        for heading in (" ", _("Title"), _("Due"), _("Renewed"), _("Remark")):
            self.loans.add_column(Text(heading))
        for heading in (_("Block"), _("Set"), _("Until"), _("Reason"), _("By")):
            self.blocks.add_column(Text(heading))
        self.keys.show(
            (
                ("Esc", pgettext("footer", "back")),
                (_("Space"), pgettext("footer", "choose")),
                ("F", pgettext("footer", "renew")),
                ("A", pgettext("footer", "renew all")),
                ("B", pgettext("footer", "block")),
                ("O", pgettext("footer", "lift")),
                ("N", pgettext("footer", "note")),
            )
        )
        self.load()

    @work(group="load")
    async def load(self) -> None:
        """Ask for loans and blocks, and show them."""
        app, visit = self.desk_app, self._visit
        desk, today = app.installation.desk, app.today()
        try:
            self._borrower = await desk.ask(app.who, borrower_at_counter, visit.borrower_id, visit.card_id, today)
            self._open_loans = await desk.ask(
                app.who, open_loans_of, visit.borrower_id, app.counter_place.branch_id, today
            )
            self._blocks = await desk.ask(app.who, blocks_of, visit.borrower_id)
        except DeskError as error:
            self.said.update(sentence(error))
            return
        self._show()

    def _show(self) -> None:
        today = self.desk_app.today()
        self.status.show(self.desk_app.status(_("F4 BORROWER")))
        self.strip.show(strip_of(self._borrower, today))
        row = self.loans.cursor_row
        self.loans.clear()
        for loan in self._open_loans:
            self.loans.add_row(
                Text("●" if loan.loan_id in self._marked else " "),
                Text(plain(loan.item.title)[:60]),
                Text(short_date(loan.due_on, today)),
                Text(f"{loan.renewals}/{loan.allowed}"),
                Text(self._answers.get(loan.loan_id) or _remark(loan)),
            )
        self.loans.move_cursor(row=min(row, max(0, len(self._open_loans) - 1)))
        self.blocks.clear()
        for block in self._blocks:
            until = "" if block.ends_on is None else short_date(block.ends_on, today)
            state = _("lifted: {reason}").format(reason=plain(block.lift_reason)) if block.lifted_at else until
            self.blocks.add_row(
                Text(block_words(block.kind)),
                Text(short_date(block.set_on, today)),
                Text(state),
                Text(plain(block.reason)),
                Text(plain(block.set_by)),
            )
        self.blocks.display = bool(self._blocks)
        if not self._open_loans and not str(self.said.content):
            self.said.update(_("No loans."))

    # Renewal.

    def action_mark(self) -> None:
        """Mark or unmark the loan one is on."""
        if 0 <= self.loans.cursor_row < len(self._open_loans):
            self._marked ^= {self._open_loans[self.loans.cursor_row].loan_id}
            self._show()

    def action_renew_marked(self) -> None:
        """Renew the marked loans, or the one that is chosen."""
        marked = [loan for loan in self._open_loans if loan.loan_id in self._marked]
        if not marked and 0 <= self.loans.cursor_row < len(self._open_loans):
            marked = [self._open_loans[self.loans.cursor_row]]
        self.renew(tuple(marked))

    def action_renew_all(self) -> None:
        """Renew them all."""
        self.renew(self._open_loans)

    @work(group="renew")
    async def renew(self, loans: tuple[OpenLoan, ...]) -> None:
        """Renew each by itself; every one gets its own answer, those refused with all reasons."""
        app, visit, renewed = self.desk_app, self._visit, 0
        reasons: list[str] = []
        for loan in loans:
            command = Renew(
                command_id=new_id(),
                who=app.who,
                at=app.now(),
                loan_id=loan.loan_id,
                borrower_id=visit.borrower_id,
                card_id=visit.card_id,
                visit=visit.visit,
            )
            try:
                record = await app.installation.desk.do(command)
            except Refused as refused:
                self._answers[loan.loan_id] = renewal_note(refused.reasons[0])
                reasons.extend(sentences(refused.reasons, app.today()))
            except DeskError as error:
                self.said.update(sentence(error))
                return
            else:
                renewed += 1
                self._answers[loan.loan_id] = pgettext("pile", "renewed until {date}").format(
                    date=short_date(record.due_on, app.today())
                )
        self._marked.clear()
        told = _("Renewed: {count} of {total}.").format(count=renewed, total=len(loans))
        self.said.update(" ".join((told, *dict.fromkeys(reasons))))
        self.load()

    # Blocks and the note.

    @work(group="blocks")
    async def action_set_block(self) -> None:
        """Ask for kind, reason and end, then block."""
        asked = await self.app.push_screen_wait(BlockDialog(self.desk_app.today()))
        if asked is None:
            return
        app = self.desk_app
        command = SetBlock(
            command_id=new_id(),
            who=app.who,
            at=app.now(),
            borrower_id=self._visit.borrower_id,
            kind=asked.kind,
            reason=asked.reason,
            ends_on=asked.ends_on,
        )
        await self._done(command, _("The block is set."))

    @work(group="blocks")
    async def action_lift_block(self) -> None:
        """Lift the chosen block, with a reason."""
        in_force = [block for block in self._blocks if block.lifted_at is None]
        if not in_force:
            self.said.update(_("No blocks."))
            return
        chosen = in_force[min(max(self.blocks.cursor_row, 0), len(in_force) - 1)]
        title = _("Lift the block: {block}").format(block=block_words(chosen.kind))
        reason = await self.app.push_screen_wait(TextDialog(title, _("Reason"), needed=True))
        if reason is None:
            return
        app = self.desk_app
        command = LiftBlock(
            command_id=new_id(),
            who=app.who,
            at=app.now(),
            borrower_id=self._visit.borrower_id,
            block_id=chosen.block_id,
            reason=reason,
        )
        await self._done(command, _("The block is lifted."))

    @work(group="blocks")
    async def action_write_note(self) -> None:
        """Write or clear the internal note."""
        old = "" if self._borrower is None else self._borrower.note
        note = await self.app.push_screen_wait(TextDialog(_("Internal note, for staff only"), _("Note"), old))
        if note is None:
            return
        app = self.desk_app
        command = WriteInternalNote(
            command_id=new_id(), who=app.who, at=app.now(), borrower_id=self._visit.borrower_id, note=note
        )
        await self._done(command, _("The note is saved.") if note else _("The note is cleared."))

    async def _done(self, command: SetBlock | LiftBlock | WriteInternalNote, told: str) -> None:
        try:
            await self.desk_app.installation.desk.do(command)
            await self.desk_app.borrower_changed()
        except DeskError as error:
            self.said.update(sentence(error))
            return
        self.said.update(told)
        self.load()

    def action_to_return(self) -> None:
        """Go to F3, behind the scans."""
        self.desk_app.order(TO_RETURN)
        self.dismiss()

    def action_leave(self) -> None:
        """Back to the counter."""
        self.dismiss()


def _remark(loan: OpenLoan) -> str:
    if loan.days_overdue:
        overdue = ngettext("{count} day overdue", "{count} days overdue", loan.days_overdue)
        return overdue.format(count=loan.days_overdue)
    return renewal_note(loan.denied[0]) if loan.denied else ""
