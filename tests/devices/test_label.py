"""Labels: what is drawn is what a scanner reads, and what stands below cannot do anything but be read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from devices.label import NotEncodable, label_png, label_svg
from tests.barcodes import SVG, parsed, picture, read_png, read_svg, texts

PRINTABLE_ASCII = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64)
HOSTILE = [
    "Ib [/] Hansen",
    "]]><script>alert(1)</script>",
    '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    '" onload="alert(1)',
    "--><image href='http://example.dk/x.png'/>",
    "\x1b[2J\x00\x07a\u202eb\u200b\ufeff",
    "to\nlinjer\r\n\u2028og \x85flere",
    "\ud800a\ufffe\uffff",
    "👩‍🚀 日本語 🇩🇰",
    "Å" * 200,
]


@given(PRINTABLE_ASCII)
def test_any_code_reads_back_from_png_and_svg(code: str) -> None:
    assert read_png(label_png(code)) == code
    assert read_svg(label_svg(code)) == code


@pytest.mark.parametrize("code", ["99", "9912345678", "99A", "A9912", "999", "1", "~", "A", "00", "0000000099"])
def test_a_pair_of_nines_at_the_front_is_a_number_too(code: str) -> None:
    assert read_png(label_png(code, [code])) == code
    assert read_svg(label_svg(code, [code])) == code


@pytest.mark.parametrize("draw", [label_png, label_svg])
@pytest.mark.parametrize("code", ["", "A" * 65, "Ø1", "ñ", "ó", "A\n", "\x7f", "\x1d", "٣", "SHIFT\ud800"])
def test_what_has_no_bars_is_refused_and_not_repeated(draw: Callable[[str], bytes], code: str) -> None:
    with pytest.raises(NotEncodable) as refused:
        draw(code)
    assert str(refused.value) == ""


@pytest.mark.parametrize("code", ["9", "3000003416", "A" * 64])
def test_every_bar_of_a_png_is_a_whole_number_of_dots_wide(code: str) -> None:
    image = picture(label_png(code, ["Struer Bibliotek"]))
    dots = [image.getpixel((x, image.height // 5)) for x in range(image.width)]
    left, *bars, right = [len(list(run)) for _colour, run in groupby(dots)]
    assert all(width % 3 == 0 for width in bars)
    assert min(left, right) >= 30
    assert [round(dots_an_inch) for dots_an_inch in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_is_text_and_nothing_else(line: str) -> None:
    svg = label_svg("3000003416", [line])
    root = parsed(svg)
    assert {element.tag for element in root.iter()} == {f"{SVG}{tag}" for tag in ("svg", "g", "rect", "text")}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert attributes <= {"font-family", "version", "width", "height", "id", "style", "x", "y"}
    assert b"<!DOCTYPE" not in svg
    (shown,) = texts(svg)
    assert shown.isprintable()
    assert read_svg(svg) == "3000003416"
    assert read_png(label_png("3000003416", [line])) == "3000003416"


def test_lines_are_kept_as_they_are_and_each_on_its_own() -> None:
    assert texts(label_svg("1", ["ÆØÅ æøå & »Kongens Fald« <1>", "", "Struer\nBibliotek"])) == [
        "ÆØÅ æøå & »Kongens Fald« <1>",
        "Struer Bibliotek",
    ]
    assert texts(label_svg("1")) == []


def ink(image: Image.Image) -> list[tuple[int, int]]:
    """The first and last row of dots of each thing drawn below another."""
    rows = [image.crop((0, y, image.width, y + 1)).getextrema()[0] < 128 for y in range(image.height)]  # type: ignore[operator]  # one band
    edges = [y for y in range(1, image.height) if rows[y] != rows[y - 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def test_lines_of_a_png_are_below_one_another_and_inside() -> None:
    image = picture(label_png("3000003416", ["Åg" * 20, "Åg", "Åg"]))
    # Bars, then three lines; the ring of Å is a thing of its own where it does not touch.
    things = ink(image)
    assert things[-1][1] < image.height - 5
    assert len(things) >= 4
    columns = image.crop((0, image.height // 2, image.width, image.height)).point(lambda dot: 255 - dot).getbbox()
    assert columns is not None
    assert columns[0] > 5
    assert columns[2] < image.width - 5


def test_danish_letters_are_drawn_as_letters() -> None:
    from barcode.writer import ImageWriter

    font = ImageFont.truetype(ImageWriter().font_path, 33)
    shapes = {bytes(font.getmask(letter)) for letter in "ÆØÅæøåAOa\ufffe"}
    assert len(shapes) == 10
    assert texts(label_svg("1", ["A\u030arhus"])) == ["Århus"]
    assert label_png("1", ["Århus"]) != label_png("1", ["Arhus"])
