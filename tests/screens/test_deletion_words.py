"""What is said of a deletion that did not go as it should: how far it came, why, and what nobody claims (G3)."""

from __future__ import annotations

import pytest

from desk.errors import DeskError, FileNotWritten, NotErasable, StoreIsBusy, TombstonesError
from desk.privacy.erasure.records import ErasureOutcome
from screens.deletions.under_way import not_carried_out, outcome_sentence, step_words


def test_success_is_told_only_of_what_is_proven() -> None:
    proven = ErasureOutcome(1, "proven", files_scanned=1214, hits=0)
    assert outcome_sentence(proven) == "Slettet · ryddet op · bevist: 0 fund i 1.214 filer"
    failed = ErasureOutcome(1, "unproven", files_scanned=214, hits=2)
    assert outcome_sentence(failed) == "Slettet, bevis fejlede: 2 fund. Kontakt it."


@pytest.mark.parametrize(
    ("why", "said"), [("held", "Et andet program"), ("full", "Disken er fuld"), ("unread", "En fil kan ikke læses")]
)
def test_a_missing_proof_says_what_it_lacks(why: str, said: str) -> None:
    sentence = outcome_sentence(ErasureOutcome(1, "erased", why=why))
    assert sentence.startswith("Slettet, bevis mangler. ")
    assert said in sentence
    again = outcome_sentence(ErasureOutcome(1, "unproven", why=why))
    assert again.startswith("Slettet, bevis fejlede. ")
    assert said in again
    assert "starter" not in again


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotErasable(1, 0, 5_000, 0), "Noget kom i vejen: venter på aflevering, udbetaling."),
        (StoreIsBusy("store.db"), "Et andet program optager basen."),
        (TombstonesError("x", "damaged"), "Listen over slettemærker kan ikke bruges."),
        (FileNotWritten("x", "unwritable"), "Det, der skal bevises, kunne ikke skrives ned."),
    ],
)
def test_what_stopped_a_deletion_is_said_and_that_nothing_was_deleted(error: DeskError, said: str) -> None:
    sentence = not_carried_out(error, "approved")
    assert sentence.startswith(said)
    assert sentence.endswith("Intet er slettet; anmodningen er stadig godkendt.")


def test_nobody_claims_that_nothing_was_deleted_when_it_was_or_when_nobody_knows() -> None:
    gone = not_carried_out(StoreIsBusy("store.db"), "erased")
    assert gone == "Slettet, bevis mangler. Genoptages, når programmet starter."
    assert not_carried_out(StoreIsBusy("store.db"), "").endswith("Hvor langt sletningen er nået, står under F6.")


def test_progress_is_said_in_words_and_figures() -> None:
    assert step_words("scanning", 3, 14) == "Slettet, bevis mangler · gennemsøger filerne … 3/14"
    assert step_words("preparing", 0, 1) == "Forbereder …"
