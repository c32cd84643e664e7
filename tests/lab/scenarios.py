"""The table: what the network does, and what a fair judge must say of every target.

The rows stand in `rows/`, one file for each layer. To add a row, add a line there.
"""

from __future__ import annotations

from typing import Final

from tests.lab.rows import address, calm, dns, families, http, line, messenger, mixed, quality, tls
from tests.lab.scenario import Scenario

SCENARIOS: Final[tuple[Scenario, ...]] = (
    *calm.ROWS,
    *dns.ROWS,
    *address.ROWS,
    *tls.ROWS,
    *http.ROWS,
    *line.ROWS,
    *families.ROWS,
    *messenger.ROWS,
    *quality.ROWS,
    *mixed.ROWS,
)
