"""A restore: nobody comes back, nothing half-restored can be opened, and what is no back-up is said to be none."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from db.models import AccessLog, Borrower, Item, Message, RetentionRun, Staff, Title
from db.store import MIGRATIONS, Store, Transaction
from desk.backups import restoring
from desk.backups.checking import backup_check
from desk.backups.known import register_of
from desk.backups.making import make_backup
from desk.backups.vouching import Supervisor
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.errors import BackupError, DeskError, FileNotWritten, HomeError, SignInFailed, TombstonesError
from desk.installation import now, open_installation, unopened
from desk.privacy.tombstones import copy_name, lay_down, list_file, tombstone_of, tombstones_in
from desk.registry.checking import store_check
from desk.settings import load
from tests import canary
from tests.backing_up import (
    LONE,
    a_home,
    back_up,
    bring_back,
    erase,
    inside,
    numbers_in,
    store_key,
    vault_of,
    with_keys_of,
)
from tests.decrypted import found_in_database, found_in_files
from tests.desk.registry.test_upgrading import FIRST, OLD_ROWS

NUMBER = "47164716"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return a_home(tmp_path / "home")


@pytest.fixture
def file(home: Path, tmp_path: Path) -> Path:
    """A back-up with the canary in it."""
    canary.sing(home)
    (tmp_path / "media").mkdir()
    return back_up(home, tmp_path / "media" / "b").file


@pytest.fixture
def fresh(home: Path, tmp_path: Path) -> Path:
    """A home with nothing but the keys."""
    return with_keys_of(home, tmp_path / "fresh")


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_whole(home: Path) -> bool:
    with open_installation(home) as installation:
        newest = installation.log_witness.remembered()
        checked = asyncio.run(installation.desk.ask(INSTALLATION, store_check, local_date(now()), newest))
        return not checked.errors and not installation.store.damage()


def test_a_restored_home_is_the_one_that_was(home: Path, file: Path, fresh: Path) -> None:
    restored = bring_back(file, fresh)
    assert numbers_in(fresh) == numbers_in(home) == {NUMBER}
    assert restored.replayed.erased == 0
    assert is_whole(fresh)
    assert (fresh / "desk.toml").read_bytes() == (home / "desk.toml").read_bytes()
    assert found_in_database(fresh / "store.db", store_key(fresh), canary.HELD_AS_TYPED) == set(canary.HELD_AS_TYPED)
    with open_installation(fresh) as installation:
        assert asyncio.run(installation.sign_in.with_password("mette", "hemmelig")).name == "Mette K."


def test_whoever_was_erased_since_is_not_there(home: Path, file: Path, fresh: Path) -> None:
    erase(home, NUMBER)
    restored = bring_back(file, fresh)
    assert restored.replayed.erased == 1
    assert numbers_in(fresh) == set()
    assert is_whole(fresh)
    assert found_in_database(fresh / "store.db", store_key(fresh), canary.STRINGS) == set()
    assert found_in_files(fresh, canary.STRINGS) == {}


def test_without_the_rewrite_the_person_would_be_found(
    home: Path, file: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scanner is one that finds: with the replay taken out, everything is there."""
    erase(home, NUMBER)
    nobody = type("", (), {"erased": 0, "rows": {}, "retention": {}, "unsubscribed": 0})
    monkeypatch.setattr(restoring, "replay", lambda *_arguments: nobody)
    bring_back(file, fresh)
    assert found_in_database(fresh / "store.db", store_key(fresh), canary.HELD_AS_TYPED) == set(canary.HELD_AS_TYPED)


