"""Expected failures in words, for whoever runs a command: what is so, and what to do."""

from __future__ import annotations

from desk import errors as wrong


def sentence(error: wrong.DeskError) -> str:
    return f"{error!r} {error}"
