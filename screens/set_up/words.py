"""What a change is and would do, why it cannot be, and who made which: in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from desk.calendar import local_date
from desk.errors import DeskError, InvalidInput, NotFound
from desk.set_up import changes as so
from desk.set_up.commands import ChangedMeanwhile
from desk.set_up.records import Effect, Hours, PastChange, SetUpRecord, Tier
from desk.set_up.rules import BOUNDS, LONGEST_ISIL, LONGEST_NAME, LONGEST_REASON, MOST_TIERS
from desk.texts import N_, _, ngettext, pgettext
from desk.wording import clock, date_range, number, one_stop, short_date, weekday_date
from screens.sentences import sentence
from screens.set_up.value_words import (
    day_state,
    days_words,
    differences,
    hours_words,
    kind_words,
    label,
    tier_words,
    value,
)

# Field and what is wrong with it, where a bound or a length does not say it all.
REFUSED = {
    ("set_up", "same"): N_("It is so already. Nothing has changed."),
    ("calendar", "no_open_day"): N_("No open day in the coming year: nothing could be lent. Nothing is saved."),
    ("first", "passed"): N_("The day has passed. Nothing is saved. Choose a later one."),
    ("first", "too_far"): N_("The day is more than five years ahead. Nothing is saved. Choose an earlier one."),
    ("last", "before_first"): N_("The last day comes before the first. Nothing is saved. Correct the dates."),
    ("last", "too_long"): N_("That is more than a year at once. Nothing is saved. Choose fewer days."),
    ("hours", "order"): N_("A branch opens before it closes, on the same day. Nothing is saved. Correct the hours."),
    ("from_day", "twice"): N_("There is a step from that day already. Nothing is saved. Choose another day."),
    ("adult_ore", "falls"): N_("A fee never falls with the days overdue. Nothing is saved. Correct the amount."),
    ("child_ore", "falls"): N_("A fee never falls with the days overdue. Nothing is saved. Correct the amount."),
    ("municipalities", "invalid"): N_(
        "Municipality numbers are 3 figures, parted by spaces: 671 665. Nothing is saved. Correct them."
    ),
}
LONGEST = {"isil": LONGEST_ISIL, "reason": LONGEST_REASON}


def why_not(error: DeskError) -> str:
    """Word why a change was not saved."""
    match error:
        case ChangedMeanwhile(at=at, by=by) if at is not None and by:
            return _("Changed meanwhile by {who} at {time}. Nothing is saved. Look at it, and decide again.").format(
                who=by.rstrip("."), time=clock(at)
            )
        case ChangedMeanwhile():
            return _("Changed meanwhile by somebody else. Nothing is saved. Look at it, and decide again.")
        case NotFound():
            return _("It is gone meanwhile. Nothing has changed.")
        case InvalidInput(field=field, why=why):
            return _refused(field, why) or sentence(error)
        case _:
            return sentence(error)


def _refused(field: str, why: str) -> str:
    said = REFUSED.get((field, why))
    if said is not None:
        return _(said)
    match why:
        case "bounds":
            least, most = (value(field, bound) for bound in BOUNDS[field])
            return _("{what} is from {least} to {most}. Nothing is saved. Correct it.").format(
                what=label(field), least=least, most=most.removesuffix(".")
            )
        case "missing":
            return _("{what} is missing. Nothing is saved. Type it.").format(what=label(field))
        case "too_long":
            longest = LONGEST.get(field, LONGEST_NAME)
            return _("{what} is longer than {count} characters. Nothing is saved. Shorten it.").format(
                what=label(field), count=longest
            )
        case "taken":
            return _("{what} is taken already. Nothing is saved. Choose another.").format(what=label(field))
        case "too_many":
            return _("There is room for {count}. Nothing is saved. Take one away.").format(count=MOST_TIERS)
        case _:
            return ""


# What a change is.


def subject(what: str, about: Sequence[int | str], decided: SetUpRecord) -> str:
    """Name what is changed: «alm. låner × 30 dages lån»."""
    borrowers = {one.group_id: one.values.name for one in decided.borrower_groups}
    materials = {one.group_id: one.values.name for one in decided.material_groups}
    branches = {one.branch_id: one.values.name for one in decided.branches}
    names: dict[str, Callable[[], str]] = {
        "rule": lambda: f"{borrowers.get(int(about[0]), '–')} × {materials.get(int(about[1]), '–')}",
        "borrower_group": lambda: _("Borrower group {name}").format(name=borrowers.get(int(about[0]), "")).strip(),
        "material_group": lambda: _("Material group {name}").format(name=materials.get(int(about[0]), "")).strip(),
        "library": lambda: _("Amounts and periods"),
        "tiers": lambda: _("Fees for returning late"),
        "hours": lambda: _("Opening hours, {branch}").format(branch=branches.get(int(about[0]), "–")),
        "calendar": lambda: _("Calendar, {branch}").format(branch=branches.get(int(about[0]), "–")),
        "branch": lambda: _("Branch {name}").format(name=branches.get(int(about[0]), "")).strip(),
        "counter": lambda: _("Counter, {branch}").format(branch=branches.get(int(about[0]), "–")),
        "channels": lambda: _("Messages: {kind}").format(kind=kind_words(str(about[0]))),
        "municipalities": lambda: _("Municipalities with digital services"),
        "person_number": lambda: _("Staff number, {login}").format(login=about[0]),
    }
    return names[what]() if what in names else what


def from_to(what: str, before: Any, after: Any) -> str:
    """Word what was and what is to be; values as they are written down (JSON)."""
    match what:
        case "tiers":
            return _listed(before, after, lambda one: tier_words(Tier(**one)))
        case "hours":
            return _listed(before, after, lambda one: hours_words(Hours(**one)))
        case "calendar":
            return day_state(is_open=after["is_open"], reason=after["reason"])
        case "municipalities":
            return f"{_codes(before)} → {_codes(after)}"
        case "person_number":
            return f"{_number_words(before)} → {_number_words(after)}"
        case "counter":
            return str(after) if before is None else f"{before} → {after}"
        case _:
            return differences(before, after)


def _number_words(which: str) -> str:
    return {
        "none": pgettext("staff number", "none"),
        "one": pgettext("staff number", "one"),
        "another": pgettext("staff number", "another"),
    }[which]


def _codes(codes: Sequence[str]) -> str:
    return ", ".join(codes) or _("the library's own")


def _listed(before: Sequence[Any], after: Sequence[Any], words: Callable[[Any], str]) -> str:
    gone = [words(one) for one in before if one not in after]
    new = [words(one) for one in after if one not in before]
    return f"{', '.join(gone) or '–'} → {', '.join(new) or '–'}"


def heading(change: so.Change, decided: SetUpRecord, today: date) -> str:
    """Say in one line what a change is."""
    match change:
        case so.CalendarChange(branch_id=branch_id, first=first, last=last):
            days = date_range(first, last, today) if first.year == last.year else days_words(first, last, today)
            state = day_state(is_open=change.is_open, reason=change.reason)
            return f"{subject('calendar', (branch_id,), decided)}: {days} {state}"
        case so.TiersChange(before=before, after=after):
            return _of("tiers", (), decided, _dicts(before), _dicts(after))
        case so.HoursChange(branch_id=branch_id, before=before, after=after):
            return _of("hours", (branch_id,), decided, _dicts(before), _dicts(after))
        case so.MunicipalitiesChange(before=before, after=after):
            return _of("municipalities", (), decided, before, after)
        case so.CounterChange(branch_id=branch_id, before=before, after=after):
            return _of("counter", (branch_id,), decided, before, after)
        case so.LendingRuleChange():
            about = (change.borrower_group_id, change.material_group_id)
            return _of("rule", about, decided, _dict(change.before), asdict(change.after))
        case so.BorrowerGroupChange(group_id=group_id):
            return _of("borrower_group", (group_id or 0,), decided, _dict(change.before), asdict(change.after))
        case so.MaterialGroupChange(group_id=group_id):
            return _of("material_group", (group_id or 0,), decided, _dict(change.before), asdict(change.after))
        case so.BranchChange(branch_id=changed):
            return _of("branch", (changed or 0,), decided, _dict(change.before), asdict(change.after))
        case so.ChannelsChange(kind=kind):
            return _of("channels", (kind,), decided, asdict(change.before), asdict(change.after))
        case _:
            return _of("library", (), decided, asdict(change.before), asdict(change.after))


def _of(what: str, about: Sequence[int | str], decided: SetUpRecord, before: Any, after: Any) -> str:
    return f"{subject(what, about, decided)}: {from_to(what, before, after)}"


def _dict(held: Any) -> dict[str, Any] | None:
    return None if held is None else asdict(held)


def _dicts(held: Sequence[Any]) -> list[Mapping[str, Any]]:
    return [asdict(one) for one in held]


# What it would do.


def effect_lines(change: so.Change, effect: Effect, today: date) -> tuple[str, ...]:
    """Say what a change would do, a line for each thing."""
    lines = [_holds_for(change, effect)]
    for count, words in (
        (effect.above_limit, _above(effect.above_limit)),
        (effect.waiting, _waiting(effect.waiting)),
        (effect.blocked, _blocked(effect.blocked)),
        (effect.freed, _freed(effect.freed)),
        (effect.due, _due(effect, today)),
        (effect.pickups, _pickups(effect.pickups)),
    ):
        if count:
            lines.append(words)
    if isinstance(change, so.CalendarChange | so.HoursChange) and not effect.due:
        lines.append(_("No loan has to be moved."))
    return tuple(filter(None, lines))


def _holds_for(change: so.Change, effect: Effect) -> str:
    match change:
        case so.LendingRuleChange() if effect.keep_date:
            return ngettext(
                "Holds for new loans and renewals; {count} open loan keeps its date.",
                "Holds for new loans and renewals; {count} open loans keep their dates.",
                effect.keep_date,
            ).format(count=number(effect.keep_date))
        case so.LendingRuleChange():
            return _("Holds for new loans and renewals.")
        case so.TiersChange():
            return _("Holds for what is returned or renewed from now on. What has been charged stays as it is.")
        case so.LibraryChange():
            return _("Holds from now on. What has been charged stays as it is.")
        case so.ChannelsChange():
            return _("Holds for messages from now on. What is queued already goes as it is.")
        case so.BranchChange(branch_id=int()) | so.CounterChange(counter_id=int()):
            return _("Where a counter's desk.toml names it, IT corrects that before the counter is started again.")
        case so.BorrowerGroupChange(group_id=None) | so.MaterialGroupChange(group_id=None):
            return _("It gets the lending rules of the group you stood on.")
        case _:
            return ""


def _above(count: int) -> str:
    return ngettext(
        "{count} borrower has more loans than that and keeps them, but can borrow no more until there is room.",
        "{count} borrowers have more loans than that and keep them, but can borrow no more until there is room.",
        count,
    ).format(count=number(count))


def _waiting(count: int) -> str:
    return ngettext(
        "{count} reservation is passed over as long as it is so.",
        "{count} reservations are passed over as long as it is so.",
        count,
    ).format(count=number(count))


def _blocked(count: int) -> str:
    return ngettext("{count} borrower is blocked by it.", "{count} borrowers are blocked by it.", count).format(
        count=number(count)
    )


def _freed(count: int) -> str:
    return ngettext("{count} borrower is no longer blocked.", "{count} borrowers are no longer blocked.", count).format(
        count=number(count)
    )


def _due(effect: Effect, today: date) -> str:
    first, last = effect.due_first, effect.due_last
    if first is None or last is None:
        return ""
    count = number(effect.due)
    if first == last:
        said = ngettext(
            "{count} loan is due then; it goes to {date}.", "{count} loans are due then; they go to {date}.", effect.due
        ).format(count=count, date=weekday_date(first, today))
    else:
        said = ngettext(
            "{count} loan is due then; it goes to the next open day, {date} at the latest.",
            "{count} loans are due then; each goes to the next open day, {date} at the latest.",
            effect.due,
        ).format(count=count, date=weekday_date(last, today))
    # Danish short dates end in a stop of their own, which also ends the sentence.
    return one_stop(said)


def _pickups(count: int) -> str:
    return ngettext(
        "{count} item on the pickup shelf waits until the next open day.",
        "{count} items on the pickup shelf wait until the next open day.",
        count,
    ).format(count=number(count))


def saved(moved: int) -> str:
    """Say that a change is saved, and what was moved."""
    if not moved:
        return _("Saved.")
    return ngettext(
        "Saved. {count} loan has a later due date.", "Saved. {count} loans have a later due date.", moved
    ).format(count=number(moved))


def past_line(past: PastChange, decided: SetUpRecord, today: date) -> tuple[str, ...]:
    """Give a row of who changed what and when."""
    what = subject(past.what, past.about, decided)
    if past.what == "calendar":
        first, last = (date.fromisoformat(str(day)) for day in past.about[1:])
        what = f"{what}: {days_words(first, last, today)}"
    day = short_date(local_date(past.at), today)
    moved = number(past.moved) if past.moved else ""
    staff = past.staff or pgettext("set-up", "command line")
    return (f"{day} {clock(past.at)}", staff, what, from_to(past.what, past.before, past.after), moved)
