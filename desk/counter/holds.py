"""Who lets what is heard wait: the curtain and the lock (C7, C12), a sign-up, and whoever types a secret.

At a sign-up its borrower has books in hand; a PIN or a password must not lose its page while it is typed.

Each lets go of its own; what somebody else still holds goes on waiting.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

PRIVACY, SIGN_UP, SECRET = "privacy", "sign_up", "secret"


@dataclass(slots=True)
class Holds:
    """After which entry each holds what is heard, and whether a borrower's card may pass."""

    _held: dict[str, tuple[int, bool]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __bool__(self) -> bool:
        """Tell whether anybody holds."""
        return bool(self._held)

    def begin(self, by: str, last_id: int, *, cards_pass: bool) -> None:
        """Hold what comes after an entry; whoever holds already goes on from where they began."""
        after, _passed = self._held.get(by, (last_id, cards_pass))
        self._held[by] = (after, cards_pass)

    def end(self, by: str) -> None:
        """Let go."""
        self._held.pop(by, None)
        self._changed.set()

    def holds(self, entry_id: int) -> bool:
        """Tell whether an entry has to wait."""
        return any(entry_id > after for after, _passes in self._held.values())

    def lets_cards_pass(self, entry_id: int) -> bool:
        """Tell whether an entry that has to wait may pass if it is a borrower's card: only if nobody minds."""
        return self.holds(entry_id) and all(passes for after, passes in self._held.values() if entry_id > after)

    def look_again(self) -> None:
        """Wake whoever waits: more was heard."""
        self._changed.set()

    async def until_changed(self) -> None:
        """Wait until somebody lets go, or more is heard."""
        self._changed.clear()
        await self._changed.wait()
