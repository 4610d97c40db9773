"""Q10: somebody's strings, found before in every place where they should be, and in no file after."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from db.models import Borrower, DeletionRequest, Form, Subscriber
from db.queue import NewEntry, Queue
from db.rewriting import rewrite
from desk.counter.records import Place, Visit
from desk.installation import Installation
from desk.privacy.access_report.commands import MakeAccessReport
from desk.privacy.access_report.files import write_report
from desk.privacy.erasure import proving
from desk.privacy.erasure.begun import requests_pending
from desk.privacy.erasure.carrying_out import carry_out
from desk.privacy.erasure.certificate import certificate_pdf
from desk.privacy.erasure.identity import identity_of
from desk.privacy.erasure.queries import certificate_of
from desk.privacy.erasure.records import ErasureOutcome, Stage
from desk.settings import FormsSettings
from desk.spool.erasing import jobs_of
from desk.spool.sealed import Print, spool_key
from desk.spool.spool import FOLDER, Paper, Spool
from devices.paper import Bars, Line
from tests import canary
from tests.builders import KEY, QUEUE_KEY, House, a_house
from tests.decrypted import found_in_database, found_in_files
from tests.desk.forms.sent import drop, form
from tests.erasing import KEYS, LIES_IN_STORE, NEWS_NAME, NUMBER, SURNAME, Life, a_life, installation_at, subscription
from tests.pdfs import text_of

# What the neighbour has as well: the proof explains it, and an independent reader still finds it.
SHARED = frozenset({canary.STREET, canary.CITY, canary.HOME_PHONE})


@dataclass
class Library:
    """A home with a store in it, and a counter's queue."""

    house: House
    installation: Installation
    queue: Queue

    @property
    def home(self) -> Path:
        """Where it all lies."""
        return self.installation.home

    async def erase(self, life: Life, **more: Any) -> ErasureOutcome:
        """Carry the approved request out."""
        return await carry_out(
            self.installation,
            life.request_id,
            who=self.house.who("supervisor"),
            clock=self.house.clock,
            new_id=self.house.new_id,
            progress=lambda _stage, _done, _of: None,
            **more,
        )

    def in_store(self) -> set[str]:
        """Give which strings an independent reader finds in the store's file and log, decrypted as they lie."""
        return found_in_database(self.home / "store.db", KEY, LIES_IN_STORE)

    def in_queue(self) -> set[str]:
        """Give which of them lie in the counter's queue."""
        return found_in_database(self.home / "queue.db", QUEUE_KEY, (*LIES_IN_STORE, canary.CPR))

    def in_files(self) -> set[str]:
        """Give which of them lie open in any file, or in its name."""
        found = found_in_files(self.home, (*LIES_IN_STORE, canary.CPR, canary.CPR_WRITTEN))
        names = {text for text in LIES_IN_STORE for path in self.home.rglob("*") if text in path.name}
        return set().union(*found.values(), names)

    def proof(self) -> dict[str, Any]:
        """Read what the request keeps of the proof."""
        read: dict[str, Any] = json.loads(self.house.value(DeletionRequest.select(DeletionRequest.proof)))
        return read


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A home on the embedded store."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with a_house(f"sqlcipher://{home}/store.db") as house:
        queue = Queue(home / "queue.db", QUEUE_KEY)
        yield Library(house, installation_at(house, home), queue)
        queue.close()


async def leave_traces(library: Library, life: Life) -> None:
    """Leave the person in every place outside the store: a queued scan, a place, a decision, and a print."""
    house, queue = library.house, library.queue
    for code in (canary.CARD, canary.CPR):
        await queue.append(NewEntry(f"scan-{code}", "code", code, 1, 1, house.clock()))
    asked = await queue.append(NewEntry("scan-3", "code", "3000000099", 1, 1, house.clock()))
    visit = Visit("visit-x", life.person.borrower_id, life.person.card_id)
    kept = {"question": "refused", "item_id": 1, "visit": {"visit": "x", "borrower_id": life.person.borrower_id}}
    await queue.defer(asked.id, json.dumps(kept), Place(last=visit).to_json())
    await queue.append(NewEntry("scan-4", "code", "K-NABO", 1, 1, house.clock()))
    await print_record(library, life.person.borrower_id)


async def print_record(library: Library, borrower_id: int) -> list[Path]:
    """Make a right-of-access print at the counter."""
    house = library.house
    command = MakeAccessReport(
        command_id=house.new_id(), who=house.who("supervisor"), at=house.clock(), borrower_id=borrower_id
    )
    return list(await asyncio.to_thread(write_report, await house.desk.do(command), library.home / "exports"))


