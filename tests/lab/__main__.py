"""`python -m tests.lab`: print the table of expected and got; exit 1 when a row is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tests.lab.judging import Line, table, tally
from tests.lab.pool import rehearsals, times
from tests.lab.scenario import Scenario
from tests.lab.scenarios import SCENARIOS
from tests.lab.shell import LabError


def main() -> int:
    """Run the rows that were asked for and print one line for each target of each run."""
    options = _options()
    chosen = [row for row in SCENARIOS if _is_wanted(row, options)]
    if not chosen:
        sys.stderr.write(f"lab: no row is called {' or '.join(options.only) or 'innocent'}\n")
        return 2
    try:
        lines = list(_lines(chosen, options.repeat))
    except LabError as error:
        sys.stderr.write(f"lab: {error}\n")
        return 2
    wrong = [line for line in lines if not line.is_right]
    sys.stdout.write(f"{table(wrong if options.wrong else lines)}\n\n{tally(lines)}\n")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run each row N times")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only rows with NAME in their name"
    )
    parser.add_argument("--innocent", action="store_true", help="only rows in which nobody is to be accused")
    parser.add_argument("--wrong", action="store_true", help="print only what is wrong")
    return parser.parse_args()


def _is_wanted(row: Scenario, options: argparse.Namespace) -> bool:
    named = not options.only or any(part in row.name for part in options.only)
    return named and (row.is_innocent or not options.innocent)


def _lines(chosen: list[Scenario], repeat: int) -> Iterator[Line]:
    with rehearsals(chosen, lambda row: times(row, repeat)) as futures:
        for row in chosen:
            yield from (line for run in futures[row.name].result() for line in run)


if __name__ == "__main__":
    sys.exit(main())
