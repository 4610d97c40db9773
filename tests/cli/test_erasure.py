"""``desk erasure``, and what ``desk check`` says of erasures."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from db.models import DeletionRequest, Staff
from db.store import Transaction
from desk.installation import open_installation
from desk.privacy.erasure.begun import requests_failed
from desk.privacy.erasure.identity import Identity
from desk.privacy.erasure.pending import Pending, set_aside, write_down
from desk.privacy.tombstones import lay_down
from tests.builders import TUESDAY
from tests.cli.conftest import Shell


def erased(home: Path, state: str, **more: Any) -> int:
    """Put an erasure into a home's store, as it is when its borrower has gone."""

    def put(transaction: Transaction) -> int:
        for login, number, role in (("mette", "SKR-1", "staff"), ("ole", "SKR-2", "supervisor")):
            transaction.run(Staff.insert(login=login, name=login, role=role, password_hash="-", person_number=number))
        ids = dict(transaction.all(Staff.select(Staff.login, Staff.id)))
        values: dict[str, Any] = {
            "state": state,
            "registered_at": TUESDAY,
            "registered_by": ids["mette"],
            "identity_check": "card",
            "decided_at": TUESDAY,
            "decided_by": ids["ole"],
            "erased_at": datetime(2026, 3, 11, 9, tzinfo=UTC),
            "counts": json.dumps({"borrower": 1, "card": 2}),
            "tombstone": b"t" * 32,
            "last_backup_on": date(2026, 4, 10),
        }
        return transaction.run(DeletionRequest.insert(**(values | more)))

    with open_installation(home) as installation:
        lay_down(home, installation.vault, b"t" * 32, date(2026, 3, 11))
        return installation.store.write_here(put)


def test_a_certificate_is_written_by_the_number_of_the_request(desk: Shell, tmp_path: Path) -> None:
    request_id = erased(desk.home, "proven", proven_at=TUESDAY, hits=0, files_scanned=9, proof="{}")
    assert desk("erasure", "certificate", str(request_id), "--out", str(tmp_path / "ud"), "--json") == 0
    assert desk.json["state"] == "proven"
    assert Path(desk.json["pdf"]).read_bytes().startswith(b"%PDF")
    assert json.loads(Path(desk.json["json"]).read_bytes())["files_scanned"] == 9
    assert desk("erasure", "certificate", str(request_id), "--out", str(tmp_path / "ud")) == 0
    assert f"sletteattest-{request_id}.pdf" in desk.out


def test_there_is_no_certificate_of_what_was_not_erased(desk: Shell, tmp_path: Path) -> None:
    assert desk("erasure", "certificate", "7", "--out", str(tmp_path)) == 1
    assert "Ingen er slettet efter en anmodning med det nummer." in desk.err
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_proof_that_failed_or_is_missing_is_an_error_of_the_check(desk: Shell) -> None:
    erased(desk.home, "unproven", hits=2, files_scanned=9, proof="{}")
    assert desk("check") == 1
    assert "beviset fejlede" in desk.err
    assert desk("erasure", "prove") == 1
    assert desk("erasure", "prove", "--json") == 1
    assert desk.json["failed"] == [1]


def test_a_proof_that_failed_is_tried_again_by_name_and_by_no_other_command(desk: Shell) -> None:
    request_id = erased(desk.home, "unproven", hits=2, files_scanned=9, proof="{}")
    with open_installation(desk.home) as installation:
        identity = Identity(999, (b"Kanarina Fjerholm-Qvist",), ())
        write_down(desk.home, installation.secrets, Pending(request_id, identity))
    set_aside(desk.home, request_id)
    log = desk.home / "it.log"
    log.write_text("Kanarina Fjerholm-Qvist ringede", "utf-8")
    assert desk("erasure", "prove") == 1
    assert "slettet, bevis fejlede" in desk.out
    assert "*.log" in desk.out
    log.unlink()
    assert desk("staff", "list") == 0
    assert requests_failed(desk.home) == [request_id]
    assert desk("erasure", "prove", "--json") == 0
    assert desk.json["taken_up"] == [{"request": request_id, "state": "proven", "why": "", "left": []}]
    assert requests_failed(desk.home) == []


def test_where_every_erasure_is_proven_all_is_well(desk: Shell) -> None:
    erased(desk.home, "proven", proven_at=TUESDAY, hits=0, files_scanned=9, proof="{}")
    assert desk("check") == 0
    assert desk("erasure", "prove", "--json") == 0
    assert desk.json == {"ok": True, "taken_up": [], "missing": [], "failed": []}
