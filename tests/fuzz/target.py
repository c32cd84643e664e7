"""What must hold of any bytes that come as a text: a report that can be justified, or a clean rejection."""

from __future__ import annotations

import json
from pathlib import Path

from sms_gateway.core.book import Book
from sms_gateway.core.combining import PAIRS
from sms_gateway.core.reading import FAULTS, Reading
from sms_gateway.core.understanding import identity, understand
from wire.facts import regions
from wire.sealed import Sealed, is_signed_by, seal_sheet, seal_status, take_apart
from wire.signing import SigningKey, VerifyKey, to_text
from wire.stationkeys import StationKeys
from wire.typed import Typed, check_digits

CODES = ("482913", "071325", "900417", "336258", "150099")
KEY = SigningKey(bytes(range(32)))
BOOK = Book([StationKeys(station="KZ-71-0379", keys=(to_text(KEY.public),), codes=CODES)])
CORPUS = Path(__file__).parents[1] / "sms_gateway" / "core" / "texts.jsonl"
_REGIONS = regions()


def seeds() -> list[bytes]:
    """Texts to begin with: the corpus, and sealed ones."""
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    sealed = [
        seal_sheet(KEY, "KZ-71-0379", bytes(32), 1_795_320_000),
        seal_status(KEY, "KZ-71-0379", ("turnout", ""), 1_795_320_000, ("12", 1250)),
    ]
    return [text.encode() for text in [*(json.loads(line)["text"] for line in lines), *sealed]]


def judge(data: bytes) -> None:
    """Read the bytes as a text; raises `AssertionError` when the outcome cannot be justified."""
    text = data.decode("utf-8", "ignore")
    found = understand(text, _REGIONS, BOOK)
    if not isinstance(found, Reading):
        assert found.error in FAULTS
        return
    assert found.station[:5] in _REGIONS
    if found.proof == "seal":
        sealed = take_apart(text)
        assert isinstance(sealed, Sealed)
        assert is_signed_by(sealed, [VerifyKey(KEY.public)])
        return
    value = "" if found.kind == "turnout" else found.value
    assert (found.kind, value) in PAIRS
    if found.code:
        _justify_code(found, text)
    assert bool(identity(found)) == (found.proof == "code")


def _justify_code(found: Reading, text: str) -> None:
    count = found.value if found.kind == "turnout" else ""
    typed = Typed(
        station=found.station, kind=found.kind, value="" if count else found.value, code=found.code,
        count=count, mark=found.mark,
    )  # fmt: skip
    assert (found.station, found.proof) == ("KZ-71-0379", "code")
    assert found.code in CODES
    # Letters that look like digits were read as them.
    assert len([char for char in text if char.isalnum()]) >= len(check_digits(typed)) + len(found.code)
