"""Passwords and PINs: argon2id; PINs over a pepper from keyring (P7). Slow on purpose: never on a database thread."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@dataclass(frozen=True, slots=True)
class Cost:
    """What one argon2id hash costs; cheap in tests by setting."""

    time_cost: int
    memory_kib: int
    parallelism: int


def is_pin(text: str) -> bool:
    """Tell whether a text can be a PIN at all: 4 to 8 digits."""
    return text.isascii() and text.isdigit() and 4 <= len(text) <= 8


class Hasher:
    """Makes and checks argon2id hashes."""

    def __init__(self, cost: Cost, pepper: bytes) -> None:
        self._cost = cost
        self._pepper = pepper
        self._made: PasswordHasher | None = None

    def _hasher(self) -> PasswordHasher:
        if self._made is None:
            from argon2 import PasswordHasher  # noqa: PLC0415  (only a sign-in needs it)

            self._made = PasswordHasher(
                time_cost=self._cost.time_cost,
                memory_cost=self._cost.memory_kib,
                parallelism=self._cost.parallelism,
            )
        return self._made

    def password_hash(self, password: str) -> str:
        """Hash a password."""
        return self._hasher().hash(password)

    def pin_hash(self, pin: str) -> str:
        """Hash a PIN over the pepper: four digits alone would be tried out in a minute."""
        return self._hasher().hash(self._peppered(pin))

    def password_fits(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is the right one. An unknown account costs the same time as a wrong password."""
        return self._fits(password, stored)

    def pin_fits(self, pin: str, stored: str | None) -> bool:
        """Tell whether a PIN is the right one."""
        return self._fits(self._peppered(pin), stored)

    def _peppered(self, pin: str) -> str:
        return hmac.digest(self._pepper, pin.encode("utf-8"), "sha256").hex()

    def _fits(self, secret: str, stored: str | None) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

        if stored is None:
            self._hasher().hash(secret)
            return False
        try:
            return self._hasher().verify(stored, secret)
        except (VerificationError, InvalidHashError):
            return False
