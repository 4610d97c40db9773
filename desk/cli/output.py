"""What commands say: sentences on standard output, one JSON object as the last line, progress on standard error."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from desk.registry.report import Progress
from desk.texts import _
from desk.wording import number

STEPS_IN_A_LOG = 10


def say(text: str) -> None:
    """Write a line for whoever runs the command."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """Write a line about what is wrong."""
    sys.stderr.write(f"{text}\n")


def say_json(content: dict[str, Any]) -> None:
    """Write one JSON object on a line of its own: the last one."""
    # Whatever a terminal cannot show is escaped as JSON has it, so that it is JSON still.
    is_unicode = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    sys.stdout.write(json.dumps(content, ensure_ascii=not is_unicode) + "\n")
    sys.stdout.flush()


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """Show how far a long work is: a bar on a terminal, a line now and then in a log (T1)."""
    if sys.stderr.isatty():
        with _bar(label) as show:
            yield show
    else:
        yield _lines(label)


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    import click  # noqa: PLC0415  (only where there is somebody to look)

    with click.progressbar(length=0, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def _lines(label: str) -> Progress:
    told = 0

    def show(done: int, total: int) -> None:
        nonlocal told
        step = done * STEPS_IN_A_LOG // total if total else STEPS_IN_A_LOG
        if step > told:
            told = step
            complain(_("{label}: {done} of {total}").format(label=label, done=number(done), total=number(total)))

    return show
