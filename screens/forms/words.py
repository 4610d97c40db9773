"""The words of the inbox."""

from __future__ import annotations

from datetime import date

from desk.calendar import local_date
from desk.forms.kinds import fields_of
from desk.forms.records import FormLine, OpenedForm
from desk.forms.taking_in import FormsReport
from desk.forms.words import fault_words, kind_words, label_words
from desk.texts import _, ngettext
from desk.wording import short_date
from screens.text import paintable

SHOWN_FILES = 3


def row_of(line: FormLine, today: date) -> tuple[str, ...]:
    """Give a form's row in the inbox."""
    late = _("should have been handled {date}").format(date=short_date(line.late_on, today)) if line.is_late else ""
    return short_date(local_date(line.sent_at), today), kind_words(line.kind), late


def lines_of(form: OpenedForm, today: date) -> list[str]:
    """Give what a form says, a line a field."""
    lines = []
    for field in fields_of(form.content.kind):
        value = form.content.values.get(field.name)
        if value is None:
            continue
        text = short_date(date.fromisoformat(str(value)), today) if field.of == "date" else str(value)
        lines.append(_("{label}: {value}").format(label=label_words(field.name), value=paintable(text)))
    return lines


def refused_words(report: FormsReport) -> str:
    """Tell the files that were not taken in, or not deleted; empty when there are none."""
    told = [
        _("{file}: {reason}").format(file=paintable(one.file), reason=fault_words(one.fault)) for one in report.skipped
    ]
    told += [_("{file}: is in the inbox, and could not be deleted").format(file=paintable(one)) for one in report.left]
    if not told:
        return ""
    more = len(told) - SHOWN_FILES
    if more > 0:
        told = [*told[:SHOWN_FILES], ngettext("… and {n} more file", "… and {n} more files", more).format(n=more)]
    return "\n".join((_("Not handled in the folder:"), *told))
