"""The files of a sample audit as text: the stations, the drawn list, the paper, the published sheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from io import StringIO
from typing import Final

from msgspec import Raw, Struct

from collector.core.paper import numbers_of
from collector.core.sampling import Drawn, Plan, Unit, draw
from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.sheets import parse_sheet

LIST_COLUMNS: Final = ("order", "counter", "sha256", "number", "station", "sheet")
_STATION: Final = re.compile(r"KZ-[0-9]{2}-[0-9]{4}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_SHARE: Final = re.compile(r"[0-9]{1,9}([.][0-9]{1,9}|/[1-9][0-9]{0,8})?")
_KEYS: Final = frozenset({"station", "sheet"})
# Of several published copies of one sheet that of the station is compared: it is what its text claims.
_FIRST: Final = {"station": 0, "commission": 1, "observer": 2}
MOST_UNITS: Final = 1_000_000


class Line(Struct, frozen=True):
    """What is read of a line of `/sheets.jsonl`: who sent the copy, its hash, and its published bytes."""

    sha256: str = ""
    content: Raw = Raw(b"null")
    by: str = ""
    void: bool = False


_line = canonical.Decoder(Line)


def share(text: str) -> Fraction:
    """A share as people write it, `0.05` or `5%`; raises `BadInput`."""
    bare = text.strip().removesuffix("%").strip()
    if not _SHARE.fullmatch(bare):
        raise BadInput(f"{text[:40]!r} is no share, as 0.05 or 5%")
    return Fraction(bare) / (100 if text.strip().endswith("%") else 1)


def read_units(text: str) -> list[Unit]:
    """The stations, or their sheets, of a CSV with the column `station` and perhaps `sheet`."""
    return [_unit(row, number) for number, row in _rows(text)]


def read_paper(text: str) -> dict[Unit, dict[str, int]]:
    """What was read from paper: a CSV with `station`, `sheet`, and a column for each number.

    The columns are the fields' names and `votes/CHOICE`; an empty cell was not read. Raises `BadInput`.
    """
    found: dict[Unit, dict[str, int]] = {}
    for number, row in _rows(text):
        unit = _unit(row, number)
        if unit in found:
            raise BadInput(f"line {number}: {unit.station} {unit.sheet} stands twice")
        numbers = {name: _number(cell, number) for name, cell in row.items() if name not in _KEYS and cell}
        if numbers:
            found[Unit(unit.station, unit.sheet or "1")] = numbers
    return found


def read_published(lines: Iterable[bytes]) -> dict[Unit, dict[str, int]]:
    """The numbers of published sheets, one of each, from the lines of `/sheets.jsonl`.

    Raises `BadInput`, also for a sheet whose bytes have not the hash that stands beside them.
    """
    found: dict[Unit, tuple[int, dict[str, int]]] = {}
    for number, line in enumerate(lines, 1):
        for unit, rank, numbers in _published(line, number):
            if unit not in found or rank < found[unit][0]:
                found[unit] = (rank, numbers)
    return {unit: numbers for unit, (_, numbers) in found.items()}


def write_list(plan: Plan, drawn: Sequence[Drawn], seed: str, listed_print: str) -> str:
    """The drawn list as CSV, with what it was drawn by in lines that begin with #."""
    out = StringIO()
    out.write(f"# seed: {seed}\n# list: sha256 {listed_print}\n# population: {plan.population}\n")
    out.write(f"# risk: {plan.risk}\n# tolerated: {plan.tolerated}\n")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(LIST_COLUMNS)
    for one in drawn:
        rows.writerow(
            (
                one.order,
                one.pick.counter,
                one.pick.hash,
                one.pick.number,
                one.unit.station,
                one.unit.sheet,
            )
        )
    return out.getvalue()


def read_list(text: str) -> tuple[Plan, list[Unit]]:
    """The plan and the units of such a list; raises `BadInput`, also where the seed draws other numbers."""
    said = dict(re.findall(r"^# ([a-z]+): (.+)$", text, re.MULTILINE))
    if not {"seed", "population", "risk", "tolerated"} <= said.keys() or not _is_count(said["population"]):
        raise BadInput("this is no list of 'dabyl sheets sample': its lines with # are missing")
    plan = Plan(
        population=int(said["population"]), risk=share(said["risk"]), tolerated=share(said["tolerated"])
    )
    bare = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    numbers = [row.get("number", "") for _, row in _rows(bare)]
    if len(numbers) > plan.population or numbers != first_numbers(said["seed"], plan, len(numbers)):
        raise BadInput("the seed of this list does not draw these numbers: it was changed")
    return plan, read_units(bare)


def first_numbers(seed: str, plan: Plan, size: int) -> list[str]:
    """The numbers that a seed draws, as they stand in a list."""
    every = range(plan.population)
    return [str(one.pick.number) for one in draw(seed, [Unit("", str(at)) for at in every], size)]


def _is_count(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and int(text) <= MOST_UNITS


def _published(line: bytes, number: int) -> Iterator[tuple[Unit, int, dict[str, int]]]:
    try:
        read = _line(line)
        raw = bytes(read.content)
        if read.void or raw == b"null":  # it does not count any more, or is not to be seen yet
            return
        if sha256(raw).hexdigest() != read.sha256:
            raise BadRecord("the sheet has not the hash that stands beside it")
        sheet = parse_sheet(raw)
    except BadRecord as error:
        raise BadInput(f"published sheets, line {number}: {error}") from error
    yield Unit(sheet.station, str(sheet.sheet)), _FIRST.get(read.by, len(_FIRST)), numbers_of(sheet)


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row with its line's number; the header's names and all cells bare."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff")))
    try:
        header = [name.strip() for name in next(reader, [])]
        if "station" not in header or len(set(header)) != len(header):
            raise BadInput("the first line names the columns, 'station' among them, each once")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(header, map(str.strip, cells), strict=False))
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num}: {error}") from error


def _unit(row: Mapping[str, str], number: int) -> Unit:
    station, sheet = row.get("station", ""), row.get("sheet", "")
    if not _STATION.fullmatch(station):
        raise BadInput(f"line {number}: {station[:40]!r} is no station, as KZ-71-0379")
    if sheet and not _NUMBER.fullmatch(sheet):
        raise BadInput(f"line {number}: {sheet[:40]!r} is no number of a sheet")
    return Unit(station, sheet)


def _number(cell: str, number: int) -> int:
    """Digits, with the spaces between thousands that people write."""
    digits = re.sub(r"\s", "", cell)
    if not _NUMBER.fullmatch(digits):
        raise BadInput(f"line {number}: {cell[:40]!r} is no number")
    return int(digits)
