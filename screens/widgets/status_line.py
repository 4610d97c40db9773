"""The top line: where, who, what mode, how reader, pad, printer, store and queue are, and the clock (C14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.texts import NP_, pgettext
from screens.text import cut, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted, fit

WIDE = 100
LEAST_PLACE = 6  # «Strue…»
GAP = 3
BETWEEN = " · "

WORDS = {
    ("reader", "ok"): NP_("status", "reader ok"),
    ("reader", "missing"): NP_("status", "reader missing"),
    ("pad", "ok"): NP_("status", "pad ok"),
    ("pad", "missing"): NP_("status", "pad missing"),
    ("reader", "no_service"): NP_("status", "reader service not running"),
    ("reader", "error"): NP_("status", "reader not answering"),
    ("item_reader", "ok"): NP_("status", "item reader ok"),
    ("item_reader", "missing"): NP_("status", "item reader missing"),
    ("item_reader", "no_service"): NP_("status", "item reader service not running"),
    ("item_reader", "error"): NP_("status", "item reader not answering"),
    ("printer", "ok"): NP_("status", "printer ok"),
    ("printer", "missing"): NP_("status", "printer missing"),
    ("printer", "no_paper"): NP_("status", "printer out of paper"),
    ("spool", "down"): NP_("status", "prints cannot be kept"),
    ("scanner", "ok"): NP_("status", "scanner ok"),
    ("scanner", "missing"): NP_("status", "scanner missing"),
    ("queue", "down"): NP_("status", "queue cannot be written"),
    ("store", "ok"): NP_("status", "store ok"),
    ("store", "busy"): NP_("status", "store busy"),
    ("store", "full"): NP_("status", "store cannot be written"),
    ("store", "down"): NP_("status", "store not answering"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Status:
    """What the top line says.

    Attributes:
        mode: its name in capitals: «F2 UDLÅN».
        devices: device and state, in the order they are shown: ``("reader", "missing")``.
        store: «ok», «busy», «full» or «down».
        queue: scans that wait.
        clock: the time of day, formatted: «10.42».
        date: shown before the clock where there is room: «tor. 24. sep.».
        notice: what a supervisor should see, the worst first: «sletning forsinket · 2 sletninger venter».
    """

    branch: str
    counter: str
    operator: str
    mode: str
    devices: tuple[tuple[str, str], ...]
    store: str
    queue: int
    clock: str
    date: str = ""
    notice: str = ""


class StatusLine(Painted):
    """One row. On a narrow terminal what works is «alt ok», and only what does not is named."""

    DEFAULT_CSS = "StatusLine { height: 1; width: 1fr; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._status: Status | None = None

    def show(self, status: Status) -> None:
        """Show another state of things."""
        if status != self._status:
            self._status = status
            self.touch()

    def cells(self, y: int) -> Cells:
        """Give the row."""
        if self._status is None or y:
            return ()
        status, width = self._status, self.size.width
        mode = paintable(status.mode)
        mode_at = width // 3 if width >= WIDE else 0
        for states, right in _ways(status, wide=width >= WIDE):
            taken = width_of(mode) + GAP + _width(states) + GAP + width_of(right) + 1
            if max(mode_at, 1) + taken <= width:
                break
        else:
            states = fit(states, width - 2 * GAP - width_of(mode) - width_of(right) - 2)
            taken = width_of(mode) + GAP + _width(states) + GAP + width_of(right) + 1
        place = BETWEEN.join(filter(None, map(paintable, (status.branch, status.counter, status.operator))))
        room = min(mode_at or width, width - taken)
        left = cut(" " + place, room - GAP) if room >= LEAST_PLACE + GAP else " "
        before = room - width_of(left) if mode_at else min(GAP, room - width_of(left))
        rest = " " * max(width - width_of(left) - before - taken + GAP, GAP)
        # Wide: the states stand at the right, beside the clock. Narrow: behind the mode.
        gaps = (rest, " " * GAP) if mode_at else (" " * GAP, rest)
        return (
            (left + " " * before, "plain"),
            (mode, "accent"),
            (gaps[0], "plain"),
            *states,
            (gaps[1] + right, "plain"),
        )


def _ways(status: Status, *, wide: bool) -> Iterator[tuple[Cells, str]]:
    """Give states and clock as they should be, and then as they take less room."""
    clock = paintable(status.clock)
    if wide:
        yield _all_states(status), paintable(f"{status.date} {status.clock}".strip())
        yield _all_states(status), clock
    yield _troubles(status), clock
    if status.notice:
        # What the scans wait for stays; of the notices the last is cut.
        yield _joined([_queue(status), *_named_troubles(status), *_notice(status)]), clock


def _all_states(status: Status) -> Cells:
    everything = (*status.devices, ("store", status.store))
    return _joined([*_notice(status), *map(_state, everything), _queue(status)])


def _troubles(status: Status) -> Cells:
    """Word the queue and what is wrong, the store first; when nothing is, say so."""
    troubles = _named_troubles(status) or [(pgettext("status", "all ok"), "quiet")]
    return _joined([*_notice(status), _queue(status), *troubles])


def _named_troubles(status: Status) -> list[tuple[str, Look]]:
    everything = (("store", status.store), *status.devices)
    return [_state(one) for one in everything if one[1] != "ok"]


def _notice(status: Status) -> list[tuple[str, Look]]:
    return [(paintable(status.notice), "look")] if status.notice else []


def _queue(status: Status) -> tuple[str, Look]:
    return pgettext("status", "queue {count}").format(count=status.queue), "look" if status.queue else "quiet"


def _state(one: tuple[str, str]) -> tuple[str, Look]:
    return _word(*one), "quiet" if one[1] == "ok" else "stop"


def _joined(parts: Sequence[tuple[str, Look]]) -> Cells:
    cells: list[tuple[str, Look]] = [(BETWEEN, "quiet")] * (2 * len(parts) - 1)
    cells[::2] = parts
    return cells


def _word(device: str, state: str) -> str:
    words = WORDS.get((device, state))
    return paintable(f"{device}: {state}") if words is None else pgettext("status", words)


def _width(cells: Cells) -> int:
    return sum(width_of(text) for text, _ in cells)
