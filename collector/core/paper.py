"""A sample's published sheets beside the paper: which numbers differ, and what that says of all sheets.

Rules of this file: nothing is forgiven. A drawn sheet that was never published counts as wrong, and so does
one whose paper nobody has read yet, until somebody has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from collector.core.sampling import Plan, Unit
from wire.sheets import Sheet

Outcome = Literal["same", "differs", "no_paper", "no_sheet"]
Numbers = Mapping[str, int]


class Difference(Struct, frozen=True, kw_only=True):
    """One number that is not the same; `published` is None where the sheet leaves it out."""

    station: str
    sheet: str
    name: str
    paper: int
    published: int | None


class Compared(Struct, frozen=True, kw_only=True):
    """One drawn unit: what came out, over how many numbers."""

    station: str
    sheet: str
    outcome: Outcome
    numbers: int = 0
    differences: tuple[Difference, ...] = ()


class MatchReport(Struct, frozen=True, kw_only=True):
    """The sample's result. `most_wrong`: how many of `population` may be wrong, true but with the `risk`.

    `holds`: whether that is within the tolerated share. `risk` and `tolerated` as they were asked for.
    """

    v: Literal[1] = 1
    population: int
    drawn: int
    risk: str
    tolerated: str
    same: int
    differs: int
    no_paper: int
    no_sheet: int
    most_wrong: int
    holds: bool
    units: tuple[Compared, ...]


def numbers_of(sheet: Sheet) -> dict[str, int]:
    """Every number of a sheet by its column: a field's name, or `votes/` and the choice."""
    return {**sheet.counts, **{f"votes/{choice}": votes for choice, votes in sheet.votes.items()}}


def compare(unit: Unit, paper: Mapping[Unit, Numbers], published: Mapping[Unit, Numbers]) -> Compared:
    """One drawn unit. A station without a sheet's number stands for all its sheets, on paper or published."""
    wanted = [unit] if unit.sheet else _sheets_of(unit.station, paper, published)
    read, known = ([one for one in wanted if one in table] for table in (paper, published))
    found = [
        difference for one in wanted if one in paper and one in published
        for difference in differences(one, paper[one], published[one])
    ]  # fmt: skip
    count = sum(len(paper[one]) for one in read)
    outcome: Outcome = "differs" if found else "same"
    if not found and (len(read) < len(wanted) or not count):
        outcome = "no_paper"
    elif not found and len(known) < len(wanted):
        outcome = "no_sheet"
    return Compared(
        station=unit.station, sheet=unit.sheet, outcome=outcome, numbers=count, differences=tuple(found)
    )


def differences(unit: Unit, paper: Numbers, published: Numbers) -> list[Difference]:
    """The numbers that were read from paper and are not those that were published."""
    return [
        Difference(
            station=unit.station, sheet=unit.sheet, name=name, paper=number, published=published.get(name)
        )
        for name, number in paper.items()
        if published.get(name) != number
    ]


def report(plan: Plan, units: Sequence[Compared]) -> MatchReport:
    """What the sample says of all."""
    counts = Counter(one.outcome for one in units)
    most = plan.most_wrong(len(units), len(units) - counts["same"])
    return MatchReport(
        population=plan.population,
        drawn=len(units),
        risk=str(float(plan.risk)),
        tolerated=str(float(plan.tolerated)),
        same=counts["same"],
        differs=counts["differs"],
        no_paper=counts["no_paper"],
        no_sheet=counts["no_sheet"],
        most_wrong=most,
        holds=most < plan.least_wrong,
        units=tuple(units),
    )


def _sheets_of(station: str, *tables: Mapping[Unit, Numbers]) -> list[Unit]:
    return sorted({unit for table in tables for unit in table if unit.station == station})
