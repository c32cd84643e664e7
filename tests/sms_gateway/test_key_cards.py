"""A key card holds the secret alone: its QR and its typed form are the station's key, and the day's card has none."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from dabyl.cli import main
from sms_gateway import new_station, write_keys
from sms_gateway.key_cards import typed_key, write_key_cards
from tests.sms_gateway.harness import SeededRandomness
from wire import BadInput, base62
from wire.signing import SigningKey, from_text, to_text
from wire.stationkeys import StationKeys

MADE = datetime(2026, 11, 1, tzinfo=UTC)
CHANCE = SeededRandomness()
NAMES = ("KZ-71-0379", "KZ-75-0012")


@pytest.fixture
def stations(tmp_path: Path) -> list[StationKeys]:
    """Two stations, their secrets in the folder."""
    found = []
    for name in NAMES:
        _, seed, listed = new_station(name, CHANCE)
        (tmp_path / f"{name}.key").write_text(seed)
        found.append(listed)
    write_keys(tmp_path / "keys", found)
    return found


def _pages(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages]


def _seed(folder: Path, name: str) -> bytes:
    return bytes.fromhex((folder / f"{name}.key").read_text())


def test_a_key_card_shows_its_station_and_the_key_to_be_typed(
    tmp_path: Path, stations: list[StationKeys]
) -> None:
    out = tmp_path / "keys.pdf"
    assert write_key_cards(out, stations, tmp_path, MADE) == 2
    assert out.stat().st_mode & 0o777 == 0o600
    for name, text in zip(NAMES, _pages(out), strict=True):
        assert name in text
        assert typed_key(name, _seed(tmp_path, name)).replace(" ", "") in re.sub(r"\s", "", text)
        assert "Секретный ключ" in text
        assert "Құпия кілт" in text


def test_a_key_card_holds_no_one_time_code(tmp_path: Path, stations: list[StationKeys]) -> None:
    write_key_cards(tmp_path / "keys.pdf", stations, tmp_path, MADE)
    text = "".join(_pages(tmp_path / "keys.pdf"))
    assert [code for one in stations for code in one.codes if code in text] == []


def test_the_typed_key_is_the_station_the_key_and_four_check_characters() -> None:
    typed = typed_key("KZ-71-0379", bytes(range(32)))
    station, *groups = typed.split(" ")
    key = "".join(groups)
    assert station == "71-0379"
    assert [len(group) for group in groups] == [5] * 9 + [2]
    assert base62.decode(key[:-4]) == bytes(range(32))
    assert base62.check("710379" + key[:-4]) == key[-4:]


def test_a_secret_of_another_station_gets_onto_no_key_card(
    tmp_path: Path, stations: list[StationKeys]
) -> None:
    (tmp_path / "KZ-75-0012.key").write_text("07" * 32)
    with pytest.raises(BadInput, match="not a key of KZ-75-0012"):
        write_key_cards(tmp_path / "keys.pdf", stations, tmp_path, MADE)
    assert not (tmp_path / "keys.pdf").exists()


def test_no_station_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no station"):
        write_key_cards(tmp_path / "keys.pdf", [], tmp_path, MADE)
    assert not (tmp_path / "keys.pdf").exists()


def test_the_command_puts_the_secrets_on_cards_of_their_own(
    tmp_path: Path, stations: list[StationKeys], capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--keys", str(tmp_path / "keys"), "--out", str(tmp_path / "day.pdf")]
    apart = ["--secrets", str(tmp_path), "--key-cards", str(tmp_path / "chairs.pdf")]
    assert main(["station", "cards", *files, *apart]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path / 'day.pdf'}: 2 cards", f"{tmp_path / 'chairs.pdf'}: 2 key cards",
    ]  # fmt: skip
    assert len(_pages(tmp_path / "chairs.pdf")) == 2


def test_key_cards_without_secrets_are_one_clear_line(
    tmp_path: Path, stations: list[StationKeys], capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--keys", str(tmp_path / "keys"), "--out", str(tmp_path / "day.pdf")]
    assert main(["station", "cards", *files, "--key-cards", str(tmp_path / "chairs.pdf")]) == 2
    assert "--key-cards needs --secrets" in capsys.readouterr().err


def test_the_key_of_a_card_is_the_one_that_the_gateway_believes(
    stations: list[StationKeys], tmp_path: Path
) -> None:
    for one in stations:
        seed = _seed(tmp_path, one.station)
        assert one.keys == (to_text(SigningKey(seed).public),)
        assert from_text(to_text(seed)) == seed
