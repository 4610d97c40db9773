"""What the dialogs with a PIN or a password in them share: scans wait until they are closed, and that is said."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.widgets import Static

from screens.base import DeskDialog
from screens.sentences import waiting_sentence

T = TypeVar("T")

LOOK_SECONDS = 0.2


class SecretDialog(DeskDialog[T], Generic[T]):
    """A dialog whose digits must land nowhere else. It composes a :class:`ScansWaiting` where there is room for it."""

    def on_mount(self) -> None:
        """From now on nothing that is scanned is handled."""
        self.desk_app.held_back.begin()

    def on_unmount(self) -> None:
        """Go on with what was scanned."""
        self.desk_app.held_back.end()


class ScansWaiting(Static):
    """«2 scanninger venter», and no line at all when none does."""

    def __init__(self) -> None:
        super().__init__("", id="waiting", markup=False)
        self.display = False

    def on_mount(self) -> None:
        """Keep the number right."""
        self.set_interval(LOOK_SECONDS, self._show)

    def _show(self) -> None:
        screen = self.screen
        count = screen.desk_app.held_back.waiting if isinstance(screen, SecretDialog) else 0
        self.update(waiting_sentence(count))
        self.display = bool(count)
