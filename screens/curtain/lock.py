"""The lock: as the curtain, but it takes credentials. The pile and the queue stay; a colleague may take over."""

from __future__ import annotations

from datetime import datetime

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.errors import DeskError
from desk.texts import _
from screens.curtain.cover import CoverScreen
from screens.keys import USER_NAME
from screens.sentences import locked_sentence, sentence
from screens.text import plain


class LockScreen(CoverScreen):
    """Locked until somebody signs in."""

    # No field has the focus until somebody types: a scan must land in the queue, not in a password (C1, C12).
    AUTO_FOCUS = ""

    login = getters.query_one("#login", Input)
    password = getters.query_one("#password", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, locked_at: datetime, name: str, login: str) -> None:
        super().__init__()
        self._locked_at, self._name, self._login = locked_at, name, login
        self._card: str | None = None

    def compose(self) -> ComposeResult:
        """Clock, library, who locked it, two fields."""
        with Vertical(id="middle"):
            yield Static("", id="time", markup=False)
            yield Static(plain(self.desk_app.library), id="library", markup=False)
            yield Static(locked_sentence(self._locked_at, plain(self._name)), id="how", markup=False)
            yield Input(self._login, placeholder=_("User name"), id="login", classes=USER_NAME, max_length=40)
            yield Input(placeholder=_("Password"), password=True, id="password", max_length=200)
            yield Static("", id="said", markup=False)
            yield Static("", id="waiting", markup=False)

    def on_key(self, event: events.Key) -> None:
        """The first character typed begins the password; Tab goes to the user name."""
        if self.focused is not None or not event.is_printable or event.character is None:
            return
        event.stop()
        self.password.focus()
        self.password.insert_text_at_cursor(event.character)

    def take_staff_card(self, code: str) -> None:
        """A staff card: its PIN is asked for."""
        self._card = code
        self.login.value = ""
        self.login.disabled = True
        self.password.placeholder = _("PIN")
        self.password.focus()
        self.said.update(_("A card alone is not enough. Type the PIN."))

    @on(Input.Submitted, "#login")
    def to_password(self) -> None:
        """Enter in the first field goes on to the second."""
        self.password.focus()

    @on(Input.Submitted, "#password")
    def submitted(self) -> None:
        """Enter in the second field unlocks."""
        self.unlock()

    @work(group="sign-in")
    async def unlock(self) -> None:
        """Check who it is; the pile goes on with whoever unlocked."""
        login, password, card = self.login.value, self.password.value, self._card
        self.password.value = ""
        if not password or not (login or card):
            return
        service = self.desk_app.installation.sign_in
        try:
            staff = await (service.with_card(card, password) if card else service.with_password(login, password))
        except DeskError as error:
            self._card = None
            self.login.disabled = False
            self.password.placeholder = _("Password")
            self.said.update(sentence(error))
            return
        self.desk_app.privacy.unlock(staff)
