"""Who subscribes and who does not any more: the list is its own, and what is noted leads to nobody (P12, G8)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from db.models import AccessLog, CommandRecord
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.errors import FileNotWritten, InvalidInput, NotFound
from desk.newsletter.commands import ExportSubscribers, Unsubscribe
from desk.newsletter.importing import import_file, write_list
from desk.newsletter.leaving import leave
from desk.newsletter.queries import subscriber_count
from desk.newsletter.rules import parted_name, spelled
from desk.registry.report import ImportReport
from tests.desk.newsletter.subscribing import Editor

HOSTILE = ("Ib [/] Hansen", "\x1b[2JIb", "a\u202eb", "=HYPERLINK(1)", "Åse\r\nBcc: alle@example.dk")


async def test_however_it_is_typed_an_address_subscribes_once(editor: Editor) -> None:
    assert await editor.subscribe(" Anna@Example.DK ", "Anna", "Møller")
    assert not await editor.subscribe("anna@example.dk", "Anna Kirstine", "Møller")
    assert editor.on_the_list() == [("anna@example.dk", "Anna Kirstine", "Møller")]
    assert (await editor.find("ANNA@example.dk")).consented_on == local_date(editor.house.clock())
    assert await editor.house.desk.ask(editor.house.who(), subscriber_count) == 1


async def test_unsubscribing_leaves_nothing(editor: Editor) -> None:
    for email in ("anna@example.dk", "bo@example.dk", "cille@example.dk"):
        await editor.subscribe(email)
    await editor.unsubscribe("BO@example.dk")
    await editor.unsubscribe_with(editor.token("cille@example.dk"))
    assert editor.on_the_list() == [("anna@example.dk", "", "")]
    assert await editor.find("bo@example.dk") is None
    for again in (editor.unsubscribe("bo@example.dk"), editor.unsubscribe_with(editor.token("cille@example.dk"))):
        with pytest.raises(NotFound):
            await again


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43])
async def test_a_token_that_is_nobodys_unsubscribes_nobody(editor: Editor, token: str) -> None:
    await editor.subscribe("anna@example.dk")
    with pytest.raises(NotFound):
        await editor.unsubscribe_with(token)
    assert len(editor.on_the_list()) == 1


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "@example.dk", "a b@example.dk", "a@b,c@d.dk", "a@" + "b" * 300]
)
async def test_what_is_no_address_is_refused(editor: Editor, email: str) -> None:
    with pytest.raises(InvalidInput):
        await editor.subscribe(email)
    assert editor.on_the_list() == []


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_a_hostile_name_is_only_text(editor: Editor, hostile: str) -> None:
    await editor.subscribe("ib@example.dk", hostile)
    ((_email, first_name, _last_name),) = editor.on_the_list()
    assert first_name.isprintable()


async def test_every_look_and_change_is_noted_and_leads_to_nobody(editor: Editor) -> None:
    await editor.find("anna@example.dk")
    await editor.subscribe("anna@example.dk")
    await editor.unsubscribe("anna@example.dk")
    columns = (AccessLog.subject, AccessLog.action, AccessLog.purpose, AccessLog.revealed, AccessLog.outcome)
    assert editor.house.rows(AccessLog.select(*columns).order_by(AccessLog.number)) == [
        (None, "search", "borrower_asks", "newsletter", "not_found"),
        (None, "change", "borrower_asks", "newsletter", "done"),
        (None, "change", "borrower_asks", "newsletter", "done"),
    ]
    assert set(editor.house.rows(CommandRecord.select(CommandRecord.row_id))) == {(None,)}


async def imported(editor: Editor, text: str) -> ImportReport:
    path = editor.office.home / "in.csv"
    path.write_bytes(text.encode("iso-8859-1"))
    house = editor.house
    return await import_file(
        editor.office.installation(), path, house.clock(), house.new_id, lambda _done, _total: None
    )


async def test_an_import_doubles_nothing_and_tells_what_it_left_out(editor: Editor) -> None:
    text = (
        "email;consented_on;first_name;last_name;shoe_size\n"
        "Anna@Example.dk;2025-01-05;Åse;Møller;41\n"
        "anna@example.dk;5.1.2025;Anna;;\n"
        "bo@example.dk;;Bo;;\n"
        "cille@example.dk;2199-01-01;Cille;;\n"
        "nobody;2025-01-05;;;\n"
        f"dan@example.dk;2025-01-05;{'x' * 101};;\n"
        "eva@example.dk;2025-01-05;Eva;070661-0106;\n"
    )
    for added, updated in ((1, 0), (0, 1)):
        report = await imported(editor, text)
        assert (report.added, report.updated, report.records) == (added, updated, 7)
        assert sorted((one.record, one.why) for one in report.skipped) == [
            (3, "email_twice"),
            (4, "consent"),
            (5, "consent"),
            (6, "email"),
            (7, "too_long"),
            (8, "number_in_name"),
        ]
        assert editor.on_the_list() == [("anna@example.dk", "Åse", "Møller")]


async def test_an_export_is_private_and_comes_back_as_it_was(editor: Editor, tmp_path: Path) -> None:
    await editor.subscribe("=anna@example.dk", "=1+1", "O'Hara; Ib")
    before = editor.on_the_list()
    house = editor.house
    command = ExportSubscribers(command_id=house.new_id(), who=house.who("supervisor"), at=house.clock())
    path = tmp_path / "out" / "list.csv"
    everybody = await house.desk.do(command)
    assert write_list(path, everybody) == 1
    assert path.stat().st_mode & 0o077 == 0
    assert "\n=" not in path.read_text("utf-8-sig")
    with pytest.raises(FileNotWritten):
        write_list(path, ())
    await editor.unsubscribe("=anna@example.dk")
    installation = editor.office.installation()
    report = await import_file(installation, path, house.clock(), house.new_id, lambda _done, _total: None)
    assert (report.added, report.skipped) == (1, [])
    assert editor.on_the_list() == before


async def test_a_file_brings_nobody_back_who_has_left_since_they_consented(editor: Editor) -> None:
    await editor.subscribe("anna@example.dk")
    house = editor.house
    command = Unsubscribe(command_id=house.new_id(), who=house.who(), at=house.clock(), email="anna@example.dk")
    await leave(editor.office.installation(), command)
    left_on = local_date(house.clock())
    heading = "email;consented_on\n"
    report = await imported(editor, f"{heading}Anna@example.dk;{left_on}\nbo@example.dk;{left_on}\n")
    assert [(one.record, one.why) for one in report.skipped] == [(2, "left_newsletter")]
    assert [email for email, *_names in editor.on_the_list()] == ["bo@example.dk"]
    house.clock.now += timedelta(days=2)
    report = await imported(editor, f"{heading}anna@example.dk;{left_on + timedelta(days=1)}\n")
    assert (report.added, report.skipped) == (1, [])


async def test_the_installation_counts_and_looks_at_nobody(editor: Editor) -> None:
    await editor.subscribe("anna@example.dk")
    assert await editor.house.desk.ask(INSTALLATION, subscriber_count) == 1


def test_an_address_is_spelled_and_a_name_parted() -> None:
    assert spelled("ab@cd.dk") == "a b\n@ c d . d k"
    assert parted_name("Anna Kirstine Møller") == ("Anna Kirstine", "Møller")
    assert parted_name(" Anna ") == ("Anna", "")
