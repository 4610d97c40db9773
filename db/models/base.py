"""What all tables share."""

from __future__ import annotations

from peewee import Model


class Table(Model):
    """A table of the store. Never bound to a database: queries run through a transaction of the store."""

    class Meta:
        """Table names as the classes are called: ``LoanOccasion`` → ``loan_occasion``."""

        legacy_table_names = False


def one_of(column: str, words: tuple[str, ...]) -> str:
    """Word a CHECK constraint: the column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
