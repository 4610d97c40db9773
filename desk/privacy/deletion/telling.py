"""Telling a borrower that the request is approved, before anything is deleted (G1): over the wire, or by a letter.

The message is handed over while the supervisor waits, for 20 seconds at most; afterwards nobody could be told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from desk.calendar import local_date
from desk.command import Who
from desk.errors import SecretsError, SettingsError, StoreError
from desk.messages.filling import Letterhead
from desk.messages.handing_over import NO_CONTACT, UNCERTAIN
from desk.messages.records import Outgoing
from desk.messages.sending import templates_of, transports_of
from desk.messages.transport import NotTaken, Transport
from desk.privacy.deletion.notices import KIND, BeginNotice, SettleNotice, notice_route
from desk.privacy.deletion.rules import NO_TEMPLATE, NOT_SET_UP, SWITCHED_OFF, WRONG_SETTINGS

if TYPE_CHECKING:
    from desk.installation import Installation

PATIENCE_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of it.

    Attributes:
        notice: how the borrower was told, now or before; empty: nobody was.
        problem: why not, a code.
    """

    notice: str
    problem: str = ""


async def tell_borrower(
    installation: Installation,
    request_id: int,
    who: Who,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    patience: float = PATIENCE_SECONDS,
) -> Told:
    """Hand the message to the mail server, or to the gateway for text messages where there is no e-mail.

    Args:
        installation: whose server and gateway.
        request_id: an approved request.
        who: the supervisor who approved it.
        clock: aware UTC.
        new_id: draws command ids.
        patience: seconds until nobody is waited for any more.

    Returns:
        How the borrower was told, or why not: then the supervisor chooses a letter or nothing.

    Raises:
        NotFound: the request is not approved any more.
        NotErasable: something has come in between.
        StoreError: the store did not answer.
    """
    route = await installation.desk.ask(who, notice_route, request_id)
    if route.notice is not None:
        return Told(route.notice)
    if route.is_uncertain:
        return Told("", UNCERTAIN)
    if not route.channels:
        return Told("", NO_CONTACT if route.is_wanted else SWITCHED_OFF)
    templates, head = await templates_of(installation, clock())
    async with AsyncExitStack() as leaving:
        try:
            transports = transports_of(installation, head)
        except (SettingsError, SecretsError):
            return Told("", WRONG_SETTINGS)
        for transport in transports.values():
            leaving.push_async_callback(transport.close)
        problem = NOT_SET_UP
        until = asyncio.get_running_loop().time() + patience
        for channel in route.channels:
            if channel not in transports:
                continue
            if (KIND, route.language, channel) in templates.broken:
                problem = NO_TEMPLATE
                continue
            text = templates.text((KIND, route.language, channel), {}, head, local_date(clock()))
            message = await installation.desk.do(
                BeginNotice(
                    command_id=new_id(),
                    who=who,
                    at=clock(),
                    request_id=request_id,
                    channel=channel,
                    subject=text.subject,
                    body=text.body,
                )
            )
            problem = await _handed_over(transports[channel], message, head, clock(), until)
            await _settle(
                installation,
                SettleNotice(
                    command_id=new_id(),
                    who=who,
                    at=clock(),
                    request_id=request_id,
                    row_id=message.row_id,
                    channel=channel,
                    problem=problem,
                ),
            )
            if not problem:
                return Told(channel)
            if problem == UNCERTAIN:
                break
    return Told("", problem)


async def _handed_over(transport: Transport, message: Outgoing, head: Letterhead, at: datetime, until: float) -> str:
    """Hand it over, and give what went wrong; who does not answer in time may have taken it all the same."""
    try:
        async with asyncio.timeout_at(until):
            await transport.hand_over(message, head.library, at)
    except NotTaken as refused:
        return refused.problem
    except TimeoutError:
        return UNCERTAIN
    return ""


async def _settle(installation: Installation, command: SettleNotice) -> None:
    try:
        await installation.desk.do(command)
    except StoreError:
        # The same command once more: what was handed over should not be told as uncertain for that.
        await installation.desk.do(command)
