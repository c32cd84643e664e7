from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from dabyl import cli
from tests.wire.test_digest import NETWORK, seen
from wire import canonical


def _lines() -> bytes:
    rows = [seen("news", "ok"), seen("egov", "blocked", "domestic", "dns.nxdomain")]
    return b"\n".join(canonical.encode(row) for row in rows) + b"\n"


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(list(arguments)) == 0
    return capsys.readouterr().out.strip()


def test_a_round_is_told_in_one_text_that_the_gateway_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", str(tmp_path / "probe"))
    (tmp_path / "round.jsonl").write_bytes(_lines())
    text = _printed(capsys, "probe", "digest", str(tmp_path / "round.jsonl"), *data)
    assert len(text) == 142
    (tmp_path / "probes").write_text(_printed(capsys, "probe", "digest", "--public", *data) + "\n")
    (tmp_path / "in.jsonl").write_text(
        "\n".join(json.dumps({"text": one}) for one in (text, text[:-1] + "z"))
    )
    printed = _printed(
        capsys, "sms", "read", str(tmp_path / "in.jsonl"), "--probes", str(tmp_path / "probes")
    )
    found, changed = (json.loads(line) for line in printed.splitlines())
    assert (found["kind"], found["worst"], found["line"]) == ("digest", "dns.nxdomain", "ok")
    assert found["network"]["asn"] == NETWORK.asn
    assert changed["error"] == "typo"

    class Input:
        buffer = io.BytesIO(_lines())

    monkeypatch.setattr(sys, "stdin", Input())
    assert _printed(capsys, "probe", "digest", *data) == text


def test_a_probe_that_nobody_enrolled_is_not_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "round.jsonl").write_bytes(_lines())
    text = _printed(capsys, "probe", "digest", str(tmp_path / "round.jsonl"), "--data", str(tmp_path / "one"))
    (tmp_path / "probes").write_text(
        _printed(capsys, "probe", "digest", "--public", "--data", str(tmp_path / "two"))
    )
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": text}))
    printed = _printed(
        capsys, "sms", "read", str(tmp_path / "in.jsonl"), "--probes", str(tmp_path / "probes")
    )
    assert json.loads(printed)["error"] == "unknown_probe"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "nothing to tell"),
        (b"\n{}\n", "line 2: "),
        (None, "No such file"),
        (_lines().replace(b"2026-11", b"1969-11"), "before 1970"),
        (_lines().replace(b"2026-11", b"9999-11"), "after 2106"),
        (_lines().replace(b"2026-11", b"2026-13"), "not a time of the calendar"),
    ],
)
def test_what_is_no_round_is_told_in_one_line(
    content: bytes | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "round.jsonl").write_bytes(content)
    assert (
        cli.main(["probe", "digest", str(tmp_path / "round.jsonl"), "--data", str(tmp_path / "probe")]) == 2
    )
    printed = capsys.readouterr().err
    assert told in printed
    assert printed.count("\n") == 1
