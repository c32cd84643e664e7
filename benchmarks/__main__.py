"""`python -m benchmarks [NAME ...]`: run the benchmarks and print the table."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import boards, checks, data, detecting, ingest, ledger, modem, rounds, smpp, texts
from benchmarks.cost import Row, table

BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "boards": boards.run,
    "checks": checks.run,
    "rounds": rounds.run,
    "data": data.run,
    "detect": detecting.run,
    "ingest": ingest.run,
    "ledger": ledger.run,
    "modem": modem.run,
    "smpp": smpp.run,
    "texts": texts.run,
}


def main() -> None:
    """Run all, or those that are named."""
    every = ", ".join(BENCHMARKS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, and print a table.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {every}; all of them when none is")
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no benchmark {min(unknown)}; there is {every}")
    print(table([row for name in names for row in BENCHMARKS[name]()]))


if __name__ == "__main__":
    main()
