"""The certificate: what it says, and that it names nobody."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.models import DeletionRequest
from desk import texts
from desk.errors import NotFound
from desk.privacy.erasure.carrying_out import carry_out
from desk.privacy.erasure.certificate import certificate_json, certificate_pdf, write_certificate
from desk.privacy.erasure.queries import certificate_of, erasures_without_proof
from desk.privacy.erasure.records import Certificate
from tests import canary
from tests.builders import House
from tests.erasing import EXPECTED, LIES_IN_STORE, NUMBER, SURNAME, Life, a_life, installation_at
from tests.pdfs import text_of


async def certified(house: House, home: Path) -> tuple[Life, Certificate]:
    """Erase somebody on either engine, and ask for the certificate."""
    house.clock.now = datetime(2026, 3, 1, 9, tzinfo=UTC)
    life = await a_life(house)
    outcome = await carry_out(
        installation_at(house, home),
        life.request_id,
        who=house.who("supervisor"),
        clock=house.clock,
        new_id=house.new_id,
        progress=lambda _stage, _done, _of: None,
    )
    assert outcome.state == "proven"
    return life, await house.desk.ask(house.who("supervisor"), certificate_of, life.request_id)


async def test_it_says_what_went_and_that_nothing_was_found(house: House, tmp_path: Path) -> None:
    life, certificate = await certified(house, tmp_path / "home")
    assert (certificate.request_id, certificate.state, certificate.hits) == (life.request_id, "proven", 0)
    assert certificate.counts == EXPECTED
    assert certificate.files_scanned
    assert len(certificate.tombstone) == 64
    assert (certificate.last_backup_on - certificate.erased_at.date()).days == 30


async def test_as_pdf_and_json_it_names_nobody(house: House, tmp_path: Path) -> None:
    _life, certificate = await certified(house, tmp_path / "home")
    pdf, data = write_certificate(certificate, tmp_path / "out", on_server=True)
    said = text_of(pdf.read_bytes())
    assert "Sletteattest" in said
    assert "Slettet og bevist" in said
    assert "0 steder fundet" in said
    assert "PostgreSQL" in said
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
    written = json.loads(data.read_bytes())
    assert written["hits"] == 0
    assert written["counts"]["loan"] == EXPECTED["loan"]
    for text in (*LIES_IN_STORE, SURNAME, canary.CPR, "4716 4716"):
        assert text not in said + data.read_text("utf-8")
    assert NUMBER not in f"{pdf} {data}"


async def test_a_later_one_takes_the_place_of_an_earlier_one(house: House, tmp_path: Path) -> None:
    _life, certificate = await certified(house, tmp_path / "home")
    first = write_certificate(certificate, tmp_path, on_server=False)
    assert write_certificate(certificate, tmp_path, on_server=False) == first


async def test_before_the_erasure_there_is_none(house: House) -> None:
    life = await a_life(house)
    with pytest.raises(NotFound):
        await house.desk.ask(house.who("supervisor"), certificate_of, life.request_id)


@pytest.mark.parametrize("language", texts.LANGUAGES)
async def test_one_whose_proof_failed_says_where(house: House, tmp_path: Path, language: str) -> None:
    texts.use(language)
    life, _certificate = await certified(house, tmp_path / "home")
    proof = {"left": ["logs/*.log"], "explained": {"borrower": [7]}, "shared": {"borrower": 1}}
    failed = {"state": "unproven", "proven_at": None, "hits": 1, "proof": json.dumps(proof)}
    house.put(DeletionRequest.update(**failed).where(DeletionRequest.id == life.request_id))
    certificate = await house.desk.ask(house.who("supervisor"), certificate_of, life.request_id)
    said = text_of(certificate_pdf(certificate, on_server=False))
    assert "logs/*.log" in said
    assert "PostgreSQL" not in said
    assert json.loads(certificate_json(certificate, on_server=False))["left"] == ["logs/*.log"]
    without = await house.desk.ask(house.who(), erasures_without_proof)
    assert without.failed == (life.request_id,)
