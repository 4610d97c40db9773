"""The sign-in screen: library, branch, counter, two fields, one sentence."""

from __future__ import annotations

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.command import NOBODY
from desk.errors import DeskError, SignInFailed, StoreError
from desk.texts import _
from screens.base import DeskScreen
from screens.keys import USER_NAME
from screens.sentences import sign_in_sentence, store_sentence
from screens.text import paintable, plain
from screens.widgets.secret import SecretField

LOOK_AGAIN_SECONDS = 60


class SignInScreen(DeskScreen[None]):
    """User name, Tab, password, Enter; or a staff card and its PIN."""

    HELP = "sign_in"

    login = getters.query_one("#login", Input)
    password = getters.query_one("#password", SecretField)
    said = getters.query_one("#said", Static)
    unproven = getters.query_one("#unproven", Static)
    clock_said = getters.query_one("#retention", Static)

    def __init__(self) -> None:
        super().__init__()
        self._card: str | None = None
        self._seconds = 0
        self._told = ""

    def compose(self) -> ComposeResult:
        """Lay the form out in the middle."""
        with Vertical(id="form"):
            yield Static(plain(self.desk_app.library), id="library", markup=False)
            yield Static(plain(self.desk_app.where), id="where", markup=False)
            yield Input(placeholder=_("User name"), id="login", classes=USER_NAME, max_length=40)
            yield SecretField(_("Password"), "password", self.desk_app.router.rules)
            yield Static("", id="said", markup=False)
            yield Static("", id="unproven", markup=False)
            yield Static(paintable(self.desk_app.warning), id="warning", markup=False)
            yield Static("", id="retention", markup=False)
            yield Static(self.desk_app.hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Ask how the retention clock stands, once the page has been painted.

        Behind the app's refresh, not the screen's own: that one comes before the app has mounted, and paints nothing.
        """
        self.desk_app.call_after_refresh(self.look_at_clock)

    def on_screen_resume(self) -> None:
        """Come back empty: nothing of whoever was here before."""
        self._start_over("")
        self.desk_app.call_after_refresh(self.look_for_proofs)

    @work(group="noting", exit_on_error=True)
    async def look_for_proofs(self) -> None:
        """Say in red that an erasure has no proof (G4): at the start, and each time somebody has signed off."""
        from desk.privacy.erasure.queries import erasures_without_proof  # noqa: PLC0415  (behind the first page, Q5)

        try:
            without = await self.desk_app.installation.desk.ask(NOBODY, erasures_without_proof)
        except DeskError:
            # Told by whatever is done next; what stands there stays.
            return
        said = ""
        if without.missing or without.failed:
            # Loaded where there is something to say (Q5).
            from desk.privacy.erasure.words import warning_words  # noqa: PLC0415

            said = warning_words(without)
        self.unproven.update(said)

    def tick(self) -> None:
        """Say how the retention clock stands (G6), and ask again now and then: other programs run it too."""
        self._seconds += 1
        if self._seconds % LOOK_AGAIN_SECONDS == 0:
            self.look_at_clock()
        self._tell_clock()

    @work(group="clock")
    async def look_at_clock(self) -> None:
        """Ask how the retention clock stands."""
        await self.desk_app.retention.look()
        self._tell_clock()

    def _tell_clock(self) -> None:
        watch = self.desk_app.retention
        told = watch.words()
        if told != self._told:
            self._told = told
            self.clock_said.update(told)
            self.clock_said.set_class(not watch.is_well, "-late")

    def _start_over(self, sentence: str) -> None:
        self._card = None
        self.password.placeholder = _("Password")
        self.password.empty()
        self.login.disabled = False
        self.login.value = ""
        self.login.focus()
        self.said.update(sentence)

    @on(Input.Submitted, "#login")
    def to_password(self) -> None:
        """Enter in the first field goes on to the second."""
        self.password.focus()

    @on(Input.Submitted, "#password")
    def sign_in(self) -> None:
        """Enter in the second field signs in; a scan behind something typed is no password."""
        if self.password.took_a_scan:
            self.password.empty()
            self.refuse_scan()
        else:
            self.check()

    def take_staff_card(self, code: str) -> None:
        """A staff card was scanned: its PIN is asked for, never the card alone."""
        self._card = code
        self.login.value = ""
        self.login.disabled = True
        self.password.empty()
        self.password.placeholder = _("PIN")
        self.password.focus()
        self.said.update(_("A card alone is not enough. Type the PIN."))

    def refuse_scan(self) -> None:
        """Something was scanned before anybody signed in."""
        self.said.update(_("Sign in before scanning. The scan was not received."))

    @work(group="sign-in", exit_on_error=True)
    async def check(self) -> None:
        """Check who it is, then open the counter."""
        login, password, card = self.login.value, self.password.value, self._card
        if not password or not (login or card):
            return
        self.said.update(_("Checking …"))
        try:
            if card is not None:
                staff = await self.desk_app.installation.sign_in.with_card(card, password)
            else:
                staff = await self.desk_app.installation.sign_in.with_password(login, password)
        except SignInFailed as failed:
            self._start_over(sign_in_sentence(failed))
            return
        except StoreError as error:
            self._start_over(store_sentence(error))
            return
        if staff.role == "it":
            self._start_over(_("IT accounts work on the command line, not at the counter."))
            return
        self._start_over("")
        await self.desk_app.signed_in(staff, password if card is None else "")
