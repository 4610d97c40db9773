"""Templates: the program's own say what the library's language page says; the library's are checked, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.models.messages import MESSAGE_KINDS
from desk.messages.filling import FACTS as NEEDED_FACTS
from desk.messages.filling import FactsMissing, Letterhead, field_names, fields_of
from desk.messages.sms import ROOM, septets
from desk.messages.template_files import FOLDER, Templates, all_names, read_templates
from desk.messages.words import fault_sentence
from desk.texts import language
from tests.catalogues import entries
from tests.messaging import FACTS

TODAY = date(2026, 9, 24)
HEAD = Letterhead("Struer Bibliotek", "struerbibliotek.dk", ("Struer", "Thyholm"), (7, 30))
# The table of danish.md, letter for letter; but that where it is to be fetched is named: a library has branches.
SMS = {
    (
        "reservation_ready",
        "da",
    ): "Struer Bibliotek: Din reservering er klar i Struer på hylde 34. Hent den senest fre. 2. okt."
    " Husk dit lånerkort.",
    (
        "reservation_ready",
        "en",
    ): "Struer Bibliotek: Your reservation is ready at Struer on shelf 34. Pick it up by Fri 2 Oct."
    " Remember your library card.",
    ("reminder", "da"): "Struer Bibliotek: Du har 3 lån, der skal afleveres senest man. 28. sep. Lån, der ikke er"
    " reserveret, kan du forny på struerbibliotek.dk",
    ("reminder", "en"): "Struer Bibliotek: You have 3 loans due by Mon 28 Sep. Loans nobody has reserved can be renewed"
    " at struerbibliotek.dk",
    ("recall", "da"): "Struer Bibliotek: 2 af dine lån skulle have været afleveret 14. sep. Aflevér dem hurtigst"
    " muligt. Gebyret stiger efter 7 og 30 dage.",
    ("recall", "en"): "Struer Bibliotek: 2 of your loans were due on 14 Sep. Please return them soon. The fee rises"
    " after 7 and 30 days.",
    ("bill", "da"): "Struer Bibliotek: Du har fået en regning på 555,00 kr. Afleverer du materialet, bortfalder"
    " erstatningen. Gebyret skal stadig betales.",
    ("bill", "en"): "Struer Bibliotek: You have a bill of DKK 555.00. If you return the item, the replacement charge is"
    " dropped. The fee must still be paid.",
    ("block", "da"): "Struer Bibliotek: Du skylder 260,00 kr. og kan ikke låne, forny eller reservere. Betal til under"
    " 200 kr., så kan du låne igen.",
    ("block", "en"): "Struer Bibliotek: You owe DKK 260.00 and cannot borrow, renew or reserve. Pay it down below"
    " DKK 200 and you can borrow again.",
    ("receipt", "da"): "Struer Bibliotek: Du har lånt 4 materialer. De skal afleveres senest lør. 24. okt.",
    ("receipt", "en"): "Struer Bibliotek: You have borrowed 4 items. They are due by Sat 24 Oct.",
    ("deletion_approved", "da"): "Struer Bibliotek: Din anmodning om sletning er godkendt, og dine oplysninger slettes"
    " nu. Dette er den sidste besked fra os.",
    ("deletion_approved", "en"): "Struer Bibliotek: Your deletion request is approved and your data are being deleted"
    " now. This is our last message to you.",
}
SUBJECTS = {
    "reservation_ready": ("Din reservering er klar", "Your reservation is ready"),
    "reminder": ("Dine lån skal snart afleveres", "Your loans are due soon"),
    "recall": ("Afleveringsfristen er overskredet", "Your loans are overdue"),
    "bill": ("Regning fra Struer Bibliotek", "Bill from Struer Bibliotek"),
    "block": ("Du kan ikke låne, før du har betalt", "You cannot borrow until you have paid"),
    "receipt": ("Kvittering for dine lån", "Receipt for your loans"),
    "deletion_approved": ("Din anmodning om sletning er godkendt", "Your deletion request is approved"),
}


def templates(home: Path, head: Letterhead = HEAD) -> Templates:
    return read_templates(home, head, TODAY)


@pytest.mark.parametrize(("kind", "spoken"), SMS)
def test_a_text_message_says_what_the_language_page_says(tmp_path: Path, kind: str, spoken: str) -> None:
    text = templates(tmp_path).text((kind, spoken, "sms"), FACTS[kind], HEAD, TODAY)
    assert text.body == SMS[kind, spoken]
    assert language() == "da"


@pytest.mark.parametrize(
    ("spoken", "where"),
    [("da", "på bibliotekets hjemmeside eller i skranken"), ("en", "at the library's website or at")],
)
def test_a_library_without_a_website_signs_once_and_sends_nobody_to_its_name(
    tmp_path: Path, spoken: str, where: str
) -> None:
    head = replace(HEAD, website="")
    found = read_templates(tmp_path, head, TODAY)
    assert found.faults == ()
    ready = found.text(("reservation_ready", spoken, "email"), FACTS["reservation_ready"], head, TODAY).body
    assert ready.endswith("\nStruer Bibliotek\n")
    assert ready.count("Struer Bibliotek") == 1
    assert where in found.text(("reminder", spoken, "email"), FACTS["reminder"], head, TODAY).body


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_mail_has_the_language_pages_subject(tmp_path: Path, kind: str) -> None:
    found = templates(tmp_path)
    subjects = [found.text((kind, spoken, "email"), FACTS[kind], HEAD, TODAY).subject for spoken in ("da", "en")]
    assert tuple(subjects) == SUBJECTS[kind]


@pytest.mark.parametrize(
    ("facts", "danish", "english"),
    [
        ({"loans": 1}, "Du har 1 lån, der", "You have 1 loan due"),
        ({"loans": 1200}, "Du har 1.200 lån, der", "You have 1,200 loans due"),
    ],
)
def test_one_is_one(tmp_path: Path, facts: dict[str, Any], danish: str, english: str) -> None:
    for spoken, said in (("da", danish), ("en", english)):
        told = templates(tmp_path).text(("reminder", spoken, "sms"), FACTS["reminder"] | facts, HEAD, TODAY)
        assert said in told.body


def test_a_single_late_loan_is_spoken_of_as_one(tmp_path: Path) -> None:
    found, facts = templates(tmp_path), FACTS["recall"] | {"loans": 1, "rises": []}
    danish = found.text(("recall", "da", "sms"), facts, HEAD, TODAY).body
    english = found.text(("recall", "en", "sms"), facts, HEAD, TODAY).body
    assert danish.endswith("1 af dine lån skulle have været afleveret 14. sep. Aflevér det hurtigst muligt.")
    assert english.endswith("1 of your loans was due on 14 Sep. Please return it soon.")


def test_a_receipt_of_two_dates_says_both_and_of_three_the_first(tmp_path: Path) -> None:
    found, days = templates(tmp_path), ["2026-10-24", "2026-10-08", "2026-10-26"]
    two = found.text(("receipt", "da", "sms"), {"loans": 2, "due_on": days[:2]}, HEAD, TODAY).body
    three = found.text(("receipt", "da", "sms"), {"loans": 3, "due_on": days}, HEAD, TODAY).body
    assert two.endswith("senest tor. 8. okt. og lør. 24. okt.")
    assert three.endswith("senest tor. 8. okt.")


def test_every_template_there_is_can_be_used_in_both_languages(tmp_path: Path) -> None:
    found = templates(tmp_path)
    assert found.faults == ()
    assert set(found.contents) == set(all_names())
    assert len(found.contents) == 2 * 2 * len(MESSAGE_KINDS)


def test_a_library_with_a_long_name_still_has_room(tmp_path: Path) -> None:
    head = Letterhead("Lyngby-Taarbæk Bibliotek", "lyngbybib.dk", ("Lundtofte",), (7, 30))
    assert [fault_sentence(fault) for fault in templates(tmp_path, head).faults] == []


def test_every_word_of_the_code_in_a_text_message_is_gsm7() -> None:
    for spoken in ("da", "en"):
        for text in entries(spoken).values():
            if text.context == "sms":
                assert all(septets(form.replace("{", "").replace("}", "")) <= ROOM for form in text.wording)


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
def test_facts_that_are_missing_are_told(kind: str) -> None:
    for name in NEEDED_FACTS[kind]:
        if (kind, name) == ("bill", "loans"):
            # One that was queued before a bill could be for several.
            continue
        facts = {key: value for key, value in FACTS[kind].items() if key != name}
        with pytest.raises(FactsMissing):
            fields_of(kind, facts, HEAD, TODAY)


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("da", "Du har fået en regning for 6 lån på 555,00 kr. Afleverer du dem, bortfalder erstatningen."),
        ("en", "You have a bill for 6 loans of DKK 555.00. If you return them, the replacement charge is dropped."),
    ],
)
def test_one_bill_for_several_loans_says_how_many(tmp_path: Path, spoken: str, said: str) -> None:
    text = templates(tmp_path).text(("bill", spoken, "sms"), FACTS["bill"] | {"loans": 6}, HEAD, TODAY)
    assert said in text.body


def own(home: Path, name: str, content: bytes | str) -> Path:
    """Write a template of the library's own."""
    path = home / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_librarys_own_template_is_used(tmp_path: Path) -> None:
    own(tmp_path, "da/receipt.sms.txt", "$library har lånt dig $items til $due (10 $$).\n")
    text = templates(tmp_path).text(("receipt", "da", "sms"), FACTS["receipt"], HEAD, TODAY)
    assert text.body == "Struer Bibliotek har lånt dig 4 materialer til lør. 24. okt. (10 $)."


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("da/reminder.sms.txt", "Hej $navn, senest $due", "linje 1: feltet $navn findes ikke"),
        ("da/reminder.sms.txt", "Hej\n$due\n$internal_note", "linje 3: feltet $internal_note findes ikke"),
        ("da/reminder.sms.txt", "Kom snart", "feltet $due mangler"),
        ("da/bill.email.txt", "Regning\n\nBetal nu", "feltet $amount mangler"),
        ("da/reminder.sms.txt", "Senest $due, 5 $", "linje 1: et dollartegn"),
        ("da/reminder.sms.txt", "Senest $due\nÁrsag", "linje 2: en sms kan ikke rumme Á"),
        ("da/reminder.sms.txt", "$due " + "x" * 150, "en sms har plads til 160"),
        ("da/reminder.sms.txt", "", "er tom"),
        ("da/reminder.email.txt", "Senest $due", "linje 2: der står intet under emnet"),
        ("da/reminder.email.txt", "E" * 61 + "\n\n$due", "linje 1: emnet bliver op til 61 tegn"),
        ("da/reminder.email.txt", b"Emne\n\nSenest $due, l\xe5n", "linje 3: ikke UTF-8"),
        ("da/reminder.email.txt", "Emne\n" + "$due\n" * 5000, "er for stor"),
        ("da/remainder.sms.txt", "Senest $due", "erstatter ingen skabelon"),
        ("da/reminder.sms.txt/x.txt", "en mappe", "kan ikke læses"),
    ],
)
def test_a_faulty_template_is_told_with_file_and_line(
    tmp_path: Path, name: str, content: bytes | str, said: str
) -> None:
    path = own(tmp_path, name, content)
    faults = templates(tmp_path).faults
    sentences = [fault_sentence(fault) for fault in faults]
    assert any(said in sentence for sentence in sentences), sentences
    assert all(str(tmp_path / FOLDER) in sentence for sentence in sentences)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert path.exists()


def test_a_fault_holds_back_its_own_kind_language_and_channel_only(tmp_path: Path) -> None:
    own(tmp_path, "da/reminder.sms.txt", "Kom snart")
    assert templates(tmp_path).broken == {("reminder", "da", "sms")}


def test_no_field_is_about_the_borrower() -> None:
    assert set().union(*map(field_names, MESSAGE_KINDS)) == {
        "a_bill",
        "amount",
        "branch",
        "deadline",
        "due",
        "fee_rises",
        "items",
        "late_loans",
        "library",
        "limit",
        "loans",
        "owed",
        "shelf",
        "the_items",
        "them",
        "they",
        "website",
    }
