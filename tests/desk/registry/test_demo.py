"""The made-up town: what is in it, and that it is never anything else."""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import fn

from db.models import Borrower, Fee, Form, Library, Loan, Subscriber
from desk.calendar import local_date
from desk.circulation.check_out import CheckOut
from desk.command import INSTALLATION, NOBODY, Who
from desk.counter.codes import meaning_of
from desk.errors import HomeError
from desk.forms.reading import read_form
from desk.forms.sealing import opened
from desk.installation import Installation, new_id, now, open_installation
from desk.registry.checking import store_check
from desk.registry.demo import DEMO_FILE, demo_contents, demo_hint, ensure_demo
from desk.registry.preparing import NewBranch, NewLibrary, NewStaff, make_installation
from desk.settings import Settings
from desk.staff.queries import counter_places
from tests.builders import Ids

WHEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that no test changes."""
    made = tmp_path_factory.mktemp("demo") / "home"
    assert ensure_demo(made, WHEN)
    return made


@pytest.fixture(scope="module")
def town(home: Path) -> dict[str, Any]:
    """What ``--print`` says of it."""
    return contents(home)


def contents(home: Path) -> dict[str, Any]:
    with open_installation(home) as installation:
        return demo_contents(installation, WHEN)


def named(town: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (borrower for borrower in town["borrowers"] if borrower["name"] == name)
    return dict(found)


def test_the_accounts_are_of_every_role_and_the_hint_names_them(home: Path, town: dict[str, Any]) -> None:
    roles = {account["login"]: account["role"] for account in town["staff"]}
    assert roles == {"mette": "staff", "lone": "supervisor", "jonas": "supervisor", "it": "it"}
    assert all(set(account) == {"login", "password", "role"} for account in town["staff"])
    assert [(one.login, one.password, one.role) for one in demo_hint(home)] == [
        (account["login"], account["password"], account["role"]) for account in town["staff"]
    ]


async def test_everybody_signs_in_with_what_is_printed(home: Path, town: dict[str, Any]) -> None:
    with open_installation(home) as installation:
        for account in town["staff"]:
            assert (await installation.sign_in.with_password(account["login"], account["password"])).role


async def test_the_first_borrower_takes_the_first_three_items_home(tmp_path: Path) -> None:
    ensure_demo(tmp_path / "home", WHEN)
    town = contents(tmp_path / "home")
    with open_installation(tmp_path / "home") as installation:
        who = await at_the_counter(installation)
        card = await installation.desk.ask(who, meaning_of, town["borrowers"][0]["card"])
        assert card.borrower_id is not None
        for item in [item for item in town["items"] if item["status"] == "available"][:3]:
            found = await installation.desk.ask(who, meaning_of, item["barcode"])
            assert found.item_id is not None
            await installation.desk.do(
                CheckOut(
                    command_id=new_id(),
                    who=who,
                    at=WHEN,
                    item_id=found.item_id,
                    borrower_id=card.borrower_id,
                    card_id=card.card_id,
                    visit="v",
                )
            )
    town = contents(tmp_path / "home")
    assert town["borrowers"][0]["loans"] == 3
    assert [item["status"] for item in town["items"][:3]] == ["on_loan"] * 3


async def at_the_counter(installation: Installation) -> Who:
    staff = await installation.sign_in.with_password("mette", "demo-mette")
    ((counter_id, *_rest), *_others) = await installation.desk.ask(NOBODY, counter_places)
    return Who(staff.staff_id, counter_id)


def test_there_is_somebody_of_every_kind_the_counter_must_know(town: dict[str, Any]) -> None:
    first, people = town["borrowers"][0], town["borrowers"]
    assert (first["group"], first["blocks"], first["age"] >= 18) == ("voksen", [], True)
    assert {kind for person in people for kind in person["blocks"]} == set("UFSWED")
    assert {person["language"] for person in people} == {"da", "en"}
    assert {person["group"] for person in people} == {"voksen", "barn", "institution"}
    assert {person["loans"] for person in people if person["limit"] == 15} >= {0, 14, 15}
    assert sum(person["address_protected"] for person in people) == 1
    assert named(town, "Jette Kjærgaard")["stopped_cards"]
    assert named(town, "Ulla Bech")["blocks"] == []
    # Blocked for debt is who owes the limit, and nobody else (R4).
    assert {one["name"] for one in people if "E" in one["blocks"]} == {"Henrik Juhl", "Jette Kjærgaard"}
    assert {person["branch"] for person in people} == {"Struer", "Thyholm"}


def test_the_shelves_hold_every_status_that_matters(town: dict[str, Any]) -> None:
    statuses = Counter(item["status"] for item in town["items"])
    assert statuses["available"] >= 90
    assert set(statuses) >= {"on_loan", "missing", "lost", "discarded", "not_for_loan", "damaged", "in_transit"}
    assert {item["group"] for item in town["items"] if item["status"] == "available"} == {"standard", "14dag", "film15"}
    assert any(item["parts"] > 1 and item["status"] == "available" for item in town["items"])
    first = town["items"][:20]
    assert {(item["status"], item["branch"], item["parts"]) for item in first} == {("available", "Struer", 1)}
    assert len({item["title"] for item in first}) == 20


def test_nobody_in_the_town_could_exist(town: dict[str, Any]) -> None:
    assert all(person["cpr"] is None or 61 <= int(person["cpr"][:2]) <= 91 for person in town["borrowers"])


async def test_the_store_is_whole_and_some_loans_are_overdue(home: Path) -> None:
    today = local_date(WHEN)
    with open_installation(home) as installation:
        checked = await installation.desk.ask(INSTALLATION, store_check, today)
        overdue = installation.store.read_here(lambda store: store.all(Loan.select(Loan.id).where(Loan.due_on < today)))
        assert installation.store.read_here(lambda store: store.value(Library.select(Library.made_up)))
    assert (checked.errors, checked.warnings) == ((), ())
    assert len(overdue) > 10


def test_the_same_seed_makes_the_same_town(tmp_path: Path, town: dict[str, Any]) -> None:
    ensure_demo(tmp_path / "again", WHEN)
    ensure_demo(tmp_path / "other", WHEN, seed=2)
    assert contents(tmp_path / "again") == town
    assert contents(tmp_path / "other") != town


def test_dates_count_back_from_the_day_it_is_made(tmp_path: Path) -> None:
    later = datetime(2028, 2, 29, 9, 0, tzinfo=UTC)
    ensure_demo(tmp_path / "home", later)
    with open_installation(tmp_path / "home") as installation:
        town = demo_contents(installation, later)
        due = installation.store.read_here(lambda store: [row[0] for row in store.all(Loan.select(Loan.due_on))])
    assert named(town, "Anna Kirstine Møller")["age"] == 42
    assert date(2027, 12, 1) < min(due) < date(2028, 2, 29) < max(due)


def test_a_demo_is_made_once_and_anew_when_asked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert ensure_demo(home, WHEN)
    key = (home / "keys" / "store").read_bytes()
    assert not ensure_demo(home, WHEN)
    assert (home / "keys" / "store").read_bytes() == key
    (home / "queue.db").write_bytes(b"scans of the old demo")
    assert ensure_demo(home, WHEN, fresh=True)
    assert (home / "keys" / "store").read_bytes() != key
    assert not (home / "queue.db").exists()


def test_only_its_owner_can_look_into_a_demo(home: Path) -> None:
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / DEMO_FILE).stat().st_mode) == 0o600


def real_home(home: Path) -> None:
    library = NewLibrary("B", "DK-1", (NewBranch("S", "DK-1"),), (NewStaff("lone", "Lone", "supervisor", "x"),))
    make_installation(home, library, Settings(), now(), Ids())


@pytest.mark.parametrize("fresh", [False, True])
def test_a_library_is_never_taken_for_a_demo(tmp_path: Path, fresh: bool) -> None:
    home = tmp_path / "home"
    real_home(home)
    with pytest.raises(HomeError) as refused:
        ensure_demo(home, WHEN, fresh=fresh)
    assert refused.value.why == "not_demo"
    open_installation(home).close()


def test_a_library_in_a_demos_clothes_is_not_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    real_home(home)
    (home / DEMO_FILE).write_text(json.dumps({"staff": [], "pins": {}}))
    with pytest.raises(HomeError) as refused:
        ensure_demo(home, WHEN, fresh=True)
    assert refused.value.why == "not_demo"
    with open_installation(home) as installation, pytest.raises(HomeError):
        demo_contents(installation, WHEN)


def test_somebodys_folder_is_not_made_a_demo(tmp_path: Path) -> None:
    (tmp_path / "brev.txt").write_text("Kære Ib")
    with pytest.raises(HomeError) as refused:
        ensure_demo(tmp_path, WHEN, fresh=True)
    assert refused.value.why == "not_demo"
    assert (tmp_path / "brev.txt").exists()


def test_an_empty_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    ensure_demo(tmp_path / "home", WHEN)
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_demo_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ensure_demo(home, WHEN)
    (home / "desk.toml").unlink()
    assert ensure_demo(home, WHEN)
    assert len(contents(home)["borrowers"]) == 40


def test_a_demo_whose_counter_runs_is_not_made_anew_under_it(tmp_path: Path) -> None:
    ensure_demo(tmp_path, WHEN)
    with open_installation(tmp_path) as installation:
        work = installation.counter_work()
        with pytest.raises(HomeError) as refused:
            ensure_demo(tmp_path, WHEN, fresh=True)
        work.close()
    assert refused.value.why == "in_use"
    assert ensure_demo(tmp_path, WHEN, fresh=True)


def test_a_damaged_demo_can_be_made_anew(tmp_path: Path) -> None:
    ensure_demo(tmp_path, WHEN)
    (tmp_path / "store.db").write_bytes(b"x" * 8192)
    assert ensure_demo(tmp_path, WHEN, fresh=True)
    assert len(contents(tmp_path)["borrowers"]) == 40


def test_guardians_answer_for_the_children(home: Path) -> None:
    with open_installation(home) as installation:
        children = installation.store.read_here(
            lambda store: store.all(Borrower.select(Borrower.id).where(Borrower.guardian.is_null(False)))
        )
    assert len(children) == 5


async def test_some_owe_something_and_one_as_much_as_blocks(home: Path) -> None:
    with open_installation(home) as installation:
        owed = installation.store.read_here(
            lambda transaction: dict(
                transaction.all(
                    Borrower.select(Borrower.name, fn.SUM(Fee.amount_ore))
                    .join(Fee, on=(Fee.borrower == Borrower.id))
                    .group_by(Borrower.name)
                )
            )
        )
    assert owed == {
        "Henrik Juhl": 34_500,
        "Jette Kjærgaard": 30_500,
        "Maja Christiansen": 12_000,
        "Poul Knudsen": 2_000,
    }


def came_in(home: Path) -> tuple[list[Any], list[Any]]:
    """What is in the inbox, opened, and who gets the newsletter."""
    with open_installation(home) as installation:
        rows, subscribers = installation.store.read_here(
            lambda transaction: (
                transaction.all(Form.select(Form.kind, Form.sent_at, Form.mark, Form.sealed).order_by(Form.id)),
                transaction.all(Subscriber.select(Subscriber.email, Subscriber.consented_on).order_by(Subscriber.id)),
            )
        )
        forms = [opened(installation.vault, kind, at, bytes(mark), bytes(stored)) for kind, at, mark, stored in rows]
    return forms, subscribers


def test_forms_wait_one_of_them_too_long_and_some_get_the_newsletter(home: Path, tmp_path: Path) -> None:
    forms, subscribers = came_in(home)
    # No holiday bag is ordered in November.
    assert [form.kind for form in forms] == ["purchase_suggestion", "reading_group", "appointment"]
    assert (WHEN - forms[0].sent_at).days > 90
    assert len(subscribers) == 5
    ensure_demo(tmp_path / "july", datetime(2026, 7, 14, 9, 0, tzinfo=UTC))
    assert "holiday_bag" in [form.kind for form in came_in(tmp_path / "july")[0]]
    ensure_demo(tmp_path / "again", WHEN)
    assert came_in(tmp_path / "again") == (forms, subscribers)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-07-14"])
def test_each_form_of_the_demo_is_one_the_website_could_have_sent(tmp_path: Path, day: str) -> None:
    made_at = datetime.fromisoformat(f"{day}T09:00+00:00")
    ensure_demo(tmp_path / "home", made_at)
    for form in came_in(tmp_path / "home")[0]:
        written = {"form": form.kind, "sent_at": form.sent_at.isoformat(), **form.values}
        assert read_form(json.dumps(written).encode(), made_at, (26, 33)) == form
