"""Sending a newsletter (M4): in batches, once per address even when killed; the same file goes on with it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db import errors as below
from desk.command import INSTALLATION
from desk.desk import store_error
from desk.errors import ImportFailed, InvalidInput, StoreError
from desk.lines import is_loopback
from desk.messages.handing_over import UNCERTAIN
from desk.messages.mail import MailServer, OfferedMail, address_of
from desk.messages.records import Outcome
from desk.messages.sending import MAILBOX_BUSY, PATIENCE, PATIENCE_MAILBOX, PATIENCE_UNCERTAIN, letterhead_of
from desk.messages.transport import NotTaken
from desk.newsletter.mailing import BeginMailing, EndMailing, OfferRecipients, SettleRecipients, TakeRecipients
from desk.newsletter.mails import Imprint, imprint_of, mail_for
from desk.newsletter.queries import latest_mailing, recipients_waiting
from desk.newsletter.text import Newsletter, read_newsletter
from desk.registry.files import content
from desk.secrets import PASSWORDS

if TYPE_CHECKING:
    from desk.installation import Installation
    from desk.newsletter.records import MailingRecord, Recipient
    from desk.registry.report import Progress

CLAIM: Final = "newsletter"
REFUSES_ALL: Final = "server_refuses_all"
PATIENCE_REFUSED: Final = 24
"""Mails refused for good one after the other, to several domains, until the run is broken off."""
SEVERAL_DOMAINS: Final = 3
FEW: Final = 5
"""So few may all be wrong addresses, and be the whole list."""
PAUSE_SECONDS: Final = 0.005
"""Between two batches, so that the counters' writes come in between (Q7)."""


