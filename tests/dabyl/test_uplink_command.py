"""`dabyl probe uplink` as a person meets it."""

from __future__ import annotations

import json

import pytest

from dabyl.cli import main
from dabyl.commands.uplink import _told
from wire.records import Step


def _said(state: str, rate: int | None, failure: str | None = None) -> str:
    step = Step(step="stream", failure=failure, t0=0.0, t=1.0, stream_state=state, bitrate_bps=rate)
    return _told(step, 500_000)


def test_a_person_reads_one_line() -> None:
    assert _said("fine", 2_310_400) == "uplink: 2,310 kbit/s, enough for a camera of 500 kbit/s"
    assert _said("thin", 90_000).endswith("too thin for a camera of 500 kbit/s")
    assert _said("thin", 90_000, "unknown_failure: http 502").endswith(
        "; it ended early (unknown_failure: http 502)"
    )
    assert (
        _said("", None, "unknown_failure: http 413")
        == "uplink: nothing can be said (unknown_failure: http 413)"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "ftp://x/"], "neither http:// nor https://"),
        (["--to", "http:///x"], "there is no host in it"),
        (["--to", "http://x/", "--budget", "0"], "is no number of bytes"),
        (["--to", "http://x/", "--needs", "much"], "is no number of bits a second"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(["probe", "uplink", *arguments])
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_a_script_reads_the_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "uplink", "--to", "http://127.0.0.1:9/", "--format", "jsonl"]) == 0
    step = json.loads(capsys.readouterr().out)
    assert (step["role"], step["step"]) == ("upload", "stream")
