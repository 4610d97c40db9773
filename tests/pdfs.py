"""PDFs read back by programs that know nothing of what wrote them: the text, and barcodes as a scanner sees them."""

from __future__ import annotations

import io

import pypdfium2
import zxingcpp
from PIL import ImageOps
from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """Give the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """Give the text of all pages."""
    return "\n".join(pages_of(pdf))


def barcodes_of(pdf: bytes) -> list[str]:
    """Print every page as a laser printer would, at 300 dots an inch, and read the barcodes from the top down."""
    found: list[str] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=300 / 72, grayscale=True).to_pil()
            codes = zxingcpp.read_barcodes(image)
            found += [code.text for code in sorted(codes, key=lambda code: code.position.top_left.y)]
    return found


def right_edge_of(pdf: bytes) -> float:
    """Give how far to the right anything is printed, in mm from the left edge of the paper."""
    edges = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            box = ImageOps.invert(page.render(scale=2, grayscale=True).to_pil()).getbbox()
            edges.append(box[2] / 2 / 72 * 25.4 if box else 0)
    return max(edges)
