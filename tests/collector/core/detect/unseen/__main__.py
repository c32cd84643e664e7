"""Print how unseen worlds are told: `python -m tests.collector.core.detect.unseen [FROM TO [NAME ...]]`."""

from __future__ import annotations

import sys

from tests.collector.core.detect.unseen.score import table

first, last = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (1, 5)
for line in table(range(first, last), sys.argv[3:]):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
