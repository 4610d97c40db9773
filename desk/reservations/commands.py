"""All commands of reservations. Importing this module is what makes the desk know them."""

from desk.reservations.changing import CancelReservation, ChangePickupBranch
from desk.reservations.expiring import ExpireReservations, ExpireShelf
from desk.reservations.looking import SeeWhoWaits
from desk.reservations.placing import PlaceReservation

__all__ = [
    "CancelReservation",
    "ChangePickupBranch",
    "ExpireReservations",
    "ExpireShelf",
    "PlaceReservation",
    "SeeWhoWaits",
]
