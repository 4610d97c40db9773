"""What the page does when «Oplysninger» asks: reveal a masked item, change one. Run from a worker of the page.

A page wires it in a few lines::

    self._details = DetailsWork(self.desk_app, opened, pane, self.say, lambda: self.load().wait())

    @on(DetailsPane.RevealAsked)
    @work(group="change")
    async def reveal(self, event: DetailsPane.RevealAsked) -> None:
        await self._details.reveal(event.key)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from desk.borrowers.changing import ChangeDetail
from desk.borrowers.details import (
    Absence,
    Address,
    BirthDate,
    Cpr,
    Detail,
    Email,
    Group,
    Guardian,
    HomeBranch,
    Language,
    Municipality,
    Name,
    Protection,
    Telephones,
)
from desk.borrowers.looking import Reveal, Revealed
from desk.borrowers.queries import borrower_with_code, choices
from desk.borrowers.records import BorrowerPage, Choices
from desk.errors import DeskError, InvalidInput
from desk.installation import new_id
from desk.privacy.purposes import Purpose
from desk.texts import _
from screens.base import DeskDialog
from screens.borrower import editing
from screens.borrower.details_pane import DetailsPane
from screens.borrower.effects import told_of
from screens.borrower.form import NOTHING_SAID, Said
from screens.borrower.opened import Opened
from screens.dialogs.purpose import purpose_of, purpose_question
from screens.sentences import sentence

if TYPE_CHECKING:
    from screens.app import DeskApp

T = TypeVar("T")

# What an address-protected borrower's page shows only for a purpose that was asked for.
PROTECTED = frozenset({"address", "telephone", "email"})


class DetailsWork:
    """Reveals and changes for one page.

    Args:
        app: the counter.
        opened: whose page, and why it is open.
        pane: the tab that asks.
        tell: says one sentence on the page.
        refresh: reads the page again and shows it, the pane too.
    """

    def __init__(
        self,
        app: DeskApp,
        opened: Opened,
        pane: DetailsPane,
        tell: Callable[[str], object],
        refresh: Callable[[], Awaitable[object]],
    ) -> None:
        self._app, self._opened, self._pane, self._tell, self._refresh = app, opened, pane, tell, refresh

    async def reveal(self, key: str) -> None:
        """Show a masked item on the pane; the log notes it."""
        purpose = await self._purpose_for(key)
        if purpose is not None:
            revealed = await self._revealed(key, purpose)
            if revealed is not None:
                self._pane.reveal(key, revealed)

    async def edit(self, key: str) -> None:
        """Ask for an item anew and write it; what the desk refuses is asked again with what was typed."""
        page = self._pane.page
        if page is None:
            return
        purpose = await self._purpose_for(key)
        if purpose is None:
            return
        before = _standing(page).get(key) or await self._hidden(key, page, purpose)
        if before is None:
            return
        offered = None
        if isinstance(before, Group | HomeBranch):
            offered = await self._asked(self._app.installation.desk.ask(self._app.who, choices))
            if offered is None:
                return
        await self._ask_until_done(before, offered, purpose)

    async def _ask_until_done(self, before: Detail, offered: Choices | None, purpose: Purpose) -> None:
        typed: Detail | editing.GuardianCode = before
        is_first, said = True, NOTHING_SAID
        while self._pane.is_in_front:
            # What was told of the change before is not so of this one.
            self._tell("")
            answer = await self._app.push_screen_wait(self._dialog(typed, offered, said, is_first=is_first))
            if answer is None:
                return
            try:
                detail = await self._meant(answer)
                await self._change(detail, purpose)
            except InvalidInput as wrong:
                typed, is_first, said = answer, False, Said(sentence(wrong), wrong.field)
                continue
            except DeskError as error:
                self._tell(sentence(error))
                return
            await self._refresh()
            self._tell(told_of(detail, self._pane.page, self._app.today()))
            return
        self._tell(said.sentence)

    async def _meant(self, answer: Detail | editing.GuardianCode) -> Detail:
        """Look up who a code means.

        Raises:
            InvalidInput: nobody has it.
        """
        if not isinstance(answer, editing.GuardianCode):
            return answer
        found = await self._app.installation.desk.ask(self._app.who, borrower_with_code, answer.code)
        if found is None:
            raise InvalidInput("guardian", "unknown")
        return Guardian(found)

    async def _change(self, detail: Detail, purpose: Purpose) -> None:
        command = ChangeDetail(
            command_id=new_id(),
            who=self._app.who,
            at=self._app.now(),
            borrower_id=self._opened.borrower_id,
            purpose=purpose,
            detail=detail,
        )
        await self._app.installation.desk.do(command)
        self._app.refresh_borrower()

    async def _purpose_for(self, key: str) -> Purpose | None:
        """Give the page's purpose, or ask: nobody looks up a protected address without saying why."""
        page = self._pane.page
        if page is None or not page.borrower.address_protected or key not in PROTECTED:
            return self._opened.purpose
        self._tell("")
        return purpose_of(
            await self._app.push_screen_wait(purpose_question(_("Address protected. What is it needed for?")))
        )

    async def _hidden(self, key: str, page: BorrowerPage, purpose: Purpose) -> Detail | None:
        """Give a masked item to be changed: revealed first, which is logged, when there is something in it."""
        empty: dict[str, tuple[bool, Detail]] = {
            "address": (page.has_address, Address()),
            "telephone": (page.telephones > 0, Telephones(())),
            "email": (page.has_email, Email("")),
        }
        if key not in empty:
            return None
        has_any, nothing = empty[key]
        revealed = await self._revealed(key, purpose) if has_any else nothing
        return revealed if isinstance(revealed, Address | Telephones | Email) else None

    async def _revealed(self, key: str, purpose: Purpose) -> Revealed | None:
        command = Reveal(
            command_id=new_id(),
            who=self._app.who,
            at=self._app.now(),
            borrower_id=self._opened.borrower_id,
            purpose=purpose,
            key=key,
        )
        revealed: Revealed | None = await self._asked(self._app.installation.desk.do(command))
        # The curtain may have been drawn, or another card scanned, while the store answered.
        return revealed if self._pane.is_in_front else None

    async def _asked(self, answer: Awaitable[T]) -> T | None:
        try:
            return await answer
        except DeskError as error:
            self._tell(sentence(error))
            return None

    def _dialog(
        self, typed: Detail | editing.GuardianCode, offered: Choices | None, said: Said, *, is_first: bool
    ) -> DeskDialog[Any]:
        """Make the dialog that asks for a detail, with what is there or was typed."""
        today = self._app.today()
        match typed:
            case Cpr(cpr=cpr):
                return editing.CprDialog("" if is_first else cpr or "", said)
            case editing.GuardianCode(code=code):
                return editing.GuardianDialog(code, said)
            case Guardian():
                return editing.GuardianDialog("", said)
            case Group() if offered is not None:
                return editing.group_dialog(offered, typed, said)
            case HomeBranch() if offered is not None:
                return editing.home_branch_dialog(offered, typed, said)
            case Language():
                return editing.language_dialog(typed, said)
            case BirthDate():
                return editing.BirthDateDialog(typed, today, said)
            case Absence():
                return editing.AbsenceDialog(typed, today, said)
            case Protection():
                return editing.ProtectionDialog(typed, today, said)
            case _:
                return _PLAIN_DIALOGS[type(typed)](typed, said)


_PLAIN_DIALOGS: dict[type[Any], Callable[[Any, Said], DeskDialog[Any]]] = {
    Name: editing.NameDialog,
    Address: editing.AddressDialog,
    Telephones: editing.TelephonesDialog,
    Email: editing.EmailDialog,
    Municipality: editing.MunicipalityDialog,
}


def _standing(page: BorrowerPage) -> dict[str, Detail]:
    """Give the details that the page shows without a key. A CPR number is typed anew, a guardian too."""
    return {
        "name": Name(page.borrower.name),
        "birth_date": BirthDate(page.birth_date),
        "cpr": Cpr(None),
        "absence": Absence(page.absent_from, page.absent_until),
        "group": Group(page.group_id),
        "home_branch": HomeBranch(page.home_branch_id),
        "municipality": Municipality(page.municipality),
        "language": Language(page.borrower.language),
        "protection": Protection(page.borrower.address_protected, page.protected_until),
        "guardian": Guardian(None),
    }
