"""What the newsletter's questions begin with on a borrower's page: the borrower's e-mail and name, to be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.borrowers.details import Email
from desk.borrowers.looking import Reveal
from desk.newsletter.rules import parted_name
from screens.newsletter import Typed

if TYPE_CHECKING:
    from desk.borrowers.records import BorrowerPage
    from screens.borrower.borrower import BorrowerScreen


async def start_of(screen: BorrowerScreen, page: BorrowerPage | None) -> Typed:
    """Show the borrower's e-mail, which is logged as any look at it; that it was for the newsletter is kept nowhere.

    Raises:
        DeskError: the store did not answer.
    """
    if page is None or not page.has_email:
        return Typed()
    revealed = await screen.desk_app.installation.desk.do(Reveal(**screen.about(), key="email"))
    email = revealed.email if isinstance(revealed, Email) else ""
    return Typed(email, *parted_name(page.borrower.name))
