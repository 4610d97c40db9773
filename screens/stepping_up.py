"""Who stepped up: what was typed into the dialog, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.errors import SignInFailed
from desk.staff.records import StaffRecord
from screens.dialogs.step_up import StepUp

if TYPE_CHECKING:
    from desk.staff.sign_in import SignIn


async def supervisor_of(service: SignIn, step_up: StepUp) -> StaffRecord:
    """Check whoever stepped up.

    Raises:
        SignInFailed: wrong, locked, or no supervisor.
        StoreError: the store did not answer.
    """
    if step_up.card:
        staff = await service.with_card(step_up.card, step_up.secret)
    else:
        staff = await service.with_password(step_up.login, step_up.secret)
    if not staff.is_supervisor:
        raise SignInFailed("not_supervisor")
    return staff
