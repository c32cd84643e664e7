"""A bundle of evidence: exact signed batches, the keys to check them by, and what follows from them.

Rules of this file: the same folder and selection give the same bytes, so no clock and no name of
anybody's machine goes in; a member that is not listed in `MEMBERS` does not belong in a bundle. Those
of `PUBLIC` alone are the same evidence for everybody: they name no key of a volunteer's.
"""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from collector.core.recount import Recount
from collector.core.selection import ControlUsed, Selection
from collector.core.times import epoch_seconds
from collector.evidence.deriving import (
    BATCHES,
    CONTROL,
    CONTROL_BATCHES,
    CSV,
    MEASUREMENTS,
    PRINTS,
    PUBLISHED,
    PUBLISHED_REPORTS,
    REPORTS,
    SECRETS,
    Derived,
    checked,
)
from collector.evidence.lines import Fault, Line
from collector.evidence.report import LANGUAGES
from collector.evidence.secrets import DaySecrets
from collector.evidence.source import Source, members, opened
from collector.identity import KEY_FILE, load_key
from collector.store.archive import KeptLine
from collector.store.contents import told_incidents
from wire import canonical
from wire.errors import BadInput
from wire.facts import regions
from wire.ports import Randomness
from wire.signing import to_text

MANIFEST: Final = "manifest.json"
KEYS: Final = "keys.jsonl"
RULES: Final = "rules.md"
SUMS: Final = "SHA256SUMS"
VERIFY: Final = "VERIFY.md"
CONTROL_KEYS: Final = "control-keys.jsonl"
INCIDENT: Final = "incident.jsonl"
SIGNATURE: Final = "signature.txt"
PAGES: Final = tuple(f"report.{language}.html" for language in LANGUAGES)
ABOUT: Final = (VERIFY, MANIFEST, SUMS, SIGNATURE, RULES, INCIDENT)
# What follows, and may be seen by everybody; then what else follows from the batches.
OPEN: Final = (PUBLISHED, PUBLISHED_REPORTS, PRINTS, CONTROL, CSV, *PAGES)
DERIVED: Final = (*OPEN, MEASUREMENTS, REPORTS, SECRETS)
PUBLIC: Final = (*ABOUT, CONTROL_BATCHES, CONTROL_KEYS, *OPEN)
MEMBERS: Final = (*PUBLIC, BATCHES, KEYS, MEASUREMENTS, REPORTS, SECRETS)
UNSUMMED: Final = frozenset({SUMS, SIGNATURE})
ROOT: Final = "dabyl-evidence"
PRUNE: Final = 1_000


class Manifest(Struct, frozen=True, kw_only=True):
    """What a bundle is about, and by what it was made. `rules_sha256`: of the text in `rules.md`."""

    v: Literal[1] = 1
    selection: Selection
    dabyl: str
    rules_sha256: str
    counts: dict[str, int]


class Wish(NamedTuple):
    """What is asked for. `public`: only what everybody may see. `incident`: its id, told in the bundle."""

    selection: Selection
    out: Path
    public: bool = False
    incident: str = ""


def export(folder: Path, wish: Wish, randomness: Randomness) -> tuple[Manifest, list[Fault]]:
    """Write a bundle; what it holds, and the lines of the archive that do not hold and were left out.

    `randomness` makes the secrets of days that were not published yet. Raises `BadInput` for a selection
    that cannot be or a file that cannot be written.
    """
    check_selection(wish.selection)
    secrets = DaySecrets(folder, randomness)
    with opened(folder) as source, tempfile.TemporaryDirectory(prefix="dabyl-export-") as name:
        inside = Path(name)
        faults: list[Fault] = []
        counts = _fill(source, (wish.selection, secrets), inside, faults)
        (inside / INCIDENT).write_bytes(_told(source, wish.incident))
        manifest = _describe(wish.selection, inside, counts)
        names = PUBLIC if wish.public else MEMBERS
        _seal(folder, inside, names)
        temporary = wish.out.with_name(f"{wish.out.name}.tmp")
        try:
            _pack(inside, temporary, names)
            temporary.replace(wish.out)
        except OSError as error:
            raise BadInput(f"{wish.out}: {error.strerror}") from error
        finally:
            with suppress(OSError):  # it never was, or is the bundle now
                temporary.unlink()
    return manifest, faults


def _told(source: Source, incident: str) -> bytes:
    if source.connection is None or not incident:
        return b""
    told = [one.incident for one in told_incidents(source.connection) if one.incident.id == incident]
    return b"".join(canonical.encode(one) + b"\n" for one in told)


def shipped(name: str) -> bytes:
    """A text that goes into every bundle: `VERIFY.md`, or the rules of the judge as of this version."""
    return resources.files("collector.evidence").joinpath(name).read_bytes()


def check_selection(selection: Selection) -> None:
    """Raises `BadInput` for a span or a region that cannot be."""
    if epoch_seconds(selection.since) >= epoch_seconds(selection.until):
        raise BadInput("--from must lie before --until")
    if selection.region is not None and selection.region not in regions():
        raise BadInput(f"{selection.region[:20]}: no region of ours; they are written as KZ-71")


def _fill(
    source: Source, about: tuple[Selection, DaySecrets], inside: Path, faults: list[Fault]
) -> dict[str, int]:
    (selection, secrets), keys = about, source.keys()
    recount, control, concerned = Recount(members(keys)), ControlUsed(selection), set[str]()
    held = dict[int, KeptLine]()
    with Derived(inside, selection, secrets) as derived, (inside / BATCHES).open("wb") as batches:
        for number, (kept, found) in enumerate(checked(recount, all_lines(source), faults)):
            if keys_used := derived.take(found):
                batches.write(canonical.encode(kept) + b"\n")
                concerned |= keys_used
            if control.take(found, number):
                held[number] = kept
            if len(held) > PRUNE:
                held = {one: held[one] for one in control.numbers()}
        counts = derived.finish(control)
    used = [held[number] for number in sorted(control.numbers())]
    (inside / CONTROL_BATCHES).write_bytes(b"".join(canonical.encode(kept) + b"\n" for kept in used))
    vantages = control.vantages()
    for name, wanted in ((KEYS, concerned | vantages), (CONTROL_KEYS, vantages)):
        lines = [canonical.encode(line) + b"\n" for line in keys if line.probe in wanted]
        (inside / name).write_bytes(b"".join(lines))
    return counts


def all_lines(source: Source) -> Iterable[Line | Fault]:
    """Archive and rows, in the order of arrival."""
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
    return manifest


def _seal(folder: Path, inside: Path, names: Sequence[str]) -> None:
    """The sums, and the collector's word for them where it has its key."""
    sums = [f"{sha256(inside / name)}  {name}\n" for name in sorted(names) if name not in UNSUMMED]
    (inside / SUMS).write_text("".join(sums), encoding="utf-8")
    line = ""
    if (folder / KEY_FILE).exists():
        key = load_key(folder)
        signature = key.sign("dabyl/v1/bundle", (inside / SUMS).read_bytes())
        line = f"{to_text(key.public)} {to_text(signature)}\n"
    (inside / SIGNATURE).write_text(line, encoding="utf-8")


def sha256(path: Path) -> str:
    """Of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(inside: Path, out: Path, names: Sequence[str]) -> None:
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in names:
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.size, member.mode = (inside / name).stat().st_size, 0o644
            with (inside / name).open("rb") as file:
                tar.addfile(member, file)  # no time, no owner: the same evidence is the same bytes
