"""When a line loses so much that neither its silence nor its slowness proves anything."""

from __future__ import annotations

from typing import Final

from wire.records import Step

FEW_LOSSES: Final = 2


def is_lossy(line: Step | None) -> bool:
    """Whether at least two targets, and one in twenty, needed a second try."""
    return line is not None and line.flaky + line.retried >= max(FEW_LOSSES, line.tried / 20)
