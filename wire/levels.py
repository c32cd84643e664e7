"""From which share of what is measured a place counts as well: the same for page, rules, boards, alerts.

| level | code | from | colour |
|---|---|---|---|
| unknown | 0 | nothing known | grey |
| ok | 1 | 0.95 | blue |
| degraded | 2 | 0.80 | light blue |
| warning | 3 | 0.20 | yellow |
| cut | 4 | less | vermilion |

The colours keep a distance of 22 and more for all three kinds of colour blindness (CIEDE2000).
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Level = Literal["unknown", "ok", "degraded", "warning", "cut"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
CODES: Final[dict[Level, int]] = {level: code for code, level in enumerate(LEVELS)}
FLOORS: Final[tuple[tuple[float, Level], ...]] = ((0.95, "ok"), (0.8, "degraded"), (0.2, "warning"))
COLOURS: Final[dict[Level, str]] = {
    "unknown": "#999999", "ok": "#0072B2", "degraded": "#56B4E9", "warning": "#F0E442", "cut": "#D55E00",
}  # fmt: skip


def level_at(ratio: float | None) -> Level:
    """The level of a share from 0 to 1; unknown for None."""
    if ratio is None:
        return "unknown"
    return next((level for floor, level in FLOORS if ratio >= floor), "cut")