def test_the_person_is_gone_before_the_store_has_its_name(
    home: Path, file: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(home, NUMBER)
    put_in_place = restoring._put_in_place
    seen: list[set[str]] = []

    def look(wish: object, ground: restoring._Ground, *more: object) -> None:
        assert not (fresh / "store.db").exists()
        assert not (fresh / "desk.toml").exists()
        copy = ground.work / "store.db"
        seen.append(found_in_database(copy, store_key(fresh), canary.STRINGS))
        put_in_place(wish, ground, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(restoring, "_put_in_place", look)
    bring_back(file, fresh)
    assert seen == [set()]


def test_a_loan_that_was_out_at_the_back_up_frees_its_item(home: Path, tmp_path: Path) -> None:
    canary.sing(home)
    lend_to_the_canary(home)
    (tmp_path / "media").mkdir()
    file = back_up(home, tmp_path / "media" / "b").file
    take_back(home)
    erase(home, NUMBER)
    fresh = with_keys_of(home, tmp_path / "fresh")
    bring_back(file, fresh)
    assert is_whole(fresh)
    assert inside(fresh, lambda transaction: transaction.all(Item.select(Item.status))) == [("available",)]


def erase_another(home: Path) -> None:
    canary.sing(home)
    inside(home, lambda transaction: transaction.run(Borrower.update(number="58275827")))
    erase(home, "58275827")


def lend_to_the_canary(home: Path) -> None:
    from db.models import Card, MaterialGroup
    from desk.circulation.commands import CheckOut
    from desk.command import Who
    from desk.installation import new_id

    def stock(transaction: object) -> tuple[int, int, int]:
        run, value = transaction.run, transaction.value  # type: ignore[attr-defined]
        title = run(Title.insert(title="Pelle Erobreren", author="", source_key="t"))
        group = value(MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == "standard"))
        item = run(Item.insert(barcode="3000000001", title=title, material_group=group, branch=1, status="available"))
        borrower = value(Borrower.select(Borrower.id).where(Borrower.number == NUMBER))
        return item, borrower, value(Card.select(Card.id).where(Card.number == canary.CARD))

    with open_installation(home) as installation:
        item, borrower, card = installation.store.write_here(stock)
        command = CheckOut(
            command_id=new_id(),
            who=Who(1, 1),
            at=now(),
            item_id=item,
            borrower_id=borrower,
            card_id=card,
            visit="v",
        )
        asyncio.run(installation.desk.do(command))


def take_back(home: Path) -> None:
    from desk.circulation.commands import Return
    from desk.command import Who
    from desk.installation import new_id

    with open_installation(home) as installation:
        command = Return(command_id=new_id(), who=Who(1, 1), at=now(), item_id=1)
        asyncio.run(installation.desk.do(command))


def test_what_retention_has_to_delete_by_now_is_deleted(home: Path, tmp_path: Path) -> None:
    from db.models import Loan

    canary.sing(home)
    lend_to_the_canary(home)
    take_back(home)
    (tmp_path / "media").mkdir()
    file = back_up(home, tmp_path / "media" / "b").file
    fresh = with_keys_of(home, tmp_path / "fresh")
    late = now() + timedelta(days=31)
    restored = bring_back(file, fresh, at=late)
    assert restored.replayed.retention["loan"] == 1
    assert inside(fresh, lambda transaction: transaction.all(Loan.select(Loan.id))) == []


def test_a_message_that_waited_is_not_sent_again_by_itself(home: Path, file: Path, fresh: Path) -> None:
    def queue(transaction: Transaction) -> None:
        borrower = transaction.value(Borrower.select(Borrower.id))
        for number, state in enumerate(("waiting", "sending", "failed")):
            transaction.run(
                Message.insert(
                    borrower=borrower,
                    kind="reminder",
                    channel="email",
                    cause=f"c{number}",
                    language="da",
                    created_at=now(),
                    state=state,
                    message_id=f"m{number}",
                )
            )

    inside(home, queue)
    newer = back_up(home, file.with_name("newer")).file
    assert bring_back(newer, fresh).messages == 2
    columns = (Message.state, Message.problem)
    found = inside(fresh, lambda transaction: transaction.all(Message.select(*columns).order_by(Message.id)))
    assert found == [("failed", "uncertain"), ("failed", "uncertain"), ("failed", "")]


def not_a_backup(file: Path) -> None:
    file.write_bytes(b"PK" + bytes(5000))


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut_in_the_copy(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 5000)


def cut_in_the_heading(file: Path) -> None:
    os.truncate(file, 100)


def cut_in_the_first_word(file: Path) -> None:
    os.truncate(file, 5)


def longer(file: Path) -> None:
    with file.open("ab") as opened:
        opened.write(b"x")


def scratched(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-100_000] ^= 1
    file.write_bytes(content)


def scratched_heading(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[60] ^= 1
    file.write_bytes(content)


def of_another_key(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[18] ^= 1
    file.write_bytes(content)


def of_a_newer_program(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"back-up 1", b"back-up 2", 1))


def gone(file: Path) -> None:
    file.unlink()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


HARM: dict[str, tuple[Callable[[Path], None], str]] = {
    harm.__name__: (harm, why)
    for harm, why in (
        (not_a_backup, "not_a_backup"),
        (empty, "not_a_backup"),
        (cut_in_the_copy, "truncated"),
        (cut_in_the_heading, "truncated"),
        (cut_in_the_first_word, "truncated"),
        (longer, "damaged"),
        (scratched, "damaged"),
        (scratched_heading, "damaged"),
        (of_another_key, "other_key"),
        (of_a_newer_program, "newer"),
        (gone, "missing"),
        (a_folder, "unreadable"),
    )
}


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("over", [False, True])
def test_what_cannot_be_restored_is_said_and_nothing_is_written(
    home: Path, file: Path, fresh: Path, harm: str, over: bool
) -> None:
    do, why = HARM[harm]
    do(file)
    where = home if over else fresh
    before = everything_in(where)
    with pytest.raises(BackupError) as refused:
        bring_back(file, where, may_replace=True)
    assert refused.value.why == why
    assert everything_in(where) == before


def test_a_store_of_a_newer_program_is_refused_by_name(home: Path, tmp_path: Path, fresh: Path) -> None:
    mark = "INSERT INTO schema_migration (name, applied) VALUES ('0099_later', '2030-01-01')"
    inside(home, lambda transaction: transaction.run_many(mark, [()]))
    with unopened(home) as installation:
        file = make_backup(installation, tmp_path / "b", now(), lambda _done, _total: None).file
    with pytest.raises(BackupError) as refused:
        bring_back(file, fresh)
    assert (refused.value.why, refused.value.detail) == ("newer_store", "0099_later")
    assert not (fresh / "desk.toml").exists()


def test_without_keys_nothing_is_restored(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.secrets.choose_backend", lambda: "folder")
    with pytest.raises(DeskError):
        bring_back(file, tmp_path / "none")
    assert everything_in(tmp_path / "none") == {}


def test_a_store_that_is_there_gives_way_only_when_it_is_said(home: Path, file: Path) -> None:
    inside(home, lambda transaction: transaction.run(Title.insert(title="Ny", author="", source_key="n")))
    before = (home / "store.db").read_bytes()
    with pytest.raises(HomeError) as refused:
        bring_back(file, home)
    assert refused.value.why == "store_there"
    assert (home / "store.db").read_bytes() == before
    bring_back(file, home, may_replace=True)
    assert inside(home, lambda transaction: transaction.all(Title.select(Title.id))) == []
    assert is_whole(home)


def test_a_store_that_is_damaged_can_be_replaced(home: Path, file: Path) -> None:
    (home / "store.db").write_bytes(b"x" * 8192)
    bring_back(file, home, may_replace=True)
    assert is_whole(home)


def test_a_program_that_runs_is_not_robbed_of_its_store(home: Path, file: Path) -> None:
    with open_installation(home), pytest.raises(HomeError) as refused:
        bring_back(file, home, may_replace=True)
    assert refused.value.why == "held"


def test_no_program_starts_while_a_restore_is_at_it(home: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []
    made_ready = restoring._made_ready

    def meanwhile(*arguments: object) -> object:
        with pytest.raises(HomeError) as error:
            open_installation(home)
        refused.append(error.value.why)
        return made_ready(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(restoring, "_made_ready", meanwhile)
    bring_back(file, home, may_replace=True)
    assert refused == ["restoring"]
    assert is_whole(home)


@pytest.fixture
def alone(home: Path, file: Path) -> Path:
    """A back-up whose list of tombstones has gone."""
    (file.parent / copy_name(vault_of(home))).unlink()
    return file


def test_without_a_list_only_a_supervisor_may_go_on(alone: Path, fresh: Path) -> None:
    before = everything_in(fresh)
    with pytest.raises(BackupError) as refused:
        bring_back(alone, fresh)
    assert refused.value.why == "no_tombstones"
    for login, password in (("mette", "hemmelig"), ("lone", "forkert"), ("ingen", "hemmelig")):
        with pytest.raises(SignInFailed):
            bring_back(alone, fresh, vouches=Supervisor(login, password))
    assert everything_in(fresh) == before
    restored = bring_back(alone, fresh, vouches=LONE)
    assert restored.known_until is None
    assert numbers_in(fresh) == {NUMBER}
    assert answered_for(fresh) == [("restore", "lone")]
    assert is_whole(fresh)


def answered_for(home: Path) -> list[tuple[str, str]]:
    """Read what somebody has answered for, and who."""
    rows = AccessLog.select(AccessLog.action, Staff.login).join(Staff).order_by(AccessLog.number)
    return inside(
        home, lambda transaction: transaction.all(rows.where(AccessLog.action.in_(("restore", "trust_clock"))))
    )


def test_the_list_of_a_home_restored_without_one_does_not_look_whole(
    home: Path, alone: Path, fresh: Path, tmp_path: Path
) -> None:
    bring_back(alone, fresh, vouches=LONE)
    today = local_date(now())
    assert tombstones_in(list_file(fresh), vault_of(fresh)).begun_on == today
    erase(fresh, NUMBER)
    assert tombstones_in(list_file(fresh), vault_of(fresh)).begun_on == today
    assert backup_check(fresh, vault_of(fresh), today).list_begins_on == today
    # What is backed up from now on is known to the list from its first day; the older one is not.
    (tmp_path / "later").mkdir()
    newer = back_up(fresh, tmp_path / "later" / "b").file
    assert bring_back(newer, fresh, may_replace=True).known_until == today
    with pytest.raises(BackupError) as refused:
        bring_back(alone, fresh, may_replace=True)
    assert refused.value.why == "no_tombstones"


def test_a_back_up_whose_last_run_lies_ahead_takes_a_supervisor_who_answers_for_the_clock(
    home: Path, tmp_path: Path, fresh: Path
) -> None:
    ahead = now() + timedelta(days=1800)
    run = RetentionRun.insert(day=local_date(ahead), started_at=ahead, finished_at=ahead, state="done")
    inside(home, lambda transaction: transaction.run(run))
    (tmp_path / "media").mkdir()
    file = back_up(home, tmp_path / "media" / "b").file
    before = everything_in(fresh)
    with pytest.raises(BackupError) as refused:
        bring_back(file, fresh)
    assert refused.value.why == "run_ahead"
    assert everything_in(fresh) == before
    bring_back(file, fresh, vouches=LONE)
    assert answered_for(fresh) == [("trust_clock", "lone")]
    assert inside(fresh, lambda t: t.all(RetentionRun.select(RetentionRun.day, RetentionRun.state))) == [
        (local_date(now()), "done")
    ]
    assert tombstones_in(list_file(fresh), vault_of(fresh)).begun_on is None


def damaged(beside: Path) -> None:
    beside.write_text(beside.read_text().replace("laid", "liad"))


def shortened(beside: Path) -> None:
    beside.write_text("skranke tombstones 1\n")


@pytest.mark.parametrize("harm", [damaged, shortened])
def test_a_list_that_was_touched_is_as_good_as_none(
    home: Path, file: Path, fresh: Path, harm: Callable[[Path], None]
) -> None:
    erase(home, NUMBER)
    harm(file.parent / copy_name(vault_of(home)))
    with pytest.raises(BackupError) as refused:
        bring_back(file, fresh)
    assert refused.value.why == "no_tombstones"


def test_an_older_list_put_beside_a_newer_back_up_is_noticed(home: Path, file: Path, fresh: Path) -> None:
    beside = file.parent / copy_name(vault_of(home))
    before = beside.read_bytes()
    erase(home, NUMBER)
    newer = back_up(home, file.with_name("newer")).file
    beside.write_bytes(before)
    with pytest.raises(BackupError) as refused:
        bring_back(newer, fresh)
    assert refused.value.why == "no_tombstones"


def test_the_old_homes_list_will_do_instead(home: Path, alone: Path, fresh: Path) -> None:
    erase(home, NUMBER)
    # Laid beside the back-up again by the erasure; taken away once more.
    (alone.parent / copy_name(vault_of(home))).unlink()
    restored = bring_back(alone, fresh, lists=(list_file(home),))
    assert restored.replayed.erased == 1


def test_a_list_that_is_named_and_not_there_is_faulty(file: Path, fresh: Path) -> None:
    with pytest.raises(BackupError) as refused:
        bring_back(file, fresh, lists=(fresh / "nothing",))
    assert refused.value.why == "no_tombstones"


def test_an_erasure_whose_medium_was_away_counts_by_the_homes_own_list(home: Path, file: Path) -> None:
    away = file.parent.rename(file.parent.with_name("away"))
    erase(home, NUMBER)
    away.rename(file.parent)
    assert tombstones_in(file.parent / copy_name(vault_of(home)), vault_of(home)).entries == ()
    assert bring_back(file, home, may_replace=True).replayed.erased == 1
    assert numbers_in(home) == set()


def test_a_restored_home_goes_on_with_the_list_and_the_back_up(home: Path, file: Path, fresh: Path) -> None:
    erase(home, NUMBER)
    bring_back(file, fresh)
    assert list_file(fresh).read_bytes() == list_file(home).read_bytes()
    assert register_of(fresh).folders == (file.parent,)
    erase_another(fresh)
    assert len(tombstones_in(file.parent / copy_name(vault_of(home)), vault_of(home)).entries) == 2


def test_a_restore_that_is_repeated_gives_the_same(home: Path, file: Path, fresh: Path) -> None:
    erase(home, NUMBER)
    bring_back(file, fresh)
    again = bring_back(file, fresh, may_replace=True)
    assert again.replayed.erased == 1
    assert numbers_in(fresh) == set()
    assert is_whole(fresh)


def test_no_room_for_the_copy_leaves_the_home_as_it_was(home: Path, file: Path, fresh: Path) -> None:
    from tests.desk.backups.test_making import no_file_larger_than

    for where in (home, fresh):
        before = everything_in(where)
        with no_file_larger_than(300_000), pytest.raises(DeskError):
            bring_back(file, where, may_replace=True)
        assert everything_in(where) == before


def test_a_home_in_a_folder_others_can_read_is_refused(file: Path, fresh: Path) -> None:
    fresh.chmod(0o755)
    with pytest.raises(HomeError) as refused:
        bring_back(file, fresh)
    assert refused.value.why == "open"


def test_templates_of_the_librarys_own_come_back(home: Path, tmp_path: Path, fresh: Path) -> None:
    (home / "templates" / "da").mkdir(parents=True)
    (home / "templates" / "da" / "recall.sms.txt").write_text("Kom med bogen, senest $due", "utf-8")
    file = back_up(home, tmp_path / "b").file
    bring_back(file, fresh)
    assert (fresh / "templates" / "da" / "recall.sms.txt").read_text("utf-8") == "Kom med bogen, senest $due"


def test_a_back_up_of_an_older_program_is_brought_up_to_date(home: Path, tmp_path: Path, fresh: Path) -> None:
    """The first version's tables, which know of no tombstone and no log: whoever was erased since goes all the same."""
    (home / "store.db").unlink()
    old = Store(f"sqlcipher://{home}/store.db", store_key(home), vault_of(home))
    old._connected(may_make_file=True)
    Runner(old._database, str(MIGRATIONS)).up(FIRST)
    for statement in OLD_ROWS.strip().split(";\n"):
        old.write_here(lambda transaction, statement=statement: transaction.run_many(statement, [()]))  # type: ignore[misc]
    old.close()
    with unopened(home) as installation:
        file = make_backup(installation, tmp_path / "b", now(), lambda _done, _total: None).file
    lay_down(home, vault_of(home), tombstone_of(vault_of(home), "00000001"), local_date(now()))
    restored = bring_back(file, fresh)
    assert len(restored.migrations) == len(list(MIGRATIONS.glob("[0-9]*.py"))) - 1
    assert numbers_in(fresh) == {"00000002"}
    assert is_whole(fresh)


def test_where_store_and_keys_lie_is_the_new_machines(home: Path, tmp_path: Path, fresh: Path) -> None:
    """A back-up whose settings name a place of the old machine is not restored over what lies there."""
    settings = (home / "desk.toml").read_text("utf-8")
    there = settings.replace('# url = ""', f'url = "sqlcipher://{home}/store.db"', 1).replace('"dark"', '"light"')
    (home / "desk.toml").write_text(there.replace("# theme", "theme"), "utf-8")
    file = back_up(home, tmp_path / "b").file
    before = (home / "store.db").read_bytes()
    assert bring_back(file, fresh).settings_changed
    assert (home / "store.db").read_bytes() == before
    found = load(fresh)
    assert found.store_url(fresh) == f"sqlcipher://{fresh}/store.db"
    assert found.look.theme == "light"
    assert is_whole(fresh)


def test_the_file_can_be_read_only(file: Path, fresh: Path) -> None:
    file.chmod(0o400)
    bring_back(file, fresh)
    assert is_whole(fresh)


def test_nothing_of_a_restore_is_left_lying(home: Path, file: Path, fresh: Path) -> None:
    (fresh / ".store.db.restoring").mkdir()
    (fresh / ".store.db.restoring" / "store.db").write_text("left by a kill")
    bring_back(file, fresh)
    assert {path.name for path in fresh.iterdir()} == {
        "keys",
        "desk.toml",
        "store.db",
        "tombstones",
        "backups.json",
        "access-log.newest",
    }
    shutil.rmtree(fresh)


def test_the_restores_own_errors_are_the_desks(file: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(restoring, "flush", full)
    with pytest.raises((FileNotWritten, TombstonesError)):
        bring_back(file, fresh)
