"""What the twins that are told by lines of text have in common (V2)."""

from __future__ import annotations

from typing import Protocol


class LineRefused(ValueError):
    """A line is not understood, or asks for what cannot be; the text says why."""


class Twin(Protocol):
    """A virtual device that somebody's hands are stood in for by lines."""

    def told(self, line: str) -> str:
        """Do what a line says.

        Args:
            line: without the word that names the device.

        Returns:
            An answer, empty for most.

        Raises:
            LineRefused: nothing was done.
        """
