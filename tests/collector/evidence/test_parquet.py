"""Published measurements as a table."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from collector.core.times import stamp
from collector.evidence import Selection, Wish, export, export_parquet
from dabyl.cli import main
from tests.collector.core.scenes import NOW
from tests.collector.evidence.scenes import MINUTE_S, MOVING, PROBE
from tests.collector.evidence.test_bundle import contents, lines
from tests.collector.harness import TestRandomness
from wire.errors import BadInput

parquet = import_module("pyarrow.parquet")  # it comes without types
CHANCE = TestRandomness(5)
SPAN = Selection(since=stamp(NOW), until=stamp(NOW + MINUTE_S))


def test_the_table_says_what_the_public_bundle_says(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.parquet"
    assert export_parquet(folder, SPAN, out, CHANCE) == (12, [])
    export(folder, Wish(SPAN, tmp_path / "one.tar", public=True), CHANCE)
    told = lines(contents(tmp_path / "one.tar")["published.jsonl"])
    table = parquet.read_table(out).to_pylist()
    assert [(one["id"], one["probe"]) for one in table] == [(one["id"], one["probe"]) for one in told]
    first = table[0]
    assert (first["state"], first["region"], first["asn"]) == ("down", "KZ-71", "AS9198")
    assert first["failures"] == ["tls:connection_reset"]
    assert first["at"].timestamp() == NOW
    assert not [one for one in (PROBE, MOVING) if one.id.encode() in out.read_bytes()]
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


def test_the_command_writes_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "one.parquet")
    span = ["--from", SPAN.since, "--until", SPAN.until, "--format", "parquet"]
    assert main(["collector", "export", "--data", str(folder), *span, "--out", out]) == 0
    assert capsys.readouterr().out == f"12 measurements in {out}\n"
    nowhere = str(tmp_path / "nowhere" / "one.parquet")
    assert main(["collector", "export", "--data", str(folder), *span, "--out", nowhere]) == 2


def test_without_pyarrow_it_says_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(BadInput, match=r"pip install 'dabyl\[parquet\]'"):
        export_parquet(folder, SPAN, tmp_path / "one.parquet", CHANCE)
