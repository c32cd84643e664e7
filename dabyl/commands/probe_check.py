"""`dabyl probe check`: one round, printed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from dabyl import loop
from dabyl.commands import measuring
from dabyl.system import SystemRandom
from probes import Plan, Who, run_round, table
from wire import canonical
from wire.records import Measurement, Target


def run(options: argparse.Namespace) -> int:
    """Measure, judge, print; 0 whatever the verdicts are."""
    shown, silent = measuring.targets(options)
    who = Who("local", measuring.network(options), SystemRandom())
    measurements = loop.run(_round(options, (*shown, *silent), who))
    _PRINTERS[options.format](measurements[: len(shown)])
    return 0


async def _round(options: argparse.Namespace, targets: tuple[Target, ...], who: Who) -> list[Measurement]:
    controls = await measuring.controls(options.control)
    plan = Plan(targets=targets, controls=controls, concurrency=options.concurrency)
    return await run_round(plan, measuring.tools(options, controls), who, measuring.progress("measured"))


def _print_lines(measurements: Sequence[Measurement]) -> None:
    for one in measurements:
        sys.stdout.buffer.write(canonical.encode(one) + b"\n")
    sys.stdout.buffer.flush()


def _print_table(measurements: Sequence[Measurement]) -> None:
    print(table(measurements, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))


_PRINTERS = {"jsonl": _print_lines, "table": _print_table}
