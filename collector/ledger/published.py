"""Whether the published sheets and scans beside a ledger are those that it tells of.

Rules of this file: as in `checking`: what does not fit is a fault that names the file, never an exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from collector.ledger.checking import Checked
from wire.errors import BadInput, BadRecord, BadSignature
from wire.ledger import Entry
from wire.sheets import Sheet, parse_sheet, sheet_bytes
from wire.signing import VerifyKey
from wire.uploads import Upload, verify

SHEETS, SCANS = "sheets", "scans"
Get = Callable[[str], bytes | None]
Keys = Mapping[str, Sequence[VerifyKey]]
_PARTS = 3  # of what a sheet's entry has sealed: when, the scan, the signature


def published_path(entry: Entry) -> str:
    """Where the bytes lie that an entry tells of: `sheets/HASH`, `scans/HASH`."""
    return f"{SCANS if entry.kind == 'scan' else SHEETS}/{entry.sha256}"


def published_faults(get: Get, checked: Checked, keys: Keys | None = None) -> Iterator[str]:
    """What is wrong with them; `keys`: of the signers, to check each copy's signature too."""
    for index, entry in checked.brought.items():
        if entry.kind not in {"sheet", "scan"}:
            continue
        path = published_path(entry)
        raw = get(path)
        if raw is None:
            yield f"{path}: it is missing; entry {index} tells of it"
        elif hashlib.sha256(raw).hexdigest() != entry.sha256:
            yield f"{path}: these are not the bytes that entry {index} tells of"
        elif entry.kind == "sheet":
            yield from (f"{path}: {fault}, entry {index}" for fault in _sheet_faults(raw, entry, keys))


def _sheet_faults(raw: bytes, entry: Entry, keys: Keys | None) -> Iterator[str]:
    try:
        sheet = parse_sheet(raw)
    except BadRecord as error:
        yield str(error)
        return
    yield from _named_otherwise(sheet, raw, entry)
    if keys is not None:
        yield from _signed_otherwise(raw, entry, keys)


def _named_otherwise(sheet: Sheet, raw: bytes, entry: Entry) -> Iterator[str]:
    if sheet_bytes(sheet) != raw:
        yield "not the canonical form of a sheet"
    said, wanted = (f"{sheet.station}/{sheet.sheet}", f"{entry.station}/{entry.sheet}")
    if said != wanted:
        yield f"this is the sheet {said}, not {wanted}"


def _signed_otherwise(raw: bytes, entry: Entry, keys: Keys) -> Iterator[str]:
    if entry.signer not in keys:
        yield f"no key of {entry.signer} is in the files of keys"
        return
    try:
        verify(upload_of(raw, entry), keys[entry.signer])
    except BadSignature as error:
        yield str(error)
    except (BadInput, ValueError) as error:
        yield f"what is sealed is no signature of a copy ({error})"


def upload_of(raw: bytes, entry: Entry) -> Upload:
    """The upload that a `sheet` entry and the published bytes make together; raises `BadInput`."""
    parts = entry.sealed.split(" ")
    if len(parts) != _PARTS:
        raise BadInput("it has not three parts")
    at, scan, signature = parts
    return Upload(
        by=entry.by,  # type: ignore[arg-type]  # any other word fits no signature
        signer=entry.signer,
        at=at,
        sheet=raw.decode(),
        scan="" if scan == "-" else scan,
        signature=signature,
    )
