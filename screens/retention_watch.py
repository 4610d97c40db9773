"""What the sign-in screen says of the retention clock (G6), and the run that is caught up when the counter starts.

The run works beside the counter on the same store: a scan waits for one batch of it at most.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from desk.errors import DeskError
from desk.texts import _, ngettext, pgettext
from desk.wording import clock, number, one_stop, short_date

if TYPE_CHECKING:
    from desk.privacy.retention.records import RetentionStatus
    from screens.app import DeskApp

LOOK_AGAIN_SECONDS = 60
"""Other programs run it too."""

log = logging.getLogger(__name__)


class RetentionWatch:
    """How the clock stands, in words."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._status: RetentionStatus | None = None
        # Rows that the run of this very program has deleted; None: it is not at it.
        self._deleted: int | None = None
        # The local date for which it has been caught up here, and the seconds since it was asked how the clock stands.
        self._day = app.today()
        self._seconds = LOOK_AGAIN_SECONDS

    def tick(self) -> None:
        """A second has passed: a program that was left open over midnight does what is due on the new date.

        For a supervisor it is asked now and then how the clock stands; nobody else is told before signing off.
        """
        app = self._app
        if app.catches_up and app.today() != self._day:
            self._day = app.today()
            app.catch_up()
        operator = app.operator
        if operator is None or not operator.is_supervisor:
            self._seconds = LOOK_AGAIN_SECONDS
            return
        self._seconds += 1
        if self._seconds >= LOOK_AGAIN_SECONDS:
            self._seconds = 0
            app.run_worker(self._look_and_show(), group="noting", exclusive=False)

    async def _look_and_show(self) -> None:
        await self.look()
        self._app.show_state()

    @property
    def notice(self) -> str:
        """«sletning forsinket», on a supervisor's status line (C14); nothing for anybody else, or when all is well."""
        operator, status = self._app.operator, self._status
        if self.is_well or status is None or operator is None or not operator.is_supervisor:
            return ""
        if status.clock_back_from is not None:
            return pgettext("status", "deletion stopped: the clock")
        return pgettext("status", "deletion late")

    async def catch_up(self) -> None:
        """Do the run that the night has left out, if it has; a counter that starts later finds it done."""
        from desk.installation import new_id  # noqa: PLC0415  (behind the first page)
        from desk.privacy.retention.run import clockwork_of, run_retention  # noqa: PLC0415

        await self.look()
        app = self._app
        try:
            await run_retention(clockwork_of(app.installation, app.now, new_id), self._count)
        except DeskError as error:
            # What is wrong stays wrong, and is told from the store; scans go on.
            log.warning("the retention run was not caught up: %s", type(error).__name__)
        finally:
            self._deleted = None
        await self.look()

    def _count(self, done: int, _total: int) -> None:
        self._deleted = done

    async def look(self) -> None:
        """Ask how the clock stands; a store that does not answer leaves what was known."""
        from desk.command import NOBODY  # noqa: PLC0415  (behind the first page)
        from desk.privacy.retention.queries import retention_status  # noqa: PLC0415

        app = self._app
        days = app.installation.settings.retention.log_days
        try:
            self._status = await app.installation.desk.ask(NOBODY, retention_status, app.now(), days)
        except DeskError as error:
            log.warning("how the retention run stands is not known: %s", type(error).__name__)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look: else it is said in red."""
        return self._deleted is not None or self._status is None or self._status.is_well

    def words(self) -> str:
        """Say when the last run was, when the next one is, and what is left over from before."""
        if self._deleted is not None:
            said = ngettext(
                "Deleting what is due: {n} row so far.", "Deleting what is due: {n} rows so far.", self._deleted
            )
            return said.format(n=number(self._deleted))
        status = self._status
        if status is None:
            return ""
        if status.clock_back_from is not None:
            from desk.errors import ClockSetBack  # noqa: PLC0415  (seldom)
            from desk.privacy.retention.words import clock_sentence  # noqa: PLC0415

            return clock_sentence(ClockSetBack(status.clock_back_from, self._app.now()))
        if status.is_late or status.has_failed:
            return " ".join((self._what_is_wrong(status), _backlog(status), _("Run: desk retention run")))
        return " · ".join((self._last(status), self._next(status), _("nothing is late")))

    def _what_is_wrong(self, status: RetentionStatus) -> str:
        if status.done_on is None:
            return _("The deletion run was broken off.")
        day = short_date(status.done_on, self._app.today())
        if status.has_failed:
            return one_stop(_("The deletion run was broken off. The last whole one was {date}.").format(date=day))
        return one_stop(_("The deletion run has not been done since {date}.").format(date=day))

    def _last(self, status: RetentionStatus) -> str:
        if status.done_on is None or status.done_at is None:
            return _("Deletion run: none yet")
        if status.done_on == self._app.today():
            return _("Deletion run: today at {time}").format(time=clock(status.done_at))
        return _("Deletion run: {date}").format(date=short_date(status.done_on, self._app.today()))

    def _next(self, status: RetentionStatus) -> str:
        return _("next today") if status.next_on <= self._app.today() else _("next tonight")


def _backlog(status: RetentionStatus) -> str:
    if status.is_more:
        return _("More than {n} rows wait to be deleted.").format(n=number(status.backlog))
    said = ngettext("{n} row waits to be deleted.", "{n} rows wait to be deleted.", status.backlog)
    return said.format(n=number(status.backlog))
