"""When two reports of a station speak of the same, which of them is believed, and when they contradict.

Rules of this file: nothing is dropped because of it; it only says what is shown first and what is flagged.
"""

from __future__ import annotations

from typing import Final

from wire.records import StationReport
from wire.times import epoch_seconds

CONTRADICTION_S: Final = 600.0
"""Two people who say the opposite within this time did not both see a change."""
_DOORS: Final = frozenset({"open", "closed"})


def is_proven(report: StationReport) -> bool:
    """Whether a code of the station's card, or its key, stands behind it."""
    return report.proof in {"code", "seal"}


def topic(report: StationReport) -> str:
    """What it speaks of: of all reports of one topic one is believed. `door`, `power`, `turnout 12`, ..."""
    if report.kind in _DOORS:
        return "door"
    return f"{report.kind} {report.mark}".rstrip()


def claim(report: StationReport) -> str:
    """What it says of its topic."""
    return report.kind if report.kind in _DOORS else report.value


def order(report: StationReport) -> tuple[bool, float, str]:
    """The believed one is the greatest: proven before unproven, then the later, whenever it arrived."""
    return is_proven(report), epoch_seconds(report.at), report.id


def contradicts(one: StationReport, other: StationReport) -> bool:
    """Whether both cannot be true: two hashes of one sheet, two counts of one hour, on and off at a time.

    What is proven is contradicted only by what is proven: else any phone could dispute any station.
    """
    if topic(one) != topic(other) or claim(one) == claim(other) or is_proven(one) != is_proven(other):
        return False
    if one.kind in {"sheet", "turnout"} and one.mark:
        return True
    apart = abs(epoch_seconds(one.at) - epoch_seconds(other.at))
    return one.kind != "turnout" and one.sender != other.sender and apart <= CONTRADICTION_S
