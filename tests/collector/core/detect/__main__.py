"""Print the scenario table: `python -m tests.collector.core.detect [SEEDS]`."""

from __future__ import annotations

import sys

from tests.collector.core.detect.table import table

for line in table(range(1, 1 + int(sys.argv[1]) if len(sys.argv) > 1 else 2)):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
