"""What sending a newsletter says: figures and codes in words. Nothing of a reader (T3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.messages.words import problem_words
from desk.newsletter.sending import MailingReport
from desk.texts import _, ngettext
from desk.wording import number


def complaints(report: MailingReport) -> Iterator[str]:
    """Give what somebody should look at, a sentence each."""
    if report.is_busy:
        yield _("Another run is sending. Nothing was done.")
    if report.stopped:
        yield _("Nothing more was sent: {reason}.").format(reason=problem_words(report.stopped))
    if report.mailing is not None and report.mailing.waiting:
        yield ngettext(
            "{n} has not got it yet. The same command goes on.",
            "{n} have not got it yet. The same command goes on.",
            report.mailing.waiting,
        ).format(n=number(report.mailing.waiting))
    if report.mailing is not None and report.mailing.uncertain:
        yield ngettext(
            "{n} mail may or may not have arrived; it is not sent again by itself. See desk newsletter uncertain.",
            "{n} mails may or may not have arrived; they are not sent again by themselves. "
            "See desk newsletter uncertain.",
            report.mailing.uncertain,
        ).format(n=number(report.mailing.uncertain))


def report_lines(report: MailingReport) -> Iterator[str]:
    """Give what was done, a line each."""
    mailing = report.mailing
    if mailing is None:
        return
    if report.was_sent:
        yield _("This file has been sent. Nothing was done. --again sends it once more.")
    yield _("Subscribers: {due} · sent: {sent} · failed: {failed}").format(
        due=number(mailing.due), sent=number(mailing.sent), failed=number(mailing.failed)
    )
    for problem, count in sorted(report.problems.items()):
        yield "  " + _("{reason}: {n}").format(reason=problem_words(problem), n=number(count))


def as_json(report: MailingReport) -> dict[str, Any]:
    """Give a report for a program."""
    mailing = report.mailing
    figures = ("due", "sent", "failed", "uncertain", "waiting")
    return {
        "busy": report.is_busy,
        "was_sent": report.was_sent,
        "done": mailing is not None and mailing.is_done,
        **{name: 0 if mailing is None else getattr(mailing, name) for name in figures},
        "reasons": dict(sorted(report.problems.items())),
        "stopped": report.stopped,
    }
