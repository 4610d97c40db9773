"""The letter to a borrower whom no message reaches: a PDF in the folder of prints, until it has been printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.errors import FileNotWritten
from desk.prints.files import write_prints
from desk.prints.pdf import pdf_of, printable
from desk.system_words import system_words
from desk.texts import language, pgettext, speaking
from desk.wording import long_date

if TYPE_CHECKING:
    from desk.privacy.deletion.records import LetterRecord

TEMPLATE = Path(__file__).with_name("letter.typ")


def write_letter(letter: LetterRecord, folder: Path) -> Path:
    """Write the letter, readable by its owner alone and never over one that is there.

    Args:
        letter: to whom.
        folder: where; made if need be.

    Returns:
        The file: ``48291173-sletning-2026-03-10.pdf``; its name begins as every print's of this borrower does.

    Raises:
        FileNotWritten: with the system's words.
    """
    stem = f"{letter.number}-sletning-{local_date(letter.made_at).isoformat()}"
    (file,) = write_prints(folder, stem, {".pdf": letter_pdf(letter)})
    return file


def delete_letter(file: Path) -> None:
    """Take a letter away that has been printed: from now on it would be a trace of whoever is erased.

    Raises:
        FileNotWritten: it cannot be deleted, so nobody can be erased; with the system's words.
    """
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise FileNotWritten(str(file.parent), "unwritable", system_words(error)) from None


def letter_pdf(letter: LetterRecord) -> bytes:
    """Give the letter as the content of a PDF file, in the borrower's language."""
    with speaking(letter.language):
        content = {
            "title": pgettext("letter", "Your deletion request is approved"),
            "language": language(),
            "library": printable(letter.library),
            "made": long_date(local_date(letter.made_at)),
            "to": [printable(line) for line in (letter.name, *letter.address)],
            "text": [
                pgettext("letter", "Your deletion request is approved and your data are being deleted now."),
                pgettext("letter", "This is our last message to you."),
            ],
            "regards": pgettext("letter", "Kind regards"),
        }
    return pdf_of(TEMPLATE, "letter", content, letter.made_at)
