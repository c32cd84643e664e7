"""The stations' key cards as a PDF: a page each that holds the secret key alone, kept by the chair.

Its QR is what the offline page scans; under it stands the same key to be typed, should no camera work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF

from sms_gateway.cards import qr_text
from sms_gateway.enrolling import secret_seed
from sms_gateway.paper import MARGIN_MM, PAGE_MM, close, document, draw_qr, line, save
from wire import base62
from wire.errors import BadInput
from wire.facts import regions
from wire.stationkeys import StationKeys

_QR_MM: Final = 90.0
_GROUP: Final = 5
_GROUPS_IN_ROW: Final = 5
_SAID: Final = (
    "Құпия кілт. Учаске төрағасында, жабық конвертте сақталады. Суретке түсіріп жібермеңіз.",
    "Бетті ашып, осы кодты оқытыңыз. Камера болмаса, жоғарыдағы таңбаларды теріңіз.",
    "Карта жоғалса, бірден жоғарғы комиссияға хабарлаңыз: кілт жарамсыз болады.",
    "Секретный ключ. Хранится у председателя участка в закрытом конверте. Не пересылайте фото.",
    "Откройте страницу и отсканируйте код. Если нет камеры, наберите знаки выше.",
    "Если карта потеряна, сразу сообщите вышестоящей комиссии: ключ отзовут.",
)


def typed_key(station: str, seed: bytes) -> str:
    """The key to be typed: `71-0379`, base62 and check characters over both, in groups of five."""
    body = station[3:5] + station[6:] + base62.encode(seed)
    key = body[6:] + base62.check(body)
    groups = [key[start : start + _GROUP] for start in range(0, len(key), _GROUP)]
    return " ".join([f"{station[3:5]}-{station[6:]}", *groups])


def write_key_cards(path: Path, stations: Iterable[StationKeys], secrets: Path, made: datetime) -> int:
    """Write the PDF and give the number of its pages; raises `BadInput`.

    `secrets`: a folder of the stations' secret keys, `KZ-71-0379.key`; each must fit one of the station's.
    """
    pdf = document(made)
    try:
        for one in stations:
            # `qr_text` compares the secret with the station's public keys: no wrong key gets onto paper.
            _page(pdf, one.station, qr_text(one, secrets), secret_seed(secrets / f"{one.station}.key"))
        if not pdf.pages_count:
            raise BadInput("there is no station to make a card for")
        return save(pdf, path)
    finally:
        close(pdf)


def _page(pdf: FPDF, station: str, qr: str, seed: bytes) -> None:
    region = regions().get(station[:5])
    pdf.add_page()
    pdf.set_font("sans", "", 12)
    line(pdf, "Учаскенің кілт картасы · Карта с ключом участка", 8)
    pdf.set_font("sans", "B", 30)
    line(pdf, station, 15)
    pdf.set_font("sans", "", 12)
    line(pdf, f"{region.kk} · {region.ru}" if region else "", 8)
    top = pdf.get_y() + MARGIN_MM
    draw_qr(pdf, qr, ((PAGE_MM - _QR_MM) / 2, top), _QR_MM)
    pdf.set_y(top + _QR_MM + MARGIN_MM)
    _typed(pdf, typed_key(station, seed).split(" "))
    pdf.set_font("sans", "", 10)
    for sentence in _SAID:
        line(pdf, sentence, 6)


def _typed(pdf: FPDF, parts: list[str]) -> None:
    pdf.set_font("mono", "", 18)
    line(pdf, parts[0], 11)
    for start in range(1, len(parts), _GROUPS_IN_ROW):
        line(pdf, "  ".join(parts[start : start + _GROUPS_IN_ROW]), 11)
    pdf.ln(MARGIN_MM / 2)
