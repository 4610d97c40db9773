"""The inbox (F5, F): what came in from the website, opened one at a time and handled with one key."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import DataTable, Static

from desk.errors import DeskError, ImportFailed
from desk.forms.commands import OpenForm
from desk.forms.queries import waiting_forms
from desk.forms.records import OpenedForm
from desk.forms.taking_in import take_in_dropped
from desk.installation import new_id
from desk.texts import _, pgettext
from screens.base import DeskScreen
from screens.forms.words import lines_of, refused_words, row_of
from screens.forms.work import handle
from screens.sentences import sentence
from screens.text import paintable
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.table import Table

READ_AGAIN_SECONDS = 15


class FormsScreen(DeskScreen[None]):
    """The inbox. What a form says is read from the store when it is opened, and leaves the screen with it."""

    HELP = "forms"
    GOES_WHEN_COVERED = True
    CSS_PATH = "inbox.tcss"
    AUTO_FOCUS = "#waiting"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", id="forms.leave", show=False),
        Binding("k,K", "handle", id="forms.handle", show=False),
        Binding("pagedown", "turn(1)", id="forms.down", show=False, priority=True),
        Binding("pageup", "turn(-1)", id="forms.up", show=False, priority=True),
    ]

    status = getters.query_one(StatusLine)
    waiting = getters.query_one("#waiting", Table)
    empty = getters.query_one("#empty", Static)
    form = getters.query_one("#form", VerticalScroll)
    opened = getters.query_one("#opened", Static)
    refused = getters.query_one("#refused", Static)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        self._form: OpenedForm | None = None
        self._seconds = 0

    def compose(self) -> ComposeResult:
        """What waits, the form that is open, files that were refused, one sentence, keys."""
        yield StatusLine()
        with Vertical(id="inbox"):
            yield Table((_("Sent"), _("Form"), _("State")), gives_way=(2,), id="waiting")
            yield Static("", id="empty", markup=False)
            with VerticalScroll(id="form", can_focus=False):
                yield Static("", id="opened", markup=False)
        yield Static("", id="refused", markup=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Take in the folder, then show what waits."""
        self._show(None)
        self.tick()
        self.load()

    def tick(self) -> None:
        """Keep the clock right, and the list: other counters handle forms too."""
        self.status.show(self.desk_app.status(_("FORMS")))
        self._seconds += 1
        if self._seconds % READ_AGAIN_SECONDS == 0:
            self.load()

    @work(group="load")
    async def load(self) -> None:
        """Take in the drop folder before anything is shown: nobody handles a form whose file still lies there."""
        app = self.desk_app
        try:
            refused = await self._taken_in()
            lines = await app.installation.desk.ask(app.who, waiting_forms, app.today())
        except DeskError as error:
            self.say(sentence(error))
            return
        if self.is_gone:
            return
        today = app.today()
        rows = {line.form_id: row_of(line, today) for line in lines}
        late = f"bold {app.theme_variables['text-error']}"
        self.waiting.fill(rows, looks={line.form_id: late for line in lines if line.is_late})
        self.empty.update("" if rows else _("No form waits."))
        self.empty.display = not rows
        self.refused.update(refused)
        if self._form is not None and self._form.form_id not in rows:
            self._show(None)

    async def _taken_in(self) -> str:
        """Take in the folder; gives what is to be said of it."""
        app = self.desk_app
        try:
            return refused_words(await take_in_dropped(app.installation, app.who, app.now))
        except ImportFailed as error:
            return _("The folder of the forms cannot be read: {reason}").format(reason=paintable(error.detail))

    @on(DataTable.RowSelected)
    def selected(self, event: DataTable.RowSelected) -> None:
        """Enter opens the form one is on, or closes it."""
        event.stop()
        chosen = self.waiting.chosen
        if self._form is not None and chosen == self._form.form_id:
            self._show(None)
        elif chosen is not None:
            self.open_form(chosen)

    @on(DataTable.RowHighlighted)
    def moved(self) -> None:
        """Whoever goes on to another leaves the one that is open."""
        if self._form is not None and self.waiting.chosen != self._form.form_id:
            self._show(None)

    @work(group="open", exclusive=True)
    async def open_form(self, form_id: int) -> None:
        """Read a form; the log notes it."""
        app = self.desk_app
        try:
            form = await app.installation.desk.do(
                OpenForm(command_id=new_id(), who=app.who, at=app.now(), form_id=form_id)
            )
        except DeskError as error:
            self.say(sentence(error))
            self.load()
            return
        if not self.is_gone:
            self.say("")
            self._show(form)

    def action_turn(self, pages: int) -> None:
        """Turn the form that is open, or the list."""
        if self._form is not None:
            self.form.scroll_relative(y=pages * max(1, self.form.size.height - 1), animate=False)
        elif pages > 0:
            self.waiting.action_page_down()
        else:
            self.waiting.action_page_up()

    def _show(self, form: OpenedForm | None) -> None:
        self._form = form
        # The list makes room, and keeps the line one is on.
        self.set_class(form is not None, "-reading")
        self.form.scroll_home(animate=False)
        self.opened.update("" if form is None else "\n".join(lines_of(form, self.desk_app.today())))
        self._show_keys()
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        if self.is_gone:
            return
        enter = pgettext("footer", "open") if self._form is None else pgettext("footer", "close")
        is_open = self._form is not None
        own = (("K", pgettext("footer", "handle")),) if is_open else ()
        more = (("PgDn", pgettext("footer", "more")),) if is_open and self.form.max_scroll_y > 0 else ()
        self.keys.show(
            (
                ("Esc", pgettext("footer", "back")),
                ("Enter", enter),
                *own,
                *more,
                ("F9", pgettext("footer", "curtain")),
                ("F1", pgettext("footer", "help")),
            )
        )

    def say(self, text: str) -> None:
        """Say one sentence below the list."""
        if not self.is_gone:
            self.said.update(paintable(text))

    def show_hint(self, text: str) -> None:
        """Say what the counter has to say."""
        self.say(text)

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here."""
        return [
            SystemCommand(_("Handle"), _("The form that is open (K)"), self.action_handle),
            SystemCommand(_("Back"), _("Back to the lists (Esc)"), self.action_leave),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
        ]

    @work(group="handle")
    async def action_handle(self) -> None:
        """Handle the form that is open: what nobody has read is not handled."""
        form = self._form
        if form is None:
            self.say(_("Open a form first (Enter)."))
            return
        self.say(await handle(self.desk_app, form))
        self.load()

    def action_leave(self) -> None:
        """Close the form that is open; else go back to the lists."""
        if self._form is not None:
            self._show(None)
        else:
            self.dismiss()
