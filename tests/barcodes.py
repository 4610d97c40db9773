"""Labels read back as a scanner does: each is turned into dots, and zxing-cpp says what it reads."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import zxingcpp
from PIL import Image, ImageDraw

SVG = "{http://www.w3.org/2000/svg}"
DOTS_A_MM = 300 / 25.4


def picture(png: bytes) -> Image.Image:
    """Load a PNG file whole."""
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def read_png(png: bytes) -> str:
    """Read the one barcode of a PNG file."""
    return _read(picture(png))


def parsed(svg: bytes) -> ElementTree.Element:
    """Parse an SVG file."""
    return ElementTree.fromstring(svg)  # noqa: S314  (drawn a moment ago)


def texts(svg: bytes) -> list[str]:
    """Give what an SVG file says, line by line."""
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


def read_svg(svg: bytes) -> str:
    """Draw the bars of an SVG file from its figures, and read them. Its text is left out."""
    root = parsed(svg)
    image = Image.new("L", (_dots(root, "width") + 1, _dots(root, "height") + 1), "white")
    draw = ImageDraw.Draw(image)
    for bar in root.iter(f"{SVG}rect"):
        if bar.get("width") == "100%":
            continue
        left, top, wide, high = (_dots(bar, name) for name in ("x", "y", "width", "height"))
        draw.rectangle((left, top, left + wide - 1, top + high - 1), fill="black")
    return _read(image)


def _dots(element: ElementTree.Element, name: str) -> int:
    return round(float(element.attrib[name].removesuffix("mm")) * DOTS_A_MM)


def _read(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    assert found.format == zxingcpp.BarcodeFormat.Code128
    return str(found.text)
