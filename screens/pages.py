"""The pages behind the sign-in. They are loaded while somebody types a password: the start need not wait (Q5)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from typing import Any

    from desk.staff.records import StaffRecord
    from screens.app import DeskApp
    from screens.base import DeskScreen
    from screens.borrower.borrower import BorrowerScreen
    from screens.borrower.opened import Opened
    from screens.curtain.curtain import CurtainScreen
    from screens.curtain.lock import LockScreen
    from screens.deletions.deletions import DeletionsScreen
    from screens.finding.finding import FindScreen
    from screens.forms.inbox import FormsScreen
    from screens.item.item import ItemScreen
    from screens.lending.lending import LendingScreen
    from screens.lists.lists import ListsScreen
    from screens.palette import DeskPalette
    from screens.set_up.set_up import SetUpScreen
    from screens.sign_up.sign_up import SignUpScreen
    from screens.staff_log.staff_log import StaffLogScreen
    from screens.statistics.statistics import StatisticsScreen
    from screens.till.till import TillScreen
    from screens.twins.twins import TwinsPanel

# In the order in which they are likely to be wanted.
LOADED = (
    "lending.lending",
    "borrower.borrower",
    "finding.finding",
    "palette",
    "curtain.curtain",
    "curtain.lock",
    "sign_up.sign_up",
)

# ruff: noqa: PLC0415  (loading late is what this module is for)


def check_out() -> LendingScreen:
    """Make F2."""
    from screens.lending.lending import CheckOutScreen

    return CheckOutScreen()


def returning() -> LendingScreen:
    """Make F3."""
    from screens.lending.lending import ReturnScreen

    return ReturnScreen()


def borrower(opened: Opened) -> BorrowerScreen:
    """Make F4: of the open visit's borrower, or of one who was found."""
    from screens.borrower.borrower import BorrowerScreen

    return BorrowerScreen(opened)


def find() -> FindScreen:
    """Make the search for a borrower."""
    from screens.finding.finding import FindScreen

    return FindScreen()


def item() -> ItemScreen:
    """Make the page on which a title and its copies are found."""
    from screens.item.item import ItemScreen

    return ItemScreen()


def sign_up(*, cpr: str = "", entry_id: int | None = None, name: str = "") -> SignUpScreen:
    """Make the page on which a borrower is created. Push it: the visit of whoever was created opens by itself.

    Args:
        cpr: ten digits, as they were scanned; empty: it is typed, or there is none.
        entry_id: the decision it answers, None: none.
        name: what was searched for and not found.
    """
    from screens.sign_up.sign_up import SignUpScreen

    return SignUpScreen(cpr=cpr, entry_id=entry_id, name=name)


def lists() -> ListsScreen:
    """Make F5: the lists of this branch."""
    from screens.lists.lists import ListsScreen

    return ListsScreen()


def forms() -> FormsScreen:
    """Make the inbox of the website's forms."""
    from screens.forms.inbox import FormsScreen

    return FormsScreen()


def statistics() -> StatisticsScreen:
    """Make the page of figures."""
    from screens.statistics.statistics import StatisticsScreen

    return StatisticsScreen()


def deletions() -> DeletionsScreen:
    """Make F6."""
    from screens.deletions.deletions import DeletionsScreen

    return DeletionsScreen()


def set_up() -> SetUpScreen:
    """Make F7."""
    from screens.set_up.set_up import SetUpScreen

    return SetUpScreen()


def set_up_for_supervisor(app: DeskApp) -> Awaitable[None]:
    """Make the work that asks for a supervisor, and opens F7."""
    from screens.set_up.opening import open_for_supervisor

    return open_for_supervisor(app)


def staff_log() -> StaffLogScreen:
    """Make the log of a member of staff."""
    from screens.staff_log.staff_log import StaffLogScreen

    return StaffLogScreen()


def till() -> TillScreen:
    """Make the till of this counter."""
    from screens.till.till import TillScreen

    return TillScreen()


def twins(tell: Callable[[str], str]) -> TwinsPanel:
    """Make the panel of the demo's devices.

    Args:
        tell: says a line to them and gives the answer.
    """
    from screens.twins.twins import TwinsPanel

    return TwinsPanel(tell)


def newsletter(screen: DeskScreen[Any]) -> None:
    """Begin the newsletter's questions over a page; they go with it."""
    from screens.newsletter import work_on_newsletter

    screen.run_worker(work_on_newsletter(screen), group="newsletter")


def curtain() -> CurtainScreen:
    """Make the curtain."""
    from screens.curtain.curtain import CurtainScreen

    return CurtainScreen()


def lock(at: datetime, operator: StaffRecord) -> LockScreen:
    """Make the lock.

    Args:
        at: when it locks, UTC.
        operator: whoever is signed in.
    """
    from screens.curtain.lock import LockScreen

    return LockScreen(at, operator.name, operator.login)


def palette() -> DeskPalette:
    """Make the palette."""
    from screens.palette import DeskPalette

    return DeskPalette()


def load() -> None:
    """Load those that a counter needs first."""
    for module in LOADED:
        import_module(f"screens.{module}")
