"""docs/links.md has every key of every link with its default, and a modem's life as the code has it.

`python -m tests.sms_gateway.test_link_tables` writes the table of the life anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from sms_gateway.core.at.life import TABLE
from sms_gateway.link_settings import AndroidLink, GammuLink, KannelLink, LinkSettings, ModemLink, TermuxLink
from sms_gateway.links.kinds import KINDS
from sms_gateway.settings import read_settings

PAGE = Path(__file__).parents[2] / "docs" / "links.md"
BEGIN, END = "<!-- a modem's life: generated -->", "<!-- end of a modem's life -->"
OWN = [kind for kind in KINDS if kind is not KannelLink]
COMMON = {field.name for field in fields(LinkSettings)} | {"kind"}
NOTHING = {"", "none", "empty"}


def _rows(head: str) -> dict[str, str]:
    """Key and default of the table whose first cell is this; keys that share a row share its defaults, in order."""
    lines = PAGE.read_text(encoding="utf-8").split(f"| {head} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    found: dict[str, str] = {}
    for line in lines:
        keys, defaults = (cell.strip() for cell in line.strip("|").split("|")[:2])
        names, defaults = re.findall(r"`(\w+)`", keys), defaults.partition(";")[0]
        values = defaults.split(",") if len(names) > 1 and "," in defaults else [defaults] * len(names)
        found |= {name: value.strip(" `") for name, value in zip(names, values, strict=True)}
    return found


@pytest.mark.parametrize("kind", OWN)
def test_every_key_of_a_link_stands_in_its_table_with_its_default(kind: type[LinkSettings]) -> None:
    said = _rows(f"key of `{kind.kind}`")
    own = {field.name: field for field in fields(kind) if field.name not in COMMON}
    assert set(said) == set(own)
    for name, field in own.items():
        assert _same(said[name], field), name


def _same(said: str, field: FieldInfo) -> bool:
    default: Any = field.default
    if default is NODEFAULT or default in {"", ()}:
        return said in NOTHING
    if isinstance(default, bool):
        return said == str(default).lower()
    return float(said) == float(default) if isinstance(default, int | float) else said == str(default)


def test_the_common_keys_stand_in_theirs() -> None:
    assert set(_rows("key of every link")) == COMMON


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_is_named(kind: type[Struct]) -> None:
    assert f"`{getattr(kind, 'kind')}`" in PAGE.read_text(encoding="utf-8").split("| `name` |", 1)[0]  # noqa: B009  # a Struct has none, these have


def test_every_example_of_a_link_is_one(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    examples = re.findall(r"(?m)^    \[\[link\]\]\n(?:    .*\n)+", text)
    head = 'data = "/srv/sms"\ncollector = "https://collector.example"\n'
    (tmp_path / "sms.toml").write_text(head + "".join(re.sub(r"(?m)^    ", "", one) for one in examples))
    kinds = {type(link) for link in read_settings(tmp_path / "sms.toml").link}
    assert {ModemLink, GammuLink, AndroidLink, TermuxLink} <= kinds


def table() -> str:
    """A modem's life as Markdown."""
    rows = [
        f"| `{state}` | `{event}` | `{after}` | `{action}` |"
        for (state, event), (after, action) in TABLE.items()
    ]
    return "\n".join(["| state | event | then | and does |", "|---|---|---|---|", *rows])


def test_a_modems_life_in_the_docs_is_the_one_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip() == table()


if __name__ == "__main__":
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
