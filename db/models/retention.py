"""What the retention clock has done (G6)."""

from __future__ import annotations

from peewee import AutoField, Check, TextField

from db.fields import InstantField, LocalDateField
from db.models.base import Table, one_of

RUN_STATES = ("running", "done", "failed")


class RetentionRun(Table):
    """One run for one local date. ``counts`` (JSON) are the rows that went, by table; ``problem`` is a code word."""

    id = AutoField()
    day = LocalDateField(index=True)
    started_at = InstantField()
    finished_at = InstantField(null=True)
    state = TextField(default="running")
    problem = TextField(default="")
    counts = TextField(default="{}")

    class Meta:
        """What runs has not ended."""

        constraints = (Check(one_of("state", RUN_STATES)), Check("(state = 'running') = (finished_at IS NULL)"))
