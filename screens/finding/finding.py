"""F4 with no visit open: a borrower is found by what is typed, key by key (C11)."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from desk.borrowers.finding import MOST_FOUND, borrowers_found
from desk.borrowers.records import Found, FoundBorrower
from desk.borrowers.typed import LONGEST_SEARCH, what_was_typed
from desk.counter.orders import TO_RETURN
from desk.errors import DeskError
from desk.installation import new_id
from desk.privacy.commands import NoteSearch
from desk.texts import _, pgettext
from screens import pages
from screens.as_typed import AsTyped, found_words
from screens.base import DeskScreen
from screens.borrower.opened import Opened
from screens.dialogs.purpose import purpose_of
from screens.finding.purpose import purpose_dialog
from screens.sentences import sentence
from screens.text import plain
from screens.widgets.found_list import FoundLine, FoundList
from screens.widgets.key_line import KeyLine
from screens.widgets.line_field import LineField
from screens.widgets.status_line import StatusLine

NOBODY = Found((), has_more=False)


class FindScreen(DeskScreen[None]):
    """One field, the answer below it. What was typed is kept nowhere, and gone with the page."""

    HELP = "finding"
    ABOUT_A_BORROWER = True
    GOES_WHEN_COVERED = True
    CSS_PATH = "finding.tcss"
    AUTO_FOCUS = "#typed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2", "leave", id="finding.leave", show=False),
        Binding("f3", "to_return", id="lending.return", show=False),
        Binding("ctrl+n", "new_borrower", id="finding.new_borrower", show=False),
        Binding("ctrl+t", "app.item", id="item.open", show=False),
        Binding("up", "move(-1)", id="finding.up", show=False),
        Binding("down", "move(1)", id="finding.down", show=False),
        Binding("pageup", "page(-1)", id="finding.page_up", show=False),
        Binding("pagedown", "page(1)", id="finding.page_down", show=False),
    ]

    status = getters.query_one(StatusLine)
    typed = getters.query_one("#typed", Input)
    said = getters.query_one("#said", Static)
    lines = getters.query_one(FoundList)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        self._search = AsTyped(self._borrowers, self._show)
        self._found = NOBODY
        # The search that is noted if nobody is opened; None: nothing has been searched for.
        self._to_note: NoteSearch | None = None

    def compose(self) -> ComposeResult:
        """The field, one sentence, the list, keys."""
        yield StatusLine()
        yield LineField(
            placeholder=_("Name, birth date, telephone, e-mail, street, card, CPR"),
            id="typed",
            max_length=LONGEST_SEARCH,
        )
        yield Static("", id="said", markup=False)
        yield FoundList()
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what can be typed."""
        # A blinking cursor paints the whole field twice a second, over SSH too.
        self.typed.cursor_blink = False
        self.tick()
        self._say_what_was_found()
        self.keys.show(
            (
                ("Esc", pgettext("footer", "back")),
                ("↑↓", pgettext("footer", "choose")),
                ("Enter", pgettext("footer", "open")),
                ("^N", pgettext("footer", "new borrower")),
                ("F1", pgettext("footer", "help")),
                ("F9", pgettext("footer", "curtain")),
            )
        )

    def on_unmount(self) -> None:
        """A search that opened nobody is noted, once."""
        if self._to_note is not None:
            self.desk_app.note_search(self._to_note)

    def tick(self) -> None:
        """Keep the clock and the states right."""
        self.status.show(self.desk_app.status(_("F4 FIND BORROWER")))

    def show_hint(self, text: str) -> None:
        """Say one line until the next key."""
        self._say(text, is_look=True)

    # Searching.

    @on(Input.Changed, "#typed")
    def changed(self, event: Input.Changed) -> None:
        """Search for what stands in the field now."""
        event.stop()
        if self._search.typed(event.value):
            self.search()

    @work(group="search")
    async def search(self) -> None:
        """Search until the answer is of what stands in the field."""
        try:
            await self._search.search()
        except DeskError as error:
            self._show(NOBODY)
            self._say(sentence(error), is_look=True)

    async def _borrowers(self, text: str) -> Found:
        app = self.desk_app
        if not text.strip():
            return NOBODY
        found = await app.installation.desk.ask(app.who, borrowers_found, text, app.today())
        self._to_note = NoteSearch(command_id=new_id(), who=app.who, at=app.now(), found=bool(found.borrowers))
        return found

    def _show(self, found: Found) -> None:
        self._found = found
        self.lines.show([_line(borrower) for borrower in found.borrowers])
        self._say_what_was_found()
        # Nobody is opened who has not been seen, unless nobody else can be meant.
        if self._search.opens_at_last() and len(found.borrowers) == 1:
            self.open(found.borrowers[0])

    def _say_what_was_found(self) -> None:
        found = self._found
        said, is_look = found_words(
            self._search.answered, len(found.borrowers), has_more=found.has_more, most=MOST_FOUND
        )
        self._say(said, is_look=is_look)

    def _say(self, text: str, *, is_look: bool = False) -> None:
        self.said.set_class(is_look, "-look")
        self.said.update(text)

    # Choosing and opening.

    def action_move(self, step: int) -> None:
        """Choose the line above or below."""
        self.lines.move(step)

    def action_page(self, step: int) -> None:
        """Turn a page."""
        self.lines.move(step * self.lines.page_size)

    @on(Input.Submitted, "#typed")
    def entered(self, event: Input.Submitted) -> None:
        """Enter opens the chosen one; before the answer it waits for it."""
        event.stop()
        chosen = self.lines.chosen
        if self._search.opens_now() and chosen is not None:
            self.open(self._found.borrowers[chosen])

    @work(group="open")
    async def open(self, borrower: FoundBorrower) -> None:
        """Ask why, then go over to the page; Esc comes back to the list."""
        if not self.is_current:
            # A scan has closed the search since the key was pressed.
            return
        purpose = purpose_of(await self.app.push_screen_wait(purpose_dialog(borrower)))
        if purpose is not None and self.is_current:
            self._to_note = None
            self.desk_app.open_page(Opened(borrower.borrower_id, purpose=purpose))

    def action_new_borrower(self) -> None:
        """Create whoever was not found, with what was typed as far as it is a name or a CPR number."""
        typed, cprs = plain(self._search.wanted).strip(), what_was_typed(self._search.wanted).cprs
        is_name = not cprs and not any(character.isdigit() or character == "@" for character in typed)
        self.desk_app.switch_screen(pages.sign_up(cpr=cprs[0] if cprs else "", name=typed if is_name else ""))

    def action_to_return(self) -> None:
        """Go to F3, behind the scans."""
        self.desk_app.order(TO_RETURN)
        self.dismiss()

    def action_leave(self) -> None:
        """Back to the counter."""
        self.dismiss()


def _line(borrower: FoundBorrower) -> FoundLine:
    return FoundLine(
        name=borrower.name,
        born="" if borrower.birth_year is None else str(borrower.birth_year),
        street=borrower.street,
        group=borrower.group,
        state=pgettext("found", "blocked") if borrower.is_blocked else "",
        number=f"{borrower.number[:4]} {borrower.number[4:]}",
    )
