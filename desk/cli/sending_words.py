"""What a run over the messages says: figures, codes in words, files. Nothing of a borrower (T3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.messages.sending import SendingReport
from desk.messages.words import channel_words, fault_sentence, problem_words
from desk.texts import _, ngettext
from desk.wording import number


def complaints(report: SendingReport) -> Iterator[str]:
    """Give what somebody should look at, a sentence each."""
    if report.is_busy:
        yield _("Another run is sending. Nothing was done.")
    for fault in report.faults:
        yield fault_sentence(fault)
    if report.held_back:
        yield ngettext(
            "{n} message waits for its template.", "{n} messages wait for their templates.", report.held_back
        ).format(n=number(report.held_back))
    for channel, count in sorted(report.not_set_up.items()):
        yield ngettext(
            "{n} message waits: {channel} is not set up in desk.toml.",
            "{n} messages wait: {channel} is not set up in desk.toml.",
            count,
        ).format(n=number(count), channel=channel_words(channel))
    for channel, problem in sorted(report.stopped.items()):
        yield _("Nothing more was sent as {channel}: {reason}.").format(
            channel=channel_words(channel), reason=problem_words(problem)
        )


def reasons(report: SendingReport) -> Iterator[str]:
    """Give why messages were not sent, with how many of each."""
    for problem, count in sorted(report.problems.items()):
        yield _("{reason}: {n}").format(reason=problem_words(problem), n=number(count))


def as_json(report: SendingReport) -> dict[str, Any]:
    """Give a report for a program."""
    return {
        "busy": report.is_busy,
        **report.counts(),
        "reasons": dict(sorted(report.problems.items())),
        "stopped": report.stopped,
        "faults": [{"file": fault.file, "line": fault.line, "fault": fault.why} for fault in report.faults],
    }
