"""What is taken of what anybody on the internet may have sent, and why the rest is not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.forms.kinds import KINDS, fields_of, schema_of
from desk.forms.reading import Fault, read_form
from desk.forms.records import FormContent
from desk.forms.words import fault_words
from tests.builders import TUESDAY
from tests.desk.forms.sent import NAME, SAYS, STRINGS, WISH, form

SUMMER = (26, 33)
IN_JULY = datetime(2026, 7, 1, 10, tzinfo=UTC)


def read(raw: bytes, now: datetime = TUESDAY, weeks: tuple[int, int] | None = None) -> FormContent | Fault:
    """Read a form on a Tuesday in March; holiday bags can be ordered all year."""
    return read_form(raw, now, weeks)


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_policys_four_kinds_comes_in_with_all_its_fields(kind: str) -> None:
    content = read(form(kind))
    assert isinstance(content, FormContent)
    assert (content.kind, content.sent_at) == (kind, TUESDAY)
    assert content.values == SAYS[kind] | {key: content.values[key] for key in ("name", "email", "phone")}
    assert content.values["name"] == NAME
    assert not any(text in repr(content) for text in STRINGS)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", Fault("not_json")),
        (b"hej", Fault("not_json")),
        (b"[]", Fault("not_json")),
        (b'"form"', Fault("not_json")),
        (b"\xff\xfe{}", Fault("not_json")),
        (b'{"form": NaN}', Fault("not_json")),
        (b"[" * 9_000, Fault("not_json")),
        (b'{"a": ' + b"9" * 9_000 + b"}", Fault("not_json")),
        (form()[:-1], Fault("not_json")),
        (form() + form(), Fault("not_json")),
        (form()[:-1] + b', "name": "Ib"}', Fault("twice")),
        (b"x" * 10_000_000, Fault("too_long")),
        (form(about="x" * 301), Fault("too_long", "about")),
        (form(id="x" * 101), Fault("too_long", "id")),
        (form(form="complaint"), Fault("kind")),
        (form(form=["appointment"]), Fault("kind")),
        (form(cpr="7705804716"), Fault("unknown_field")),
        (form(title="Pelle"), Fault("unknown_field")),
        (form(without=("about",)), Fault("missing", "about")),
        (form(without=("name",)), Fault("missing", "name")),
        (form(without=("sent_at",)), Fault("missing", "sent_at")),
        (form(name="  "), Fault("missing", "name")),
        (form(without=("email", "phone")), Fault("no_way_back")),
        (form(name={"first": "Ib"}), Fault("type", "name")),
        (form(name=None), Fault("type", "name")),
        (form("reading_group", copies="6"), Fault("type", "copies")),
        (form("reading_group", copies=True), Fault("type", "copies")),
        (form("reading_group", copies=6.5), Fault("type", "copies")),
        (form("reading_group", copies=0), Fault("value", "copies")),
        (form("reading_group", copies=41), Fault("value", "copies")),
        (form(wanted_on="20260320"), Fault("value", "wanted_on")),
        (form(wanted_on="2026-02-30"), Fault("value", "wanted_on")),
        (form(wanted_at="24:00"), Fault("value", "wanted_at")),
        (form(email="ib"), Fault("value", "email")),
        (form(phone="ring til Ib nu"), Fault("value", "phone")),
        (form(sent_at="i går"), Fault("value", "sent_at")),
        (form(sent_at="2026-03-10T10:00:00"), Fault("value", "sent_at")),
        (form(sent_at="0001-01-01T00:00:00+14:00"), Fault("value", "sent_at")),
        (form(at=TUESDAY + timedelta(days=1)), Fault("value", "sent_at")),
        (form(name="Ib\x1b[2J"), Fault("control", "name")),
        (form(name="a\u202eb"), Fault("control", "name")),
        (form(name="Ib\u0000"), Fault("control", "name")),
        (form(name="\ud800"), Fault("control", "name")),
        (form(about="<script>alert(1)</script>"), Fault("markup", "about")),
        (form(about="&#27;[2J"), Fault("markup", "about")),
        (form(about="R&amp;B"), Fault("markup", "about")),
    ],
    ids=lambda value: value.why if isinstance(value, Fault) else value[:20].decode("latin-1"),
)
def test_what_is_not_a_form_is_refused_with_a_sentence_that_repeats_nothing(raw: bytes, fault: Fault) -> None:
    assert read(raw) == fault
    said = fault_words(fault)
    assert said
    assert "{" not in said
    assert not any(text in said for text in STRINGS)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"phone": "(+45) 58789506"}, "(+45) 58789506"),
        ({"about": "R&B; jazz"}, "R&B; jazz"),
        (
            {"about": "for os alle \U0001f468\u200d\U0001f469\u200d\U0001f467"},
            "for os alle \U0001f468\U0001f469\U0001f467",
        ),
    ],
)
def test_what_ordinary_people_write_is_taken(said: dict[str, Any], value: str) -> None:
    content = read(form(**said))
    assert isinstance(content, FormContent)
    assert value in content.values.values()


def test_a_whole_number_may_be_written_with_a_point() -> None:
    content = read(form("reading_group", copies=6.0))
    assert isinstance(content, FormContent)
    assert content.values["copies"] == 6


@pytest.mark.parametrize("text", ["<b>Ib</b>", "Ib\x1b[2J", "Ib\u0000", "a <!-- b"])
def test_what_is_refused_as_no_plain_text_is_refused_by_the_schema_too(text: str) -> None:
    rule = schema_of("appointment")["properties"]["about"]
    assert isinstance(read(form(about=text)), Fault)
    assert re.search(rule["pattern"], text) is None
    assert re.search(rule["pattern"], "3 < 4 & lige over Ø\n") is not None


@pytest.mark.parametrize(
    ("day", "taken"),
    [("2026-06-21", False), ("2026-06-22", True), ("2026-08-16", True), ("2026-08-17", False)],
)
def test_holiday_bags_come_in_within_their_weeks_by_the_day_they_were_sent(day: str, *, taken: bool) -> None:
    sent = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    now = sent + timedelta(days=30)
    assert isinstance(read(form("holiday_bag", at=sent), now, SUMMER), FormContent) is taken
    assert isinstance(read(form("appointment", at=sent), now, SUMMER), FormContent)
    assert read(form("holiday_bag", at=sent), sent + timedelta(days=181), SUMMER) == Fault("season")


def test_an_hour_that_is_still_july_in_denmark_alone_counts_as_danish() -> None:
    sent = datetime(2026, 6, 21, 22, 30, tzinfo=UTC)  # half past midnight on Monday of week 26
    assert isinstance(read(form("holiday_bag", at=sent), sent, SUMMER), FormContent)


def test_texts_come_in_composed_with_single_blanks_and_line_breaks_as_blanks() -> None:
    content = read(form(name=" A\u030ase\n  Østergård "))
    assert isinstance(content, FormContent)
    assert content.values["name"] == "Åse Østergård"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_names_the_fields_that_are_read_and_no_other(kind: str) -> None:
    schema: dict[str, Any] = json.loads(json.dumps(schema_of(kind)))
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {"form", "id", "sent_at", *(one.name for one in fields_of(kind))}
    told = json.loads(form(kind))
    for name in schema["required"]:
        assert isinstance(read(json.dumps({**told} | {name: None}).encode()), Fault)
        assert isinstance(read(form(kind, without=(name,))), Fault)
    for name, rule in schema["properties"].items():
        if "maxLength" in rule and name not in {"email", "phone"}:
            at_most = form(kind, **{name: "x" * rule["maxLength"]})
            assert isinstance(read(at_most), FormContent)
    assert WISH in json.dumps(told, ensure_ascii=False)
