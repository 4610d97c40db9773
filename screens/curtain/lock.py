"""The lock: as the curtain, but it takes credentials. The pile and the queue stay; a colleague may take over.

What is scanned here waits in the queue; a password must never get there. A machine that types the password sends a
burst too, so this is how they are told apart:

- Nobody has typed: no field has the focus. Digits, or a code behind the configured prefix, are a scan and queue, unless
  the operator signed in with a password that looks like that. Any other burst may be a password, and is tried as one.
- Somebody has typed: everything is typing, a scan too, until Enter or until nobody has typed for STRAY_SECONDS. Then
  the fields are as before, so that a stray key lies in wait for no scan.
- What cannot be the password is no try: a scan behind something typed by hand, a PIN of other than 4 to 8 digits. Such
  a scan is told as not received. It is not queued: its digits may be a password that was typed after the stray key.
"""

from __future__ import annotations

from datetime import datetime

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.errors import DeskError
from desk.staff.passwords import is_pin
from desk.texts import _
from devices.messages import Scanned
from screens.curtain.cover import CoverScreen
from screens.dialogs.step_up import StepUp
from screens.keys import USER_NAME
from screens.sentences import locked_sentence, sentence
from screens.text import plain
from screens.widgets.secret import LONGEST, SecretField

STRAY_SECONDS = 10.0
"""Seconds without a key after which what was begun is forgotten."""


class LockScreen(CoverScreen):
    """Locked until somebody signs in."""

    # No field has the focus until somebody types: a scan must land in the queue, not in a password (C1, C12).
    AUTO_FOCUS = ""

    login = getters.query_one("#login", Input)
    password = getters.query_one("#password", SecretField)
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
            yield SecretField(_("Password"), "password", self.desk_app.router.rules)
            yield Static("", id="said", markup=False)
            yield Static("", id="waiting", markup=False)

    def tick(self) -> None:
        """Forget what was begun and left."""
        super().tick()
        if not self.is_mounted:
            return
        is_begun = self.focused is not None or self.login.value != self._login
        if is_begun and self.desk_app.privacy.idle_seconds >= STRAY_SECONDS:
            self._start_over(self._login)

    def _start_over(self, login: str, said: str = "") -> None:
        """Be as before anybody typed: what comes now may be a scan."""
        self.set_focus(None)
        self._card = None
        self.password.empty()
        self.password.placeholder = _("Password")
        self.login.disabled = False
        self.login.value = login
        self.said.update(said)

    def on_descendant_focus(self) -> None:
        """A field that was chosen with the mouse has just been touched too."""
        self.desk_app.privacy.touched()

    def on_key(self, event: events.Key) -> None:
        """The first character typed begins the password; Tab goes to the user name."""
        if self.focused is not None or not event.is_printable or event.character is None:
            return
        event.stop()
        self.password.focus()
        self.password.begin(event)

    def on_paste(self, event: events.Paste) -> None:
        """A password that is pasted begins it too."""
        if self.focused is None:
            event.stop()
            self.password.focus()
            self.password.insert_text_at_cursor(event.text.partition("\n")[0])

    def take_as_password(self, scanned: Scanned) -> bool:
        """Try as the password what came in one burst, if it may be one."""
        passes = self.desk_app.privacy.password_passes_for_scan or self.login.value != self._login
        if len(scanned.code) > LONGEST or (scanned.is_certain and not passes):
            return False
        self._try(scanned.code)
        return True

    def take_staff_card(self, code: str) -> None:
        """A staff card: its PIN is asked for."""
        self._card = code
        self.login.value = ""
        self.login.disabled = True
        self.password.empty()
        self.password.placeholder = _("PIN")
        self.password.focus()
        self.said.update(_("A card alone is not enough. Type the PIN."))

    @on(Input.Submitted, "#login")
    def to_password(self) -> None:
        """Enter in the first field goes on to the second."""
        self.password.focus()

    @on(Input.Submitted, "#password")
    def submitted(self) -> None:
        """Enter in the second field unlocks, if what stands in it can be meant."""
        if self.password.took_a_scan:
            self._start_over(self._typed_login, _("A scan came in the middle of the password. It was not received."))
        elif self._card and not is_pin(self.password.value):
            self.password.empty()
            self.said.update(_("A PIN is 4 to 8 figures."))
        else:
            self._try(self.password.value)

    @property
    def _typed_login(self) -> str:
        return self.login.value if self._card is None else self._login

    def _try(self, password: str) -> None:
        """Have it checked, and leave the fields as if nobody had typed: scans may go on meanwhile."""
        login, card = self._typed_login, self._card
        self._start_over(login)
        if password and (login or card):
            self.unlock(StepUp(login, card or "", password))

    @work(group="sign-in")
    async def unlock(self, typed: StepUp) -> None:
        """Check who it is; the pile goes on with whoever unlocked."""
        service = self.desk_app.installation.sign_in
        try:
            if typed.card:
                staff = await service.with_card(typed.card, typed.secret)
            else:
                staff = await service.with_password(typed.login, typed.secret)
        except DeskError as error:
            self.said.update(sentence(error))
            return
        if staff.role == "it":
            self.said.update(_("IT accounts work on the command line, not at the counter."))
            return
        self.desk_app.privacy.unlock(staff, "" if typed.card else typed.secret)
