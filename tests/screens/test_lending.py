"""The counter's pages under a pilot: what a clerk sees and presses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from db.models import Loan, Staff
from desk.errors import StoreIsBusy
from desk.installation import Installation
from screens.crash import crash_report
from screens.curtain.curtain import CurtainScreen
from screens.dialogs.help import HelpDialog
from screens.dialogs.step_up import StepUpDialog
from screens.lending.lending import CheckOutScreen
from screens.palette import DeskPalette
from screens.widgets.lane import DecisionLane
from screens.widgets.pile import Pile
from screens.widgets.scan_line import ScanLine
from tests.screens.at_work import BLOCKED_CARD, CARD, HOSTILE, OTHER_CARD, at_work


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_card_and_two_books_make_two_lines(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await counter.scan(CARD, "3000000000", "3000000001")
        assert "Anna Møller" in counter.text()
        assert "Titel 0" in counter.pile()
        assert "Titel 1" in counter.pile()
        assert counter.figures() == (2, 2, 0)
        assert "lån 2/15" in counter.text()


async def test_an_empty_pile_invites_to_scan_what_comes_next(home: Path) -> None:
    async with at_work(home) as counter:
        assert "Scan et lånerkort." in counter.text()
        assert "Scan materialer." not in counter.text()
        await counter.scan(CARD)
        assert "Scan materialer." in counter.pile()
        await counter.scan("3000000000")
        assert "Scan materialer." not in counter.text()
        await counter.press("escape")
        assert "Scan materialer." not in counter.text()
        await counter.press("f3")
        assert "Scan materialer." in counter.pile()


async def test_the_next_borrowers_card_leaves_nothing_of_the_last(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000", OTHER_CARD)
        assert "Anna" not in counter.text()
        assert "Titel 0" not in counter.text()
        assert "Ib [/] Hansen" in counter.text()


async def test_the_same_card_again_only_says_so(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        counter.app.at_counter.work._intake.forget()
        await counter.scan(CARD)
        assert "allerede åben" in counter.pile()


async def test_the_same_barcode_at_once_is_counted_once(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000", "3000000000")
        assert counter.figures() == (1, 1, 0)
        assert "×2" in counter.pile()


async def test_a_scan_lands_in_the_queue_whatever_dialog_is_open(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f1")
        assert isinstance(counter.app.screen, HelpDialog)
        await counter.scan("3000000000")
        assert isinstance(counter.app.screen, HelpDialog), "a scanner's Enter pressed something"
        await counter.press("x")
        assert "Titel 0" in counter.pile()


async def test_letters_answer_only_in_the_lane(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan("3000000000")
        assert counter.figures() == (1, 0, 1)
        await counter.press("a")
        assert counter.figures() == (1, 0, 1)
        await counter.press("backspace", "f8")
        assert isinstance(counter.app.focused, DecisionLane)
        await counter.press("a")
        assert counter.figures() == (1, 1, 0)
        assert isinstance(counter.app.focused, ScanLine)


async def test_esc_right_after_the_last_answer_only_leaves_the_lane(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "x", "escape")
        assert "Karl Blok" in counter.text()
        assert isinstance(counter.app.focused, ScanLine)
        await counter.press("escape")
        assert "Karl Blok" not in counter.text()


async def test_esc_some_time_after_the_last_answer_ends_the_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "x")
        late = events.Key("escape", None)
        late.time += 1.6
        counter.app.post_message(late)
        await counter.settle()
        assert "Karl Blok" not in counter.text()


async def test_esc_meant_for_a_palette_that_a_card_closed_ends_no_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("ctrl+p")
        await counter.scan(CARD)
        await counter.until("Anna Møller")
        await counter.press("escape")
        assert "Anna Møller" in counter.text()
        await counter.press("escape")
        assert "Anna Møller" not in counter.text()


async def test_esc_out_of_the_lane_and_esc_again_end_the_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000", "3000000001")
        await counter.press("f8", "x", "escape")
        assert "Karl Blok" in counter.text()
        await counter.press("escape")
        assert "Karl Blok" not in counter.text()


async def test_esc_out_of_the_supervisors_dialog_and_esc_out_of_the_lane_leave_the_visit_open(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u", "escape", "escape")
        assert "Karl Blok" in counter.text()
        assert counter.figures() == (1, 0, 1)


async def test_the_next_scan_does_not_wait_for_a_decision(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000", "3000000001")
        assert counter.figures() == (2, 0, 2)


async def test_an_override_asks_a_supervisor_and_answers_the_visits_other_decisions(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000", "3000000001")
        await counter.press("f8", "u")
        assert isinstance(counter.app.screen, StepUpDialog)
        await counter.press(*"aftalt", "enter", *"lone", "enter", *"hemmelig", "enter")
        for _wait in range(100):
            if counter.figures()[2] == 0:
                break
            await counter.pilot.pause(0.02)
        assert counter.figures() == (2, 2, 0)


async def test_staff_cannot_override(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u", *"aftalt", "enter", *"mette", "enter", *"hemmelig", "enter")
        await counter.until("Kræver vagthavende")
        assert "Kræver vagthavende" in counter.text()
        assert counter.figures() == (1, 0, 1)


async def test_esc_ends_the_visit_and_esc_again_does_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("escape")
        assert "Anna" not in counter.text()
        assert "Scan et lånerkort" in counter.text()
        await counter.press("escape")
        assert counter.figures() == (0, 0, 0)


async def test_the_last_borrower_comes_back_on_f10(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("escape", "f10")
        assert "Anna Møller" in counter.text()


async def test_a_card_in_return_opens_check_out_with_that_borrower(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f3")
        assert "F3 AFLEVERING" in counter.text()
        await counter.scan(CARD)
        assert "F2 UDLÅN" in counter.text()
        assert "Anna Møller" in counter.text()


async def test_a_return_says_where_the_item_goes_and_names_nobody(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000", "3000000011")
        await counter.press("f3")
        await counter.scan("3000000000", "3000000011")
        assert "hjem" in counter.pile()
        assert "→ Thyholm" in counter.pile()
        assert "Anna" not in counter.text()


async def test_a_second_that_passes_while_a_page_is_being_made_stops_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        made = counter.app.switch_mode("return")
        counter.app._tick()
        await made
        assert "F3 AFLEVERING" in counter.text()


async def test_hostile_titles_are_only_text(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, *(f"31000000{number:02}" for number in range(len(HOSTILE))))
        text = counter.text()
        assert "Ib [/] Hansen" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert counter.figures() == (6, 6, 0)


async def test_behind_the_curtain_items_wait_and_a_card_draws_it_back(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f9")
        assert isinstance(counter.app.screen, CurtainScreen)
        assert "Anna" not in counter.text()
        await counter.scan("3000000000")
        assert isinstance(counter.app.screen, CurtainScreen)
        await counter.press("x")
        assert "Titel 0" in counter.pile()
        await counter.press("f9")
        await counter.scan(OTHER_CARD)
        assert "Ib [/] Hansen" in counter.text()
        assert "Anna" not in counter.text()


async def test_books_scanned_behind_the_curtain_before_the_next_card_are_not_lent_to_whoever_left(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f9")
        await counter.scan("3000000000", OTHER_CARD, "3000000001")
        await counter.until("Ib [/] Hansen")
        assert "Anna" not in counter.text()
        assert "Titel 1" in counter.pile()
        assert "Titel 0" not in counter.pile()
        await counter.until("Ingen låner valgt.")
        assert counter.app.at_counter.work.place.visit is not None


async def test_books_scanned_behind_the_curtain_before_the_same_card_are_lent_and_seen(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f9")
        await counter.scan("3000000000", CARD)
        await counter.until("Anna Møller")
        assert "Titel 0" in counter.pile()


async def test_a_book_and_a_card_behind_a_curtain_without_a_visit_draw_it_back(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f9")
        await counter.scan("3000000000", CARD)
        await counter.until("Anna Møller")
        await counter.until("Ingen låner valgt.")


async def test_after_two_minutes_behind_the_curtain_the_visit_has_ended(home: Path) -> None:
    async with at_work(home) as counter:
        now = [1000.0]
        counter.app.privacy._seconds = lambda: now[0]
        counter.app.privacy.touched()
        await counter.scan(CARD)
        now[0] += 61
        counter.app.privacy.tick()
        await counter.settle()
        assert isinstance(counter.app.screen, CurtainScreen)
        await counter.scan("3000000000")
        now[0] += 121
        counter.app.privacy.tick()
        await counter.settle()
        await counter.press("x")
        assert "Anna" not in counter.text()
        assert counter.figures() == (1, 0, 1), "the item belongs to nobody and asks"


async def test_a_locked_counter_keeps_the_pile_for_a_colleague(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        counter.app.privacy.lock()
        await counter.settle()
        assert "Anna" not in counter.text()
        assert "Låst kl." in counter.text()
        await counter.scan("3000000001")
        staff = await counter.app.installation.sign_in.with_password("lone", "hemmelig")
        counter.app.privacy.unlock(staff)
        await counter.settle()
        assert "Titel 0" in counter.pile()
        assert "Titel 1" in counter.pile()
        assert "Lone B." in counter.text()


async def test_a_staff_card_is_never_written_to_the_queue(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan("99METTE99")
        assert counter.figures() == (0, 0, 0)


async def test_nothing_scanned_before_sign_in_is_acknowledged(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        await counter.scan(CARD)
        assert "Scanningen er ikke modtaget" in counter.text()


async def test_decisions_outlive_a_restart_without_a_name(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        assert counter.figures() == (1, 0, 1)
    async with at_work(home) as counter:
        decisions = counter.app.at_counter.work.decisions
        assert [d.item.title for d in decisions.values() if d.item] == ["Titel 0"]
        assert "venter siden" in counter.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_supervisor_is_told_that_an_earlier_borrowers_loan_is_not_for_the_one_on_the_screen_and_why(
    home: Path, size: tuple[int, int]
) -> None:
    async with at_work(home, size) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000", CARD)
        await counter.press("f8")
        await counter.until("Gælder en tidligere låner.")
        assert "larm" not in counter.text()
        await counter.press("u")
        await counter.until("»Titel 0« til en tidligere låner.")
        assert "Udelukket siden" in counter.text()
        assert "dette besøg" not in counter.text()
        await counter.press(*"aftalt", "enter", *"lone", "enter", *"hemmelig", "enter")
        await counter.until("· til en tidligere låner")
        loans = counter.app.installation.store.read_here(lambda read: read.all(Loan.select(Loan.borrower)))
        assert loans == [(3,)]


async def test_of_whoever_stands_there_the_step_up_says_for_this_visit_only(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u")
        await counter.until("dette besøg.")
        assert "tidligere låner" not in counter.text()


async def test_lend_to_the_last_borrower_says_that_it_is_not_the_one_who_stands_there(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("escape")
        await counter.scan("3000000000")
        await counter.press("f8")
        await counter.until("Ingen låner valgt.")
        assert "tidligere låner" not in counter.text()
        await counter.press("escape")
        await counter.scan(OTHER_CARD)
        await counter.press("f8")
        await counter.until("Gælder en tidligere låner.")


async def test_whoevers_account_was_closed_meanwhile_is_told_so_and_can_sign_off(home: Path) -> None:
    async with at_work(home) as counter:
        close = Staff.update(active=False).where(Staff.login == "mette")
        counter.app.installation.store.write_here(lambda transaction: transaction.run(close))
        await counter.scan(CARD)
        assert "kontoen er lukket" in counter.pile()
        await counter.press("f4", *"an")
        await counter.until("Din konto er lukket. Intet er ændret. Log af.")
        await counter.press("ctrl+q")
        await counter.until("Brugernavn")


async def test_signing_off_asks_about_decisions(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan("3000000000")
        await counter.press("ctrl+q")
        assert "1 beslutning venter. Log af?" in counter.text()
        await counter.press("n")
        assert "F2 UDLÅN" in counter.text()
        await counter.press("ctrl+q", "j")
        assert "Brugernavn" in counter.text()


async def test_loans_are_renewed_on_the_borrowers_page(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("f4")
        await counter.until("Titel 0")
        await counter.press("a")
        await counter.until("Fornyet:")
        assert "Fornyet: 0 af 1. Kan tidligst fornyes" in counter.text()
        await counter.press("escape")
        assert "F2 UDLÅN" in counter.text()


async def test_the_palette_opens_right_after_a_dialog_closed(home: Path) -> None:
    async with at_work(home) as counter:
        for _round in range(5):
            await counter.pilot.press("f1")
            await counter.pilot.press("x", "ctrl+p")
            await counter.pilot.press("escape", "escape")
            await counter.settle()


async def test_a_palette_that_is_closed_before_it_has_gathered_anything_is_closed(home: Path) -> None:
    async with at_work(home) as counter:
        palette = DeskPalette()
        await counter.app.push_screen(palette)
        palette.dismiss()
        await counter.settle()
        # What a busy machine does: the list is looked for when it has gone.
        await palette._gather_commands("").wait()
        assert counter.app.screen is not palette


async def test_the_curtain_draws_itself_while_the_clock_ticks(home: Path) -> None:
    async with at_work(home) as counter:
        now = [1000.0]
        counter.app.privacy._seconds = lambda: now[0]
        counter.app.privacy.touched()
        await counter.scan(CARD)
        now[0] += 61
        counter.app._tick()
        await counter.settle()
        assert isinstance(counter.app.screen, CurtainScreen)
        now[0] += 300
        counter.app._tick()
        await counter.settle()
        assert "Låst kl." in counter.text()


@pytest.mark.parametrize("key", ["n", "b", "f1", "ctrl+p", "f9"])
async def test_the_next_borrowers_card_closes_whatever_lay_over_the_last_ones_page(home: Path, key: str) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4", "3", key)
        await counter.scan(OTHER_CARD)
        assert "Ib [/] Hansen" in counter.text()
        assert "Anna" not in counter.text()
        assert len(counter.app.screen_stack) == 1


async def test_signing_off_waits_for_what_was_scanned_before(home: Path) -> None:
    async with at_work(home) as counter:
        for code in (CARD, *(f"30000000{number:02}" for number in range(6))):
            counter.app.heard_typed(code)
        await counter.pilot.press("ctrl+q")
        await counter.settle()
        assert "Brugernavn" in counter.text()
        await counter.app.signed_in(await counter.app.installation.sign_in.with_password("lone", "hemmelig"))
        await counter.settle()
        assert not counter.app.at_counter.work.decisions, "an item was scanned for Anna and asked the next operator"


async def test_whoever_stays_after_all_is_not_told_any_more_that_signing_off_waits(home: Path) -> None:
    async with at_work(home) as counter:
        for code in (BLOCKED_CARD, *(f"30000000{number:02}" for number in range(6))):
            counter.app.heard_typed(code)
        await counter.pilot.press("ctrl+q")
        await counter.until("Log af?")
        await counter.press("n")
        assert "Karl Blok" in counter.text()
        assert "Logger af" not in counter.text()


async def test_lending_to_the_last_borrower_means_whoever_was_last_when_it_was_scanned(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("escape")
        await counter.scan("3000000000", OTHER_CARD)
        await counter.press("escape", "f8", "l")
        await counter.scan(CARD)
        await counter.press("f4")
        await counter.until("Titel 0")
        assert "Titel 0" in counter.text()


async def test_a_lock_is_not_left_by_signing_off(home: Path) -> None:
    async with at_work(home) as counter:
        counter.app.privacy.lock()
        await counter.settle()
        await counter.press("ctrl+q", "ctrl+p")
        assert "Låst kl." in counter.text()


async def test_before_the_sign_in_f1_helps_and_ctrl_q_leaves_the_program(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        await counter.press("f1")
        assert isinstance(counter.app.screen, HelpDialog)
        await counter.press("x", "m")
        await counter.pilot.press("ctrl+q")
        await counter.pilot.pause()
        assert counter.app.return_code == 0
        assert not counter.app.is_running


async def test_a_store_that_was_busy_at_the_start_is_not_called_so_for_ever(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn, asked = Installation.learn_staff_cards, []

    async def busy_once(installation: Installation) -> None:
        asked.append(installation)
        if len(asked) == 1:
            raise StoreIsBusy("store.db")
        await learn(installation)

    monkeypatch.setattr(Installation, "learn_staff_cards", busy_once)
    async with at_work(home) as counter:
        assert len(asked) > 1
        assert counter.app.at_counter.store_state == "ok"


async def test_f3_works_on_the_borrowers_page(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4", "f3")
        assert "F3 AFLEVERING" in counter.text()


async def test_a_visit_that_a_restart_brings_back_late_has_ended(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        work = counter.app.at_counter.work
        work.place = replace(work.place, touched_at=counter.app.now() - timedelta(seconds=181))
        await work._queue.keep_place(work.place.to_json())
    async with at_work(home) as counter:
        assert "Anna" not in counter.text()
        assert counter.app.at_counter.place.visit is None


async def test_the_next_borrower_does_not_read_why_the_last_one_was_refused(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        assert "Udelukket siden" in counter.text()
        await counter.scan(OTHER_CARD)
        assert "Udelukket siden" not in counter.text()
        assert "Titel 0" in counter.text()


async def test_an_answer_for_a_visit_that_is_over_says_what_became_of_it(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan("3000000000", CARD)
        await counter.press("f8", "a")
        assert "Titel 0 · hjem · var ikke udlånt" in counter.text()


def test_a_crash_is_told_and_logged_without_what_it_happened_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = " ".join(("An" + "na", "Møller"))
    try:
        raise ValueError(told)
    except ValueError as error:
        said = crash_report(error, tmp_path)
    assert "ValueError" in said
    assert told not in said + caplog.text
    assert "test_lending.py" in caplog.text


async def test_ctrl_z_says_on_the_line_that_it_is_undone_and_the_count_goes_back(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000", "3000000001")
        assert "lån 2/15" in counter.text()
        await counter.press("ctrl+z")
        await counter.settle()
        assert "fortrudt" in counter.text()
        assert "lån 1/15" in counter.text()
        await counter.press("escape", "f3")
        await counter.scan("3000000000")
        await counter.press("ctrl+z")
        await counter.settle()
        assert "fortrudt" in counter.text()
        # The loan before it has no line here: it is named.
        await counter.press("ctrl+z")
        await counter.settle()
        assert "Titel 0 · fortrudt" in counter.text()
        await counter.press("ctrl+z")
        await counter.settle()
        assert "intet at fortryde" in counter.text()


async def test_an_undone_due_date_key_has_no_loan_to_set(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("ctrl+z")
        await counter.settle()
        await counter.press("ctrl+d")
        assert isinstance(counter.app.screen, CheckOutScreen)


async def test_what_is_taken_back_on_another_page_of_the_pile_is_seen(home: Path) -> None:
    async with at_work(home, (80, 18)) as counter:
        await counter.press("f3")
        await counter.scan(*(f"30000000{number:02}" for number in range(11)), *(f"31000000{n:02}" for n in range(4)))
        assert counter.app.screen.query_one(Pile).page == 2
        for _line in range(15):
            await counter.press("ctrl+z")
        assert counter.app.screen.query_one(Pile).page == 1
        assert "Titel 0 " in counter.pile()
        await counter.scan("3000000011")
        assert counter.app.screen.query_one(Pile).page == 2
