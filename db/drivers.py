"""Which database drivers a process will need; said before peewee is imported."""

from __future__ import annotations

import sys


def leave_out_postgresql() -> None:
    """Keep peewee from importing psycopg in a process that opens only the embedded store.

    peewee imports every driver that is installed, and psycopg costs 60 to 80 ms of a start that an encrypted file
    never needs (Q5). Python's own way to say «not here» is None in ``sys.modules``. Does nothing once peewee is there.
    """
    if "peewee" not in sys.modules and "psycopg" not in sys.modules:
        sys.modules["psycopg"] = None  # type: ignore[assignment]  # None is documented; typeshed does not know it
