"""docs/probe.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from probes.consent import _OURS
from probes.core.delivery import TABLE, Command, Event, State

TEXT = (Path(__file__).parents[2] / "docs" / "probe.md").read_text(encoding="utf-8")


def words(one: State | Event | Command) -> str:
    return one.name.lower().replace("_", " ")


@pytest.mark.parametrize("key", TABLE, ids=str)
def test_every_line_of_the_delivery_table_stands_in_the_docs(key: tuple[State, Event]) -> None:
    after, commands = TABLE[key]
    did = ", ".join(words(command) for command in commands)
    assert f"| {words(key[0])} | {words(key[1])} | {words(after)} | {did} |" in TEXT


@pytest.mark.parametrize("name", sorted(_OURS))
def test_everything_that_a_probe_keeps_stands_in_the_docs(name: str) -> None:
    assert f"| `{name}` |" in TEXT
