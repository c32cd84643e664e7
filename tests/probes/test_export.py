"""Lines in, another project's lines out."""

from __future__ import annotations

import io
import json

import pytest

from probes.export import export_ooni
from tests.probes.core.ooni.records import SITE, WELL, record, verdict
from wire import BadInput, canonical
from wire.records import Network

LINE = canonical.encode(WELL) + b"\n"
UNTOLD = canonical.encode(record(SITE, WELL.steps, verdict("ok"), network=Network())) + b"\n"


def test_a_line_in_is_a_line_out() -> None:
    out = io.BytesIO()
    assert not export_ooni([LINE, b"\n", LINE], "file", out, "0.1.0")
    assert [json.loads(line)["test_name"] for line in out.getvalue().splitlines()] == ["web_connectivity"] * 2


def test_what_is_left_out_is_counted_by_reason() -> None:
    out = io.BytesIO()
    left_out = export_ooni([UNTOLD, LINE, UNTOLD], "file", out, "0.1.0")
    assert left_out == {"no AS number": 2}
    assert b"AS0" not in out.getvalue()


def test_a_broken_line_is_named() -> None:
    with pytest.raises(BadInput, match=r"^file:2: "):
        export_ooni([LINE, b"{nonsense\n"], "file", io.BytesIO(), "0.1.0")
