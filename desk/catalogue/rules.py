"""Which status an item may be given by hand (C15)."""

from __future__ import annotations

from desk.catalogue.refusals import NobodyHasIt, ReturnFirst, SetAsideForSomebody, StatusAlready, StatusByScanOnly
from desk.circulation.refusals import Refusal

# In the order of a list to choose from: what is most often set first.
BY_HAND = ("missing", "damaged", "discarded", "not_for_loan", "lost", "claimed_returned", "available")
# What may be said of an item that stays on loan; «on loan» takes the other two back.
WHILE_ON_LOAN = ("claimed_returned", "lost", "on_loan")
# Copies that nobody who waits will get.
OUT_OF_REACH = frozenset({"missing", "lost", "claimed_returned", "damaged", "discarded", "not_for_loan"})


def why_not(status: str, wanted: str, *, on_loan: bool, set_aside: bool) -> tuple[Refusal, ...]:
    """Give every reason why an item does not get a status; none: it may.

    Args:
        status: the one it has.
        wanted: the one it is to get.
        on_loan: it has an open loan, whatever its status says.
        set_aside: it has been set aside for a reservation.
    """
    if wanted == status:
        return (StatusAlready(status),)
    if on_loan:
        return () if wanted in WHILE_ON_LOAN else (ReturnFirst(),)
    if wanted == "claimed_returned":
        return (NobodyHasIt(),)
    if wanted not in BY_HAND:
        return (StatusByScanOnly(wanted),)
    if wanted == "available" and set_aside:
        return (SetAsideForSomebody(),)
    return ()


def statuses_for(status: str, *, on_loan: bool, set_aside: bool) -> tuple[str, ...]:
    """Give the statuses an item may get, in the order of a list to choose from."""
    offered = WHILE_ON_LOAN if on_loan else BY_HAND
    return tuple(one for one in offered if not why_not(status, one, on_loan=on_loan, set_aside=set_aside))
