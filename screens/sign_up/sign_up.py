"""Creating a borrower: one page, top to bottom, so quick that a queue can wait for it.

What is scanned meanwhile waits in the queue, and is handled when the page is left: the new borrower stands there with
books in hand.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import ClassVar, TypedDict

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from desk.borrowers.commands import CreateBorrower
from desk.borrowers.proposing import faults_in, proposals
from desk.command import Who
from desk.counter.codes import LONGEST_CODE, clean_code, cpr_in
from desk.counter.holds import SIGN_UP
from desk.errors import DeskError, InvalidInput
from desk.installation import new_id, new_log_key
from desk.texts import _, pgettext
from screens.base import DeskScreen
from screens.dates import typed_date
from screens.dialogs.new_pin import NewPinDialog
from screens.dialogs.question import QuestionDialog
from screens.sentences import sentence, waiting_sentence
from screens.sign_up import checks
from screens.sign_up.fields import Choice, Push, show_line
from screens.sign_up.form import SignUpForm
from screens.sign_up.words import FIELD_OF, known_words
from screens.text import plain
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine

NUMBERS_DRAWN = 20
NUMBER_DIGITS = 8
TYPED_BY_HAND = ("name", "care_of", "street", "postcode", "mobile", "email", "guardian", "card")


class About(TypedDict):
    """What every search from this page has in common."""

    command_id: str
    who: Who
    at: datetime


class SignUpScreen(DeskScreen[None]):
    """Create a borrower.

    Args:
        cpr: ten digits, as they were scanned; empty: typed, or none.
        entry_id: the decision it answers, None: none.
        name: what was searched for and not found.
    """

    HELP = "sign_up"
    ABOUT_A_BORROWER = True
    KEPT = True
    GOES_ON = True
    CSS_PATH = "sign_up.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", id="sign_up.leave", show=False),
        Binding("ctrl+s", "save", id="sign_up.save", show=False),
        Binding("ctrl+o", "open_known", id="sign_up.open_known", show=False),
        Binding("ctrl+q", "sign_off", id="app.sign_off", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    form = getters.query_one(SignUpForm)
    status = getters.query_one(StatusLine)
    said = getters.query_one("#said", Static)
    waiting = getters.query_one("#waiting", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self, *, cpr: str = "", entry_id: int | None = None, name: str = "") -> None:
        super().__init__()
        self._given_cpr, self._entry_id, self._given_name = cpr_in(clean_code(cpr)) or "", entry_id, plain(name)
        # One id for all tries: what was saved when the store seemed down is not saved twice.
        self._command_id = new_id()
        self._ended = self._saving = False
        self.doubles_asked: tuple[str, date | None, str] | None = None

    def compose(self) -> ComposeResult:
        """Fields from top to bottom, in the order in which they are asked."""
        yield StatusLine()
        yield SignUpForm(self.desk_app.today, cpr=self._given_cpr, name=self._given_name)
        yield Static("", id="waiting", markup=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Let scans wait from now on, and begin where something is to be typed."""
        self.desk_app.at_counter.work.hold(cards_pass=False, by=SIGN_UP)
        self.keys.show(
            (
                ("Enter", pgettext("footer", "go on")),
                ("^S", pgettext("footer", "save")),
                ("Esc", pgettext("footer", "back")),
                ("^O", pgettext("footer", "open")),
                ("F1", pgettext("footer", "help")),
                ("F9", pgettext("footer", "curtain")),
            )
        )
        self.tick()
        self.query_one("#name" if self._given_cpr else "#cpr").focus()
        self.begin()

    def on_unmount(self) -> None:
        """Go on with what was scanned, unless a visit is being opened for it first, or the program ends."""
        if not self._ended and self.app.is_running:
            self.desk_app.at_counter.work.release(SIGN_UP)

    @work(group="check")
    async def begin(self) -> None:
        """Offer what there is to choose from, and take the number that was scanned."""
        try:
            if self._given_cpr:
                await checks.take_cpr(self, self._given_cpr)
            await self._offer()
        except DeskError as error:
            self.say(sentence(error))

    async def _offer(self) -> None:
        app = self.desk_app
        self.form.offer(await app.installation.desk.ask(app.who, proposals), app.counter_place.branch_id)

    def about(self) -> About:
        """Give what every search from here has in common."""
        app = self.desk_app
        return About(command_id=new_id(), who=app.who, at=app.now())

    def say(self, text: str) -> None:
        """Say a sentence about all of it."""
        show_line(self.said, text)

    def show_hint(self, text: str) -> None:
        """Say one line."""
        self.say(plain(text))

    def tick(self) -> None:
        """Keep the clock, the queue and the number of scans that wait right."""
        self.status.show(self.desk_app.status(_("NEW BORROWER")))
        show_line(self.waiting, waiting_sentence(len(self.desk_app.at_counter.work.waiting_codes)))

    # What is typed.

    @on(Input.Submitted)
    @on(Choice.Done)
    def go_on(self) -> None:
        """Enter goes on."""
        self.focus_next()

    @on(Input.Blurred)
    def left(self, event: Input.Blurred) -> None:
        """A field was left: look at what stands in it."""
        if event.input.id is not None and self.is_current:
            self.check(event.input.id)

    @work(group="check")
    async def check(self, name: str) -> None:
        """Look at one field; a store that does not answer is told when it is saved."""
        try:
            await self._check(name)
        except DeskError as error:
            self.say(sentence(error))

    async def _check(self, name: str) -> None:
        match name:
            case "cpr":
                await checks.check_cpr(self)
            case "born":
                checks.check_birth_date(self)
            case "postcode":
                await checks.fill_city(self)
            case "guardian":
                await checks.check_guardian(self)
            case "card":
                await checks.check_card(self)
            case _:
                pass
        if name in {"cpr", "born", "name", "street"}:
            await checks.check_doubles(self)
        if self.form.text(name):
            await self._find_faults({name})

    def take_code(self, code: str) -> bool:
        """Take a scan for the field that asks for a code right now.

        Returns:
            False: it goes to the queue.
        """
        asks, is_cpr = getattr(self.focused, "id", None), cpr_in(clean_code(code)) is not None
        if len(code) > LONGEST_CODE or not code.isprintable():
            return False
        if (asks == "cpr" and is_cpr) or asks == "guardian":
            self.form.put(asks, code)
            self.focus_next()
            return True
        if asks == "card" and not is_cpr:
            self.form.put("card", code)
            self.check_scanned_card(code)
            return True
        return False

    @work(group="check")
    async def check_scanned_card(self, code: str) -> None:
        """Look at a card that was scanned into its field."""
        try:
            await checks.check_card(self, scanned=code)
        except DeskError as error:
            self.say(sentence(error))
        if self.form.text("card"):
            self.query_one("#pin").focus()

    @on(Push.Pushed, "#pin")
    def choose_pin(self) -> None:
        """The borrower chooses a PIN."""
        if not self.form.text("card"):
            self.form.field("pin").fault(_("The PIN belongs to a card. Type the card's number first."))
            return
        self.ask_pin()

    @work(group="pin")
    async def ask_pin(self) -> None:
        """Ask for the PIN twice; only its hash is kept."""
        installation = self.desk_app.installation
        pin = await self.app.push_screen_wait(NewPinDialog(installation.settings.cards.pin_digits))
        if pin is not None:
            self.form.pin_hash = await installation.pin_check.new_hash(pin)
            self.form.field("pin").fault("")
            self.query_one("#pin", Push).update(_("chosen – Space: another one"))
            self.query_one("#create").focus()

    # Saving.

    @on(Push.Pushed, "#create")
    def action_save(self) -> None:
        """Create the borrower."""
        if not self._saving:
            self._saving = True
            self.save()

    @work(group="save")
    async def save(self) -> None:
        """Look at everything once more, then create; what is refused is said at its field, and what was typed stays."""
        try:
            self.say("")
            self.form.clear_faults()
            if not self.form.group.value:
                await self._offer()
            for name in ("cpr", "born", "guardian", "card"):
                await self._check(name)
            await self._find_faults(None)
            if not self.form.point_at_fault():
                await self._create()
        except InvalidInput as error:
            if (error.field, error.why) == ("cpr", "taken"):
                await checks.take_cpr(self, self.form.cpr)
            self.form.show_faults(((error.field, error.why),))
            self.form.point_at_fault()
        except DeskError as error:
            self.say(sentence(error))
        finally:
            self._saving = False

    async def _create(self) -> None:
        app, typed = self.desk_app, self.form.typed()
        draw = await asyncio.to_thread(app.installation.number_drawer)
        created = await app.installation.desk.do(
            CreateBorrower(
                command_id=self._command_id,
                who=app.who,
                at=app.now(),
                name=typed.name,
                cpr=typed.cpr,
                birth_date=typed.birth_date,
                group_id=typed.group_id,
                branch_id=typed.branch_id,
                address=typed.address,
                telephones=typed.telephones,
                email=typed.email,
                municipality=typed.municipality,
                language=typed.language,
                protection=typed.protection,
                guardian_id=typed.guardian_id,
                card=typed.new_card,
                numbers=tuple(draw(NUMBER_DIGITS) for _number in range(NUMBERS_DRAWN)),
                log_key=new_log_key(),
            )
        )
        self._end(created.borrower_id, created=True)

    async def _find_faults(self, names: set[str] | None) -> None:
        """Ask the desk what it would refuse, and say it at the fields; None: at all of them."""
        app = self.desk_app
        faults = await app.installation.desk.ask(app.who, faults_in, self.form.typed().details, app.today())
        self.form.show_faults(tuple(one for one in faults if names is None or FIELD_OF.get(one[0], one[0]) in names))
        until = self.form.text("until")
        if self.form.protected.value and until and typed_date(until, app.today()) is None:
            self.form.field("until").fault(_("Type a date, for example 24.12."))

    # Leaving.

    def action_leave(self) -> None:
        """Esc: back; what was typed is asked about."""
        if not self._saving:
            self.leave(then_sign_off=False)

    def action_sign_off(self) -> None:
        """Ctrl+Q: leave the page first."""
        if not self._saving:
            self.leave(then_sign_off=True)

    @work(group="leave")
    async def leave(self, *, then_sign_off: bool) -> None:
        """Leave without creating anybody."""
        if self.form.has_typed:
            letters = tuple(
                (words[0], words[2:]) for words in (pgettext("key", "K discard"), pgettext("key", "B stay"))
            )
            answer = await self.app.push_screen_wait(QuestionDialog(_("Discard what was typed?"), letters))
            if answer != letters[0][0]:
                return
        self.dismiss(None)
        if then_sign_off:
            self.app.call_later(self.desk_app.action_leave)

    @work(group="leave")
    async def action_open_known(self) -> None:
        """Open somebody who is here already instead; nobody is created."""
        holder = () if self.form.holder is None else (self.form.holder,)
        known = {one.borrower_id: one for one in (*holder, *self.form.doubles)}
        if not known:
            return
        numbered = {str(place): one for place, one in enumerate(known.values(), 1)}
        answer: str | None = "1"
        if self.form.has_typed or len(numbered) > 1:
            question = _("Open instead? What was typed is discarded.")
            answers = tuple((letter, known_words(one)) for letter, one in numbered.items())
            answer = await self.app.push_screen_wait(QuestionDialog(question, answers))
        if answer is not None:
            self._end(numbered[answer].borrower_id, created=False)

    def _end(self, borrower_id: int, *, created: bool) -> None:
        """Leave the page to the visit of whoever was created, or found."""
        self._ended = True
        self.dismiss(None)
        self.desk_app.signed_up(borrower_id, self._entry_id, created=created)
