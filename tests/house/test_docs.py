"""What the code can say, the docs explain."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import fields

from wire import names
from wire.judge import RULES
from wire.records import Measurement, StationReport, Step

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference.md").read_text(encoding="utf-8")
RULES_TEXT = (DOCS / "rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*names.FAILURES, *names.STATES, *names.CATEGORIES, *names.STATION_KINDS])
def test_every_name_on_the_wire_stands_in_the_reference(name: str) -> None:
    assert f"`{name}`" in REFERENCE


def test_every_mechanism_stands_in_the_reference_itself_or_as_a_prefix() -> None:
    for mechanism in names.MECHANISMS:
        assert f"`{mechanism}" in REFERENCE


@pytest.mark.parametrize("record", [Measurement, Step, StationReport])
def test_every_key_stands_in_the_reference(record: type[Measurement | Step | StationReport]) -> None:
    for field in fields(record):
        assert f"`{field.name}`" in REFERENCE


def test_the_rules_stand_in_the_docs_in_their_order() -> None:
    written = [line.split("`")[1] for line in RULES_TEXT.splitlines() if line.startswith("| `")]
    assert written == [rule.__name__ for rule in RULES]
