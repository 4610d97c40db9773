"""Sending what waits (M1): in order, a few at a time, each marked before it is handed over and told after."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from db import errors as below
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.desk import store_error
from desk.errors import StoreError
from desk.lines import is_loopback
from desk.messages.filling import FactsMissing, Letterhead
from desk.messages.handing_over import (
    FACTS_GONE,
    UNCERTAIN,
    BeginSending,
    MarkUncertain,
    SettleSending,
    count_left_behind,
    counts_due,
    letterhead,
    messages_due,
)
from desk.messages.records import DueMessage, Outcome, Outgoing, Worded
from desk.messages.sms import ROOM, foreign_to_gsm7, septets
from desk.messages.still_true import LAPSED
from desk.messages.template_files import EMAIL, SMS, Fault, Templates, read_templates
from desk.messages.transport import NotTaken, Transport
from desk.secrets import PASSWORDS

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.installation import Installation
    from desk.registry.report import Progress

CLAIM: Final = "messages"
PATIENCE: Final = 10
"""Passing failures one after the other until a channel is left alone for this run."""
PATIENCE_MAILBOX: Final = 24
"""The same of mailboxes that take nothing right now: that is theirs, and a server that is new to us is put off so."""
PATIENCE_UNCERTAIN: Final = 3
"""The same of failures that leave it uncertain: each is one more that somebody has to look at."""
MAILBOX_BUSY: Final = "mailbox_busy"
AWAY: Final = {EMAIL: "server_away", SMS: "gateway_away"}
PAUSE_SECONDS: Final = 0.005
"""Between two batches, so that the counters' writes come in between (Q7)."""


@dataclass(slots=True)
class SendingReport:
    """What a run did; counts and codes only (T3).

    Attributes:
        is_busy: another run is at work; nothing was done.
        due: what was there to be sent when it began.
        lapsed: had lost their cause, and were not sent.
        uncertain: left behind by a run that was killed, now told as failed.
        problems: why messages were not sent, and how many.
        not_set_up: what waits because its channel is not set up, by channel.
        stopped: channels that were left alone, or took none of what they were given, and why.
        faults: templates that cannot be used.
        held_back: what waits for a template.
    """

    is_busy: bool = False
    due: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    lapsed: int = 0
    uncertain: int = 0
    held_back: int = 0
    not_set_up: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    stopped: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def counts(self) -> dict[str, int]:
        """Give its figures by name."""
        return {
            "due": self.due,
            "sent": self.sent,
            "waiting": self.waiting,
            "failed": self.failed,
            "lapsed": self.lapsed,
            "uncertain": self.uncertain,
            "held_back": self.held_back,
            "not_set_up": self.not_set_up.total(),
        }


async def letterhead_of(installation: Installation) -> Letterhead:
    """Read what is the same in every message of an installation."""
    told = installation.settings.messages
    return await installation.desk.ask(INSTALLATION, letterhead, told.library, told.website)


async def templates_of(installation: Installation, now: datetime) -> tuple[Templates, Letterhead]:
    """Read and check an installation's templates."""
    head = await letterhead_of(installation)
    return read_templates(installation.home, head, local_date(now)), head


def channels_set_up(installation: Installation, head: Letterhead) -> tuple[str, ...]:
    """Name the channels that ``desk.toml`` says how to reach; a demo reaches nobody but this machine."""
    settings = installation.settings
    places = (
        (SMS, settings.sms.url, urlsplit(settings.sms.url).hostname),
        (EMAIL, settings.mail.host, settings.mail.host),
    )
    return tuple(channel for channel, place, host in places if place and (not head.made_up or is_loopback(host or "")))


def transports_of(installation: Installation, head: Letterhead) -> dict[str, Transport]:
    """Make what hands messages over, for each channel that is set up.

    Raises:
        DeskError: a secret or a file of certificates cannot be read.
    """
    settings, secrets, set_up = installation.settings, installation.secrets, channels_set_up(installation, head)
    made: dict[str, Transport] = {}
    if SMS in set_up:
        from desk.messages.gateway import Gateway  # noqa: PLC0415  (only where there is a gateway)

        made[SMS] = Gateway(settings.sms, secrets.password(PASSWORDS["sms"]), settings.messages.at_once)
    if EMAIL in set_up:
        from desk.messages.mail import MailServer  # noqa: PLC0415  (only where there is a server)

        made[EMAIL] = MailServer(settings.mail, secrets.password(PASSWORDS["mail"]))
    return made


async def report_of_dry_run(installation: Installation, now: datetime) -> SendingReport:
    """Count what a run would do now, and do nothing."""
    templates, head = await templates_of(installation, now)
    report = SendingReport(faults=templates.faults)
    report.uncertain = await installation.desk.ask(INSTALLATION, count_left_behind)
    await _count(installation, templates, head, report, now)
    return report


async def _count(
    installation: Installation, templates: Templates, head: Letterhead, report: SendingReport, now: datetime
) -> None:
    set_up = channels_set_up(installation, head)
    for due in await installation.desk.ask(INSTALLATION, counts_due, now):
        if due.channel not in set_up:
            report.not_set_up[due.channel] += due.count
        elif (due.kind, due.language, due.channel) in templates.broken:
            report.held_back += due.count
        else:
            report.due += due.count


