"""Text messages: the library's gateway, one HTTPS request each (P11).

The request is JSON: ``number``, ``text``, ``sender`` and ``id``; the token is in its ``Authorization`` header.

Which way the tie falls (M1: at most once per cause), by kind of failure:

- No connection, or the line went dead before the request was on it: nothing has left, so it is tried again.
- The gateway says no (4xx): it has not been taken. Tried again where it may go well later (408, 429), else failed.
- It is we who are refused, or nobody takes text messages at that address (401, 403, 404, 405, 410): the message is
  kept, and the channel left alone until ``desk.toml`` is right.
- The gateway says that it failed (500, 503 and what else is no 2xx): it has not been taken, and is tried again. The
  ``id`` is the same, should the gateway know it by that.
- The request had been written, and no answer came: a time-out, a dead line, an answer that is none, or a proxy that
  knows no more than we (502, 504). Or it answered 2xx, but not with what a good answer is: a web page, an error, half
  of one. It may have been taken. It is *uncertain*: never sent again by itself, listed, and sent again only when
  somebody at the counter says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

from desk.messages.gateway_answer import is_good_answer
from desk.messages.handing_over import UNCERTAIN
from desk.messages.records import Outgoing
from desk.messages.sms import international
from desk.messages.transport import NotTaken, is_untrusted, trusting
from desk.settings import SmsSettings

MOST_ANSWER: Final = 65_536
NOBODY_KNOWS: Final = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
NOBODY_THERE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE})
PASSING_4XX: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class Gateway:
    """The gateway: one client, whose connections are kept."""

    def __init__(self, settings: SmsSettings, token: str | None, at_once: int) -> None:
        """Take the settings; nobody is called yet.

        Raises:
            SettingsError: the certificates to trust cannot be read.
        """
        self._settings = settings
        # Packed answers are not asked for: a small one could unpack to any size.
        headers = {"Accept": "application/json, */*;q=0.5", "Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
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
        asked = _Asked()
        try:
            # httpx waits so long for each piece: a gateway that gives a byte now and then would hold us for ever.
            async with asyncio.timeout(2 * self._settings.timeout_seconds):
                await self._ask(order, asked)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotTaken("gateway_untrusted" if is_untrusted(error) else "gateway_away", stops=True) from None
        except (httpx.HTTPError, TimeoutError) as error:
            # A refusal's status says what became of it, whatever became of the rest of the answer.
            if asked.status is None:
                raise _unanswered(error, asked) from None
        if asked.status is not None:
            _judge(asked, self._settings.accepted)

    async def _ask(self, order: dict[str, str], asked: _Asked) -> None:
        more = {"trace": asked.follow}
        async with self._client.stream("POST", self._settings.url, json=order, extensions=more) as answer:
            asked.status = answer.status_code
            asked.content_type = answer.headers.get("Content-Type", "")
            read = bytearray()
            async for piece in answer.aiter_raw():
                read += piece
                if len(read) > MOST_ANSWER:
                    return
            asked.said = read.decode("utf-8", "replace")

    async def close(self) -> None:
        """Take leave of the gateway."""
        await self._client.aclose()


@dataclass(slots=True)
class _Asked:
    """How far asking the gateway has come.

    Attributes:
        is_written: something of the request is on the line.
        status: what it answered; None: nothing yet.
        content_type: what it says it answered with.
        said: the whole of its answer; None: it did not come to an end, or is longer than any good one.
    """

    is_written: bool = False
    status: int | None = None
    content_type: str = ""
    said: str | None = None

    async def follow(self, event: str, _info: Any) -> None:
        """Hear from httpx what it does."""
        if event.endswith(".send_request_headers.started"):
            self.is_written = True


def _unanswered(error: Exception, asked: _Asked) -> NotTaken:
    """Say which way it falls when there was no answer."""
    if asked.is_written:
        return NotTaken(UNCERTAIN)
    is_slow = isinstance(error, httpx.TimeoutException | TimeoutError)
    return NotTaken("gateway_slow" if is_slow else "gateway_failed", is_passing=True)


def _judge(asked: _Asked, accepted: str) -> None:
    """Read an answer.

    Raises:
        NotTaken: anything but 2xx with a good answer.
    """
    status = asked.status or 0
    if 200 <= status < 300:
        if is_good_answer(asked.content_type, asked.said, accepted):
            return
        raise NotTaken(UNCERTAIN, because="gateway_unclear")
    if status == HTTPStatus.UNAUTHORIZED:
        # It is we who are refused, not the message: it would be a pity for all the others.
        raise NotTaken("token_refused", stops=True)
    if status == HTTPStatus.FORBIDDEN:
        raise NotTaken("gateway_forbids", stops=True)
    if status in NOBODY_THERE:
        raise NotTaken("gateway_elsewhere", stops=True)
    if status in PASSING_4XX:
        raise NotTaken("gateway_busy", is_passing=True)
    if 400 <= status < 500:
        raise NotTaken("gateway_refused")
    if status in NOBODY_KNOWS:
        raise NotTaken(UNCERTAIN)
    raise NotTaken("gateway_failed", is_passing=True)
