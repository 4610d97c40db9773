"""Statistics (F5, G10): what was lent, returned and renewed, by day and by hour, and what retention removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.widgets import Static

from desk.errors import DeskError
from desk.statistics.queries import figures_between
from desk.statistics.records import By, Figure, Figures
from desk.texts import _, pgettext
from desk.wording import date_range, number
from screens.base import DeskScreen
from screens.sentences import sentence
from screens.statistics.words import PERIODS, REMOVED, WHAT, Period, key_words
from screens.text import paintable
from screens.widgets.bars import Bar, Bars, Section
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.tab_bar import Tab, TabBar

READ_AGAIN_SECONDS = 60
"""Scans go on while it is open."""
WEEK = 2


class StatisticsScreen(DeskScreen[None]):
    """Figures as bars, for a period and a branch or all of them."""

    HELP = "statistics"
    CSS_PATH = "statistics.tcss"
    AUTO_FOCUS = "Bars"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f5", "leave", id="statistics.leave", show=False),
        Binding("f,F", "next_branch", id="statistics.branch", show=False),
        *(
            Binding(str(place), f"period({place})", id=f"statistics.period.{place}", show=False)
            for place in range(1, len(PERIODS) + 1)
        ),
    ]

    status = getters.query_one(StatusLine)
    tabs = getters.query_one(TabBar)
    summed = getters.query_one("#summed", Static)
    bars = getters.query_one(Bars)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        self._open = WEEK
        self._branch_id: int | None = None
        self._figures: Figures | None = None
        self._seconds = 0

    def compose(self) -> ComposeResult:
        """Periods, sums, bars, one sentence, keys."""
        yield StatusLine()
        yield TabBar()
        yield Static("", id="summed", markup=False)
        yield Bars()
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the last week."""
        self.tick()
        self.action_period(self._open)

    def tick(self) -> None:
        """Keep the clock right; figures go on rising."""
        self.status.show(self.desk_app.status(_("STATISTICS")))
        self._seconds += 1
        if self._seconds % READ_AGAIN_SECONDS == 0:
            self.load(from_top=False)

    @property
    def _period(self) -> Period:
        return PERIODS[self._open - 1]

    @work(group="load")
    async def load(self, *, from_top: bool) -> None:
        """Read the figures of the period that is open."""
        app, period = self.desk_app, self._period
        until_day = app.today()
        by = (By.HOUR,) if period.by is None else (period.by, By.HOUR)
        try:
            figures = await figures_between(app.installation.desk, app.who, period.first_day(until_day), until_day, by)
        except DeskError as error:
            if not self.is_gone:
                self.said.update(sentence(error))
            return
        if period is self._period and not self.is_gone:
            # Whoever has gone on to another period meanwhile sees that one's.
            self._figures = figures
            self._show(figures, from_top=from_top)

    def _show(self, figures: Figures, *, from_top: bool) -> None:
        branch_id, today = self._branch_id, self.desk_app.today()
        sums = " · ".join(
            _("{what} {n}").format(what=pgettext("statistics", title), n=_told(figures.total(what, branch_id)))
            for what, title in WHAT.items()
        )
        where = _("all branches") if branch_id is None else paintable(figures.branches.get(branch_id, ""))
        days = date_range(figures.from_day, figures.until_day, today)
        self.summed.update(f"{where} · {days}\n{sums}")
        sections = [_hours(figures, branch_id)]
        if self._period.by is not None:
            sections.insert(0, _days(figures, branch_id, self._period))
        if figures.removed:
            sections.append(_removed(figures.removed))
        self.bars.show(sections, from_top=from_top)
        is_hidden = any(figure is None for section in sections for bar in section.bars for figure in bar.figures)
        self.said.update(_("Hidden: figures under 5, and those that would tell them.") if is_hidden else "")
        self._show_keys(figures)

    def _show_keys(self, figures: Figures) -> None:
        branch = (("F", pgettext("footer", "next branch")),) if len(figures.branches) > 1 else ()
        self.keys.show(
            (
                ("Esc", pgettext("footer", "back")),
                *branch,
                ("↑↓", pgettext("footer", "scroll")),
                ("F9", pgettext("footer", "curtain")),
                ("F1", pgettext("footer", "help")),
            )
        )

    def show_hint(self, text: str) -> None:
        """Say what the counter has to say."""
        self.said.update(paintable(text))

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here."""
        return [
            *(
                SystemCommand(_(period.label), _("Show these days ({key})").format(key=place), self._opener(place))
                for place, period in enumerate(PERIODS, 1)
            ),
            SystemCommand(_("Next branch"), _("Show the next branch, or all of them (F)"), self.action_next_branch),
            SystemCommand(_("Back"), _("Back to the lists (Esc)"), self.action_leave),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
        ]

    def _opener(self, place: int) -> Callable[[], None]:
        return lambda: self.action_period(place)

    def action_period(self, place: int) -> None:
        """Go to a period."""
        self._open = place
        tabs = [Tab(str(number), _(period.label)) for number, period in enumerate(PERIODS, 1)]
        self.tabs.show(tabs, str(place))
        self.load(from_top=True)

    def action_next_branch(self) -> None:
        """Show the next branch; after the last one all of them together."""
        if self._figures is None or len(self._figures.branches) < 2:
            return
        choices = (None, *self._figures.branches)
        place = choices.index(self._branch_id) if self._branch_id in choices else 0
        self._branch_id = choices[(place + 1) % len(choices)]
        self._show(self._figures, from_top=False)

    def action_leave(self) -> None:
        """Back to the lists."""
        self.dismiss()


def _days(figures: Figures, branch_id: int | None, period: Period) -> Section:
    by = period.by or By.DAY
    columns = [figures.by(what, by, branch_id) for what in WHAT]
    until_day = figures.until_day
    bars = tuple(
        Bar(key_words(by, key, until_day), tuple(column.get(key, 0) for column in columns))
        for key in period.keys(until_day)
    )
    return Section(_("By month") if by is By.MONTH else _("By day"), _columns(), bars)


def _hours(figures: Figures, branch_id: int | None) -> Section:
    columns = [figures.by(what, By.HOUR, branch_id) for what in WHAT]
    busy = sorted({key for column in columns for key, figure in column.items() if figure != 0})
    hours = [f"{hour:02}" for hour in range(int(busy[0]), int(busy[-1]) + 1)] if busy else []
    bars = tuple(
        Bar(key_words(By.HOUR, key, figures.until_day), tuple(column.get(key, 0) for column in columns))
        for key in hours
    )
    return Section(_("By hour"), _columns(), bars or (Bar(_("nothing"), ()),))


def _removed(removed: Mapping[str, Figure]) -> Section:
    bars = tuple(Bar(pgettext("retention", REMOVED[kind]), (removed[kind],)) for kind in REMOVED if kind in removed)
    return Section(_("Deleted on time"), (_("all branches"),), bars)


def _columns() -> tuple[str, ...]:
    return tuple(pgettext("statistics", title) for title in WHAT.values())


def _told(figure: Figure) -> str:
    return _("hidden") if figure is None else number(figure)
