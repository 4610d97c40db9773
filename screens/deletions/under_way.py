"""Deletions beside the pages: how many wait for a supervisor, and the erasure that is being carried out.

An erasure belongs to no page. A card that is scanned closes F6, and what has begun goes on to its proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.command import Who
from desk.errors import DeskError
from desk.texts import _, pgettext
from screens.sentences import sentence

if TYPE_CHECKING:
    from desk.privacy.erasure.records import ErasureOutcome, Stage
    from screens.app import DeskApp

COUNT_AGAIN_SECONDS = 15
"""Other counters register and approve too, and a return clears a list."""


class Deletions:
    """What the status line and F6 say about deletions."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._counted_for: int | None = None
        self._seconds = 0
        self.waiting = 0
        # The request whose borrower is being erased, how far that is, and what became of the last one.
        self.running: int | None = None
        self.step = ""
        self.told = ""
        self.finished = 0

    @property
    def notice(self) -> str:
        """«2 sletninger venter», for supervisors; nothing for anybody else."""
        operator = self._app.operator
        if not self.waiting or operator is None or operator.staff_id != self._counted_for:
            return ""
        # Loaded with F6's words only where there is something to say: the first screen needs none of them (Q5).
        from screens.deletions.words import waiting_words  # noqa: PLC0415

        return waiting_words(self.waiting)

    def tick(self) -> None:
        """A second has passed: count again for a supervisor, at once for one who has just signed in."""
        operator = self._app.operator
        if operator is None or not operator.is_supervisor:
            self._counted_for = None
            return
        self._seconds += 1
        if operator.staff_id != self._counted_for or self._seconds >= COUNT_AGAIN_SECONDS:
            self.count()

    def count(self) -> None:
        """Count again, beside everything else."""
        operator = self._app.operator
        if operator is not None and operator.is_supervisor:
            self._seconds, self._counted_for = 0, operator.staff_id
            self._app.run_worker(self._count(), group="noting", exclusive=False)

    async def _count(self) -> None:
        from desk.privacy.deletion.queries import deletions_to_decide  # noqa: PLC0415

        app = self._app
        try:
            self.waiting = await app.installation.desk.ask(app.who, deletions_to_decide, app.today())
        except DeskError:
            # Told by whatever the counter does next; the number stays what it was.
            return
        app.show_state()

    def begin(self, request_id: int, borrower_id: int, who: Who) -> None:
        """Carry an approved request out; the page begins no second one meanwhile."""
        self.running, self.step, self.told = request_id, _("Preparing …"), ""
        self._app.run_worker(self._carry_out(request_id, borrower_id, who), group="erasing", exclusive=False)

    def begin_proof(self, request_id: int, who: Who) -> None:
        """Try the proof of an erasure again that has none."""
        self.running, self.step, self.told = request_id, _("Preparing …"), ""
        self._app.run_worker(self._prove(request_id, who), group="erasing", exclusive=False)

    async def _carry_out(self, request_id: int, borrower_id: int, who: Who) -> None:
        from desk.installation import new_id  # noqa: PLC0415
        from desk.privacy.erasure.carrying_out import carry_out  # noqa: PLC0415  (nobody is erased at the start)

        app = self._app
        try:
            await self._leave_counter(borrower_id)
            outcome = await carry_out(
                app.installation, request_id, who=who, clock=app.now, new_id=new_id, progress=self._progress
            )
            self.told = outcome_sentence(outcome)
        except DeskError as error:
            self.told = not_carried_out(error, await self._state_of(request_id, who))
        finally:
            self._end()

    async def _prove(self, request_id: int, who: Who) -> None:
        from desk.installation import new_id  # noqa: PLC0415
        from desk.privacy.erasure.resuming import prove_again  # noqa: PLC0415  (as carry_out)

        app = self._app
        try:
            outcome = await prove_again(
                app.installation, request_id, who=who, clock=app.now, new_id=new_id, progress=self._progress
            )
            self.told = outcome_sentence(outcome)
        except DeskError as error:
            self.told = sentence(error)
        finally:
            self._end()

    def _end(self) -> None:
        self.running, self.step = None, ""
        self.finished += 1
        self._app.hint_counter(self.told)
        self.count()

    async def _leave_counter(self, borrower_id: int) -> None:
        """Let the counter be rid of whoever is deleted: what stands below F6 may be their visit."""
        here = self._app.at_counter
        is_here = here.place.visit is not None and here.place.visit.borrower_id == borrower_id
        await here.work.forget(borrower_id)
        if is_here:
            here.forget_borrower()
            if here.view is not None:
                here.view.show_all()

    async def _state_of(self, request_id: int, who: Who) -> str:
        """Give how far a request has come whose erasure ended in an error; empty: the store does not say."""
        from desk.privacy.deletion.queries import deletion_request  # noqa: PLC0415

        app = self._app
        try:
            record = await app.installation.desk.ask(who, deletion_request, request_id, app.today())
        except DeskError:
            return ""
        return "" if record is None else record.state

    def _progress(self, stage: Stage, done: int, total: int) -> None:
        self.step = step_words(stage.value, done, total)


def step_words(stage: str, done: int, total: int) -> str:
    """Say how far an erasure is; a stage of another version is said without a name."""
    said = {
        "preparing": _("Preparing …"),
        "erasing": _("Deleting …"),
        "rewriting": _("Deleted, proof missing · cleaning up …"),
        "scanning": _("Deleted, proof missing · looking through the files …"),
    }.get(stage, _("At work …"))
    return (
        pgettext("progress", "{what} {done}/{total}").format(what=said, done=done, total=total) if total > 1 else said
    )


def outcome_sentence(outcome: ErasureOutcome) -> str:
    """Say how an erasure ended: success only after the proof; where that is missing, why."""
    from desk.privacy.erasure.words import why_words  # noqa: PLC0415
    from screens.deletions.words import proof_sentence  # noqa: PLC0415

    if why := why_words(outcome.why, outcome.state):
        without = _("Deleted, proof failed.") if outcome.state == "unproven" else _("Deleted, proof missing.")
        return " ".join((without, why))
    return proof_sentence(outcome.state, outcome.hits, outcome.files_scanned)


def not_carried_out(error: DeskError, state: str) -> str:
    """Say what went wrong, and how far it had come by then.

    Args:
        error: what ended the erasure.
        state: the request's, read afterwards; empty: nobody knows.
    """
    from screens.deletions.words import failure_words, proof_sentence  # noqa: PLC0415

    why = failure_words(error)
    if state == "approved":
        return _("{why} Nothing was deleted; the request stays approved.").format(why=why)
    if not state:
        return _("{why} How far the deletion has come stands on F6.").format(why=why)
    return proof_sentence(state, None, None)
