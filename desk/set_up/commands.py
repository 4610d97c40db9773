"""The commands of F7, in one place to import from."""

from desk.set_up.catching_up import CatchUpDueDates
from desk.set_up.changing import ChangedMeanwhile, ChangeSetUp, MoveDueDates

__all__ = ["CatchUpDueDates", "ChangeSetUp", "ChangedMeanwhile", "MoveDueDates"]
