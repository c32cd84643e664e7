"""A round as a table for people: the own line first, then each target's state in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from wire.judge.clock import is_wrong
from wire.judge.trail import pick
from wire.names import State
from wire.records import Measurement, Step

WORDS: Final[dict[State, str]] = {
    "ok": "works",
    "blocked": "blocked",
    "likely_blocked": "likely blocked",
    "impaired": "impaired",
    "down": "down for everybody",
    "insufficient": "cannot be said",
}
_COLOURS: Final[dict[State, int]] = {
    "ok": 32, "blocked": 31, "likely_blocked": 31, "impaired": 33, "down": 35, "insufficient": 90,
}  # fmt: skip
_HEAD: Final = ("target", "state", "mechanism", "rule")
_DAYS_FROM_HOURS: Final = 48
_STATE_COLUMN: Final = 1


def table(measurements: Sequence[Measurement], *, colour: bool = False) -> str:
    """Aligned columns under a line about the own line; ANSI colours when asked for."""
    rows = [_cells(one) for one in measurements]
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    lines = [_padded(row, widths) for row in (_HEAD, *rows)]
    if colour:
        codes = [_COLOURS[one.verdict.state] for one in measurements]
        lines[1:] = [f"\x1b[{code}m{line}\x1b[0m" for code, line in zip(codes, lines[1:], strict=True)]
    return "\n".join([own_line(measurements), "", *lines])


def _cells(one: Measurement) -> tuple[str, str, str, str]:
    verdict = one.verdict
    return one.target.id, WORDS[verdict.state], verdict.mechanism or verdict.stage or "-", verdict.rule


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(map(str.ljust, cells, widths)).rstrip()


def in_words(measurements: Sequence[Measurement]) -> str:
    """A round in one line: the own line, and how many targets are in each unusual state."""
    counts = Counter(one.verdict.state for one in measurements)
    told = [f"{WORDS[state]}: {counts[state]}" for state in WORDS if state != "ok" and counts[state]]
    return "; ".join([own_line(measurements), *told])


def own_line(measurements: Sequence[Measurement]) -> str:
    """What the round says of this machine's own line, in one line."""
    step = next((step for one in measurements for step in pick(one.steps, "line", role=None)), None)
    return f"own line: {_line_words(step)}" if step else "own line: not known"


def _about(seconds: float) -> str:
    hours = abs(seconds) / 3_600
    much = f"{hours:.0f} hours" if hours < _DAYS_FROM_HOURS else f"{hours / 24:.0f} days"
    return f"{much} ({'ahead' if seconds > 0 else 'behind'})"


def _line_words(line: Step) -> str:
    if line.portal:
        return "a captive portal answers in everybody's name"
    if not line.connected and not line.ok:
        return f"down: none of {line.tried} targets could be connected to"
    parts = [f"{line.ok} of {line.tried} targets answered"]
    if line.domestic_tried:
        parts.append(f"domestic {line.domestic_ok} of {line.domestic_tried}")
    if line.foreign_tried:
        parts.append(f"foreign {line.foreign_ok} of {line.foreign_tried}")
    if line.resolver_answers == "no":
        parts.append("the resolver is silent")
    if is_wrong(line):
        parts.append(f"THIS MACHINE'S CLOCK IS WRONG by about {_about(line.clock_offset_s or 0)}")
    parts.append({"yes": "IPv6 works", "no": "IPv6 does not work"}.get(line.ipv6, "IPv6 not tried"))
    return ", ".join(parts)
