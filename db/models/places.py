"""Branches: the houses of the library."""

from __future__ import annotations

from peewee import AutoField, TextField

from db.models.base import Table


class Branch(Table):
    """One house of the library (filial). ``isil`` may be an internal id, not always DK-……."""

    id = AutoField()
    isil = TextField(unique=True)
    name = TextField(unique=True)
