"""CPU time of this process and of others, from the kernel's own accounts."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from msgspec import Struct

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Row(Struct, frozen=True, kw_only=True):
    """One line of the table: ours, the peer's, and the ratio that may be claimed."""

    what: str
    unit: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours by the peer's."""
        return self.ours / self.peer if self.peer else None


def own_cpu_s() -> float:
    """User and system seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def cpu_s_of(pid: int) -> float:
    """User and system seconds of another process, all its threads; to one tick (10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def resident_mb_of(pid: int) -> float:
    """What another process holds in memory now, in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def peak_memory_mb() -> float:
    """The largest resident size that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(rows: list[Row]) -> str:
    """The rows as aligned text."""
    lines = [f"{'what':46}{'ours':>14}{'peer':>14}{'ratio':>8}  unit, peer"]
    for row in rows:
        peer = f"{row.peer:14.3f}" if row.peer is not None else " " * 14
        ratio = f"{row.ratio:8.2f}" if row.ratio is not None else " " * 8
        lines.append(
            f"{row.what:46}{row.ours:14.3f}{peer}{ratio}  {row.unit} {row.peer_name} {row.note}".rstrip()
        )
    return "\n".join(lines)
