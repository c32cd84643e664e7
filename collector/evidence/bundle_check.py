"""Whether a bundle holds: its sums, its signatures, and that all the rest follows from the batches.

A public bundle holds no batch of a volunteer: what can be checked of it is that the reports follow from
the published records, the control table from its signed batches, and who vouches for the whole.

Rules of this file: a bundle comes from a stranger: nothing is unpacked but members that we know,
to names that we choose; links, other names and doubled members are faults.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from collector.core.recount import Recount
from collector.core.selection import ControlUsed, Summary
from collector.evidence.bundle import (
    CONTROL_KEYS,
    DERIVED,
    INCIDENT,
    KEYS,
    MANIFEST,
    MEMBERS,
    PUBLIC,
    ROOT,
    RULES,
    SIGNATURE,
    SUMS,
    UNSUMMED,
    Manifest,
    sha256,
)
from collector.evidence.deriving import (
    BATCHES,
    CONTROL,
    CONTROL_BATCHES,
    PRINTS,
    PUBLISHED,
    PUBLISHED_REPORTS,
    SECRETS,
    Derived,
    checked,
    write_reports,
)
from collector.evidence.lines import Fault, Line
from collector.evidence.secrets import read_secrets
from collector.evidence.source import members
from collector.store.archive import KeptLine
from collector.store.keys import newest, written_keys
from wire import canonical
from wire.errors import BadInput
from wire.incidents import Incident
from wire.records import Measurement
from wire.signing import VerifyKey, from_text, key_id

_LINE_BYTES: Final = 4 * 1_048_576  # a batch of 2 MiB in base64, and its time
_line = msgspec.json.Decoder(KeptLine)
_manifest = canonical.Decoder(Manifest)
_measurement = canonical.Decoder(Measurement)
_incident = canonical.Decoder(Incident)


class Checked(NamedTuple):
    """What a bundle holds, and every fault. `signer`: the collector's key that vouches for it, or ""."""

    counts: dict[str, int]
    faults: list[Fault]
    public: bool = False
    signer: str = ""


def verify_bundle(bundle: Path) -> Checked:
    """Check all that can be checked; raises `BadInput` for a file that is no bundle."""
    with tempfile.TemporaryDirectory(prefix="dabyl-verify-") as name:
        inside, again = Path(name) / "inside", Path(name) / "again"
        inside.mkdir()
        again.mkdir()
        faults = _unpack(bundle, inside)
        public = not any((inside / member).exists() for member in MEMBERS if member not in PUBLIC)
        names = PUBLIC if public else MEMBERS
        faults += [Fault(member, 0, "is gone") for member in names if not (inside / member).exists()]
        if any(not (inside / member).exists() for member in names):
            return Checked({}, faults, public)
        faults.extend(_sums(inside, names))
        try:
            signer = _signer(inside)
            counts = (derive_published if public else _derive)(inside, again, faults)
            faults.extend(witnesses_gone(inside))
        except BadInput as error:
            return Checked(
                {}, [*faults, Fault(bundle.name, 0, str(error).removeprefix(f"{inside}/"))], public
            )
        faults.extend(_unlike(inside, again))
    return Checked(counts, faults, public, signer)


def _signer(inside: Path) -> str:
    words = (inside / SIGNATURE).read_text(encoding="utf-8", errors="replace").split()
    if not words:
        return ""
    if len(words) != 2:  # noqa: PLR2004 - a key and a signature
        raise BadInput(f"{SIGNATURE}: not a key and a signature")
    public = from_text(words[0])
    VerifyKey(public).verify("dabyl/v1/bundle", (inside / SUMS).read_bytes(), from_text(words[1]))
    return key_id(public)


def _unpack(bundle: Path, inside: Path) -> list[Fault]:
    faults = []
    try:
        with tarfile.open(bundle, "r:") as tar:
            for member in tar:
                name = member.name.removeprefix(f"{ROOT}/")
                # A sparse member stands for more than its bytes: a few could fill the disk.
                file = tar.extractfile(member) if member.isreg() and not member.issparse() else None
                if file is None or name not in MEMBERS or (inside / name).exists():
                    faults.append(Fault(name[:100], 0, "does not belong in a bundle"))
                    continue
                with (inside / name).open("wb") as out:
                    shutil.copyfileobj(file, out)
    except (tarfile.TarError, OSError, ValueError, OverflowError) as error:  # the last two: an endless size
        raise BadInput(f"{bundle}: no bundle of ours: {error}") from error
    return faults


