"""The rooms of branches and counters, and of who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from desk.set_up.changes import BranchChange, Change, CounterChange
from desk.set_up.records import BranchRecord, BranchValues, CounterRecord, PastChange, SetUpRecord
from desk.texts import N_, _
from screens.set_up.asking import Asking, Field
from screens.set_up.room import TableRoom
from screens.set_up.value_words import label
from screens.set_up.words import past_line

Place = tuple[BranchRecord, CounterRecord | None]


class PlacesRoom(TableRoom):
    """Branches, each with its counters below it."""

    TAB: ClassVar[tuple[str, str]] = ("7", N_("Branches"))
    HEADINGS: ClassVar[tuple[str, ...]] = (N_("Branch"), N_("Counter"), N_("ISIL or id"))
    ADDS: ClassVar[bool] = True

    def explained(self) -> str:
        """Say what is decided here."""
        return _("N on a branch adds a branch, on a counter a counter beside it.")

    def lines(self, decided: SetUpRecord) -> list[tuple[Place, Sequence[str]]]:
        """Give a row for each branch and each counter."""
        rows: list[tuple[Place, Sequence[str]]] = []
        for branch in decided.branches:
            rows.append(((branch, None), (branch.values.name, "", branch.values.isil)))
            rows += [((branch, counter), ("", counter.name, "")) for counter in branch.counters]
        return rows

    def edit(self, thing: Place) -> Asking:
        """Ask for a name."""
        branch, counter = thing
        if counter is not None:
            return _counter(_("Counter, {branch}").format(branch=branch.values.name), branch, counter)

        def change(values: Mapping[str, Any]) -> Change:
            return BranchChange(branch.branch_id, branch.values, BranchValues(**values))

        return Asking(_("Branch"), _branch_fields(branch.values), change)

    def add(self, thing: Place | None) -> Asking:
        """Ask for a new branch, or a new counter of the branch one is on."""
        if thing is not None and thing[1] is not None:
            title = _("New counter, {branch}").format(branch=thing[0].values.name)
            return _counter(title, thing[0], None)

        def change(values: Mapping[str, Any]) -> Change:
            after = BranchValues(values["name"], values["isil"])
            return BranchChange(None, None, after, counter=values["counter"])

        first = Field("counter", _("Its first counter"), "text", "Skranke 1")
        return Asking(_("New branch"), (*_branch_fields(BranchValues("", "")), first), change)


def _branch_fields(values: BranchValues) -> tuple[Field, ...]:
    return (
        Field("name", label("name"), "text", values.name),
        Field("isil", label("isil"), "text", values.isil),
    )


def _counter(title: str, branch: BranchRecord, counter: CounterRecord | None) -> Asking:
    number, name = (None, None) if counter is None else (counter.counter_id, counter.name)

    def change(values: Mapping[str, Any]) -> Change:
        return CounterChange(branch.branch_id, number, name, values["name"])

    return Asking(title, (Field("name", label("name"), "text", name or ""),), change)


class HistoryRoom(TableRoom):
    """Who changed what and when."""

    TAB: ClassVar[tuple[str, str]] = ("9", N_("Changes"))
    HEADINGS: ClassVar[tuple[str, ...]] = (N_("When"), N_("Who"), N_("Changed"), N_("From and to"), N_("Moved"))
    GIVES_WAY: ClassVar[tuple[int, ...]] = (3, 2, 1)
    EDITS: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._past: tuple[PastChange, ...] = ()
        self._today: date | None = None

    def explained(self) -> str:
        """Say what stands here."""
        return _("The latest changes, the newest first; the row you are on stands in full below.")

    def show_past(self, past: tuple[PastChange, ...]) -> None:
        """Take in what was changed."""
        self._past = past
        if self.decided is not None and self._today is not None:
            self.show(self.decided, self._today)

    def show(self, decided: SetUpRecord, today: date) -> None:
        """Show the changes."""
        self._today = today
        super().show(decided, today)

    def lines(self, decided: SetUpRecord) -> list[tuple[PastChange, Sequence[str]]]:
        """Give a row for each."""
        today = self._today
        return [] if today is None else [(past, past_line(past, decided, today)) for past in self._past]

    def in_full(self) -> str:
        """Give the row one is on in full: a list cuts it."""
        if self.chosen is None or self.decided is None or self._today is None:
            return ""
        return " · ".join(filter(None, past_line(self.chosen, self.decided, self._today)[:4]))
