"""Sheets beside a ledger: each fault has its own line; a comparison that is not true is one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from collector.ledger import Shelf, check, published_faults
from collector.ledger.log import Log
from tests.collector.ledger.test_log import SIGNER
from tests.collector.sheets.scenes import STATION, STATION_KEY, a_sheet, upload_of
from wire.ledger import Entry, entry_bytes
from wire.sheets import sheet_bytes
from wire.signing import VerifyKey
from wire.uploads import Upload

AT = "2026-11-22T16:00:00.000Z"
KEYS = {STATION: (VerifyKey(STATION_KEY.public),)}
RAW = sheet_bytes(a_sheet())


def entry(raw: bytes = RAW, upload: Upload | None = None, **more: Any) -> Entry:
    told = upload or upload_of(a_sheet())
    fields: dict[str, Any] = {
        "sha256": hashlib.sha256(raw).hexdigest(), "station": STATION, "sheet": "1", "by": told.by,
        "signer": told.signer, "sealed": f"{told.at} {told.scan or '-'} {told.signature}",
    }  # fmt: skip
    return Entry(kind="sheet", at=AT, **(fields | more))


def faults(folder: Path, entries: list[Entry], raw: bytes = RAW) -> list[str]:
    with Log(folder, SIGNER) as log:
        log.append([entry_bytes(one) for one in entries])
    with Shelf(folder, str(SIGNER.key)) as shelf:
        checked = check(shelf, SIGNER.key)
        return [*checked.faults, *published_faults(lambda _: raw, checked, KEYS)]


ROWS = [
    ("all is well", RAW, entry(), ""),
    ("no sheet at all", b"{}", entry(b"{}"), "missing required field"),
    ("spelled otherwise", RAW + b" ", entry(RAW + b" "), "not the canonical form"),
    ("another station", RAW, entry(station="KZ-71-0001"), "not KZ-71-0001/1"),
    ("another number", RAW, entry(sheet="2"), "not KZ-71-0379/2"),
    ("an unknown signer", RAW, entry(signer="KZ-71-0001"), "no key of KZ-71-0001"),
    ("nothing sealed", RAW, entry(sealed=""), "has not three parts"),
    ("another time", RAW, entry(sealed=entry().sealed.replace(":0", ":1", 1)), "none of the keys"),
    ("another office", RAW, entry(by="observer"), "none of the keys"),
]


@pytest.mark.parametrize(("raw", "one", "why"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_fault_is_named(tmp_path: Path, raw: bytes, one: Entry, why: str) -> None:
    found = faults(tmp_path, [one], raw)
    assert bool(found) == bool(why)
    assert all(why in line for line in found[:1])


def test_a_comparison_that_is_not_true_is_a_fault(tmp_path: Path) -> None:
    sides = [Entry(kind="claim", at=AT, sha256=f"{n:064x}", station=STATION) for n in (1, 2)]
    lies = [
        Entry(kind="match", at=AT, of=(0, 1)),
        Entry(kind="mismatch", at=AT, of=(0, 0)),
        Entry(kind="match", at=AT, of=(0,)),
    ]
    true = [Entry(kind="mismatch", at=AT, of=(0, 1)), Entry(kind="match", at=AT, of=(1, 1))]
    found = faults(tmp_path, [*sides, *lies, *true])
    assert [line.split(":")[0] for line in found] == ["entry 2", "entry 3", "entry 4"]
