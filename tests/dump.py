"""The whole store as values, to be compared before and after (C9)."""

from __future__ import annotations

from typing import Any

from db.models import TABLES, AccessLog, AccessLogEnds, CommandRecord
from tests.builders import House

# What undo leaves: that it happened, and that a command was carried out.
STAYS = frozenset({AccessLog, AccessLogEnds, CommandRecord})


def dump(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table, but for the access log and the command records."""
    return {
        table._meta.table_name: sorted(house.rows(table.select(*table._meta.sorted_fields)), key=repr)
        for table in TABLES
        if table not in STAYS
    }
