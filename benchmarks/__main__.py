"""`python -m benchmarks [NAME ...]`: run the benchmarks and print the table."""

from __future__ import annotations

import sys
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


def main() -> int:
    """Run all, or those that are named."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {unknown[0]}; there is {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    print(table([row for name in names for row in BENCHMARKS[name]()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
