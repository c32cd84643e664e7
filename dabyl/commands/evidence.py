"""`dabyl collector export` and `backfill`: what leaves the archive for others to read."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dabyl import loop
from dabyl.commands.folder import add_folder, must_be_there, progress
from wire.errors import BadInput

if TYPE_CHECKING:
    from collector.evidence import Selection


def add_to(actions: Any) -> None:
    """Register the commands under `dabyl collector`."""
    _add_export(actions)
    _add_backfill(actions)


def _add_export(actions: Any) -> None:
    export = actions.add_parser(
        "export",
        help="write a bundle of evidence: signed batches, keys, control table, rules, reports",
        description=(
            "The same archive and the same time and place give the same bytes. Exit 1 when lines of the "
            "archive do not hold: they are named and left out."
        ),
    )
    add_folder(export)
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
    add_folder(backfill)
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


def run_export(options: argparse.Namespace) -> int:
    """Write a bundle."""
    from collector.evidence import Wish, export
    from dabyl.system import SystemRandom

    must_be_there(options.data)
    if options.format == "parquet":
        return _export_parquet(options)
    wish = Wish(_chosen(options), options.out, options.public, options.incident or "")
    manifest, faults = export(options.data, wish, SystemRandom())
    _tell_left_out(faults)
    print(", ".join(f"{count} {name}" for name, count in manifest.counts.items()), f"in {options.out}")
    return 1 if faults else 0


def _export_parquet(options: argparse.Namespace) -> int:
    from collector.evidence import export_parquet
    from dabyl.system import SystemRandom

    count, faults = export_parquet(options.data, _chosen(options), options.out, SystemRandom())
    _tell_left_out(faults)
    print(f"{count} measurements in {options.out}")
    return 1 if faults else 0


def _tell_left_out(faults: Iterable[object]) -> None:
    for fault in faults:
        print(f"left out: {fault}")


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

    must_be_there(options.data)
    if options.to:
        return _send_late(options)
    least = options.publish_from
    count, faults = backfill(options.data, options.out, _span(options), progress(), least)
    _tell_left_out(faults)
    print(f"{count} measurements came late; their figures are in {options.out}")
    return 1 if faults else 0


def _send_late(options: argparse.Namespace) -> int:
    from collector.late import send

    sending = send(options.data, options.to, _span(options), progress(), options.publish_from)
    found, faults = loop.run(sending)
    _tell_left_out(faults)
    for result, count in sorted(found.items()):
        print(f"{count} samples {result}")
    return 1 if faults or found.total() > found["taken"] else 0


def _span(options: argparse.Namespace) -> Selection:
    from collector.evidence import Selection
    from wire.times import format_time, parse_time

    since, until = (format_time(parse_time(time)) for time in (options.since, options.until))
    return Selection(since=since, until=until, region=getattr(options, "region", None))
