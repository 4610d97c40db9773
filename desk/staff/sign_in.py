"""Signing in and stepping up: user name and password, or staff card and PIN; delay and lock after wrong tries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.command import NOBODY
from desk.desk import Desk
from desk.errors import SignInFailed
from desk.staff.passwords import Hasher
from desk.staff.queries import credentials_of_card, credentials_of_login
from desk.staff.records import Credentials, StaffRecord


@dataclass(frozen=True, slots=True)
class Patience:
    """How many wrong tries an account has, and the wait after the first (doubled by each further one)."""

    tries: int
    delay: timedelta


class SignIn:
    """Checks who somebody is. Hashing runs beside the event loop and never inside a transaction."""

    def __init__(
        self,
        desk: Desk,
        hasher: Hasher,
        patience: Patience,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._desk = desk
        self._hasher = hasher
        self._patience = patience
        self._now = now
        self._new_id = new_id

    async def with_password(self, login: str, password: str) -> StaffRecord:
        """Sign in by user name and password.

        Raises:
            SignInFailed: ``wrong`` (also for an unknown user name), ``wait`` or ``locked``.
            StoreError: the store did not answer.
        """
        found = await self._desk.ask(NOBODY, credentials_of_login, login)
        return await self._judge(
            found, lambda: self._hasher.password_fits(password, found.password_hash if found else None)
        )

    async def with_card(self, code: str, pin: str) -> StaffRecord:
        """Sign in by staff card and PIN; a card alone is never enough.

        Raises:
            SignInFailed: as :meth:`with_password`.
            StoreError: the store did not answer.
        """
        found = await self._desk.ask(NOBODY, credentials_of_card, code)
        return await self._judge(found, lambda: self._hasher.pin_fits(pin, found.pin_hash if found else None))

    async def _judge(self, found: Credentials | None, fits: Callable[[], bool]) -> StaffRecord:
        now = self._now()
        if found is not None and found.staff.active:
            if found.staff.locked:
                raise SignInFailed("locked")
            if found.try_again_at is not None and now < found.try_again_at:
                raise SignInFailed("wait", found.try_again_at)
        was_right = await asyncio.to_thread(fits)
        if found is None or not found.staff.active:
            raise SignInFailed("wrong")
        from desk.staff.commands import NoteSignIn  # noqa: PLC0415  (the first page need not wait for it, Q5)

        noted = await self._desk.do(
            NoteSignIn(
                command_id=self._new_id(),
                who=NOBODY,
                at=now,
                staff_id=found.staff.staff_id,
                was_right=was_right,
                tries_allowed=self._patience.tries,
                delay=self._patience.delay,
            )
        )
        if not was_right:
            raise SignInFailed("locked" if noted.locked else "wrong")
        return noted