async def test_every_string_is_found_before_and_none_after(library: Library) -> None:
    life = await a_life(library.house)
    await leave_traces(library, life)
    assert library.in_store() == set(LIES_IN_STORE)
    assert library.in_queue() == {canary.CARD, canary.CPR}
    assert library.in_files() >= {NUMBER, canary.NAME, canary.CPR}
    outcome = await library.erase(life)
    assert (outcome.state, outcome.hits) == ("proven", 0)
    assert library.in_store() == SHARED
    assert library.in_queue() == set()
    assert library.in_files() == set()
    assert [entry.code for entry in await library.queue.entries("waiting", "deciding")] == ["K-NABO"]
    assert Place.from_json(await library.queue.place()).last is None
    assert requests_pending(library.home) == []
    assert sorted(path.name for path in (library.home / "keys").iterdir()) == sorted(KEYS)


def spool_some(library: Library, life: Life) -> tuple[Path, ...]:
    """Let a slip, a receipt and a statement of the person lie in the spool, and one of a stranger; gives their files.

    The statement is not marked as theirs: it says so itself.
    """
    spool = Spool(library.home, spool_key(QUEUE_KEY), Paper())
    at = library.house.clock()
    prints = (
        Print("pickup", "Hylde 34", (Line("Kongens Fald"),), life.person.borrower_id),
        Print("receipt", "2 lån", (Line("Kongens Fald"),), life.person.borrower_id),
        Print("statement", "", (Line(canary.NAME),)),
        Print("pickup", "Hylde 35", (Line("Nordkraft"), Bars("3000003416")), life.person.borrower_id + 1),
    )
    ids = [spool.add(at, f"command-{number}", job) for number, job in enumerate(prints)]
    with spool.held(ids[1]) as job:
        assert job is not None
        job.printed()
    return tuple(sorted((library.home / FOLDER).iterdir()))


async def test_a_spooled_slip_of_the_person_is_found_before_and_gone_after_and_a_strangers_stays(
    library: Library,
) -> None:
    life = await a_life(library.house)
    *_theirs, strangers = files = spool_some(library, life)
    identity = await library.house.store.read(lambda transaction: identity_of(transaction, life.person.borrower_id))
    assert sorted(jobs_of(library.home, QUEUE_KEY, identity)) == list(files[:3])
    outcome = await library.erase(life)
    assert (outcome.state, outcome.hits) == ("proven", 0)
    assert list((library.home / FOLDER).iterdir()) == [strangers]
    assert jobs_of(library.home, QUEUE_KEY, identity) == []


async def test_a_slip_that_nobody_takes_out_is_found_by_the_proof(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "take_out_of_spool", lambda *_anything: 0)
    life = await a_life(library.house)
    spool_some(library, life)
    outcome = await library.erase(life)
    assert outcome.state == "unproven"
    assert sorted(library.proof()["left"]) == ["spool/*.printed", "spool/*.waiting"]


@pytest.mark.parametrize("is_pdf_alone", [False, True])
async def test_a_print_of_the_guardian_goes_for_it_names_the_child_and_a_strangers_stays(
    library: Library, *, is_pdf_alone: bool
) -> None:
    life = await a_life(library.house)
    mother = library.house.value(Borrower.select(Borrower.id).where(Borrower.name == "Måge Havblik"))
    (pdf, data) = await print_record(library, mother)
    assert canary.NAME in text_of(pdf.read_bytes())
    assert canary.NAME in data.read_text("utf-8")
    if is_pdf_alone:
        data.unlink()
    strangers = await print_record(library, library.house.borrower(name="Fremmed Fugl").borrower_id)
    outcome = await library.erase(life)
    assert (outcome.state, outcome.hits) == ("proven", 0)
    assert sorted((library.home / "exports").iterdir()) == sorted(strangers)


async def test_a_print_of_somebody_at_the_same_address_goes_and_its_text_is_read(library: Library) -> None:
    life = await a_life(library.house)
    (pdf, data) = await print_record(library, life.neighbour.borrower_id)
    data.unlink()
    assert canary.STREET in text_of(pdf.read_bytes())
    outcome = await library.erase(life)
    assert (outcome.state, outcome.hits) == ("proven", 0)
    assert not pdf.exists()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_a_pdf_that_is_nobodys_to_delete_is_found_by_what_it_prints(
    library: Library, pack: Callable[[bytes], bytes]
) -> None:
    life = await a_life(library.house)
    (pdf, _data) = await print_record(library, life.person.borrower_id)
    (library.home / "til-borgmesteren.pdf").write_bytes(pack(pdf.read_bytes()))
    assert (await library.erase(life)).state == "unproven"
    assert library.proof()["left"] == ["*.pdf"]


