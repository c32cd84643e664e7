"""The stations' cards as a PDF: A4, a page each, Kazakh and Russian, with the letters embedded.

A card's QR holds `dabyl:station?id=KZ-71-0379&key=...`, the station's secret key for the offline page, where
the secrets are at hand and no key card is made apart (`key_cards.py`); else the public one as `public=`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF

from sms_gateway import catalogue
from sms_gateway.core.card import COUNT_NUMBERS, Card, card
from sms_gateway.enrolling import secret_seed
from sms_gateway.paper import MARGIN_MM, PAGE_MM, WIDTH_MM, close, document, draw_qr, line, save
from wire.errors import BadInput
from wire.facts import regions
from wire.signing import SigningKey, to_text
from wire.stationkeys import StationKeys, public_key

_QR_MM: Final = 30.0
_SPARES_IN_ROW: Final = 6
_WORDS_IN_ROW: Final = 2
_HOW: Final = (
    "Кодтар құпия. Әр код бір рет. Хабарламаны дәл жазыңыз, соңындағы екі сан қатені табады.",
    "Коды секретны. Каждый код один раз. Пишите точно так: две цифры в конце находят ошибку.",
)
_TURNOUT: Final = (
    "Дауыс бергендер саны: жол санына цифрлардың сандарын қосыңыз; соңғы екі цифр – тексеру.",
    "Число проголосовавших: к числу строки прибавьте числа цифр; две последние цифры – проверка.",
)
_SPARE: Final = (
    "Басқа хабарлар: УЧАСКЕ КОД СӨЗ ТЕКСЕРУ. Код саны + сөз саны; соңғы екі цифр – тексеру.",
    "Другие сообщения: УЧАСТОК КОД СЛОВО ПРОВЕРКА. Число кода + число слова; две последние цифры – проверка.",
)
_PLACES: Final = ("1000", "100", "10", "1")


def write_cards(path: Path, stations: Iterable[StationKeys], secrets: Path | None, made: datetime) -> int:
    """Write the PDF and give the number of its pages; raises `BadInput`.

    `secrets`: a folder of the stations' secret keys, `KZ-71-0379.key`; each must fit one of the station's.
    """
    pdf = document(made)
    try:
        return _written(path, pdf, [(card(one, catalogue.say), qr_text(one, secrets)) for one in stations])
    finally:
        close(pdf)


def _written(path: Path, pdf: FPDF, cards: list[tuple[Card, str]]) -> int:
    if not cards:
        raise BadInput("there is no station to make a card for")
    for shown, qr in cards:
        _page(pdf, shown, qr)
    return save(pdf, path)


def qr_text(listed: StationKeys, secrets: Path | None) -> str:
    """What the QR of a station's card says; raises `BadInput` for a secret that is another's."""
    if secrets is None:
        return f"dabyl:station?id={listed.station}&public={listed.keys[0] if listed.keys else ''}"
    seed = secret_seed(secrets / f"{listed.station}.key")
    if SigningKey(seed).public not in {public_key(key) for key in listed.keys}:
        raise BadInput(f"{secrets / listed.station}.key: not a key of {listed.station}")
    return f"dabyl:station?id={listed.station}&key={to_text(seed)}"


def _page(pdf: FPDF, shown: Card, qr: str) -> None:
    pdf.add_page()
    _head(pdf, shown, qr)
    _day(pdf, shown)
    _counts(pdf)
    _spares(pdf, shown)
    _words(pdf, shown)


def _head(pdf: FPDF, shown: Card, qr: str) -> None:
    region = regions().get(shown.station[:5])
    draw_qr(pdf, qr, (PAGE_MM - MARGIN_MM - _QR_MM, MARGIN_MM), _QR_MM)
    pdf.set_font("sans", "", 10)
    line(pdf, "Сайлау учаскесі · Избирательный участок", 6)
    pdf.set_font("sans", "B", 26)
    line(pdf, shown.station, 12)
    pdf.set_font("sans", "", 10)
    line(pdf, f"{region.kk} · {region.ru}" if region else "", 6)
    pdf.set_font("sans", "", 7.5)
    for sentence in _HOW:
        line(pdf, sentence, 4)
    pdf.set_y(MARGIN_MM + _QR_MM + 3)


def _day(pdf: FPDF, shown: Card) -> None:
    for row in shown.rows:
        pdf.set_font("mono", "", 10)
        pdf.cell(76, 6.4, row.text[0], border="B")
        pdf.cell(78, 6.4, row.text[1], border="B")
        pdf.set_font("sans", "B", 10)
        pdf.cell(
            0,
            6.4,
            "" if row.number is None else f"∑ {row.number:02} + ...",
            border="B",
            new_x="LMARGIN",
            new_y="NEXT",
        )


def _counts(pdf: FPDF) -> None:
    pdf.ln(2)
    _sentences(pdf, _TURNOUT)
    pdf.set_font("mono", "", 9)
    wide = WIDTH_MM / 11
    pdf.cell(wide, 4.6, "")
    for digit in range(10):
        pdf.cell(wide, 4.6, str(digit), border=1, align="C")
    pdf.ln()
    for place, numbers in zip(_PLACES, COUNT_NUMBERS, strict=True):
        pdf.cell(wide, 4.6, place, border=1, align="R")
        for number in numbers:
            pdf.cell(wide, 4.6, f"{number:02}", border=1, align="C")
        pdf.ln()


def _spares(pdf: FPDF, shown: Card) -> None:
    pdf.ln(2)
    _sentences(pdf, _SPARE)
    pdf.set_font("mono", "", 10)
    for place, (code, number) in enumerate(shown.spares, 1):
        pdf.cell(WIDTH_MM / _SPARES_IN_ROW, 5.2, f"{code} +{number:02}", border=1, align="C")
        if place % _SPARES_IN_ROW == 0:
            pdf.ln()
    if len(shown.spares) % _SPARES_IN_ROW:
        pdf.ln()


def _words(pdf: FPDF, shown: Card) -> None:
    pdf.ln(2)
    pdf.set_font("sans", "", 8.5)
    for place, (kk, ru, number) in enumerate(shown.words, 1):
        pdf.cell(WIDTH_MM / _WORDS_IN_ROW, 4.8, f"+{number:02}  {kk} · {ru}", border=1)
        if place % _WORDS_IN_ROW == 0:
            pdf.ln()


def _sentences(pdf: FPDF, sentences: tuple[str, str]) -> None:
    pdf.set_font("sans", "", 7.5)
    for sentence in sentences:
        line(pdf, sentence, 4)
