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
        said: why it is asked again.
        reason: what was given before.
        title: what it is needed for; empty: an override, for this visit.
        needs_reason: whether a reason is asked for; an approval has none but the request itself.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "Input"

    reason = getters.query_one("#reason", Input)
    login = getters.query_one("#login", Input)
    secret = getters.query_one("#secret", SecretField)
    said = getters.query_one("#said", Static)

    def __init__(self, said: str = "", reason: str = "", title: str = "", *, needs_reason: bool = True) -> None:
        super().__init__()
        self._said, self._reason, self._card = said, reason, ""
        self._title, self._needs_reason = title, needs_reason

    def compose(self) -> ComposeResult:
        """Reason first: it is what the supervisor is there to give."""
        with Vertical(classes="dialog"):
            if self._title:
                yield Static(plain(self._title), markup=False)
                yield Static(_("Supervisor: card and PIN, or password."), markup=False)
            else:
                yield Static(_("Supervisor: card and PIN, or password. For this visit only."), markup=False)
            if self._needs_reason:
                yield Input(self._reason, placeholder=_("Reason"), id="reason", max_length=200)
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
        (self.reason if self._needs_reason and not self.reason.value.strip() else self.secret).focus()

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes to the next field that is empty; on the last it is done."""
        event.stop()
        if self.secret.took_a_scan:
            self.secret.empty()
            self.said.update(_("A scan came in the middle of the password. It was not received."))
            return
        reasons = (self.reason,) if self._needs_reason else ()
        needed = reasons if self._card else (*reasons, self.login)
        for field_ in (*needed, self.secret):
            if not field_.value.strip():
                field_.focus()
                if field_ in reasons:
                    self.said.update(_("Give a reason."))
                return
        reason = self.reason.value.strip() if self._needs_reason else ""
        self.dismiss(StepUp(self.login.value, self._card, self.secret.value, reason))
