"""docs/sms.md names everything that an operator or a station can meet."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import fields

from sms_gateway import FAULTS, KINDS, Settings
from sms_gateway.core.words import TABLE
from sms_gateway.inbox import Outcome
from sms_gateway.links.kinds import KINDS as LINKS
from sms_gateway.metrics import Undelivered
from sms_gateway.outbox import End
from sms_gateway.settings import Alerts
from wire import metrics

PAGES = Path(__file__).parents[2] / "docs"
DOCS = "".join((PAGES / name).read_text(encoding="utf-8") for name in ("sms.md", "links.md"))
NAMES = [*FAULTS, *KINDS, *get_args(Undelivered), *get_args(End), *get_args(Outcome)]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "new"])
def test_every_name_stands_in_the_docs(name: str) -> None:
    assert f"`{name}`" in DOCS


@pytest.mark.parametrize("record", [Settings, Alerts, *LINKS])
def test_every_setting_stands_in_the_docs(record: type[Struct]) -> None:
    for field in fields(record):
        assert f"`{field.name}`" in DOCS or f"`[[{field.name}]]`" in DOCS


def test_every_metric_stands_in_the_docs() -> None:
    for name in (name for name in vars(metrics) if name.startswith("SMS_")):
        assert f"`{getattr(metrics, name)}`" in DOCS


def test_every_word_stands_in_the_table_of_words() -> None:
    table = DOCS.partition("| says | means | kk | ru | en |")[2].partition("\n\n")[0]
    said = {line.split("|")[1].strip(" `"): line for line in table.splitlines() if line.startswith("| ")}
    for name, _, forms in TABLE:
        line = said[name] if name else next(one for one in said.values() if "before a number" in one)
        assert set(forms.split()) <= set(line.split())
