"""The signatures inside entries: whoever holds the stations' keys can check every claim and every void."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collector.ledger import Shelf, check, signature_faults
from collector.ledger.log import Log
from tests.collector.ledger.test_log import SIGNER
from tests.collector.sheets.scenes import OBSERVER_KEY, STATION, STATION_KEY, a_sheet, hash_of, void_of
from wire.ledger import Entry, entry_bytes
from wire.sealed import seal_sheet
from wire.signing import VerifyKey

AT = "2026-11-22T16:00:00.000Z"
KEYS = {STATION: (VerifyKey(STATION_KEY.public),)}
HASH = hash_of(a_sheet())
TEXT = seal_sheet(STATION_KEY, STATION, bytes.fromhex(HASH), 1_795_363_200)


def claim(**more: Any) -> Entry:
    fields: dict[str, Any] = {
        "sha256": HASH,
        "station": STATION,
        "sheet": "1",
        "proof": "seal",
        "sealed": TEXT,
    }
    return Entry(kind="claim", at=AT, **(fields | more))


def void(**more: Any) -> Entry:
    told = void_of(0)
    fields: dict[str, Any] = {
        "by": told.by, "signer": told.signer, "of": told.of, "note": told.note, "sealed": f"{told.at} {told.signature}",
    }  # fmt: skip
    return Entry(kind="void", at=AT, **(fields | more))


ROWS = [
    ("a claim that the station sealed", claim(), ""),
    ("a claim without proof has nothing to check", claim(proof="none", sealed=""), ""),
    ("a claim by code is proved by the gateway alone", claim(proof="code", sealed=""), ""),
    ("a claim of another hash", claim(sha256=f"{1:064x}"), "with another hash"),
    ("a claim of another sheet", claim(sheet="2"), "of another sheet"),
    ("a claim sealed by a stranger", claim(sealed=seal_sheet(OBSERVER_KEY, STATION, bytes.fromhex(HASH), 1)), "by no key of"),
    ("a claim that says it is sealed", claim(sealed="DBY1"), "no sealed text (typo)"),
    ("a claim of a station that nobody knows", claim(station="KZ-71-0001"), "no key of KZ-71-0001"),
    ("a void of the station's", void(), ""),
    ("a void for another reason", void(note="another"), "none of the keys"),
    ("a void of a stranger's", void(signer=OBSERVER_KEY.id, by="observer"), "no key of"),
    ("a void without a signature", void(sealed=""), "no signature of a void"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "why"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_fault_is_named(tmp_path: Path, entry: Entry, why: str) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry_bytes(Entry(kind="claim", at=AT)), entry_bytes(entry)])
    with Shelf(tmp_path, str(SIGNER.key)) as shelf:
        found = list(signature_faults(check(shelf, SIGNER.key), KEYS))
    assert bool(found) == bool(why)
    assert all(line.startswith("entry 1: ") and why in line for line in found)
