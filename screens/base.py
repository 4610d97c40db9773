"""What all screens share: the way to the app and its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

if TYPE_CHECKING:
    from textual.events import Key, Paste

    from desk.counter.records import Outcome
    from screens.app import DeskApp
    from screens.newsletter import Typed

T = TypeVar("T")

NEVER = float("-inf")
"""Monotonic seconds of what has not happened."""


class _ClosesOnce(Screen[T], Generic[T]):
    """A page that closes itself and no other: of two keys that come together, the first has closed it already."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with an answer; Textual's own takes whatever lies on top once this has gone."""
        return super().dismiss(result) if self in self.app.screen_stack else AwaitComplete()


class DeskScreen(_ClosesOnce[T], Generic[T]):
    """A screen of the desk, and what the app asks of any of them.

    Attributes:
        HELP: which help explains it.
        ABOUT_A_BORROWER: it closes when the borrower's visit ends or another one opens.
        GOES_WHEN_COVERED: it closes before the curtain is drawn or the counter locked: a search.
        KEPT: what was typed into it outlives the visit that was open below it: it closes by itself only.
        GOES_AT_A_SCAN: it closes when a code is scanned over it, so that what becomes of the scan is seen.
        HIDES: it covers the counter: the curtain, the lock.
        NEWSLETTER: somebody at the counter can be put on the newsletter's list, or taken off it, from here.
        GOES_ON: a colleague who takes over the locked counter goes on with it; what else one has opened goes with one.
    """

    HELP: ClassVar[str] = ""
    ABOUT_A_BORROWER: ClassVar[bool] = False
    GOES_WHEN_COVERED: ClassVar[bool] = False
    KEPT: ClassVar[bool] = False
    GOES_AT_A_SCAN: ClassVar[bool] = False
    HIDES: ClassVar[bool] = False
    NEWSLETTER: ClassVar[bool] = False
    GOES_ON: ClassVar[bool] = False

    def tick(self) -> None:
        """A second has passed."""

    def show_hint(self, text: str) -> None:
        """Say one line, where the page has a place for it."""

    def keeps(self, _event: Key | Paste) -> bool:
        """Keep a key for when the page is there to be worked on; gives whether it was kept."""
        return False

    def say_outcome(self, _outcome: Outcome) -> bool:
        """Say what became of something that has no line at the counter; gives whether it was said here."""
        return False

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here."""
        return []

    async def newsletter_start(self) -> Typed:
        """Give what the newsletter's questions begin with: nothing, where nobody's page is open."""
        from screens.newsletter import Typed  # noqa: PLC0415  (no start waits for it)

        return Typed()

    @property
    def is_gone(self) -> bool:
        """Tell whether it has closed: a worker that waited for the store asks before it shows anything.

        The parts of a screen go before its workers are told, and what is not there any more cannot be filled.
        """
        return not (self.is_attached and self.display)

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)


class DeskDialog(_ClosesOnce[T], ModalScreen[T], Generic[T]):
    """A dialog: returns a value or nothing, does no work. Scans pass it by (C3); Esc is always «nothing happens»."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", id="dialog.leave", show=False)]

    def action_leave(self) -> None:
        """Esc: nothing happens."""
        self.dismiss(None)

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)
