"""Arguments → work → exit code: 0 done, 1 failed (a sentence on standard error), 2 not understood.

``desk`` alone and ``desk demo`` are told without click, which they need not wait for.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from db.drivers import leave_out_postgresql
from desk import texts
from desk.errors import DeskError, SettingsError
from desk.settings import home, load

FAILED = 1
NOT_UNDERSTOOD = 2
INTERRUPTED = 130


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: those after the program's name; None: the process's own.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    speak()
    try:
        match words:
            case []:
                return _counter()
            case ["demo"]:
                leave_out_postgresql()
                gc.disable()
                from desk.cli.demo import start_demo  # noqa: PLC0415  (each command loads its own)

                return start_demo(fresh=False)
            case _:
                write_what_the_terminal_lacks()
                _end_what_was_cut_short(words)
                from desk.cli.commands import run_command  # noqa: PLC0415  (click)

                return run_command(words)
    except DeskError as error:
        from desk.cli.sentences import sentence  # noqa: PLC0415  (only when something is wrong)

        sys.stderr.write(f"desk: {sentence(error)}\n")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


# They open no store, or one that is about to be another; or they only look, and say what they find.
LEAVE_ERASURES_BE = frozenset({"init", "check", "upgrade", "restore", "keys", "erasure", "label", "doctor"})


def _end_what_was_cut_short(words: list[str]) -> None:
    """Carry an erasure that was cut short to its end before a command opens the store (G4)."""
    from desk.privacy.erasure.at_start import is_cut_short  # noqa: PLC0415  (as each command's own)

    if words[0] in LEAVE_ERASURES_BE or "--help" in words or not is_cut_short(home()):
        return
    from desk.cli.erasure import end_what_was_cut_short  # noqa: PLC0415  (click, and all of the erasure)

    end_what_was_cut_short(home())


def write_what_the_terminal_lacks() -> None:
    """Let a character that a terminal of old lacks come out as its number, as Python does on standard error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def speak() -> None:
    """Speak the language of the installation, if there is one that can say so."""
    try:
        texts.use(load(home()).language.default)
    except SettingsError:
        # The command itself meets the same error and tells it.
        texts.use(texts.DEFAULT)


def _counter() -> int:
    from desk.__main__ import start_counter  # noqa: PLC0415  (the one place that wires screens)

    where = home()
    if not load(where).store.url:
        leave_out_postgresql()
    gc.disable()
    return start_counter(where)
