"""Whether a bundle holds: its sums, its signatures, and that all the rest follows from the batches.

Rules of this file: a bundle comes from a stranger: nothing is unpacked but members that we know,
to names that we choose; links, other names and doubled members are faults.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from collector.core.recount import Recount
from collector.core.selection import ControlUsed
from collector.evidence.bundle import (
    DERIVED,
    KEYS,
    MANIFEST,
    MEMBERS,
    ROOT,
    RULES,
    SUMS,
    Manifest,
    sha256,
)
from collector.evidence.deriving import BATCHES, CONTROL_BATCHES, Derived, checked
from collector.evidence.lines import Fault, Line
from collector.evidence.source import members
from collector.store.archive import KeptLine
from collector.store.keys import newest, written_keys
from wire import canonical
from wire.errors import BadInput

_LINE_BYTES: Final = 4 * 1_048_576  # a batch of 2 MiB in base64, and its time
_line = msgspec.json.Decoder(KeptLine)
_manifest = canonical.Decoder(Manifest)


def verify_bundle(bundle: Path) -> tuple[dict[str, int], list[Fault]]:
    """What a bundle holds, and every fault; raises `BadInput` for a file that is no bundle."""
    with tempfile.TemporaryDirectory(prefix="dabyl-verify-") as name:
        inside, again = Path(name) / "inside", Path(name) / "again"
        inside.mkdir()
        again.mkdir()
        faults = _unpack(bundle, inside)
        if any(not (inside / member).exists() for member in MEMBERS):
            return {}, faults
        faults.extend(_sums(inside))
        try:
            counts = _derive(inside, again, faults)
        except BadInput as error:
            return {}, [*faults, Fault(bundle.name, 0, str(error).removeprefix(f"{inside}/"))]
        faults.extend(_unlike(inside, again))
    return counts, faults


def _unpack(bundle: Path, inside: Path) -> list[Fault]:
    faults = []
    try:
        with tarfile.open(bundle, "r:") as tar:
            for member in tar:
                name = member.name.removeprefix(f"{ROOT}/")
                file = tar.extractfile(member) if member.isreg() else None
                if file is None or name not in MEMBERS or (inside / name).exists():
                    faults.append(Fault(name[:100], 0, "does not belong in a bundle"))
                    continue
                with (inside / name).open("wb") as out:
                    shutil.copyfileobj(file, out)
    except (tarfile.TarError, OSError) as error:
        raise BadInput(f"{bundle}: no bundle of ours: {error}") from error
    gone = [name for name in MEMBERS if not (inside / name).exists()]
    return [*faults, *(Fault(name, 0, "is gone") for name in gone)]


def _sums(inside: Path) -> Iterator[Fault]:
    told = (inside / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in told)}
    for name in MEMBERS:
        if name != SUMS and sums.get(name) != sha256(inside / name):
            yield Fault(name, 0, "is not as SHA256SUMS says")


def _derive(inside: Path, again: Path, faults: list[Fault]) -> dict[str, int]:
    manifest = _manifest((inside / MANIFEST).read_bytes().rstrip(b"\n"))
    if sha256(inside / RULES) != manifest.rules_sha256:
        faults.append(Fault(RULES, 0, "is not the text that manifest.json names"))
    known = members(newest(written_keys(inside / KEYS)))
    derived, control = Derived(again, manifest.selection), ControlUsed(manifest.selection)
    for number, (_, found) in enumerate(checked(Recount(known), _lines(inside / BATCHES), faults)):
        if not derived.take(found):
            faults.append(Fault(BATCHES, number + 1, "holds nothing of the time and place"))
    for number, (_, found) in enumerate(checked(Recount(known), _lines(inside / CONTROL_BATCHES), faults)):
        control.take(found, number)
    counts = derived.finish(control)
    if counts != manifest.counts:
        faults.append(Fault(MANIFEST, 0, f"counts {manifest.counts}, found {counts}"))
    return counts


def _lines(path: Path) -> Iterator[Line | Fault]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LINE_BYTES):
            number += 1
            try:
                yield Line(path.name, number, _line.decode(line))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                yield Fault(path.name, number, str(error))


def _unlike(inside: Path, again: Path) -> Iterator[Fault]:
    for name in DERIVED:
        if (inside / name).read_bytes() != (again / name).read_bytes():
            yield Fault(name, 0, "does not follow from the signed batches")
