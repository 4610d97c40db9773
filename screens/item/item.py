"""A title and its copies (C15): found by what is typed, key by key; Enter goes over to the title's page, Esc back.

What is done with a copy stands in the room of work beside this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

from desk.catalogue.finding import LONGEST_SEARCH, MOST_FOUND, found_titles
from desk.catalogue.queries import title_page
from desk.catalogue.records import CopyRecord, FoundTitle, FoundTitles, TitlePage
from desk.counter.orders import TO_RETURN
from desk.errors import DeskError, NotFound
from desk.texts import _, pgettext
from screens.as_typed import AsTyped, found_words
from screens.base import DeskScreen
from screens.item import words
from screens.item.work import make_label, reserve, set_status, show_holder
from screens.sentences import sentence
from screens.text import paintable, plain
from screens.widgets.key_line import KeyLine, Keys
from screens.widgets.line_field import LineField
from screens.widgets.status_line import StatusLine
from screens.widgets.table import Table
from screens.widgets.title_list import TitleLine, TitleList

if TYPE_CHECKING:
    from screens.app import DeskApp

NOTHING = FoundTitles((), has_more=False)


class ItemScreen(DeskScreen[None]):
    """A search, and in its place the page of the title that was chosen.

    One search is in the store at a time, as when a borrower is searched for. A code that is scanned over the page goes
    to the queue like any other, and the page goes, so that the clerk sees what becomes of it.
    """

    HELP = "item"
    # It can show who has a copy.
    ABOUT_A_BORROWER = True
    GOES_AT_A_SCAN = True
    CSS_PATH = "item.tcss"
    AUTO_FOCUS = "#typed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", id="item.leave", show=False),
        Binding("f2", "to_counter", id="item.to_counter", show=False),
        Binding("f3", "to_return", id="lending.return", show=False),
        Binding("up", "move(-1)", id="item.up", show=False),
        Binding("down", "move(1)", id="item.down", show=False),
        Binding("pageup", "page(-1)", id="item.page_up", show=False),
        Binding("pagedown", "page(1)", id="item.page_down", show=False),
        Binding("s,S", "set_status", id="item.status", show=False),
        Binding("l,L", "make_label", id="item.label", show=False),
        Binding("r,R", "reserve", id="item.reserve", show=False),
        Binding("e,E", "reserve_copy", id="item.reserve_copy", show=False),
        Binding("v,V", "show_holder", id="item.holder", show=False),
    ]

    status = getters.query_one(StatusLine)
    search_part = getters.query_one("#search", Vertical)
    typed = getters.query_one("#typed", Input)
    found = getters.query_one("#found", Static)
    lines = getters.query_one(TitleList)
    page_part = getters.query_one("#page", Vertical)
    copies = getters.query_one("#copies", Table)
    in_full = getters.query_one("#in-full", Static)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        self._search = AsTyped(self._titles, self._show_found)
        self._found = NOTHING
        # The title whose page is shown, None: the search is.
        self._page: TitlePage | None = None
        self._copy_id: int | None = None

    def compose(self) -> ComposeResult:
        """The search and the page, of which one is shown, one sentence, keys."""
        yield StatusLine()
        with Vertical(id="search"):
            yield LineField(
                placeholder=_("Title, author, barcode, FAUST number"), id="typed", max_length=LONGEST_SEARCH
            )
            yield Static("", id="found", markup=False)
            yield TitleList()
        with Vertical(id="page"):
            yield Static("", id="title", markup=False)
            yield Static("", id="about", markup=False)
            yield Static("", id="queue", markup=False)
            yield Table(words.headings(), gives_way=(5, 1, 2, 0), id="copies")
            yield Static("", id="in-full", markup=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what can be typed."""
        # A blinking cursor paints the whole field twice a second, over SSH too.
        self.typed.cursor_blink = False
        self.app.screen_change_signal.subscribe(self, self._screen_changed, immediate=True)
        self.tick()
        self._show_part()
        self._say_what_was_found()

    def tick(self) -> None:
        """Keep the clock and the states right."""
        self.status.show(self.desk_app.status(_("ITEM")))

    def show_hint(self, text: str) -> None:
        """Say one line until the next key."""
        self.say(text)

    def say(self, text: str) -> None:
        """Say one sentence above the keys."""
        if not self.is_gone:
            self.said.update(plain(text))

    def _screen_changed(self, screen: Screen[object]) -> None:
        """Behind the curtain or the lock nobody's name waits for whoever comes back."""
        if isinstance(screen, DeskScreen) and screen.HIDES:
            self.say("")

    def _show_part(self) -> None:
        is_page = self._page is not None
        self.search_part.display, self.page_part.display = not is_page, is_page
        (self.copies if is_page else self.typed).focus()
        self.keys.show(self._keys())

    def _keys(self) -> Keys:
        back, rest = ("Esc", pgettext("footer", "back")), (("F1", pgettext("footer", "help")),)
        if self._page is None:
            own: Keys = (("↑↓", pgettext("footer", "choose")), ("Enter", pgettext("footer", "open")))
        else:
            own = (
                ("S", pgettext("footer", "status")),
                ("L", pgettext("footer", "label")),
                ("R", pgettext("footer", "reserve")),
                ("E", pgettext("footer", "this copy")),
                ("V", pgettext("footer", "show who")),
            )
        return (back, *own, *rest, ("F9", pgettext("footer", "curtain")))

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here: every key's work by name."""
        on_page = [
            SystemCommand(_("Status"), _("Set the status of the copy, with a reason (S)"), self.action_set_status),
            SystemCommand(_("New label"), _("Make the copy's label as a file (L)"), self.action_make_label),
            SystemCommand(_("Reserve"), _("For the borrower whose visit is open (R)"), self.action_reserve),
            SystemCommand(_("Reserve this copy"), _("The copy you are on, and no other (E)"), self.action_reserve_copy),
            SystemCommand(
                _("Show who has it"), _("The borrower's name; why is asked, and logged (V)"), self.action_show_holder
            ),
        ]
        return [
            *(() if self._page is None else on_page),
            SystemCommand(_("Back"), _("Back to where you were (Esc)"), self.action_leave),
            SystemCommand(_("Return"), _("Go to F3"), self.action_to_return),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
            SystemCommand(_("Lock"), _("Lock the counter"), self.desk_app.privacy.lock),
        ]

    # Searching.

    @on(Input.Changed, "#typed")
    def changed(self, event: Input.Changed) -> None:
        """Search for what stands in the field now."""
        event.stop()
        self.say("")
        if self._search.typed(event.value):
            self.search()

    @work(group="search")
    async def search(self) -> None:
        """Search until the answer is of what stands in the field."""
        try:
            await self._search.search()
        except DeskError as error:
            self._show_found(NOTHING)
            self._say_found(sentence(error), is_look=True)

    async def _titles(self, text: str) -> FoundTitles:
        app = self.desk_app
        return await app.installation.desk.ask(app.who, found_titles, text)

    def _show_found(self, found: FoundTitles) -> None:
        self._found = found
        self.lines.show([_line(title) for title in found.titles])
        self._say_what_was_found()
        if self._search.opens_at_last():
            self._open_chosen()

    def _say_what_was_found(self) -> None:
        found = self._found
        said, is_look = found_words(self._search.answered, len(found.titles), has_more=found.has_more, most=MOST_FOUND)
        self._say_found(said, is_look=is_look)

    def _say_found(self, text: str, *, is_look: bool = False) -> None:
        self.found.set_class(is_look, "-look")
        self.found.update(text)

    def action_move(self, step: int) -> None:
        """Choose the line above or below."""
        self.lines.move(step)

    def action_page(self, step: int) -> None:
        """Turn a page."""
        self.lines.move(step * self.lines.page_size)

    @on(Input.Submitted, "#typed")
    def entered(self, event: Input.Submitted) -> None:
        """Enter opens the chosen one; before the answer it waits for it."""
        event.stop()
        if self._search.opens_now():
            self._open_chosen()

    def _open_chosen(self) -> None:
        chosen = self.lines.chosen
        if chosen is not None:
            # A barcode's own copy is on the page of the first title.
            copy_id = self._found.item_id if chosen == 0 else None
            self.open(self._found.titles[chosen].title_id, copy_id)

    # The page.

    @work(group="load")
    async def open(self, title_id: int, copy_id: int | None = None) -> None:
        """Read a title's page and show it.

        Args:
            title_id: of the title.
            copy_id: the copy to stand on; None: the one that was chosen, or the first.
        """
        app = self.desk_app
        try:
            page = await app.installation.desk.ask(app.who, title_page, title_id)
            if page is None:
                raise NotFound("item")
        except DeskError as error:
            self.say(sentence(error))
            return
        if self.is_gone:
            return
        is_other = self._page is None or self._page.title_id != title_id
        self._page = page
        self.query_one("#title", Static).update(paintable(page.title))
        self.query_one("#about", Static).update(words.about(page))
        self.query_one("#queue", Static).update(words.queue(page))
        if is_other:
            self._show_part()
        self.copies.fill({copy.item_id: words.row(copy, app.today()) for copy in page.copies}, choose=copy_id)
        self._show_in_full()

    @property
    def copy(self) -> CopyRecord | None:
        """The copy one stands on; None: the search is shown, or the title has no copies."""
        copies = () if self._page is None else self._page.copies
        return next((copy for copy in copies if copy.item_id == self.copies.chosen), None)

    @on(DataTable.RowHighlighted, "#copies")
    def went_to_copy(self, event: DataTable.RowHighlighted) -> None:
        """Another copy: what was said of the one before goes, a name too."""
        event.stop()
        copy = self.copy
        if copy is not None and copy.item_id != self._copy_id:
            self.say("")
        self._show_in_full()

    def _show_in_full(self) -> None:
        copy = self.copy
        self._copy_id = None if copy is None else copy.item_id
        self.in_full.update("" if copy is None else words.in_full(copy, self.desk_app.today()))

    @work(group="copy")
    async def _with_copy(self, act: Callable[[DeskApp, CopyRecord], Awaitable[str]]) -> None:
        """Do something with the copy one stands on, tell it, and read the page again."""
        copy, page = self.copy, self._page
        if copy is None or page is None or not self.is_current:
            return
        self.say("")
        said = await act(self.desk_app, copy)
        if self.is_gone or self._page is not page:
            return
        if said:
            await self.open(page.title_id).wait()
        # A name is not said behind a curtain that was drawn meanwhile.
        if self.is_current:
            self.say(said)

    def action_set_status(self) -> None:
        """Set the status of the copy one stands on."""
        self._with_copy(set_status)

    def action_make_label(self) -> None:
        """Make a new label for the copy one stands on."""
        self._with_copy(make_label)

    def action_reserve(self) -> None:
        """Reserve the title for the borrower whose visit is open."""
        page = self._page
        if page is not None:
            self._with_copy(lambda app, _copy: reserve(app, page))

    def action_reserve_copy(self) -> None:
        """Reserve the copy one stands on, and no other."""
        page = self._page
        if page is not None:
            self._with_copy(lambda app, copy: reserve(app, page, copy))

    def action_show_holder(self) -> None:
        """Show who has the copy one stands on."""
        self._with_copy(show_holder)

    # Going about.

    def action_leave(self) -> None:
        """Back: from a page to the search, from the search to where one was."""
        self.say("")
        if self._page is None:
            self.dismiss()
        else:
            self._page = None
            self._copy_id = None
            self._show_part()

    def action_to_counter(self) -> None:
        """Back to the counter."""
        self.dismiss()

    def action_to_return(self) -> None:
        """Go to F3, behind the scans."""
        self.desk_app.order(TO_RETURN)
        self.dismiss()


def _line(found: FoundTitle) -> TitleLine:
    return TitleLine(
        title=found.title,
        author=found.author,
        year="" if found.year is None else str(found.year),
        copies=str(found.copies),
        available=str(found.available),
    )
