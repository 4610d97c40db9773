"""What can be done with a copy: each command stands beside the function that carries it out."""

from __future__ import annotations

from desk.catalogue.holding import ShowItemHolder
from desk.catalogue.statuses import SetItemStatus

__all__ = ["SetItemStatus", "ShowItemHolder"]
