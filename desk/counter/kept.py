"""What of a decision lies in the queue file until it is answered."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.counter.records import Decision


def kept_in_queue(decision: Decision) -> str:
    """Write a decision down as ids and codes: what lies in the queue names no title and no person."""
    return json.dumps(
        {
            "question": decision.question.value,
            "item_id": None if decision.item is None else decision.item.item_id,
            "visit": None if decision.visit is None else asdict(decision.visit),
            "parts_counted": decision.parts_counted,
            "return_first": decision.return_first,
        }
    )
