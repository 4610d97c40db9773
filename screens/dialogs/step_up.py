"""A supervisor steps up in place (C5): user name and password, or staff card and PIN, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _
from screens.dialogs.secret import ScansWaiting, SecretDialog
from screens.keys import USER_NAME
from screens.text import plain
from screens.widgets.line_field import LineField
from screens.widgets.secret import SecretField


@dataclass(frozen=True, slots=True)
class StepUp:
    """What was typed. ``card`` and ``login``: one of them is empty; ``secret`` is the PIN or the password."""

    login: str
    card: str = field(repr=False)
    secret: str = field(repr=False)
    reason: str = ""


class StepUpDialog(SecretDialog[StepUp | None]):
    """Asks; checks nothing itself.

    Args:
        said: what was wrong with the last try.
        reason: as it was given then.
        title: what it is needed for; empty: an override, for this visit.
        asks_reason: False: nobody writes down why, as what is done is written down itself.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "Input"

    reason = getters.query_one("#reason", Input)
    login = getters.query_one("#login", Input)
    secret = getters.query_one("#secret", SecretField)
    said = getters.query_one("#said", Static)

    def __init__(self, said: str = "", reason: str = "", title: str = "", *, asks_reason: bool = True) -> None:
        super().__init__()
        self._said, self._reason, self._card = said, reason, ""
        self._title, self._asks_reason = title, asks_reason

    def compose(self) -> ComposeResult:
        """Reason first: it is what the supervisor is there to give."""
        with Vertical(classes="dialog"):
            if self._title:
                yield Static(plain(self._title), markup=False)
                yield Static(_("Supervisor: card and PIN, or password."), markup=False)
            else:
                yield Static(_("Supervisor: card and PIN, or password. For this visit only."), markup=False)
            if self._asks_reason:
                yield LineField(self._reason, placeholder=_("Reason"), id="reason", max_length=200)
            yield Input(placeholder=_("User name"), id="login", classes=USER_NAME, max_length=40)
            yield SecretField(_("Password"), "secret", self.desk_app.router.rules)
            yield Static(self._said, id="said", markup=False)
            yield ScansWaiting()
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """With a reason kept from a wrong try, go on at the user name."""
        if self._reason:
            self.login.focus()

    def take_staff_card(self, code: str) -> None:
        """A staff card was scanned: it takes the user name's place, and its PIN is asked for."""
        self._card = code
        self.login.value = ""
        self.login.disabled = True
        self.secret.placeholder = _("PIN")
        self.said.update(_("A card alone is not enough. Type the PIN."))
        needed = self._needed()
        (needed[0] if needed and not needed[0].value.strip() else self.secret).focus()

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes to the next field that is empty; on the last it is done."""
        event.stop()
        if self.secret.took_a_scan:
            self.secret.empty()
            self.said.update(_("A scan came in the middle of the password. It was not received."))
            return
        for field_ in (*self._needed(), self.secret):
            if not field_.value.strip():
                field_.focus()
                if field_.id == "reason":
                    self.said.update(_("Give a reason."))
                return
        reason = self.reason.value.strip() if self._asks_reason else ""
        self.dismiss(StepUp(self.login.value, self._card, self.secret.value, reason))

    def _needed(self) -> tuple[Input, ...]:
        """Give the fields that come before the secret: why, and who if no card says it."""
        why = (self.reason,) if self._asks_reason else ()
        return why if self._card else (*why, self.login)
