"""«Oplysninger»: what is held about the borrower, item by item as the policy lists it (C12, D)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from rich.style import Style
from rich.text import Text
from textual import events, getters, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import DataTable, Static

from desk.borrowers.looking import Revealed
from desk.borrowers.records import BorrowerPage
from desk.privacy.data_map import NOBODY, SUPERVISOR, Held
from desk.texts import N_, NP_, _, pgettext
from screens.borrower.blocks_pane import BlocksPane
from screens.borrower.cards_pane import CardsPane
from screens.borrower.details_rows import DetailRow, revealed_words, rows_of
from screens.borrower.loans_pane import LoansPane
from screens.borrower.reservations_pane import ReservationsPane
from screens.text import cut, width_of

HIDDEN_AFTER_SECONDS = 30
# Where the items that have a tab of their own are seen and changed.
TABS = {
    "loans": LoansPane.TAB,
    "reservations": ReservationsPane.TAB,
    "cards": CardsPane.TAB,
    "blocked_on": BlocksPane.TAB,
    "block_reason": BlocksPane.TAB,
    "internal_note": BlocksPane.TAB,
    "note_to_borrower": BlocksPane.TAB,
}
NAME_WIDTH = 28
LEAST_VALUE_WIDTH = 20
# What the table takes of a line for itself: two blanks a column, and the bar at its right.
TABLE_MARGIN = 5


class DetailsPane(Vertical):
    """The tab. Asks with messages and does no work; what was revealed it hides again by itself."""

    TAB: ClassVar[tuple[str, str]] = ("4", N_("Details"))
    COMPONENT_CLASSES: ClassVar[set[str]] = {"details--look", "details--quiet", "details--shown"}
    DEFAULT_CSS = """
    DetailsPane {
        height: 1fr;
        #items { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; }
        #about { height: 6; padding: 1 1 0 1; overflow-y: auto; }
        .details--look { color: $text-warning; }
        .details--quiet { color: $text-muted; }
        .details--shown { color: $text-accent; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v,V", "reveal", id="details.reveal", show=False)]

    class RevealAsked(Message):
        """A masked item is to be shown."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class EditAsked(Message):
        """An item is to be changed."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class TabAsked(Message):
        """The tab an item has for itself is to be opened; ``tab`` is the key that reaches it."""

        def __init__(self, tab: str) -> None:
            super().__init__()
            self.tab = tab

    class KeysChanged(Message):
        """Other keys are valid now."""

    items = getters.query_one("#items", DataTable)
    about = getters.query_one("#about", Static)

    def __init__(self) -> None:
        super().__init__()
        self.page: BorrowerPage | None = None
        self.today = date.min
        self._rows: tuple[DetailRow, ...] = ()
        self._revealed: tuple[str, str] | None = None
        self._hide_later: Timer | None = None

    def compose(self) -> ComposeResult:
        """The items, and what there is to say of the chosen one."""
        yield DataTable(id="items", cursor_type="row", zebra_stripes=False, show_header=False)
        yield Static("", id="about", markup=False)

    def on_mount(self) -> None:
        """Set the columns; a curtain, a lock or a dialog over the page hides what was revealed."""
        self.items.add_column(Text(_("Item")), key="name", width=NAME_WIDTH)
        self.items.add_column(Text(_("Value")), key="value", width=LEAST_VALUE_WIDTH)
        self.app.screen_change_signal.subscribe(self, self._screen_changed, immediate=True)
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._paint())
        self._paint()

    # What is shown.

    def show(self, page: BorrowerPage, today: date) -> None:
        """Show a borrower's page anew; nothing is revealed any more.

        Args:
            page: as the desk gave it.
            today: local date.
        """
        self.page, self.today = page, today
        self._rows = rows_of(page, today)
        self.conceal()
        self._paint()

    def reveal(self, key: str, revealed: Revealed) -> None:
        """Show what a masked item holds, unless one has gone on to another item or page meanwhile."""
        if not self.is_in_front or self.chosen is None or self.chosen.key != key:
            return
        self._revealed = (key, revealed_words(revealed))
        if self._hide_later is not None:
            self._hide_later.stop()
        self._hide_later = self.set_timer(HIDDEN_AFTER_SECONDS, self.conceal)
        self._paint()

    def conceal(self) -> None:
        """Hide what was revealed."""
        if self._hide_later is not None:
            self._hide_later.stop()
            self._hide_later = None
        if self._revealed is not None:
            self._revealed = None
            self._paint()

    @property
    def is_in_front(self) -> bool:
        """Whether the pane can be seen: no other tab, and no dialog, curtain or lock over it."""
        return self.is_attached and self.app.screen is self.screen and self.is_on_screen

    @property
    def chosen(self) -> DetailRow | None:
        """The item one is on."""
        at = self.items.cursor_row
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys that do something with the chosen item."""
        chosen = self.chosen
        if chosen is None:
            return ()
        keys: list[tuple[str, str]] = []
        if chosen.is_masked:
            keys.append(("V", pgettext("footer", "show")))
        if chosen.can_be_changed:
            keys.append(("Enter", pgettext("footer", "change")))
        elif chosen.key in TABS:
            keys.append(("Enter", pgettext("footer", "go there")))
        return tuple(keys)

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Show the item"), _("Show what is masked; the log notes it (V)"), self.action_reveal),
            SystemCommand(_("Change the item"), _("Change it, or go to its tab (Enter)"), self.action_change),
        ]

    def _paint(self) -> None:
        if not self.is_mounted or self.page is None:
            return
        width = max(LEAST_VALUE_WIDTH, self.size.width - NAME_WIDTH - TABLE_MARGIN)
        self.items.ordered_columns[-1].width = width
        at, top = self.items.cursor_row, self.items.scroll_y
        self.items.clear()
        for row in self._rows:
            look, value = self._look(row)
            self.items.add_row(Text(cut(row.held.label, NAME_WIDTH)), Text(cut(value, width), look), key=row.key)
        self.items.move_cursor(row=min(max(at, 0), len(self._rows) - 1), scroll=False)
        self.items.scroll_to(y=top, animate=False, force=True)
        self._paint_about()

    def _look(self, row: DetailRow) -> tuple[Style, str]:
        if self._revealed is not None and self._revealed[0] == row.key:
            return self._style("shown"), self._revealed[1]
        return (self._style("look") if row.needs_look else Style()), row.value

    def _style(self, name: Literal["look", "quiet", "shown"]) -> Style:
        return self.get_component_rich_style(f"details--{name}", partial=True)

    def _paint_about(self) -> None:
        chosen = self.chosen
        if chosen is None:
            self.about.update("")
            return
        quiet = self._style("quiet")
        look, value = self._look(chosen)
        text = Text()
        if width_of(value) > self.items.ordered_columns[-1].width:
            text.append(f"{value}\n", look)
        text.append(_("What we use it for:") + " ", quiet)
        text.append(f"{chosen.held.used_for}\n")
        text.append(f"{_who(chosen.held)} · {chosen.held.deleted}\n", quiet)
        text.append(self._what_keys_do(chosen))
        self.about.update(text)

    def _what_keys_do(self, row: DetailRow) -> str:
        if self._revealed is not None and self._revealed[0] == row.key:
            return _("Hidden again in {count} s, or when you leave the line.").format(count=HIDDEN_AFTER_SECONDS)
        said = []
        if row.is_masked:
            said.append(_("V shows it. The log notes it."))
        if row.can_be_changed:
            said.append(_("Enter changes it."))
        elif row.key in TABS:
            key, label = TABS[row.key]
            said.append(_("Has a tab of its own: {key} {label}.").format(key=key, label=_(label)))
        return " ".join(said)

    # What is pressed.

    def action_reveal(self) -> None:
        """Ask for the chosen masked item."""
        chosen = self.chosen
        if chosen is not None and chosen.is_masked:
            self.post_message(self.RevealAsked(chosen.key))

    @on(DataTable.RowSelected)
    def item_selected(self, event: DataTable.RowSelected) -> None:
        """Enter."""
        event.stop()
        self.action_change()

    def action_change(self) -> None:
        """Change the item, or go to its tab."""
        chosen = self.chosen
        if chosen is None:
            return
        if chosen.key in TABS:
            self.post_message(self.TabAsked(TABS[chosen.key][0]))
        elif chosen.can_be_changed:
            self.post_message(self.EditAsked(chosen.key))

    @on(DataTable.RowHighlighted)
    def item_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Another item: what was revealed of the last one is hidden."""
        event.stop()
        chosen = self.chosen
        if self._revealed is not None and (chosen is None or chosen.key != self._revealed[0]):
            self.conceal()
        self._paint_about()
        self.post_message(self.KeysChanged())

    def on_hide(self) -> None:
        """Another tab is open."""
        self.conceal()

    def on_resize(self, _event: events.Resize) -> None:
        """The values have more room, or less."""
        self._paint()

    def _screen_changed(self, screen: Screen[object]) -> None:
        if screen is not self.screen:
            self.conceal()


SEEN_AND_CHANGED = NP_("who", "Seen and changed by staff")
SEEN = NP_("who", "Seen by staff, changed by nobody here")
SEEN_BY_SUPERVISORS = NP_("who", "Seen by supervisors only")


def _who(held: Held) -> str:
    """Say who may see and change an item."""
    if held.seen_by <= SUPERVISOR:
        return pgettext("who", SEEN_BY_SUPERVISORS)
    return pgettext("who", SEEN if held.changed_by == NOBODY else SEEN_AND_CHANGED)
