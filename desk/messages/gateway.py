"""Text messages: the library's gateway, one HTTPS request each (P11).

The request is JSON: ``number``, ``text``, ``sender`` and ``id``; the token is in its ``Authorization`` header. A
gateway that says nothing, or nothing that can be understood, is asked again later with the same ``id``, by which it
knows the message again; what it has taken (2xx) is never sent twice.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Final

import httpx

from desk.messages.records import Outgoing
from desk.messages.sms import international
from desk.messages.transport import NotTaken, is_untrusted, trusting
from desk.settings import SmsSettings

MOST_ANSWER: Final = 65_536
PASSING_4XX: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class Gateway:
    """The gateway: one client, whose connections are kept."""

    def __init__(self, settings: SmsSettings, token: str | None, at_once: int) -> None:
        """Take the settings; nobody is called yet.

        Raises:
            SettingsError: the certificates to trust cannot be read.
        """
        self._settings = settings
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Neither a proxy nor a password from this machine's surroundings: settings are in desk.toml.
        self._client = httpx.AsyncClient(
            verify=trusting(settings.ca_file),
            timeout=settings.timeout_seconds,
            headers=headers,
            trust_env=False,
            limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once),
        )

    async def hand_over(self, message: Outgoing, library: str, at: datetime) -> None:
        """Hand a text message over.

        Raises:
            NotTaken: the gateway did not say that it was taken.
        """
        try:
            number = international(message.to, self._settings.country)
        except ValueError:
            raise NotTaken("number_refused") from None
        order = {
            "id": message.message_id,
            "number": number,
            "sender": self._settings.sender,
            "text": message.body,
        }
        try:
            # httpx waits so long for each piece: a gateway that gives a byte now and then would hold us for ever.
            async with asyncio.timeout(2 * self._settings.timeout_seconds):
                status = await self._asked(order)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotTaken("gateway_untrusted" if is_untrusted(error) else "gateway_away", stops=True) from None
        except (httpx.TimeoutException, TimeoutError):
            raise NotTaken("gateway_slow", is_passing=True) from None
        except httpx.HTTPError:
            raise NotTaken("gateway_failed", is_passing=True) from None
        _judge(status)

    async def _asked(self, order: dict[str, str]) -> int:
        async with self._client.stream("POST", self._settings.url, json=order) as answer:
            read = 0
            # Read to the end, so that the connection serves the next one; what it says is not needed.
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read > MOST_ANSWER:
                    break
            return answer.status_code

    async def close(self) -> None:
        """Take leave of the gateway."""
        await self._client.aclose()


def _judge(status: int) -> None:
    """Read an answer's status.

    Raises:
        NotTaken: anything but 2xx.
    """
    if 200 <= status < 300:
        return
    if status == HTTPStatus.UNAUTHORIZED:
        # It is we who are refused, not the message: it would be a pity for all the others.
        raise NotTaken("token_refused", stops=True)
    if status in PASSING_4XX:
        raise NotTaken("gateway_busy", is_passing=True)
    if 400 <= status < 500:
        raise NotTaken("gateway_refused")
    raise NotTaken("gateway_failed", is_passing=True)
