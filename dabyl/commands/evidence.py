"""`dabyl collector rebuild`, `verify`, `export` and `backfill`: what can be proven from the archive alone."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wire.errors import BadInput

MAX_WHY = 2_000
if TYPE_CHECKING:
    from collector.evidence import Selection, Tally


def add_to(actions: Any) -> None:
    """Register the commands under `dabyl collector`."""
    _add_rebuild(actions)
    _add_verify(actions)
    _add_export(actions)
    _add_purge(actions)
    _add_backfill(actions)


def _add_rebuild(actions: Any) -> None:
    rebuild = actions.add_parser(
        "rebuild",
        help="make every state again from the archive alone",
        description=(
            "Verifies every signed batch of the archive, and those that are not in it yet, and counts them "
            "again. Exit 1 when a line does not hold, or, with --check, when the states differ."
        ),
    )
    rebuild.add_argument("--data", type=Path, required=True, metavar="DIR", help="the collector's folder")
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
    purge.add_argument("--data", type=Path, required=True, metavar="DIR", help="the collector's folder")
    purge.add_argument(
        "--through", required=True, metavar="DAY", help="the last day that goes: 2026-11-20 (UTC)"
    )
    purge.add_argument("--why", required=True, metavar="TEXT", help="the reason, for the proof; no names")
    purge.set_defaults(run=run_purge)


def _add_export(actions: Any) -> None:
    export = actions.add_parser(
        "export",
        help="write a bundle of evidence: signed batches, keys, control table, rules, reports",
        description=(
            "The same archive and the same time and place give the same bytes. Exit 1 when lines of the "
            "archive do not hold: they are named and left out."
        ),
    )
    export.add_argument("--data", type=Path, required=True, metavar="DIR", help="the collector's folder")
    export.add_argument("--from", dest="since", metavar="TIME", help="2022-01-05T00:00:00Z")
    export.add_argument("--until", metavar="TIME", help="the end, itself not included")
    export.add_argument("--region", metavar="CODE", help="KZ-71; without it the whole country")
    export.add_argument("--incident", metavar="ID", help="its time, an hour before it, and its region")
    export.add_argument(
        "--public",
        action="store_true",
        help="only what everybody may see: no batch and no key of a volunteer",
    )
    export.add_argument(
        "--format",
        choices=("bundle", "parquet"),
        default="bundle",
        help="a bundle of evidence, or the published measurements as Parquet for analysts",
    )
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the bundle, or the Parquet file"
    )
    export.set_defaults(run=run_export)


def _add_backfill(actions: Any) -> None:
    backfill = actions.add_parser(
        "backfill",
        help="what came late, for Prometheus: by remote write, or as OpenMetrics for promtool",
        description=(
            "Reads the whole archive and puts every measurement that came more than five minutes late at the "
            "time when it was made. Exit 1 when lines of the archive do not hold: they are left out."
        ),
    )
    backfill.add_argument("--data", type=Path, required=True, metavar="DIR", help="the collector's folder")
    backfill.add_argument("--from", dest="since", default="1970-01-01T00:00:00Z", metavar="TIME")
    backfill.add_argument("--until", default="9999-01-01T00:00:00Z", metavar="TIME")
    backfill.add_argument(
        "--publish-from",
        type=int,
        default=3,
        metavar="N",
        help="how many probes must stand behind a figure (%(default)s)",
    )
    where = backfill.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="FILE", help="write the text")
    where.add_argument("--to", metavar="URL", help="send by remote write: http://127.0.0.1:9090/api/v1/write")
    backfill.set_defaults(run=run_backfill)


def run_rebuild(options: argparse.Namespace) -> int:
    """Rebuild, or compare."""
    from collector.evidence import check, rebuild

    _must_be_there(options.data)
    if not options.check:
        return _say(rebuild(options.data, options.into, _progress()))
    tally, differing = check(options.data, _progress())
    status = _say(tally)
    for line in differing:
        print(f"differs: {line}")
    if differing or status:
        return 1
    print("equal: the archive alone gives the same states")
    return 0


def run_purge(options: argparse.Namespace) -> int:
    """Delete days."""
    from collector.core.times import seconds_of
    from collector.evidence import Order, purge
    from collector.identity import load_key
    from dabyl.system import SystemClock

    _must_be_there(options.data)
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


def run_export(options: argparse.Namespace) -> int:
    """Write a bundle."""
    from collector.evidence import Wish, export
    from dabyl.system import SystemRandom

    _must_be_there(options.data)
    if options.format == "parquet":
        return _export_parquet(options)
    wish = Wish(_chosen(options), options.out, options.public, options.incident or "")
    manifest, faults = export(options.data, wish, SystemRandom())
    for fault in faults:
        print(f"left out: {fault}")
    print(", ".join(f"{count} {name}" for name, count in manifest.counts.items()), f"in {options.out}")
    return 1 if faults else 0


def _export_parquet(options: argparse.Namespace) -> int:
    from collector.evidence import export_parquet
    from dabyl.system import SystemRandom

    count, faults = export_parquet(options.data, _chosen(options), options.out, SystemRandom())
    for fault in faults:
        print(f"left out: {fault}")
    print(f"{count} measurements in {options.out}")
    return 1 if faults else 0


def _chosen(options: argparse.Namespace) -> Selection:
    from collector.evidence import selection_of

    by_hand = (options.since, options.until, options.region)
    if options.incident and not any(by_hand):
        return selection_of(options.data, options.incident)
    if options.incident or not (options.since and options.until):
        raise BadInput("give --from and --until, or --incident alone")
    return _span(options)


def run_backfill(options: argparse.Namespace) -> int:
    """Write what came late."""
    from collector.late import backfill

    _must_be_there(options.data)
    if options.to:
        return _send_late(options)
    least = options.publish_from
    count, faults = backfill(options.data, options.out, _span(options), _progress(), least)
    for fault in faults:
        print(f"left out: {fault}")
    print(f"{count} measurements came late; their figures are in {options.out}")
    return 1 if faults else 0


def _send_late(options: argparse.Namespace) -> int:
    from collector.late import send

    sending = send(options.data, options.to, _span(options), _progress(), options.publish_from)
    found, faults = asyncio.run(sending)
    for fault in faults:
        print(f"left out: {fault}")
    for result, count in sorted(found.items()):
        print(f"{count} samples {result}")
    return 1 if faults or found.total() > found["taken"] else 0


def _span(options: argparse.Namespace) -> Selection:
    from collector.evidence import Selection
    from wire.times import format_time, parse_time

    since, until = (format_time(parse_time(time)) for time in (options.since, options.until))
    return Selection(since=since, until=until, region=getattr(options, "region", None))


def run_verify(options: argparse.Namespace) -> int:
    """Check the archive, or a bundle."""
    from collector.evidence import verify

    if options.bundle:
        return _verify_bundle(options.bundle)
    _must_be_there(options.data)
    tally = verify(options.data, _progress())
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


def _must_be_there(folder: Path) -> None:
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder")


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


def _progress() -> Callable[[int], None]:
    """Where standard error is a terminal, a line that grows."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda number: print(f"\rdabyl: {number} batches", end="", file=sys.stderr, flush=True)
