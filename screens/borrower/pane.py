"""What a tab of the borrower's page is (screens.md, *Låner (F4)*)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Protocol, runtime_checkable

from textual.app import SystemCommand

from desk.borrowers.records import BorrowerPage


class Pane(Protocol):
    """A widget that shows one part of the record, with bindings of its own.

    It does no work: it posts messages with values, and the screen asks, carries out and tells.

    Attributes:
        TAB: the key that reaches it from any other tab, and its label, marked for the catalogues.
    """

    TAB: ClassVar[tuple[str, str]]

    def show(self, page: BorrowerPage, today: date) -> None:
        """Show the record as it is now; called again after every change.

        Args:
            page: what came back from the desk.
            today: local date.
        """

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys that are valid in it, each with its label."""


@runtime_checkable
class Counted(Protocol):
    """A pane with a number behind its label: «Udlån 14»."""

    def count(self) -> str:
        """Give the number, or an empty text."""


@runtime_checkable
class Offering(Protocol):
    """A pane whose keys' work is in the palette too (U2)."""

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers while it is shown."""
