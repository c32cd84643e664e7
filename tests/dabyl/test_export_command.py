"""`dabyl probe export` as a person uses it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from dabyl.cli import Parser
from dabyl.commands import export
from tests.probes.core.ooni.records import SITE, WELL, record, verdict
from wire import BadInput, canonical
from wire.records import Network

UNTOLD = record(SITE, WELL.steps, verdict("ok"), network=Network())


def command(*words: str) -> int:
    parser = Parser(prog="dabyl")
    export.add_to(parser.add_subparsers())
    options = parser.parse_args(["export", *words])
    status: int = options.run(options)
    return status


def test_a_file_is_printed_as_ooni_s_lines(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "round.jsonl"
    file.write_bytes(canonical.encode(WELL) + b"\n" + canonical.encode(UNTOLD) + b"\n")
    assert command("--format", "ooni", str(file)) == 0
    printed = capfd.readouterr()
    assert json.loads(printed.out)["probe_asn"] == "AS9198"
    assert printed.err == "dabyl: records left out: 1 (no AS number: 1)\n"


def test_standard_input_is_read_by_default(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(canonical.encode(WELL))))
    assert command("--format", "ooni") == 0
    assert json.loads(capfd.readouterr().out)["input"] == SITE


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        command("--format", "ooni", str(tmp_path / "none.jsonl"))


def test_a_form_that_we_do_not_write_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command("--format", "xml")
    assert "invalid choice" in capfd.readouterr().err
