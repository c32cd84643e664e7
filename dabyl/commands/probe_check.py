"""`dabyl probe check`: one round, printed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from dabyl import loop
from dabyl.commands import measuring
from dabyl.system import SystemRandom
from probes import Plan, Who, explain, run_round, table
from probes.packets import packet_helper
from wire import canonical
from wire.errors import BadInput
from wire.records import Measurement, Target


def run(options: argparse.Namespace) -> int:
    """Measure, judge, print; 0 whatever the verdicts are."""
    if options.explain and options.format != "table":
        raise BadInput("--explain is for people: it goes with --format table")
    shown, silent = measuring.targets(options)
    measuring.tell_of_sensitive(options)
    who = Who("local", measuring.network(options), SystemRandom())
    measurements = loop.run(_round(options, (*shown, *silent), who))
    _PRINTERS[options.format](measurements[: len(shown)])
    if options.explain:
        _print_reasons(measurements[: len(shown)])
    return 0


async def _round(options: argparse.Namespace, targets: tuple[Target, ...], who: Who) -> list[Measurement]:
    controls = await measuring.controls(options.control)
    plan = Plan(targets=targets, controls=controls, concurrency=options.concurrency)
    async with packet_helper() as helper:  # it is not started before it is needed
        tools = replace(measuring.tools(options, controls), packets=helper if options.packets else None)
        return await run_round(plan, tools, who, measuring.progress("measured"))


def _print_lines(measurements: Sequence[Measurement]) -> None:
    for one in measurements:
        sys.stdout.buffer.write(canonical.encode(one) + b"\n")
    sys.stdout.buffer.flush()


def _print_table(measurements: Sequence[Measurement]) -> None:
    print(table(measurements, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))


def _print_reasons(measurements: Sequence[Measurement]) -> None:
    for one in measurements:
        print("", *explain(one), sep="\n")


_PRINTERS = {"jsonl": _print_lines, "table": _print_table}
