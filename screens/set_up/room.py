"""What a room of F7 is: a table of what is decided, whose rows are changed, added to and taken from by a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DataTable, Static

from desk.set_up.records import SetUpRecord
from desk.texts import _, pgettext
from screens.set_up.asking import Asking
from screens.widgets.table import Table


class ChangeAsked(Message):
    """Something is to be changed."""

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self.asking = asking


class Room(Vertical):
    """One room.

    Attributes:
        TAB: the key that reaches it, and its label, marked for the catalogues.
    """

    TAB: ClassVar[tuple[str, str]]

    def show(self, decided: SetUpRecord, today: date) -> None:
        """Show what is decided now; called again after every change."""

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys that are valid in it, each with its label."""
        return ()

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return []


class TableRoom(Room):
    """A room that is a table: Enter changes the row one is on, N adds one, F takes it away, where that can be.

    Attributes:
        HEADINGS: of the columns, marked for the catalogues.
        GIVES_WAY: the columns that are cut when a row would be too long.
        ADDS, REMOVES: whether rows are added and taken away.
    """

    HEADINGS: ClassVar[tuple[str, ...]]
    GIVES_WAY: ClassVar[tuple[int, ...]] = (0,)
    ADDS: ClassVar[bool] = False
    REMOVES: ClassVar[bool] = False
    EDITS: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,N", "add", id="set_up.add", show=False),
        Binding("f,F", "remove", id="set_up.remove", show=False),
    ]

    table = getters.query_one(Table)
    about = getters.query_one(".about", Static)

    def __init__(self) -> None:
        super().__init__()
        self.decided: SetUpRecord | None = None
        self._things: list[Any] = []

    def compose(self) -> ComposeResult:
        """A sentence, and the table."""
        yield Static(self.explained(), classes="about", markup=False)
        yield Table(tuple(map(_, self.HEADINGS)), gives_way=self.GIVES_WAY, id=f"room-{self.TAB[0]}")

    def explained(self) -> str:
        """Say in a sentence what is decided here."""
        return ""

    def lines(self, decided: SetUpRecord) -> list[tuple[Any, Sequence[str]]]:
        """Give the rows: what each is about, and its cells."""
        raise NotImplementedError

    def edit(self, thing: Any) -> Asking | None:
        """Ask for a change of a row."""
        return None

    def add(self, thing: Any) -> Asking | None:
        """Ask for a new row; ``thing`` is the one that one is on, None: there is none."""
        return None

    def take_away(self, thing: Any) -> Asking | None:
        """Ask for a row to be taken away."""
        return None

    def show(self, decided: SetUpRecord, today: date) -> None:
        """Show what is decided now."""
        self.decided = decided
        lines = self.lines(decided)
        self._things = [thing for thing, _cells in lines]
        self.table.fill({number: cells for number, (_thing, cells) in enumerate(lines)})

    @property
    def chosen(self) -> Any:
        """What the row is about that one is on."""
        place = self.table.chosen
        return None if place is None or place >= len(self._things) else self._things[place]

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        keys = [("Enter", pgettext("footer", "change"))] if self.EDITS else []
        if self.ADDS:
            keys.append(("N", pgettext("footer", "new")))
        if self.REMOVES:
            keys.append(("F", pgettext("footer", "remove")))
        return tuple(keys)

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        offered = []
        if self.EDITS:
            offered.append(SystemCommand(_("Change"), _("Change the row you are on (Enter)"), self.action_edit))
        if self.ADDS:
            offered.append(SystemCommand(_("New"), _("Add a row to this list (N)"), self.action_add))
        if self.REMOVES:
            offered.append(SystemCommand(_("Remove"), _("Take away the row you are on (F)"), self.action_remove))
        return offered

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self.action_edit()

    def action_edit(self) -> None:
        """Change the row one is on."""
        if self.chosen is not None:
            self._ask(self.edit(self.chosen))

    def action_add(self) -> None:
        """Add a row."""
        self._ask(self.add(self.chosen))

    def action_remove(self) -> None:
        """Take a row away."""
        if self.chosen is not None:
            self._ask(self.take_away(self.chosen))

    def _ask(self, asking: Asking | None) -> None:
        if asking is not None:
            self.post_message(ChangeAsked(asking))
