from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from sms_gateway import new_station
from sms_gateway.cards import qr_text, write_cards
from tests.sms_gateway.harness import SeededRandomness
from wire import BadInput
from wire.signing import SigningKey, from_text
from wire.stationkeys import StationKeys

MADE = datetime(2026, 11, 1, tzinfo=UTC)


CHANCE = SeededRandomness()


def _station(name: str, folder: Path) -> StationKeys:
    _, seed, listed = new_station(name, CHANCE)
    (folder / f"{name}.key").write_text(seed)
    return listed


def test_a_card_is_a_page_of_a4_with_its_letters_embedded(tmp_path: Path) -> None:
    stations = [_station(name, tmp_path) for name in ("KZ-71-0379", "KZ-75-0012")]
    out = tmp_path / "cards.pdf"
    assert write_cards(out, stations, tmp_path, MADE) == 2
    assert out.stat().st_mode & 0o777 == 0o600
    pdf = PdfReader(io.BytesIO(out.read_bytes()))
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages] == [
        (595, 842)
    ] * 2
    text = pdf.pages[0].extract_text()
    for said in (
        "KZ-71-0379",
        "АШЫЛДЫ",
        "ҚАБЫЛДАНДЫ",
        "ОТКРЫТ",
        "БАЙҚАУШЫ ШЫҚТЫ",
        stations[0].codes[0],
        stations[0].codes[-1],
    ):
        assert said in text
    assert stations[1].codes[0] not in text
    assert out.read_bytes().count(b"/FontFile2") >= 3


def test_the_qr_holds_the_key_that_signs_for_the_station(tmp_path: Path) -> None:
    listed = _station("KZ-71-0379", tmp_path)
    uri = qr_text(listed, tmp_path)
    assert uri.startswith("dabyl:station?id=KZ-71-0379&key=")
    key = SigningKey(from_text(uri.rpartition("=")[2]))
    assert key.public == from_text(listed.keys[0])
    assert qr_text(listed, None) == f"dabyl:station?id=KZ-71-0379&public={listed.keys[0]}"


def test_a_secret_of_another_station_gets_onto_no_card(tmp_path: Path) -> None:
    listed = _station("KZ-71-0379", tmp_path)
    (tmp_path / "KZ-71-0379.key").write_text("07" * 32)
    with pytest.raises(BadInput, match="not a key of KZ-71-0379"):
        qr_text(listed, tmp_path)


@pytest.mark.parametrize("where", ["none/cards.pdf", ""])
def test_what_cannot_be_written_is_told(where: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write_cards(tmp_path / where, [_station("KZ-71-0379", tmp_path)], None, MADE)


def test_no_station_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no station"):
        write_cards(tmp_path / "cards.pdf", [], None, MADE)
    assert not (tmp_path / "cards.pdf").exists()
