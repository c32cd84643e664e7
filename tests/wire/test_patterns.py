"""What a pattern of a record lets through: nothing behind its end, and no digits but ours."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest

import wire
from wire import canonical
from wire.errors import BadRecord
from wire.records import Measurement, Network, StationReport, Target, Verdict

FOLDER = Path(wire.__file__).parent
FOUND = {
    f"{path.relative_to(FOLDER)}:{node.lineno}": str(node.value.value)
    for path in sorted(FOLDER.rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.keyword) and node.arg == "pattern" and isinstance(node.value, ast.Constant)
}
MEASURED = Measurement(
    id="m", probe="p", at="2026-11-20T12:00:00.000Z", network=Network(asn="AS9198", region="KZ-71"),
    target=Target(id="t", url="https://t.kz/", category="news"), verdict=Verdict(state="ok"),
)  # fmt: skip
REPORTED = StationReport(id="r", station="KZ-71-0379", kind="open", at=MEASURED.at)


@pytest.mark.parametrize("where", FOUND)
def test_a_pattern_holds_to_the_last_character(where: str) -> None:
    """In Python `$` also fits before a last line end, and a backslashed d fits every script's digits."""
    pattern = FOUND[where]
    assert pattern.startswith("^")
    assert pattern.endswith(r"$(?!\n)")
    assert "\\d" not in pattern


@pytest.mark.parametrize(
    ("record", "path", "text"),
    [
        (MEASURED, ("at",), "2026-11-20T12:00:00.000Z\n"),
        (MEASURED, ("at",), "٢٠٢٦-11-20T12:00:00.000Z"),
        (MEASURED, ("network", "asn"), "AS9198\n"),
        (MEASURED, ("network", "asn"), "AS٩١٩٨"),
        (MEASURED, ("network", "region"), "KZ-71\n"),
        (REPORTED, ("station",), "KZ-71-0379\n"),
        (REPORTED, ("at",), "2026-11-20T12:00:00.000Z\n"),
    ],
)
def test_a_text_that_only_looks_right_is_no_record(
    record: Measurement | StationReport, path: tuple[str, ...], text: str
) -> None:
    fields = msgspec.to_builtins(record)
    place = fields
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = text
    with pytest.raises(BadRecord):
        canonical.Decoder(type(record))(canonical.encode(fields))
