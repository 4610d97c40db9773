"""What all screens share: the way to the app and its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual.screen import ModalScreen, Screen

if TYPE_CHECKING:
    from screens.app import DeskApp

T = TypeVar("T")


class DeskScreen(Screen[T], Generic[T]):
    """A screen of the desk."""

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)


class DeskDialog(ModalScreen[T], Generic[T]):
    """A dialog: returns a value or nothing, does no work. Scans pass it by (C3)."""

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)
