"""F6: deletion requests, what can be decided first, each with its checklist as it is now. It names nobody."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from desk.calendar import local_date
from desk.errors import DeskError, FileNotWritten
from desk.privacy.deletion.certificates import print_certificate
from desk.privacy.deletion.noted import notes_about
from desk.privacy.deletion.queries import deletion_requests
from desk.privacy.deletion.records import DeletionRecord
from desk.privacy.deletion.rules import OPEN_STATES
from desk.privacy.erasure.in_notes import NoteRecord
from desk.privacy.purposes import Purpose
from desk.texts import _, pgettext
from desk.wording import short_date
from screens import pages
from screens.base import DeskDialog, DeskScreen
from screens.borrower.details_rows import spaced_number
from screens.borrower.opened import Opened
from screens.deletions import deciding
from screens.deletions.words import detail_lines, lacking_words, stage_words
from screens.sentences import sentence
from screens.text import paintable
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.table import Table

T = TypeVar("T")

READ_AGAIN_SECONDS = 5
"""The checklist is live: other counters take back and take money."""
LOOK_SECONDS = 0.2
"""How often it is said how far an erasure is."""
SHORT = 30
"""Lines below which a terminal has none to spare."""


class DeletionsScreen(DeskScreen[None]):
    """The requests over the counter; closes by itself when a visit opens, as every page over the counter does."""

    HELP = "deletions"
    CSS_PATH = "deletions.tcss"
    AUTO_FOCUS = "#requests"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f6", "leave", id="deletions.leave", show=False),
        Binding("g,G", "approve", id="deletion.approve", show=False),
        Binding("a,A", "reject", id="deletion.reject", show=False),
        Binding("t,T", "withdraw", id="deletion.withdraw", show=False),
        Binding("n,N", "note", id="deletion.note", show=False),
        Binding("b,B", "prove", id="deletion.prove", show=False),
        Binding("u,U", "certificate", id="deletion.certificate", show=False),
    ]

    status = getters.query_one(StatusLine)
    requests = getters.query_one("#requests", Table)
    empty = getters.query_one("#empty", Static)
    detail = getters.query_one("#detail", Static)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        self._records: dict[int, DeletionRecord] = {}
        # Looked for once a request and page, for it takes reading every note there is.
        self._notes: dict[int, tuple[NoteRecord, ...]] = {}
        # Which of them N opens next; back from one, it is the next one's turn.
        self._turns: dict[int, int] = {}
        self._settled = 0
        self._seconds = 0
        self._finished = 0
        self._step = ""
        # The sentence below the list.
        self.says = ""

    def compose(self) -> ComposeResult:
        """The list, the request one is on, one sentence, keys."""
        yield StatusLine()
        with Vertical(id="deletions"):
            headings = (_("No."), _("Borrower"), _("Registered"), _("By"), _("State"))
            yield Table(headings, gives_way=(4, 3), id="requests")
            yield Static("", id="empty", markup=False)
            yield Static("", id="detail", markup=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show how far an erasure is, then ask."""
        deletions = self.desk_app.deletions
        self._settled = self.desk_app.at_counter.pile.settled
        self._finished = deletions.finished
        self.set_interval(LOOK_SECONDS, self._look)
        self.tick()
        self.load()

    def on_resize(self) -> None:
        """Leave out blank lines where lines are few."""
        self.set_class(self.app.size.height < SHORT, "-short")

    def tick(self) -> None:
        """Keep the clock right, and the checklists: scans go on while the page is open, and other counters work too."""
        self.status.show(self.desk_app.status(_("F6 DELETIONS")))
        self._seconds += 1
        settled = self.desk_app.at_counter.pile.settled
        if settled != self._settled or self._seconds % READ_AGAIN_SECONDS == 0:
            self._settled = settled
            self.load()

    def _look(self) -> None:
        """Say how far the erasure is that is being carried out, and at once when it has ended."""
        deletions = self.desk_app.deletions
        if deletions.finished != self._finished:
            self._finished = deletions.finished
            self._step = ""
            self.say(deletions.told)
            self._notes.clear()
            self.load()
        elif deletions.step != self._step:
            self._step = deletions.step
            self.say(deletions.step)

    @work(group="load")
    async def load(self) -> None:
        """Read the list with its checklists."""
        app = self.desk_app
        try:
            records = await app.installation.desk.ask(app.who, deletion_requests, app.now(), app.today())
        except DeskError as error:
            self.say(sentence(error))
            return
        if self.is_gone:
            return
        self._records = {record.request_id: record for record in records}
        stop = f"bold {app.theme_variables['text-error']}"
        self.requests.fill(
            {record.request_id: self._row(record) for record in records},
            looks={record.request_id: stop for record in records if record.state == "unproven"},
        )
        self.empty.update("" if records else _("No deletions waiting."))
        self.empty.display = not records
        self.requests.display = bool(records)
        self._show_chosen()

    def _row(self, record: DeletionRecord) -> tuple[str, ...]:
        return (
            str(record.request_id),
            spaced_number(record.number) if record.number else "–",
            short_date(local_date(record.registered_at), self.desk_app.today()),
            paintable(record.registered.name),
            stage_words(record),
        )

    @property
    def _chosen(self) -> DeletionRecord | None:
        chosen = self.requests.chosen
        return None if chosen is None else self._records.get(chosen)

    @on(DataTable.RowHighlighted, "#requests")
    def go_along(self) -> None:
        """Another request is chosen."""
        self._show_chosen()

    def _lines(self, record: DeletionRecord) -> tuple[str, ...]:
        is_running = record.request_id == self.desk_app.deletions.running
        notes = len(self._notes.get(record.request_id, ()))
        return detail_lines(record, self.desk_app.today(), is_running=is_running, notes=notes)

    @work(group="notes", exclusive=True)
    async def _look_for_notes(self, request_id: int) -> None:
        """Look in which notes about others the borrower stands."""
        app = self.desk_app
        try:
            notes = await notes_about(app.installation.desk, app.who, request_id)
        except DeskError as error:
            self.say(sentence(error))
            return
        self._notes[request_id] = notes
        if notes and not self.is_gone:
            self._show_chosen()

    def _show_chosen(self) -> None:
        record = self._chosen
        if record is not None and record.request_id not in self._notes:
            self._notes[record.request_id] = ()
            if record.state in OPEN_STATES or record.lacks_proof:
                self._look_for_notes(record.request_id)
        self.detail.update("" if record is None else "\n".join(self._lines(record)))
        own: list[tuple[str, str]] = []
        if record is not None and record.state == "waiting":
            own += [("G", pgettext("footer", "approve")), ("A", pgettext("footer", "reject"))]
        if record is not None and record.state == "approved":
            own.append(("G", pgettext("footer", "carry out")))
        if record is not None and record.state in OPEN_STATES:
            own += [("T", pgettext("footer", "withdraw")), ("Enter", pgettext("footer", "borrower"))]
        if record is not None and self._notes.get(record.request_id):
            own.append(("N", pgettext("footer", "note")))
        if record is not None and record.lacks_proof:
            own.append(("B", pgettext("footer", "prove again")))
        if record is not None and record.erased is not None:
            own.append(("U", pgettext("footer", "certificate")))
        back, hide = ("Esc", pgettext("footer", "back")), ("F9", pgettext("footer", "curtain"))
        self.keys.show((back, *own, ("F1", pgettext("footer", "help")), hide))

    def say(self, text: str) -> None:
        """Say one sentence below the list."""
        self.says = paintable(text)
        if not self.is_gone:
            self.said.update(self.says)

    def show_hint(self, text: str) -> None:
        """Say what the counter has to say."""
        self.say(text)

    async def ask(self, dialog: DeskDialog[T]) -> T | None:
        """Open a dialog over the page; None: nothing happens."""
        self.say("")
        return await self.app.push_screen_wait(dialog)

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here: every key's work by name."""
        return [
            SystemCommand(_("Approve"), _("A supervisor approves the deletion one is on (G)"), self.action_approve),
            SystemCommand(_("Reject"), _("A supervisor rejects it, with a reason (A)"), self.action_reject),
            SystemCommand(_("Withdraw"), _("The borrower has changed their mind (T)"), self.action_withdraw),
            SystemCommand(
                _("Note about others"), _("Open whose note names the borrower by number (N)"), self.action_note
            ),
            SystemCommand(_("Prove again"), _("Try a proof that failed or is missing again (B)"), self.action_prove),
            SystemCommand(_("Certificate"), _("Write the certificate as PDF and JSON (U)"), self.action_certificate),
            SystemCommand(_("Back"), _("Back to the counter (Esc)"), self.action_leave),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
            SystemCommand(_("Lock"), _("Lock the counter"), self.desk_app.privacy.lock),
        ]

    # What is done.

    @work(group="change")
    async def action_approve(self) -> None:
        """Approve the request one is on, or carry out one that is approved."""
        record = self._chosen
        if record is None or record.state not in OPEN_STATES:
            return
        if record.checklist is not None and not record.checklist.is_clear:
            self.say(_("Not ready: {what}. Nothing has changed.").format(what=lacking_words(record.checklist)))
            return
        # To the end: a card that was scanned meanwhile would close the page between the approval and the telling.
        with self.desk_app.held_back.during():
            await deciding.approve(self, record)

    @work(group="change")
    async def action_reject(self) -> None:
        """Reject the request one is on."""
        record = self._chosen
        if record is not None and record.state == "waiting":
            with self.desk_app.held_back.during():
                await deciding.reject(self, record)

    @work(group="change")
    async def action_withdraw(self) -> None:
        """Withdraw the request one is on."""
        record = self._chosen
        if record is not None and record.state in OPEN_STATES:
            await deciding.withdraw(self, record)

    def action_note(self) -> None:
        """Open the page of whoever the next note is about, which is noted as every look is."""
        record = self._chosen
        notes = () if record is None else self._notes.get(record.request_id, ())
        if record is None or not notes:
            return
        turn = self._turns.get(record.request_id, 0)
        self._turns[record.request_id] = turn + 1
        note = notes[turn % len(notes)]
        if note.borrower_id is None:
            self.say(_("It is about no borrower: {place}. IT finds it by that.").format(place=note.place))
            return
        self.app.push_screen(pages.borrower(Opened(note.borrower_id, purpose=Purpose.FOLLOW_UP)))

    @work(group="change")
    async def action_prove(self) -> None:
        """Try the proof again of the deletion one is on."""
        record = self._chosen
        if record is None or not record.lacks_proof:
            return
        if self.desk_app.deletions.running is not None:
            self.say(_("A deletion is being carried out. Wait until it has ended."))
            return
        await deciding.prove(self, record)

    @work(group="change")
    async def action_certificate(self) -> None:
        """Write the certificate of a deletion that has been carried out."""
        record, app = self._chosen, self.desk_app
        if record is None or record.erased is None:
            return
        try:
            pdf = await print_certificate(app.installation, record.request_id, app.who)
        except FileNotWritten as error:
            self.say(
                _("The certificate could not be written: {reason}. Tell IT.").format(reason=paintable(error.detail))
            )
        except DeskError as error:
            self.say(sentence(error))
        else:
            self.say(
                _("The certificate is in {file}, with the same as JSON beside it.").format(file=paintable(str(pdf)))
            )

    @on(DataTable.RowSelected, "#requests")
    def open_borrower(self, event: DataTable.RowSelected) -> None:
        """Enter: open the page of whoever asked, which is noted as every look is."""
        event.stop()
        record = self._chosen
        if record is not None and record.borrower_id is not None:
            opened = Opened(record.borrower_id, purpose=Purpose.FOLLOW_UP)
            self.app.push_screen(pages.borrower(opened))

    def on_screen_resume(self) -> None:
        """Back from a borrower's page: something may have been settled there, or a note edited."""
        if self.is_mounted:
            self._notes.clear()
            self.load()

    def action_leave(self) -> None:
        """Back to the counter."""
        self.dismiss()