@dataclass(slots=True)
class MailingReport:
    """What a run did; counts and codes only (T3).

    Attributes:
        is_busy: another run is at work; nothing was done.
        was_sent: the file had been sent before; nothing was done.
        mailing: how far the mailing is, over all its runs.
        problems: why mails were not sent, and how many.
        stopped: why it was broken off before the end; empty: it was not.
    """

    is_busy: bool = False
    was_sent: bool = False
    mailing: MailingRecord | None = None
    problems: Counter[str] = field(default_factory=Counter)
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a mailing takes.

    Attributes:
        installation: whose list and server.
        clock: aware UTC.
        new_id: draws command ids.
        progress: told how many have been dealt with, of how many.
    """

    installation: Installation
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    progress: Progress

    async def send(self, file: Path, *, again: bool = False) -> MailingReport:
        """Send a file to everybody who subscribes, or go on with a mailing of it that was broken off.

        Args:
            file: Markdown, UTF-8.
            again: a file that has been sent goes out once more.

        Raises:
            InvalidInput: the file cannot be read, it is no newsletter, or nobody could unsubscribe.
            DeskError: the store did not answer, or a secret or a file of certificates cannot be read.
        """
        installation = self.installation
        raw = _raw(file)
        newsletter, imprint = read_newsletter(_decoded(raw)), await self._imprint()
        try:
            if not await installation.store.claim(CLAIM):
                return MailingReport(is_busy=True)
        except below.StorageError as error:
            raise store_error(error) from None
        digest = sha256(raw).hexdigest()
        desk = installation.desk
        latest = await desk.ask(INSTALLATION, latest_mailing, digest)
        if latest is not None and latest.is_done and not again:
            return MailingReport(was_sent=True, mailing=latest)
        mailing = await desk.do(
            BeginMailing(command_id=self.new_id(), who=INSTALLATION, at=self.clock(), digest=digest, again=again)
        )
        report = MailingReport(mailing=mailing)
        async with AsyncExitStack() as leaving:
            server = MailServer(
                replace(installation.settings.mail, sender=imprint.sender),
                installation.secrets.password(PASSWORDS["mail"]),
            )
            leaving.push_async_callback(server.close)
            imprint = replace(imprint, mailing_id=mailing.mailing_id)
            await _Run(self, server, newsletter, imprint, report).send(mailing)
        end = EndMailing(command_id=self.new_id(), who=INSTALLATION, at=self.clock(), mailing_id=mailing.mailing_id)
        report.mailing = await desk.do(end)
        return report

    async def _imprint(self) -> Imprint:
        """Put together what every mail says; a demo writes to nobody but this machine."""
        settings, head = self.installation.settings, await letterhead_of(self.installation)
        if head.made_up and not is_loopback(settings.mail.host):
            raise InvalidInput("newsletter", "no_server")
        return imprint_of(head.library, settings.mail, settings.newsletter)


def _raw(file: Path) -> bytes:
    try:
        return content(file)
    except ImportFailed:
        raise InvalidInput("newsletter", "unreadable") from None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("newsletter", "not_utf8") from None


def _is_for_good(outcome: Outcome) -> bool:
    return bool(outcome.problem) and not outcome.is_passing and outcome.problem != UNCERTAIN


class _Run:
    """One run over those who have not got it yet."""

    def __init__(
        self, sender: Sender, server: MailServer, newsletter: Newsletter, imprint: Imprint, report: MailingReport
    ) -> None:
        self._sender, self._server, self._newsletter, self._imprint = sender, server, newsletter, imprint
        self._report = report
        self._in_vain: Counter[str] = Counter()
        # Refused for good, one after the other, and not written down yet: it may be the server that is in trouble.
        self._refused: list[Outcome] = []
        self._domains: dict[int, str] = {}
        self._has_arrived = False

    async def send(self, mailing: MailingRecord) -> None:
        """Hand over batch by batch; each row is tried once a run."""
        sender = self._sender
        desk, at_once = sender.installation.desk, sender.installation.settings.messages.at_once
        after, done, total = 0, mailing.due - mailing.waiting, mailing.due
        sender.progress(done, total)
        while not self._report.stopped:
            row_ids = await desk.ask(INSTALLATION, recipients_waiting, mailing.mailing_id, after, at_once)
            if not row_ids:
                break
            after = row_ids[-1]
            at = sender.clock()
            taken = await desk.do(
                TakeRecipients(
                    command_id=sender.new_id(),
                    who=INSTALLATION,
                    at=at,
                    mailing_id=mailing.mailing_id,
                    row_ids=row_ids,
                )
            )
            await self._settle(mailing.mailing_id, await self._handed_over(taken, at))
            done += len(row_ids)
            sender.progress(min(done, total), total)
            await asyncio.sleep(PAUSE_SECONDS)
        if not (self._has_arrived or mailing.sent) and len(self._refused) >= FEW:
            self._report.stopped = self._report.stopped or REFUSES_ALL
        await self._write_down(mailing.mailing_id, self._refusals())

    async def _handed_over(self, readers: tuple[Recipient, ...], at: datetime) -> tuple[Outcome, ...]:
        """Offer a batch, write down which mails' last line is sent next, and send it.

        Raises:
            StoreError: it could not be written down; nobody has got anything.
        """
        self._domains |= {reader.row_id: reader.email.rpartition("@")[2] for reader in readers}
        offers = await asyncio.gather(*(self._offered(reader, at) for reader in readers))
        mails = [offer for offer in offers if not isinstance(offer, Outcome)]
        try:
            if mails:
                sender = self._sender
                row_ids = tuple(row_id for row_id, _mail in mails)
                await sender.installation.desk.do(
                    OfferRecipients(command_id=sender.new_id(), who=INSTALLATION, at=sender.clock(), row_ids=row_ids)
                )
        except BaseException:
            for _row_id, mail in mails:
                mail.take_back()
            raise
        ended = await asyncio.gather(*(self._ended(row_id, mail) for row_id, mail in mails))
        return (*(offer for offer in offers if isinstance(offer, Outcome)), *ended)

    async def _offered(self, reader: Recipient, at: datetime) -> tuple[int, OfferedMail] | Outcome:
        try:
            mail = mail_for(reader, self._newsletter, self._imprint, at)
            return reader.row_id, await self._server.offer(mail, address_of(reader.email))
        except NotTaken as refused:
            return self._not_taken(reader.row_id, refused)

    async def _ended(self, row_id: int, mail: OfferedMail) -> Outcome:
        try:
            await mail.hand_over()
        except NotTaken as refused:
            return self._not_taken(row_id, refused)
        self._in_vain.clear()
        self._has_arrived = True
        return Outcome(row_id)

    def _not_taken(self, row_id: int, refused: NotTaken) -> Outcome:
        self._note(refused)
        return Outcome(row_id, refused.problem, refused.is_passing, refused.stops)

    def _note(self, refused: NotTaken) -> None:
        """Count what was not taken; what goes wrong time after time breaks the run off."""
        self._report.problems[refused.problem] += 1
        if not (refused.is_passing or refused.problem == UNCERTAIN):
            return
        self._in_vain[refused.problem] += 1
        patience = {UNCERTAIN: PATIENCE_UNCERTAIN, MAILBOX_BUSY: PATIENCE_MAILBOX}.get(refused.problem, PATIENCE)
        if refused.stops or self._in_vain[refused.problem] >= patience:
            self._report.stopped = self._report.stopped or refused.problem

    async def _settle(self, mailing_id: int, outcomes: tuple[Outcome, ...]) -> None:
        """Write a batch down; what is refused for good waits until a later one arrives.

        A server that lets nobody through has not told of anybody that the address is wrong.
        """
        others = tuple(outcome for outcome in outcomes if not _is_for_good(outcome))
        if any(not outcome.problem for outcome in others):
            others += self._refusals()
        self._refused += (outcome for outcome in outcomes if _is_for_good(outcome))
        self._domains = {outcome.row_id: self._domains[outcome.row_id] for outcome in self._refused}
        if len(self._refused) >= PATIENCE_REFUSED and len(set(self._domains.values())) >= SEVERAL_DOMAINS:
            self._report.stopped = self._report.stopped or REFUSES_ALL
        await self._write_down(mailing_id, others)

    def _refusals(self) -> tuple[Outcome, ...]:
        """Give the refusals that wait: as they are, or to be tried again where the run was broken off over them."""
        refused, self._refused = self._refused, []
        if self._report.stopped:
            return tuple(replace(outcome, is_passing=True, is_kept=True) for outcome in refused)
        return tuple(refused)

    async def _write_down(self, mailing_id: int, outcomes: tuple[Outcome, ...]) -> None:
        sender = self._sender
        command = SettleRecipients(
            command_id=sender.new_id(), who=INSTALLATION, at=sender.clock(), mailing_id=mailing_id, outcomes=outcomes
        )
        try:
            await sender.installation.desk.do(command)
        except StoreError:
            # The same command once more: what has been handed over should not be told as uncertain for that.
            await sender.installation.desk.do(command)