async def send_due(
    installation: Installation, clock: Callable[[], datetime], new_id: Callable[[], str], progress: Progress
) -> SendingReport:
    """Send everything that is due when the run begins.

    Args:
        installation: whose messages, server and gateway.
        clock: aware UTC.
        new_id: draws command ids.
        progress: told how many have been dealt with, of how many.

    Raises:
        DeskError: the store did not answer, or a secret or a file of certificates cannot be read.
    """
    try:
        if not await installation.store.claim(CLAIM):
            return SendingReport(is_busy=True)
    except below.StorageError as error:
        raise store_error(error) from None
    templates, head = await templates_of(installation, clock())
    report = SendingReport(faults=templates.faults)
    desk = installation.desk
    report.uncertain = await desk.do(MarkUncertain(command_id=new_id(), who=INSTALLATION, at=clock()))
    now = clock()
    await _count(installation, templates, head, report, now)
    async with AsyncExitStack() as leaving:
        transports = transports_of(installation, head)
        for transport in transports.values():
            leaving.push_async_callback(transport.close)
        run = _Run(desk, transports, templates, head, report, clock, new_id)
        await run.send(now, installation.settings.messages.at_once, progress)
    return report


class _Run:
    """One run over what is due."""

    def __init__(
        self,
        desk: Desk,
        transports: Mapping[str, Transport],
        templates: Templates,
        head: Letterhead,
        report: SendingReport,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._desk, self._transports, self._templates, self._head = desk, transports, templates, head
        self._report, self._clock, self._new_id = report, clock, new_id
        self._in_vain: Counter[str] = Counter()
        self._unanswered: Counter[str] = Counter()
        # What a channel has answered: that it takes messages, or why it took none.
        self._took: set[str] = set()
        self._why_none: dict[str, str] = {}

    async def send(self, due: datetime, at_once: int, progress: Progress) -> None:
        """Send in batches of as many as are handed over at once, until nothing is due any more."""
        done = 0
        while True:
            channels = tuple(channel for channel in self._transports if channel not in self._report.stopped)
            waiting = await self._desk.ask(INSTALLATION, messages_due, due, channels, self._templates.broken, at_once)
            if not waiting:
                self._tell_of_channels_that_took_none()
                return
            at = self._clock()
            texts = tuple(self._worded(message, at) for message in waiting)
            begun = await self._desk.do(BeginSending(command_id=self._new_id(), who=INSTALLATION, at=at, texts=texts))
            self._report.lapsed += begun.lapsed
            self._report.problems += Counter({LAPSED: begun.lapsed})
            outcomes = await asyncio.gather(*(self._handed_over(message, at) for message in begun.taken))
            await self._settle(tuple(outcomes))
            await asyncio.sleep(PAUSE_SECONDS)
            done += len(waiting) - begun.left
            progress(min(done, max(self._report.due, done)), max(self._report.due, done))

    def _tell_of_channels_that_took_none(self) -> None:
        """Tell of a channel that failed every message it was given, however few there were: somebody has to look."""
        for channel, problem in self._why_none.items():
            if channel not in self._took:
                self._report.stopped.setdefault(channel, problem)

    def _worded(self, message: DueMessage, at: datetime) -> Worded:
        """Put a message into words; what cannot be is told with its problem."""
        if message.facts is None:
            return Worded(message.row_id, problem=FACTS_GONE)
        name = (message.kind, message.language, message.channel)
        try:
            text = self._templates.text(name, message.facts, self._head, local_date(at))
        except FactsMissing:
            return Worded(message.row_id, problem=FACTS_GONE)
        problem = ""
        if message.channel == SMS:
            if foreign_to_gsm7(text.body):
                problem = "not_gsm7"
            elif septets(text.body) > ROOM:
                problem = "too_long"
        return Worded(message.row_id, text.subject, text.body, problem)

    async def _handed_over(self, message: Outgoing, at: datetime) -> Outcome:
        channel = message.channel
        try:
            if message.problem:
                raise NotTaken(message.problem)
            await self._transports[channel].hand_over(message, self._head.library, at)
        except NotTaken as refused:
            self._report.problems[refused.problem] += 1
            if refused.problem == UNCERTAIN:
                self._unanswered[channel] += 1
                if self._unanswered[channel] >= PATIENCE_UNCERTAIN:
                    self._report.stopped.setdefault(channel, refused.because or AWAY[channel])
            if refused.is_passing and refused.problem != MAILBOX_BUSY:
                self._why_none[channel] = refused.problem
            elif not message.problem and refused.problem != UNCERTAIN:
                # Whoever refuses one address or number takes others.
                self._took.add(channel)
            if refused.is_passing:
                self._in_vain[channel] += 1
                patience = PATIENCE_MAILBOX if refused.problem == MAILBOX_BUSY else PATIENCE
                if refused.stops or self._in_vain[channel] >= patience:
                    self._report.stopped.setdefault(channel, refused.problem)
            return Outcome(message.row_id, refused.problem, refused.is_passing, refused.stops)
        self._took.add(channel)
        self._in_vain[channel] = self._unanswered[channel] = 0
        return Outcome(message.row_id)

    async def _settle(self, outcomes: tuple[Outcome, ...]) -> None:
        command = SettleSending(command_id=self._new_id(), who=INSTALLATION, at=self._clock(), outcomes=outcomes)
        try:
            settled = await self._desk.do(command)
        except StoreError:
            # The same command once more: what has been handed over should not be told as uncertain for that.
            settled = await self._desk.do(command)
        self._report.sent += settled.sent
        self._report.waiting += settled.waiting
        self._report.failed += settled.failed
