"""F5: the lists of this branch, each reached by its figure. Scans go on being handled below."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from desk.errors import DeskError
from desk.forms.queries import count_of_forms
from desk.texts import _, pgettext
from screens import pages
from screens.base import DeskScreen
from screens.dialogs.purpose import purpose_of, purpose_question
from screens.lists.in_transit import IN_TRANSIT
from screens.lists.listing import Counted, Listing, Rows
from screens.lists.not_sent import NOT_SENT
from screens.lists.pickup_shelf import PICKUP_SHELF
from screens.lists.prints import PRINTS
from screens.lists.pull_list import PULL_LIST
from screens.lists.put_back import PUT_BACK
from screens.lists.tonight import TONIGHT
from screens.lists.without_copy import WITHOUT_COPY
from screens.outcomes import line
from screens.sentences import sentence
from screens.text import paintable
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.tab_bar import Tab, TabBar
from screens.widgets.table import Table

# In the order of the tabs. A new list is a line here.
LISTS: tuple[Listing, ...] = (PULL_LIST, PICKUP_SHELF, PUT_BACK, IN_TRANSIT, NOT_SENT, WITHOUT_COPY, TONIGHT)
WITH_PRINTER: tuple[Listing, ...] = (*LISTS, PRINTS)
READ_AGAIN_SECONDS = 15
"""Other counters work on the same shelf."""
NAME_SHOWN_SECONDS = 20
"""A name that was revealed goes by itself: the next borrower stands at the counter soon."""


class ListsScreen(DeskScreen[None]):
    """The lists over the counter; closes by itself when a visit opens, as every page over the counter does."""

    HELP = "lists"
    NEWSLETTER = True
    CSS_PATH = "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f5", "leave", id="lists.leave", show=False),
        Binding("v,V", "reveal", id="lists.reveal", show=False),
        Binding("t,T", "statistics", id="lists.statistics", show=False),
        Binding("f,F", "forms", id="lists.forms", show=False),
        Binding("n,N", "newsletter", id="lists.newsletter", show=False),
        Binding("space", "mark", id="lists.mark", show=False, priority=True),
        Binding("a,A", "mark_all", id="lists.mark_all", show=False),
        Binding("s,S", "again('S')", id="lists.again", show=False),
        Binding("u,U", "again('U')", id="lists.print_again", show=False),
        Binding("x,X", "cancel", id="lists.cancel", show=False),
        *(
            Binding(str(place), f"list({place})", id=f"list.{place}", show=False)
            for place in range(1, min(len(WITH_PRINTER), 9) + 1)
        ),
    ]

    status = getters.query_one(StatusLine)
    tabs = getters.query_one(TabBar)
    empty = getters.query_one("#empty", Static)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        # Where there is no printer, nothing is said of one.
        self._lists = LISTS
        self._open = 0
        self._counts: dict[int, int] = {}
        self._forms = 0
        self._handled = (0, 0)
        self._seconds = 0
        self._revealed_at: int | None = None
        self._rows: dict[int, Rows] = {}
        self._marked: set[int] = set()

    def compose(self) -> ComposeResult:
        """Tabs, one of the lists, one sentence, keys."""
        if self.desk_app.at_counter.work.prints is not None:
            self._lists = WITH_PRINTER
        yield StatusLine()
        yield TabBar()
        with Vertical(id="lists"):
            for place, listing in enumerate(self._lists):
                headings, gives_way = tuple(map(_, listing.headings)), listing.gives_way
                if listing.again is not None:
                    # In front of what can be tried again stands whether it is marked.
                    headings, gives_way = (" ", *headings), tuple(column + 1 for column in gives_way)
                yield Table(headings, gives_way, id=f"list-{place}")
            yield Static("", id="empty", markup=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the first list, then ask."""
        self._handled = self._handled_now()
        self.tick()
        self.action_list(1)

    def tick(self) -> None:
        """Keep the clock right, and the list: scans go on while it is open, and other counters work too."""
        self.status.show(self.desk_app.status(_("F5 LISTS")))
        self._seconds += 1
        if self._revealed_at is not None and self._seconds - self._revealed_at >= NAME_SHOWN_SECONDS:
            self.say("")
        handled = self._handled_now()
        if handled != self._handled:
            self._handled = handled
            self._tell_last_scan()
            self.load()
        elif self._seconds % READ_AGAIN_SECONDS == 0:
            self.load()

    def _handled_now(self) -> tuple[int, int]:
        pile = self.desk_app.at_counter.pile
        return pile.settled, pile.to_you

    def _tell_last_scan(self) -> None:
        """Say what became of what was scanned last: where it goes is read off here, the pile is below."""
        rows = [row for row in self.desk_app.at_counter.pile.rows.values() if row.outcome is not None]
        if rows:
            last = line(rows[-1].number, rows[-1].outcome, self.desk_app.today(), rows[-1].times)
            self.say(" · ".join(part for part in (last.title, last.due, last.note) if part))

    @property
    def _table(self) -> Table:
        return self.query_one(f"#list-{self._open}", Table)

    @work(group="load")
    async def load(self) -> None:
        """Read every list: each tab says how much there is to do."""
        for place, listing in enumerate(self._lists):
            try:
                rows = await listing.read(self.desk_app)
            except DeskError as error:
                self.say(sentence(error))
                return
            if self.is_gone:
                return
            self._counts[place] = rows.in_all if isinstance(rows, Counted) else len(rows)
            self._rows[place] = rows
            self._fill(place)
        try:
            self._forms = await self.desk_app.installation.desk.ask(self.desk_app.who, count_of_forms)
        except DeskError as error:
            self.say(sentence(error))
            return
        if not self.is_gone:
            self._show()

    def _fill(self, place: int) -> None:
        """Put the rows of a list into its table, with their marks where there are any."""
        rows = self._rows.get(place, {})
        if self._lists[place].again is not None:
            if place == self._open:
                self._marked &= rows.keys()
            rows = {row_id: ("●" if row_id in self._marked else " ", *cells) for row_id, cells in rows.items()}
        self.query_one(f"#list-{place}", Table).fill(rows)

    def _show(self) -> None:
        tabs = [
            Tab(str(place), _(listing.label), str(self._counts.get(place - 1) or ""))
            for place, listing in enumerate(self._lists, 1)
        ]
        tabs += [Tab("F", _("Forms"), str(self._forms or "")), Tab("N", _("Newsletter")), Tab("T", _("Statistics"))]
        self.tabs.show(tabs, str(self._open + 1))
        count = self._counts.get(self._open)
        self.empty.update(_(self._lists[self._open].empty) if count == 0 else "")
        self.empty.display = count == 0
        listing = self._lists[self._open]
        reveal = (("V", pgettext("footer", "for whom")),) if listing.reveal is not None else ()
        cancel = (("X", pgettext("footer", "cancel")),) if listing.cancel is not None else ()
        again = (
            (
                (_("Space"), pgettext("footer", "choose")),
                ("A", pgettext("footer", "all")),
                (listing.again_key, pgettext("footer", listing.again_words)),
            )
            if listing.again is not None
            else ()
        )
        self.keys.show(
            (
                ("Esc", pgettext("footer", "back")),
                *reveal,
                *again,
                *cancel,
                ("F9", pgettext("footer", "curtain")),
                ("F1", pgettext("footer", "help")),
            )
        )

    def say(self, text: str) -> None:
        """Say one sentence below the list; what was revealed there goes."""
        self._revealed_at = None
        if self.is_gone:
            return
        self.said.update(paintable(text))

    def show_hint(self, text: str) -> None:
        """Say what the counter has to say."""
        self.say(text)

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here: every key's work by name."""
        listing = self._lists[self._open]
        reveal = (
            [SystemCommand(_("For whom"), _("Show for whom the one you are on lies there (V)"), self.action_reveal)]
            if listing.reveal is not None
            else []
        )
        again = (
            [
                SystemCommand(_("Mark"), _("Mark the row, or take the mark away (Space)"), self.action_mark),
                SystemCommand(_("Mark all"), _("Mark all rows, or take the marks away (A)"), self.action_mark_all),
                SystemCommand(
                    pgettext("footer", listing.again_words).capitalize(),
                    _(listing.again_about),
                    lambda: self.action_again(listing.again_key),
                ),
            ]
            if listing.again is not None
            else []
        )
        cancel = (
            [SystemCommand(_("Cancel print"), _("It is not printed, or not again (X)"), self.action_cancel)]
            if listing.cancel is not None
            else []
        )
        return [
            *reveal,
            *again,
            *cancel,
            *(
                SystemCommand(_(listing.label), _("Go to the list ({key})").format(key=place), self._opener(place))
                for place, listing in enumerate(self._lists, 1)
            ),
            SystemCommand(_("Forms"), _("What came in from the website (F)"), self.action_forms),
            SystemCommand(_("Statistics"), _("Loans by day and by hour (T)"), self.action_statistics),
            SystemCommand(_("Back"), _("Back to the counter (Esc)"), self.action_leave),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
            SystemCommand(_("Lock"), _("Lock the counter"), self.desk_app.privacy.lock),
        ]

    def _opener(self, place: int) -> Callable[[], None]:
        return lambda: self.action_list(place)

    def action_list(self, place: int) -> None:
        """Go to a list; what was revealed on another does not stay."""
        if place > len(self._lists):
            return
        self._marked.clear()
        self._open = place - 1
        self.say("")
        for other in range(len(self._lists)):
            self.query_one(f"#list-{other}", Table).display = other == self._open
        self._table.focus()
        self._show()
        self.load()

    def action_forms(self) -> None:
        """Go to the inbox of the website's forms; what was revealed here does not stay."""
        self.say("")
        self.app.push_screen(pages.forms(), self._back_from_forms)

    def _back_from_forms(self, _nothing: None) -> None:
        """Count what is left."""
        if not self.is_gone:
            self.load()

    def action_newsletter(self) -> None:
        """Subscribe somebody to the newsletter, or take them off (M4)."""
        self.say("")
        pages.newsletter(self)

    def action_statistics(self) -> None:
        """Go to the figures; what was revealed here does not stay."""
        self.say("")
        self.app.push_screen(pages.statistics())

    @work(group="reveal")
    async def action_reveal(self) -> None:
        """Ask why, then show whom the row one is on is about; the log notes it."""
        reveal, chosen = self._lists[self._open].reveal, self._table.chosen
        if reveal is None or chosen is None:
            return
        self.say("")
        answer = await self.app.push_screen_wait(purpose_question(_("For whom it lies there: why is it shown?")))
        purpose = purpose_of(answer)
        if purpose is None:
            return
        try:
            self.say(await reveal(self.desk_app, chosen, purpose))
            self._revealed_at = self._seconds
        except DeskError as error:
            self.say(sentence(error))

    def action_mark(self) -> None:
        """Mark or unmark the row one is on."""
        if self._lists[self._open].again is not None and self._table.chosen is not None:
            self._marked ^= {self._table.chosen}
            self._fill(self._open)

    def action_mark_all(self) -> None:
        """Mark every row, or none when all are marked."""
        if self._lists[self._open].again is not None:
            every = set(self._rows.get(self._open, {}))
            self._marked = set() if self._marked == every else every
            self._fill(self._open)

    @work(group="again", exclusive=True)
    async def action_again(self, key: str) -> None:
        """Try what is marked again, or the row one is on; each list has its key for it."""
        listing, chosen = self._lists[self._open], self._table.chosen
        again = listing.again
        if again is None or chosen is None or key != listing.again_key:
            return
        self.say("")
        try:
            self.say(await again(self.desk_app, tuple(self._marked or {chosen})))
        except DeskError as error:
            self.say(sentence(error))
        self._marked.clear()
        self.load()

    @work(group="again", exclusive=True)
    async def action_cancel(self) -> None:
        """Take the row one is on out of the list, and what it stands for."""
        cancel, chosen = self._lists[self._open].cancel, self._table.chosen
        if cancel is not None and chosen is not None:
            self.say(await cancel(self.desk_app, chosen))
            self._marked.discard(chosen)
            self.load()

    def action_leave(self) -> None:
        """Back to the counter."""
        self.dismiss()
