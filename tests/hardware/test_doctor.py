"""``desk doctor`` on the real PC/SC stack: what is wrong with the readers, and what mends it (T1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.doctor import readers
from desk.doctor.readers import checks
from desk.doctor.records import Check
from desk.settings import ReaderSettings
from tests.cli.conftest import Shell, desk, shell
from tests.hardware.pcscd import FIRST, SECOND, Pcscd, wait_until
from tests.hardware.virtual_card import TAG, Answering, VirtualCard, with_blocks, with_uid

__all__ = ["desk", "shell"]

TAG_UID = "E004001122334455"
STRUER = bytes.fromhex("110101353233373132343035390000000000007945444B373637313030000000")


def say(home: Path, **settings: str) -> None:
    """Write the readers' settings."""
    lines = [f'{key} = "{value}"' for key, value in {"kind": "pcsc", **settings}.items()]
    (home / "desk.toml").write_text("[reader]\n" + "\n".join(lines) + "\n", "utf-8")


def found(desk: Shell) -> dict[str, str]:
    """Run it; what was found, by verdict."""
    code = desk("doctor", "--json")
    assert code == (0 if desk.json["ok"] else 1)
    return {check["check"]: check["state"] for check in desk.json["checks"] if check["area"] == "readers"}


def test_a_counter_without_a_reader_is_well(desk: Shell) -> None:
    assert desk("doctor") == 0
    assert desk.out.splitlines() == [
        "obs: Der er ikke sat nogen kortlæser op til denne skranke.",
        '  → desk.toml: [reader] kind = "pcsc", hvis der er en',
        "obs: Der er ikke sat en RFID-plade op til denne skranke.",
        '  → desk.toml: [pad] kind = "feig" og port, hvis der er en',
        "obs: Der er ikke sat en bonprinter op til denne skranke.",
        '  → desk.toml: [printer] kind = "usb", "network" eller "file", hvis der er en',
        "Alt i orden.",
    ]


def test_without_pcscd_it_says_what_starts_it(desk: Shell, installed_pcscd: Pcscd) -> None:
    say(desk.home)
    assert desk("doctor") == 1
    assert desk.err.splitlines() == [
        "fejl: pcscd, systemets tjeneste til kortlæsere, svarer ikke.",
        "  → sudo systemctl enable --now pcscd.socket",
    ]
    assert found(desk) == {"no_service": "wrong"}


def test_a_pcscd_that_hangs_is_told_and_not_waited_for(
    desk: Shell, pcscd: Pcscd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "LIMIT", 0.5)
    say(desk.home)
    pcscd.hang()
    try:
        assert found(desk) == {"no_answer": "wrong"}
        assert desk("doctor") == 1
        assert "  → sudo systemctl restart pcscd" in desk.err.splitlines()
    finally:
        pcscd.go_on()


def test_it_says_which_reader_is_for_whom(desk: Shell, pcscd: Pcscd) -> None:
    say(desk.home, borrowers=FIRST, items="00 01")
    assert found(desk) == {"service": "ok", "borrowers": "ok", "items": "ok", "no_tag": "note"}
    assert desk("doctor") == 0
    assert f"ok: Til lånerkort: {FIRST}" in desk.out
    assert f"ok: Til materialer: {SECOND}" in desk.out


def test_a_name_that_no_reader_has_is_wrong_and_the_names_are_told(desk: Shell, pcscd: Pcscd) -> None:
    say(desk.home, borrowers="Feig")
    assert found(desk) == {"service": "ok", "no_borrowers": "wrong", "nobodys": "note", "no_tag": "note"}
    assert desk("doctor") == 1
    assert f"fejl: Ingen læser er til lånerkort (Feig). pcscd ser: {FIRST}, {SECOND}" in desk.err


def test_no_reader_at_all(desk: Shell, pcscd: Pcscd) -> None:
    pcscd.unplug()
    say(desk.home)
    assert found(desk) == {"service": "ok", "no_reader": "wrong"}


def test_a_driver_that_fails(desk: Shell, pcscd: Pcscd) -> None:
    pcscd.fail_driver()
    say(desk.home)
    wait_until(lambda: found(desk).get("failing") == "wrong", "nobody told that the driver fails")


@pytest.mark.parametrize(
    ("answering", "blocks", "check"),
    [
        pytest.param(with_blocks(TAG_UID, STRUER), "auto", "tag", id="an item"),
        pytest.param(with_blocks(TAG_UID, STRUER, at=3), "p2", "tag", id="an item, the other way"),
        pytest.param(with_blocks(TAG_UID, STRUER, at=3), "p1", "tag_other_way", id="set the wrong way"),
        pytest.param(with_blocks(TAG_UID, bytes(112)), "auto", "tag_of_no_item", id="a blank tag"),
        pytest.param(with_blocks(TAG_UID, STRUER[:-1] + b"\x01"), "auto", "tag_garbled", id="a damaged tag"),
        pytest.param(with_blocks(TAG_UID, b""), "auto", "tag_unread", id="no blocks"),
        pytest.param(with_blocks(TAG_UID, STRUER), "none", "tag_not_asked", id="blocks are not wanted"),
    ],
)
def test_a_tag_on_the_reader_shows_how_it_is_read(
    desk: Shell, pcscd: Pcscd, answering: Answering, blocks: str, check: str
) -> None:
    say(desk.home, blocks=blocks)
    with VirtualCard(pcscd.ports[1], answering, TAG):
        wait_until(lambda: lies_there(ReaderSettings("pcsc", blocks=blocks)), "pcscd did not see the tag")
        assert check in found(desk)
        is_wrong = check in {"tag_other_way", "tag_unread"}
        assert desk("doctor") == (1 if is_wrong else 0)
        assert TAG_UID not in desk.said
        assert "5237124059" not in desk.said


def test_a_blank_tag_on_the_items_reader_is_no_scan(desk: Shell, pcscd: Pcscd) -> None:
    say(desk.home, borrowers=FIRST, items=SECOND)
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, bytes(112)), TAG):
        wait_until(lambda: lies_there(ReaderSettings("pcsc")), "pcscd did not see the tag")
        assert found(desk)["tag_blank"] == "note"


def test_a_borrowers_card_on_the_reader_is_nobodys_business(desk: Shell, pcscd: Pcscd) -> None:
    say(desk.home)
    with VirtualCard(pcscd.ports[0], with_uid("04A1B2C3D4E5F6")) as card:
        wait_until(lambda: bool(checks(ReaderSettings("pcsc")) and card.commands), "pcscd did not see the card")
        assert found(desk)["no_tag"] == "note"
        desk("doctor")
        assert "04A1B2C3D4E5F6" not in desk.said


def lies_there(settings: ReaderSettings) -> bool:
    seen: list[Check] = checks(settings)
    return any(check.what.startswith("tag") for check in seen)
