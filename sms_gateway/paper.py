"""Paper: an A4 document with the letters of Kazakh embedded, lines of text, and a QR sharp at any size."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Final

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from wire.errors import BadInput

MARGIN_MM: Final = 12.0
PAGE_MM: Final = 210.0
WIDTH_MM: Final = PAGE_MM - 2 * MARGIN_MM
_FONTS: Final = (
    ("sans", "", "DejaVuSans.ttf"),
    ("sans", "B", "DejaVuSans-Bold.ttf"),
    ("mono", "", "DejaVuSansMono.ttf"),
)


def document(made: datetime) -> FPDF:
    """An empty one; `close` it, whatever happens."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(made)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(MARGIN_MM)
    pdf.set_title("Dabyl")
    for family, style, name in _FONTS:
        with resources.as_file(resources.files("sms_gateway") / "fonts" / name) as file:
            pdf.add_font(family, style, str(file))
    return pdf


def save(pdf: FPDF, path: Path) -> int:
    """Write the file for its owner alone and give the number of its pages; raises `BadInput`."""
    try:
        # Whoever has the paper can speak for the station.
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_bytes(bytes(pdf.output()))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    return pdf.pages_count


def close(pdf: FPDF) -> None:
    """Let go of the files of letters, which fpdf2 leaves open."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.close()


def line(pdf: FPDF, text: str, high: float) -> None:
    """A line of text, so many millimetres high."""
    pdf.cell(0, high, text, new_x="LMARGIN", new_y="NEXT")


def draw_qr(pdf: FPDF, text: str, corner: tuple[float, float], side_mm: float) -> None:
    """The code, a rectangle for each run of dark modules."""
    matrix = segno.make(text, error="m", micro=False).matrix
    side = side_mm / len(matrix)
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            wide = _run(modules, column)
            if wide:
                pdf.rect(corner[0] + column * side, corner[1] + row * side, wide * side, side, style="F")
            column += wide or 1


def _run(modules: bytearray, start: int) -> int:
    end = start
    while end < len(modules) and modules[end]:
        end += 1
    return end - start
