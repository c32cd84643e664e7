"""`dabyl collector rebuild`, `verify` and `purge`: what is kept, made anew, checked and deleted."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dabyl.commands.folder import add_folder, must_be_there, progress
from wire.errors import BadInput

if TYPE_CHECKING:
    from collector.evidence import Tally

MAX_WHY: Final = 2_000


def add_to(actions: Any) -> None:
    """Register the commands under `dabyl collector`."""
    _add_rebuild(actions)
    _add_verify(actions)
    _add_purge(actions)


def _add_rebuild(actions: Any) -> None:
    rebuild = actions.add_parser(
        "rebuild",
        help="make every state again from the archive alone",
        description=(
            "Verifies every signed batch of the archive, and those that are not in it yet, and counts them "
            "again. Exit 1 when a line does not hold, or, with --check, when the states differ."
        ),
    )
    add_folder(rebuild)
    what = rebuild.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--into", type=Path, metavar="DIR", help="a new folder, which a collector can serve from"
    )
    what.add_argument("--check", action="store_true", help="write nothing; say whether the states are equal")
    rebuild.set_defaults(run=run_rebuild)


def _add_verify(actions: Any) -> None:
    verify = actions.add_parser(
        "verify",
        help="check every signature and the continuity of the archive",
        description="Exit 1 when something does not hold; each fault is named with its file and line.",
    )
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, metavar="DIR", help="the collector's folder")
    what.add_argument("--bundle", type=Path, metavar="FILE.tar", help="a bundle of `dabyl collector export`")
    verify.set_defaults(run=run_verify)


def _add_purge(actions: Any) -> None:
    purge = actions.add_parser(
        "purge",
        help="delete whole days of the archive and prove it",
        description=(
            "Deletes all batches that arrived up to and including a day. A signed line for each file (which, "
            "its SHA-256, when, why) is added to archive/deletions.jsonl before the file goes. Works beside "
            "a running server."
        ),
    )
    add_folder(purge)
    purge.add_argument(
        "--through", required=True, metavar="DAY", help="the last day that goes: 2026-11-20 (UTC)"
    )
    purge.add_argument("--why", required=True, metavar="TEXT", help="the reason, for the proof; no names")
    purge.set_defaults(run=run_purge)


def run_rebuild(options: argparse.Namespace) -> int:
    """Rebuild, or compare."""
    from collector.evidence import check, rebuild

    must_be_there(options.data)
    if not options.check:
        return _say(rebuild(options.data, options.into, progress()))
    tally, differing = check(options.data, progress())
    status = _say(tally)
    for line in differing:
        print(f"differs: {line}")
    if differing or status:
        return 1
    print("equal: the archive alone gives the same states")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Check the archive, or a bundle."""
    from collector.evidence import verify

    if options.bundle:
        return _verify_bundle(options.bundle)
    must_be_there(options.data)
    tally = verify(options.data, progress())
    status = _say(tally)
    if tally.missing:
        print(
            f"numbers of batches that never came, lost before delivery or still on their way: {tally.missing}"
        )
    return status


def _verify_bundle(bundle: Path) -> int:
    from collector.evidence import verify_bundle

    found = verify_bundle(bundle)
    for fault in found.faults:
        print(fault)
    if not found.faults:
        print("holds:", ", ".join(f"{count} {name}" for name, count in found.counts.items()))
        print(f"signed by the collector {found.signer}" if found.signer else "signed by no collector")
        if found.public:
            print("the public part: no signature of a volunteer's probe is in it; the whole has them")
    return 1 if found.faults else 0


def _say(tally: Tally) -> int:
    """Print what was found; the exit status."""
    for fault in tally.faults:
        print(fault)
    if gone := tally.deleted:
        print(f"{len(gone)} days were deleted lawfully, {gone[0].day} to {gone[-1].day}")
    print(
        f"{tally.keys} keys, {tally.batches} batches ({tally.archived} archived, {tally.waiting} not yet),"
        f" {tally.measurements.total()} measurements, {len(tally.faults)} faults"
    )
    return 1 if tally.faults else 0


def run_purge(options: argparse.Namespace) -> int:
    """Delete days."""
    from collector.core.times import seconds_of
    from collector.evidence import Order, purge
    from collector.identity import load_key
    from dabyl.system import SystemClock

    must_be_there(options.data)
    order = Order(_day(options.through), options.why[:MAX_WHY], seconds_of(SystemClock().now()))
    gone = purge(options.data, order, load_key(options.data))
    for one in gone:
        print(f"deleted: {one.day}, {one.batches} batches, {one.size_bytes} bytes, SHA-256 {one.sha256}")
    if not gone:
        print("nothing is that old")
    return 0


def _day(text: str) -> str:
    from wire.times import parse_time

    try:
        return parse_time(f"{text}T00:00:00Z").date().isoformat()
    except BadInput as error:
        raise BadInput(f"{text[:20]}: a day is written as 2026-11-20") from error
