"""What the public ledger holds: one record an entry, as canonical JSON; nothing is ever removed.

`claim`: a station's text gave the hash of its sheet. `sheet`, `scan`: the bytes came in. `match`, `mismatch`:
a claim and a sheet were compared. `void`: an earlier entry does not count any more; it stays. `incident`: the
final form of an incident. `archive`: the hash of a day's evidence.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire import canonical
from wire.records import StationReport, TimeText

EntryKind = Literal["claim", "sheet", "scan", "match", "mismatch", "void", "incident", "archive"]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
_Short = Annotated[str, Meta(max_length=128)]
MAX_ENTRY_BYTES: Final = 4_096
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One entry. `at`: when what it tells of came in. `sha256`: of the exact bytes that are published.

    `station`, `sheet`: whose, and which of its sheets. `link`: how a claim came (`sms`, `https`). `by`: who
    sent it (`station`, `commission`, `observer`), `signer`: with which key, a station by its name. `of`:
    indexes of earlier entries: both sides of a match, or what is void. `sealed`: the signed text of a claim,
    for anybody to check. `proof`: what stands behind a claim (`seal`, `code`, `none`). `note`: why, or which
    day or incident.
    """

    v: Literal[1] = 1
    kind: EntryKind
    at: TimeText
    sha256: Hash = ""
    station: _Short = ""
    sheet: _Short = ""
    link: _Short = ""
    by: _Short = ""
    signer: _Short = ""
    of: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(max_length=8)] = ()
    proof: _Short = ""
    sealed: Annotated[str, Meta(max_length=255)] = ""
    note: _Short = ""


def claim_of(report: StationReport) -> Entry | None:
    """The claim that a station's report makes: that a sheet's hash is this one; None for any other report."""
    if report.kind != "sheet" or not _HASH.fullmatch(report.value):
        return None
    return Entry(
        kind="claim",
        at=report.received_at or report.at,
        station=report.station,
        sheet=report.mark,
        sha256=report.value,
        link=report.channel,
        proof=report.proof,
        sealed=report.sealed,
    )


_decode = canonical.Decoder(Entry)


def entry_bytes(entry: Entry) -> bytes:
    """The bytes that are hashed and published."""
    return canonical.encode(entry)


def parse_entry(raw: bytes) -> Entry:
    """An entry from its bytes; raises `BadRecord`."""
    return _decode(raw)