async def test_what_cannot_be_looked_into_is_counted_on_the_certificate(library: Library) -> None:
    life = await a_life(library.house)
    (library.home / "foto.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert (await library.erase(life)).state == "proven"
    certificate = await library.house.desk.ask(library.house.who("supervisor"), certificate_of, life.request_id)
    assert certificate.closed == 1
    assert "1 af filerne er et billede" in text_of(certificate_pdf(certificate, on_server=False)).replace("\n", " ")


async def test_forms_go_with_the_person_in_the_inbox_and_in_their_folder(library: Library) -> None:
    life = await a_life(library.house)
    library.installation.settings = replace(library.installation.settings, forms=FormsSettings(folder="dropped"))
    now = library.house.clock()
    dropped = drop(library.home / "dropped", "1.json", form(at=now, name=canary.NAME, email=canary.EMAIL.upper()))
    others = drop(library.home / "dropped", "2.json", form(at=now, phone=canary.HOME_PHONE[::-1], without=("email",)))
    assert len(library.house.ids(Form)) == 2
    outcome = await library.erase(life)
    assert (outcome.state, outcome.hits, outcome.counts["form"]) == ("proven", 0, 2)
    assert (dropped.exists(), others.exists()) == (False, False)
    assert len(library.house.ids(Form)) == 2, "the neighbour's, and a stranger's"


@pytest.mark.parametrize("folder", ["dropped", "../website"])
async def test_a_form_that_was_refused_is_found_by_the_proof_wherever_the_website_lays_it(
    library: Library, folder: str
) -> None:
    life = await a_life(library.house)
    library.installation.settings = replace(library.installation.settings, forms=FormsSettings(folder=folder))
    drop(library.home / folder, "1.json", form(at=library.house.clock(), email=canary.EMAIL, unknown="felt"))
    outcome = await library.erase(life)
    assert outcome.state == "unproven"


async def test_what_other_people_share_is_explained_by_table_and_row(library: Library) -> None:
    life = await a_life(library.house)
    await library.erase(life)
    proof = library.proof()
    assert life.neighbour.borrower_id in proof["explained"]["borrower"]
    assert proof["shared"]["telephone"] == 1
    assert proof["left"] == []
    written = json.dumps(proof)
    assert not any(text in written for text in (*LIES_IN_STORE, SURNAME))


async def test_a_residue_is_found_when_nothing_is_rewritten(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "rewrite", lambda *_args, **_more: None)
    life = await a_life(library.house)
    outcome = await library.erase(life)
    assert outcome.state == "unproven"
    assert outcome.hits is not None
    assert outcome.hits > 0
    assert library.in_store() - SHARED


@pytest.mark.parametrize("where", ["desk.log", "logs/old.log", "exports/liste.json", "tmp/x", "store-kopi.db"])
async def test_a_residue_in_any_file_is_found(library: Library, where: str) -> None:
    life = await a_life(library.house)
    path = library.home / where
    path.parent.mkdir(exist_ok=True)
    if where.endswith(".db"):
        for ending in ("", "-wal"):
            (library.home / f"{where}{ending}").write_bytes((library.home / f"store.db{ending}").read_bytes())
    else:
        path.write_text(f'{{"note": "{canary.INTERNAL_NOTE}"}}', "utf-8")
    outcome = await library.erase(life)
    assert outcome.state == "unproven"
    assert any(path.suffix in place or path.name in place for place in library.proof()["left"])


async def test_a_row_that_was_left_is_found_by_what_leads_to_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await a_life(library.house)
    number = library.house.borrower().borrower_id

    async def put_back(one: proving.Proving, pending: Any) -> None:
        library.house.put(Borrower.update(number=NUMBER).where(Borrower.id == number))

    first = proving._once

    async def once(one: proving.Proving, pending: Any) -> Any:
        await put_back(one, pending)
        return await first(one, pending)

    monkeypatch.setattr(proving, "_once", once)
    assert (await library.erase(life)).state == "unproven"
    assert "borrower number" in library.proof()["left"]


async def test_progress_goes_through_the_stages_in_order(library: Library) -> None:
    life = await a_life(library.house)
    told: list[Stage] = []
    await carry_out(
        library.installation,
        life.request_id,
        who=library.house.who("supervisor"),
        clock=library.house.clock,
        new_id=library.house.new_id,
        progress=lambda stage, _done, _of: told.append(stage),
    )
    assert list(dict.fromkeys(told)) == list(Stage)


async def test_a_newsletter_that_is_kept_is_explained_and_no_hit(library: Library) -> None:
    life = await a_life(library.house)
    library.house.put(DeletionRequest.update(newsletter="keep").where(DeletionRequest.id == life.request_id))
    outcome = await library.erase(life)
    assert (outcome.state, outcome.hits) == ("proven", 0)
    assert library.house.value(Subscriber.select(Subscriber.email).where(Subscriber.id == 1)) == canary.EMAIL
    assert library.in_store() == SHARED | {canary.EMAIL, NEWS_NAME, "kanarina"}
    assert 1 in library.proof()["explained"]["subscriber"]


async def test_a_newsletter_that_was_to_go_and_is_there_is_a_hit(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await a_life(library.house)

    def put_back(*given: Any, **more: Any) -> None:
        if not library.house.value(Subscriber.select(Subscriber.id).where(Subscriber.email == canary.EMAIL)):
            library.house.put(subscription(canary.EMAIL, NEWS_NAME, SURNAME))
        rewrite(*given, **more)

    monkeypatch.setattr("desk.privacy.erasure.proving.rewrite", put_back)
    outcome = await library.erase(life)
    assert outcome.state == "unproven"
    assert "subscriber email" in library.proof()["left"]