def _sums(inside: Path, names: Sequence[str]) -> Iterator[Fault]:
    told = (inside / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in told)}
    for name in names:
        if name not in UNSUMMED and sums.get(name) != sha256(inside / name):
            yield Fault(name, 0, "is not as SHA256SUMS says")


def _derive(inside: Path, again: Path, faults: list[Fault]) -> dict[str, int]:
    manifest = manifest_of(inside, faults)
    known = members(newest(written_keys(inside / KEYS)))
    secrets = read_secrets((inside / SECRETS).read_bytes())
    control = ControlUsed(manifest.selection)
    with Derived(again, manifest.selection, secrets) as derived:
        for number, (_, found) in enumerate(checked(Recount(known), _lines(inside / BATCHES), faults)):
            if not derived.take(found):
                faults.append(Fault(BATCHES, number + 1, "holds nothing of the time and place"))
        _take_control(inside, control, faults)
        counts = derived.finish(control)
    lines = [line for line in written_keys(inside / KEYS) if line.probe in control.vantages()]
    if lines != written_keys(inside / CONTROL_KEYS):
        faults.append(Fault(CONTROL_KEYS, 0, "are not the keys that the control table rests on"))
    if counts != manifest.counts:
        faults.append(Fault(MANIFEST, 0, f"counts {manifest.counts}, found {counts}"))
    return counts


def manifest_of(inside: Path, faults: list[Fault]) -> Manifest:
    """What the bundle says of itself."""
    manifest = _manifest((inside / MANIFEST).read_bytes().rstrip(b"\n"))
    if sha256(inside / RULES) != manifest.rules_sha256:
        faults.append(Fault(RULES, 0, "is not the text that manifest.json names"))
    return manifest


def _take_control(inside: Path, control: ControlUsed, faults: list[Fault]) -> None:
    known = members(newest(written_keys(inside / CONTROL_KEYS)))
    for number, (_, found) in enumerate(checked(Recount(known), _lines(inside / CONTROL_BATCHES), faults)):
        control.take(found, number)


def derive_published(inside: Path, again: Path, faults: list[Fault]) -> dict[str, int]:
    """What follows from the published records, and from the control's signed batches."""
    manifest = manifest_of(inside, faults)
    control, summary = ControlUsed(manifest.selection), Summary()
    _take_control(inside, control, faults)
    (again / CONTROL).write_bytes(control.lines())
    counts = {"batches": 0, "measurements": 0, "stations": 0}
    counts["batches"] = (inside / PRINTS).read_bytes().count(b"\n")
    for number, line in enumerate((inside / PUBLISHED).read_bytes().splitlines(), 1):
        record = _measurement(line)
        counts["measurements"] += 1
        summary.add(record)
        if not manifest.selection.wants(record):
            faults.append(Fault(PUBLISHED, number, "is not of the time and place"))
    counts["stations"] = (inside / PUBLISHED_REPORTS).read_bytes().count(b"\n")
    write_reports(again, manifest.selection, counts, summary)
    if counts != manifest.counts:
        faults.append(Fault(MANIFEST, 0, f"counts {manifest.counts}, found {counts}"))
    return counts


def witnesses_gone(inside: Path) -> Iterator[Fault]:
    """Witnesses of the incident that are not among the published measurements."""
    told = [_incident(line) for line in (inside / INCIDENT).read_bytes().splitlines()]
    if not told:
        return
    known = {_measurement(line).id for line in (inside / PUBLISHED).read_bytes().splitlines()}
    for one in told[-1].witnesses:
        if one not in known:
            yield Fault(INCIDENT, len(told), f"the witness {one} is not in {PUBLISHED}")


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
        if (again / name).exists() and (inside / name).read_bytes() != (again / name).read_bytes():
            yield Fault(name, 0, "does not follow from the signed batches")
