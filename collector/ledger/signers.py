"""Whether the signatures that stand in the ledger's own entries are those of the keys that people hold.

Rules of this file: as in `checking`. What a copy of a sheet was signed with is checked in `published`, since
it needs the sheet's bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector.ledger.checking import Checked
from wire.errors import BadInput
from wire.ledger import Entry
from wire.sealed import Sealed, is_signed_by, take_apart
from wire.signing import VerifyKey
from wire.uploads import Void, verify

Keys = Mapping[str, Sequence[VerifyKey]]
_PARTS = 2  # of what a void has sealed: when, the signature


def signature_faults(checked: Checked, keys: Keys) -> Iterator[str]:
    """What is wrong with sealed claims and with voids; `keys`: by station, or by the key's own name."""
    for index, entry in checked.brought.items():
        if entry.kind == "claim" and entry.proof == "seal":
            fault = _claim_fault(entry, keys.get(entry.station))
        elif entry.kind == "void":
            fault = _void_fault(entry, keys.get(entry.signer))
        else:
            continue
        if fault:
            yield f"entry {index}: {fault}"


def _claim_fault(entry: Entry, keys: Sequence[VerifyKey] | None) -> str:
    if keys is None:
        return f"no key of {entry.station} is in the files of keys"
    found = take_apart(entry.sealed)
    if not isinstance(found, Sealed):
        return f"what is sealed is no sealed text ({found})"
    if (found.station, found.mark, found.value) != (entry.station, entry.sheet, entry.sha256):
        return f"the sealed text is of {found.station}/{found.mark} with another hash, or of another sheet"
    return "" if is_signed_by(found, keys) else f"the sealed text is signed by no key of {entry.station}"


def _void_fault(entry: Entry, keys: Sequence[VerifyKey] | None) -> str:
    if keys is None:
        return f"no key of {entry.signer} is in the files of keys"
    parts = entry.sealed.split(" ")
    if len(parts) != _PARTS:
        return "what is sealed is no signature of a void"
    try:
        verify(
            Void(
                by=entry.by,  # type: ignore[arg-type]  # any other word fits no signature
                signer=entry.signer,
                at=parts[0],
                of=entry.of,
                note=entry.note,
                signature=parts[1],
            ),
            keys,
        )
    except BadInput as error:
        return str(error)
    return ""
