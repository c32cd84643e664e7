"""The ledger: one entry a checkpoint, entries in groups, a full audit; wall time: syncing is the work."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.cost import Row
from collector.ledger import Log, Shelf, check
from wire.ledger import Entry, entry_bytes
from wire.notes import ED25519, Signer
from wire.signing import SigningKey

SINGLES: Final = 1_000
ENTRIES: Final = 100_000
GROUP: Final = 200
_SIGNER: Final = Signer("ledger.example/bench", ED25519, SigningKey(b"b" * 32))


def run() -> list[Row]:
    """Three rows. Each checkpoint is durable in both files before the next entry is handed in."""
    entries = [_entry(number) for number in range(ENTRIES)]
    with tempfile.TemporaryDirectory() as name:
        with Log(Path(name), _SIGNER) as log:
            singles_s = _appended(log, entries[:SINGLES], 1)
            groups_s = _appended(log, entries[SINGLES:], GROUP)
        with Shelf(Path(name), str(_SIGNER.key)) as shelf:
            began = time.perf_counter()
            checked = check(shelf, _SIGNER.key)
            audit_s = time.perf_counter() - began
    assert (checked.faults, checked.head.size) == ([], ENTRIES)
    return [
        Row(what="ledger, one entry a checkpoint", unit="checkpoints/s", ours=SINGLES / singles_s),
        Row(
            what=f"ledger, {GROUP} entries a checkpoint",
            unit="entries/s",
            ours=(ENTRIES - SINGLES) / groups_s,
        ),
        Row(what=f"ledger, full audit of {ENTRIES}", unit="s", ours=audit_s),
    ]


def _appended(log: Log, entries: list[bytes], group: int) -> float:
    began = time.perf_counter()
    for at in range(0, len(entries), group):
        log.append(entries[at : at + group])
    return time.perf_counter() - began


def _entry(number: int) -> bytes:
    at, station = "2026-11-22T15:00:00.000Z", f"KZ-71-{number % 10_000:04d}"
    made = Entry(
        kind="claim", at=at, station=station, sheet="1", sha256=f"{number:064x}", link="sms", proof="seal"
    )
    return entry_bytes(made)
