"""What lies about a borrower's page, read a thing at a time, so that scans come in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.circulation.renewal import open_loans_of
from desk.circulation.returned import returned_loans_of
from desk.money.queries import balance_of
from desk.privacy.deletion.queries import open_deletion_of
from desk.reservations.queries import reservations_of

if TYPE_CHECKING:
    from desk.circulation.records import OpenLoan
    from desk.circulation.returned import ReturnedLoan
    from desk.money.records import BalanceRecord
    from desk.privacy.deletion.records import DeletionRecord
    from desk.reservations.records import ReservationRecord
    from screens.app import DeskApp


@dataclass(frozen=True, slots=True)
class AroundThePage:
    """What the tabs show that the page's own record does not hold.

    Attributes:
        deletion: the request that waits or is under way; None: there is none.
    """

    loans: tuple[OpenLoan, ...]
    returned: tuple[ReturnedLoan, ...]
    balance: BalanceRecord
    reservations: tuple[ReservationRecord, ...]
    deletion: DeletionRecord | None


async def around_the_page(app: DeskApp, borrower_id: int) -> AroundThePage:
    """Read what the tabs of a borrower's page show; a look that has been noted with the page.

    Raises:
        DeskError: as the queries say.
    """
    ask, who, today = app.installation.desk.ask, app.who, app.today()
    return AroundThePage(
        loans=await ask(who, open_loans_of, borrower_id, app.counter_place.branch_id, today),
        returned=await ask(who, returned_loans_of, borrower_id),
        balance=await ask(who, balance_of, borrower_id),
        reservations=await ask(who, reservations_of, borrower_id, today),
        deletion=await ask(who, open_deletion_of, borrower_id, today),
    )
