"""``desk label``: barcodes for cards and items, as files to print."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.output import complain, say, say_json
from desk.cli.sentences import sentence
from desk.cli.words import Worded, WordedGroup
from desk.command import INSTALLATION
from desk.errors import InvalidInput, NotFound
from desk.installation import open_installation
from desk.labels.drawing import Picture, drawn_label
from desk.labels.files import label_name, write_labels
from desk.labels.queries import card_label, item_label
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import number, plain

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.labels.drawing import LabelQuery

PICTURES: dict[str, Picture] = {".svg": "svg", ".png": "png"}
FAILED = 1


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "label", {"card": _card_command, "item": _item_command}, help=_("Barcodes for cards and items, to be printed.")
    )


def _card_command() -> click.Command:
    return _command("card", _("NUMBER"), card_label, _("A card: library and number, nothing of the borrower."))


def _item_command() -> click.Command:
    return _command("item", _("BARCODE"), item_label, _("An item: number, library and title."))


def _command(name: str, codes: str, query: LabelQuery, about: str) -> click.Command:
    def label(codes: tuple[str, ...], out: str, *, png: bool, force: bool, as_json: bool) -> int:
        return make_labels(query, codes, Path(out), png=png, force=force, as_json=as_json)

    return Worded(
        name,
        callback=label,
        params=[
            click.Argument(["codes"], metavar=f"{codes} …", nargs=-1, required=True),
            click.Option(
                ["--out"],
                metavar=_("FILE"),
                required=True,
                help=_("A file that ends in .svg or .png; for several labels a folder."),
            ),
            click.Option(["--png"], is_flag=True, help=_("In a folder: PNG, not SVG.")),
            click.Option(["--force"], is_flag=True, help=_("Replace files that are there.")),
            click.Option(["--json", "as_json"], is_flag=True, help=_("As JSON, on the last line.")),
        ],
        help=about,
    )


def make_labels(query: LabelQuery, codes: tuple[str, ...], out: Path, *, png: bool, force: bool, as_json: bool) -> int:
    """Draw a label for each code and write them all, or none.

    No code is repeated in what is said, for a card's number belongs to a person (T3): of several, the refused ones
    are told by their place.

    Args:
        query: ``card_label`` or ``item_label``.
        codes: as they were typed.
        out: a file, or a folder for several.
        png: in a folder, PNG rather than SVG.
        force: whether files that are there may give way.
        as_json: whether the answer is JSON.

    Returns:
        0: they are written; 1: some of several were refused, and nothing is.

    Raises:
        DeskError: the one label, the file or the store cannot be had.
    """
    folder = out.is_dir() or len(codes) > 1
    ending = _ending(out, folder=folder, png=png)
    with open_installation(home()) as installation:
        drawn, problems = asyncio.run(_drawn(installation.desk, query, codes, PICTURES[ending]))
    if problems:
        for place, text in problems:
            complain(_("no. {record}: {reason}").format(record=place, reason=text))
        return FAILED
    write_labels(
        [(out / label_name(code, ending) if folder else out, content) for code, content in drawn.items()],
        out,
        replace=force,
    )
    if as_json:
        say_json({"labels": len(drawn), "out": str(out)})
    else:
        text = ngettext("{n} label is in {file}.", "{n} labels are in {file}.", len(drawn))
        say(text.format(n=number(len(drawn)), file=plain(out)))
    return 0


def _ending(out: Path, *, folder: bool, png: bool) -> str:
    """Tell SVG from PNG.

    Raises:
        InvalidInput: the file's name ends otherwise, or a file is named for several labels.
    """
    named = out.suffix.lower()
    if folder:
        if named in PICTURES and not out.is_dir():
            raise InvalidInput("out", "several")
        return ".png" if png else ".svg"
    if named not in PICTURES or (png and named != ".png"):
        raise InvalidInput("out", "ending")
    return named


async def _drawn(
    desk: Desk, query: LabelQuery, codes: tuple[str, ...], picture: Picture
) -> tuple[dict[str, bytes], list[tuple[int, str]]]:
    """Draw each label once; of several, collect what is wrong with each (C5)."""
    drawn: dict[str, bytes] = {}
    problems: list[tuple[int, str]] = []
    for place, code in enumerate(codes, 1):
        try:
            label, content = await drawn_label(desk, INSTALLATION, query, code, picture)
        except (InvalidInput, NotFound) as error:
            if len(codes) == 1:
                raise
            problems.append((place, sentence(error)))
        else:
            drawn[label.code] = content
    return drawn, problems
