"""All commands of circulation. Importing this module is what makes the desk know them."""

from desk.circulation.check_out import CheckOut, SetDueDate
from desk.circulation.overriding import OverrideRecord, SetAside
from desk.circulation.renewal import Renew
from desk.circulation.returning import Return

__all__ = ["CheckOut", "OverrideRecord", "Renew", "Return", "SetAside", "SetDueDate"]
