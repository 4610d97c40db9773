"""What a gateway answers with 200: taken, or nothing that can be relied on; and when it is left alone (M1, M2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.errors import SettingsError
from desk.messages.at_counter import messages_not_sent
from desk.messages.gateway_answer import is_good_answer
from desk.nightly import PartReport
from desk.settings import read
from tests.messaging import Gateway, Office, sms_gateway

JSON, TEXT, HTML = "application/json; charset=utf-8", "text/plain", "text/html"
LOG_IN = "<!DOCTYPE html><html><body>Please log in. OK</body></html>"


@pytest.mark.parametrize(
    ("content_type", "said", "accepted", "is_good"),
    [
        (JSON, '{"id": "17", "status": "queued"}', "", True),
        (JSON, '{"status": 200, "error": null, "errors": []}', "", True),
        (JSON, '[{"id": 1, "success": true}]', "", True),
        (JSON, "{}", "", True),
        (JSON, '{"status": "error", "message": "no credit"}', "", False),
        (JSON, '{"status": "FAILED"}', "", False),
        (JSON, '{"status": 403}', "", False),
        (JSON, '{"error": "unknown sender"}', "", False),
        (JSON, '{"errors": [{"code": 7}]}', "", False),
        (JSON, '{"success": false}', "", False),
        (JSON, '[{"id": 1}, {"error": "x"}]', "", False),
        (JSON, '"OK"', "", False),
        (JSON, "[]", "", False),
        (JSON, "{half of", "", False),
        (JSON, "[" * 60_000, "", False),
        (JSON, "", "", False),
        (JSON, None, "", False),
        (TEXT, '{"status": "queued"}', "", False),
        ("", "", "", False),
        (HTML, "{}", "", False),
        (HTML, LOG_IN, "OK", False),
        (TEXT, LOG_IN, "OK", False),
        (TEXT, "OK: 17", "^OK", True),
        (TEXT, "ERR: 17", "^OK", False),
        ("", "", "^$", True),
        (JSON, '{"status": "error"}', "^$", False),
        (TEXT, None, "OK", False),
    ],
)
def test_a_good_answer_says_so_and_a_web_page_never_does(
    content_type: str, said: str | None, accepted: str, *, is_good: bool
) -> None:
    assert is_good_answer(content_type, said, accepted) is is_good


@pytest.mark.parametrize(
    ("content_type", "says"), [(HTML, LOG_IN), (JSON, '{"status": "error", "why": "no credit"}'), (JSON, "")]
)
async def test_nonsense_with_200_is_uncertain_and_listed_and_the_run_says_what_to_look_at(
    office: Office, content_type: str, says: str
) -> None:
    for number in range(20):
        office.queue(office.borrower(sms=f"203040{number:02}"))
    with sms_gateway(gateway=Gateway(says=says, content_type=content_type)) as gateway:
        office.sends_sms_to(gateway)
        report = await office.run()
    assert (report.sent, report.stopped) == (0, {"sms": "gateway_unclear"})
    assert not PartReport(report.counts(), report).is_well
    listed = await office.house.desk.ask(office.house.who(), messages_not_sent, office.clock())
    assert len(listed) == len(gateway.orders) == office.settings.messages.at_once
    assert {message.record.problem for message in listed} == {"uncertain"}


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_an_empty_answer_is_a_good_one_where_the_settings_say_so(office: Office, status: int) -> None:
    office.queue(office.borrower(sms="20304050"))
    with sms_gateway(gateway=Gateway({"+4520304050": status}, says="")) as gateway:
        office.sends_sms_to(gateway, accepted="^$")
        await office.run()
    assert office.states() == [("sent", "")]


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410])
async def test_a_wrong_address_or_token_costs_no_message_however_long_it_stays_wrong(
    office: Office, status: int
) -> None:
    people = [f"203040{number:02}" for number in range(20)]
    for number in people:
        office.queue(office.borrower(sms=number))
    with sms_gateway(gateway=Gateway(dict.fromkeys([f"+45{number}" for number in people], status))) as gateway:
        office.sends_sms_to(gateway)
        for _run in range(8):
            report = await office.run()
            assert not PartReport(report.counts(), report).is_well
            office.clock.forward(hours=9)
        assert {state for state, _problem in office.states()} == {"waiting"}
        gateway.answers.clear()
        assert (await office.run()).sent == 20


async def test_a_gateway_that_fails_again_and_again_is_left_alone_and_the_run_says_so(office: Office) -> None:
    people = [f"203040{number:02}" for number in range(12)]
    for number in people:
        office.queue(office.borrower(sms=number))
    with sms_gateway(gateway=Gateway(dict.fromkeys([f"+45{number}" for number in people], 500))) as gateway:
        office.sends_sms_to(gateway)
        report = await office.run()
    assert report.stopped == {"sms": "gateway_failed"}
    assert not PartReport(report.counts(), report).is_well
    assert {state for state, _problem in office.states()} == {"waiting"}


async def test_a_gateway_that_fails_every_one_of_a_few_is_told_too_and_one_that_takes_another_is_not(
    office: Office,
) -> None:
    people = ("20304001", "20304002", "20304003")
    for number in people:
        office.queue(office.borrower(sms=number))
    with sms_gateway(gateway=Gateway(dict.fromkeys([f"+45{number}" for number in people], 500))) as gateway:
        office.sends_sms_to(gateway)
        report = await office.run()
        assert report.stopped == {"sms": "gateway_failed"}
        assert not PartReport(report.counts(), report).is_well
        assert len(gateway.orders) == 3
        office.clock.forward(hours=9)
        del gateway.answers["+4520304001"]
        report = await office.run()
    assert (report.sent, report.stopped) == (1, {})


def test_an_accepted_that_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"sms\.accepted"):
        read({"sms": {"accepted": "(OK"}}, Path("desk.toml"))
