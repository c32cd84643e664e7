"""A bundle of evidence: exact signed batches, the keys to check them by, and what follows from them.

Rules of this file: the same folder and selection give the same bytes, so no clock and no name of
anybody's machine goes in; a member that is not listed in `MEMBERS` does not belong in a bundle.
"""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Iterable
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from collector.core.recount import Recount
from collector.core.selection import ControlUsed, Selection
from collector.core.times import epoch_seconds
from collector.evidence.deriving import (
    BATCHES,
    CONTROL,
    CONTROL_BATCHES,
    MEASUREMENTS,
    REPORTS,
    Derived,
    checked,
)
from collector.evidence.lines import Fault, Line
from collector.evidence.report import LANGUAGES
from collector.evidence.source import Source, members, opened
from collector.store.archive import KeptLine
from wire import canonical
from wire.errors import BadInput
from wire.facts import regions

MANIFEST: Final = "manifest.json"
KEYS: Final = "keys.jsonl"
RULES: Final = "rules.md"
SUMS: Final = "SHA256SUMS"
VERIFY: Final = "VERIFY.md"
PAGES: Final = tuple(f"report.{language}.html" for language in LANGUAGES)
DERIVED: Final = (MEASUREMENTS, REPORTS, CONTROL, "report.csv", *PAGES)
MEMBERS: Final = (VERIFY, MANIFEST, SUMS, BATCHES, CONTROL_BATCHES, KEYS, RULES, *DERIVED)
ROOT: Final = "dabyl-evidence"
PRUNE: Final = 1_000


class Manifest(Struct, frozen=True, kw_only=True):
    """What a bundle is about, and by what it was made. `rules_sha256`: of the text in `rules.md`."""

    v: Literal[1] = 1
    selection: Selection
    dabyl: str
    rules_sha256: str
    counts: dict[str, int]


def export(folder: Path, selection: Selection, out: Path) -> tuple[Manifest, list[Fault]]:
    """Write a bundle; what it holds, and the lines of the archive that do not hold and were left out.

    Raises `BadInput` for a selection that cannot be or a file that cannot be written.
    """
    _check(selection)
    with opened(folder) as source, tempfile.TemporaryDirectory(prefix="dabyl-export-") as name:
        inside = Path(name)
        faults: list[Fault] = []
        counts = _fill(source, selection, inside, faults)
        manifest = _describe(selection, inside, counts)
        try:
            _pack(inside, out)
        except OSError as error:
            raise BadInput(f"{out}: {error.strerror}") from error
    return manifest, faults


def shipped(name: str) -> bytes:
    """A text that goes into every bundle: `VERIFY.md`, or the rules of the judge as of this version."""
    return resources.files("collector.evidence").joinpath(name).read_bytes()


def _check(selection: Selection) -> None:
    if epoch_seconds(selection.since) >= epoch_seconds(selection.until):
        raise BadInput("--from must lie before --until")
    if selection.region is not None and selection.region not in regions():
        raise BadInput(f"{selection.region[:20]}: no region of ours; they are written as KZ-71")


def _fill(source: Source, selection: Selection, inside: Path, faults: list[Fault]) -> dict[str, int]:
    keys = source.keys()
    recount, control, concerned = Recount(members(keys)), ControlUsed(selection), set[str]()
    derived, held = Derived(inside, selection), dict[int, KeptLine]()
    with (inside / BATCHES).open("wb") as batches:
        for number, (kept, found) in enumerate(checked(recount, _all(source), faults)):
            if derived.take(found):
                batches.write(canonical.encode(kept) + b"\n")
                concerned.add(found.member.id)
            if control.take(found, number):
                held[number] = kept
            if len(held) > PRUNE:
                held = {one: held[one] for one in control.numbers()}
    used = [held[number] for number in sorted(control.numbers())]
    (inside / CONTROL_BATCHES).write_bytes(b"".join(canonical.encode(kept) + b"\n" for kept in used))
    vantages = control.vantages()
    lines = [line for line in keys if line.probe in concerned | vantages]
    (inside / KEYS).write_bytes(b"".join(canonical.encode(line) + b"\n" for line in lines))
    return derived.finish(control)


def _all(source: Source) -> Iterable[Line | Fault]:
    yield from source.archived()
    yield from source.rows()


def _describe(selection: Selection, inside: Path, counts: dict[str, int]) -> Manifest:
    rules = shipped(RULES)
    (inside / RULES).write_bytes(rules)
    manifest = Manifest(
        selection=selection,
        dabyl=version("dabyl"),
        rules_sha256=hashlib.sha256(rules).hexdigest(),
        counts=counts,
    )
    (inside / MANIFEST).write_bytes(canonical.encode(manifest) + b"\n")
    (inside / VERIFY).write_bytes(shipped(VERIFY))
    sums = [f"{sha256(inside / name)}  {name}\n" for name in sorted(MEMBERS) if name != SUMS]
    (inside / SUMS).write_text("".join(sums), encoding="utf-8")
    return manifest


def sha256(path: Path) -> str:
    """Of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(inside: Path, out: Path) -> None:
    temporary = out.with_name(f"{out.name}.tmp")
    with tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in MEMBERS:
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.size, member.mode = (inside / name).stat().st_size, 0o644
            with (inside / name).open("rb") as file:
                tar.addfile(member, file)  # no time, no owner: the same evidence is the same bytes
    temporary.replace(out)
