"""Compares what the command said with what is fair, and counts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from tests.lab.fair import Fair
from tests.lab.scenario import Doors, Scenario


class _Target(Struct, frozen=True):
    id: str


class _Verdict(Struct, frozen=True):
    state: str
    stage: str | None
    mechanism: str | None
    rule: str = ""
    any_works: bool | None = None
    all_work: bool | None = None


class Got(Struct, frozen=True):
    """What the lab reads of a measurement; it knows the records from outside, as a user does."""

    target: _Target
    verdict: _Verdict

    @property
    def fair(self) -> Fair:
        """The verdict in the table's words."""
        return Fair(self.verdict.state, self.verdict.stage, self.verdict.mechanism)


class Line(Struct, frozen=True):
    """One target of one run of a row: expected, got (None: no measurement came) and the rule that decided."""

    scenario: str
    target: str
    expected: Fair
    got: Fair | None
    rule: str = ""

    @property
    def is_right(self) -> bool:
        """State, stage and mechanism are as expected."""
        return self.got is not None and self.expected.fits(self.got)

    @property
    def is_false_accusation(self) -> bool:
        """Someone was accused where a fair judge accuses nobody."""
        return self.got is not None and self.got.accuses and not self.expected.accuses


class Tally(Struct, frozen=True):
    """Counts over lines; `accused`, `layer` and `exact` are of the `interfered` ones alone."""

    lines: int
    right: int
    interfered: int
    layer: int
    exact: int
    false_accusations: int

    def __str__(self) -> str:
        """One line for the end of the table."""
        return (
            f"{self.right} of {self.lines} verdicts right; of {self.interfered} with interference"
            f" {self.layer} named to the right layer, {self.exact} to the exact mechanism;"
            f" {self.false_accusations} false accusations"
        )


def read_output(output: str) -> dict[str, Got]:
    """The measurements of a run by target id; raises `ValueError` with the line that is no measurement."""
    return {got.target.id: got for got in (_measurement(line) for line in output.rstrip("\n").split("\n"))}


def _measurement(line: str) -> Got:
    try:
        return msgspec.json.decode(line, type=Got)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{error}: {_around(line, str(error))!r}") from error


def _around(line: str, complaint: str) -> str:
    """What stands around the byte that a decoder complains of, and the line's end."""
    named = re.search(r"byte (\d+)", complaint)
    place = int(named[1]) if named else 0
    raw = line.encode()
    return f"{raw[max(0, place - 600) : place + 300].decode(errors='replace')} ... {line[-200:]}"


def compare(scenario: Scenario, got: Mapping[str, Got]) -> list[Line]:
    """One line for every target of a row, and one for every messenger that the row says something of."""
    return [
        *(_line(scenario.name, name, fair, got.get(name)) for name, fair in scenario.expected().items()),
        *(_group_line(scenario.name, group, doors, got) for group, doors in scenario.groups.items()),
    ]


def _group_line(scenario: str, group: str, doors: Doors, got: Mapping[str, Got]) -> Line:
    """Every door of a messenger has to say the same of all of them."""
    members = [one.verdict for name, one in got.items() if name.startswith(f"{group}/")]
    said = {(one.any_works, one.all_work) for one in members}
    found = _doors(said.pop()) if len(said) == 1 else None
    return Line(scenario, f"{group}/*", _doors(doors), found)


def _doors(doors: Doors) -> Fair:
    words = {True: "yes", False: "no", None: "unknown"}
    return Fair(f"any works: {words[doors[0]]}, all work: {words[doors[1]]}")


def _line(scenario: str, target: str, expected: Fair, got: Got | None) -> Line:
    if got is None:
        return Line(scenario, target, expected, None)
    return Line(scenario, target, expected, got.fair, got.verdict.rule)


def tally(lines: Iterable[Line]) -> Tally:
    """Count the lines of one or many runs."""
    every = list(lines)
    accusing = [line for line in every if line.expected.accuses]
    return Tally(
        lines=len(every),
        right=sum(line.is_right for line in every),
        interfered=len(accusing),
        layer=sum(line.got is not None and line.got.stage == line.expected.stage for line in accusing),
        exact=sum(line.got is not None and line.expected.fits_mechanism(line.got) for line in accusing),
        false_accusations=sum(line.is_false_accusation for line in every),
    )


_HEAD: Final = ("scenario", "target", "expected", "got", "ok?")


def table(lines: Iterable[Line]) -> str:
    """The lines as columns under a head."""
    rows = [_HEAD, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _cells(line: Line) -> tuple[str, str, str, str, str]:
    got = "no measurement" if line.got is None else str(line.got)
    verdict = "yes" if line.is_right else f"NO ({line.rule or 'no rule'})"
    return line.scenario, line.target, str(line.expected), got, verdict
