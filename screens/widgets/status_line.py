"""The top line: where, who, what mode, how reader, printer, store and queue are, and the clock (C14)."""

from __future__ import annotations

from dataclasses import dataclass

from desk.texts import NP_, pgettext
from screens.text import cut, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

WIDE = 100
MODE_AT = 40  # the mode's name stays where it is, whoever is signed in
GAP = 3
BETWEEN = " · "

WORDS = {
    ("reader", "ok"): NP_("status", "reader ok"),
    ("reader", "missing"): NP_("status", "reader missing"),
    ("printer", "ok"): NP_("status", "printer ok"),
    ("printer", "missing"): NP_("status", "printer missing"),
    ("printer", "no_paper"): NP_("status", "printer out of paper"),
    ("scanner", "ok"): NP_("status", "scanner ok"),
    ("scanner", "missing"): NP_("status", "scanner missing"),
    ("store", "ok"): NP_("status", "store ok"),
    ("store", "busy"): NP_("status", "store busy"),
    ("store", "down"): NP_("status", "store not answering"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Status:
    """What the top line says.

    Attributes:
        mode: its name in capitals: «F2 UDLÅN».
        devices: device and state, in the order they are shown: ``("reader", "missing")``.
        store: «ok», «busy» or «down».
        queue: scans that wait.
        clock: the time of day, formatted: «10.42».
        date: shown before the clock where there is room: «tor. 24. sep.».
        notice: something a supervisor should see: «2 sletninger venter».
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
        wide = width >= WIDE
        right = _clock(status, wide=wide)
        states = _states(status, wide=wide)
        mode = paintable(status.mode)
        taken = width_of(mode) + GAP + _width(states) + GAP + width_of(right) + 1
        where = BETWEEN.join(filter(None, map(paintable, (status.branch, status.counter, status.operator))))
        left = cut(" " + where, max(width - taken - GAP, 0))
        mode_at = min(MODE_AT, width - taken) if wide else 0
        before = max(mode_at - width_of(left), GAP)
        between = width - width_of(left) - before - taken + GAP
        return (
            (left, "plain"),
            (" " * before, "plain"),
            (mode, "accent"),
            (" " * (between if wide else GAP), "plain"),
            *states,
            (" " * (GAP if wide else between), "plain"),
            (right, "plain"),
        )


def _clock(status: Status, *, wide: bool) -> str:
    return paintable(f"{status.date} {status.clock}".strip() if wide else status.clock)


def _states(status: Status, *, wide: bool) -> Cells:
    """Word the states: all of them where there is room, else only the queue and what is wrong."""
    everything = [*status.devices, ("store", status.store)]
    broken = [(device, state) for device, state in everything if state != "ok"]
    queue = pgettext("status", "queue {count}").format(count=status.queue)
    waits: Look = "look" if status.queue else "quiet"
    parts: list[tuple[str, Look]] = []
    if wide:
        parts = [(_word(*one), "stop" if one in broken else "quiet") for one in everything]
        parts.append((queue, waits))
    else:
        parts = [(queue, waits)]
        parts += [(_word(*one), "stop") for one in broken] or [(pgettext("status", "all ok"), "quiet")]
    if status.notice:
        parts.insert(0, (paintable(status.notice), "look"))
    cells: list[tuple[str, Look]] = [(BETWEEN, "quiet")] * (2 * len(parts) - 1)
    cells[::2] = parts
    return cells


def _word(device: str, state: str) -> str:
    words = WORDS.get((device, state))
    return paintable(f"{device}: {state}") if words is None else pgettext("status", words)


def _width(cells: Cells) -> int:
    return sum(width_of(text) for text, _ in cells)
