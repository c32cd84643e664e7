"""`dabyl replay`: what it prints, and what it does not take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dabyl.cli import main

EVENT = ["replay", "qazaqstan-2022"]
# Some hours around the beginning of the national cut, with few probes.
SHORT = [
    "--from",
    "2022-01-05T04:00:00Z",
    "--until",
    "2022-01-05T12:30:00Z",
    "--probes",
    "30",
    "--calm-days",
    "0",
]


def test_the_table_stands_truth_beside_what_was_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*EVENT, *SHORT]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:8] == ["what", "from", "(UTC)", "until", "onset", "end", "said", "after"]
    (cut,) = [line.split() for line in lines if line.startswith("national cut")]
    assert cut[2] == "2022-01-05T10:30"
    assert abs(float(cut[3])) < 5, "minutes at the onset"
    assert cut[4] == "-", "it lasts"
    assert cut[6] == "national"
    assert any(line.startswith("told besides: ") for line in lines)


def test_json_lines_are_the_same_and_the_folder_is_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    short = [*SHORT, "--from", "2022-01-05T09:00:00Z", "--probes", "10"]
    assert main([*EVENT, *short, "--format", "jsonl", "--data", str(folder)]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    truths = [one for one in found if "truth_from" in one]
    assert "national cut" in {one["name"] for one in truths}
    assert main(["collector", "verify", "--data", str(folder)]) == 0
    assert main([*EVENT, *short, "--data", str(folder)]) == 2
    assert "a replay needs a new folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--probes", "0"], "--probes: from 1 to 20000"),
        (["--every", "1"], "--every: from 10 to 3600 s"),
        (["--liars", "1.5"], "--liars: a share from 0 to 1"),
        (["--speed", "-1"], "--speed: 0 or more"),
        (["--remote-write", "prometheus:9090"], "--remote-write: an http or https URL"),
        (["--calm-days", "31"], "--calm-days: from 0 to 30"),
        (["--from", "2023-01-01T00:00:00Z"], "nothing of the script lies between these times"),
        (["--at", "yesterday"], "not an RFC 3339 time: 'yesterday'"),
        (["--listen", "nowhere"], "nowhere: an address to listen on is HOST:PORT or [IPV6]:PORT"),
    ],
)
def test_bad_input_is_one_line_and_2(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*EVENT, *options]) == 2
    assert capsys.readouterr() == ("", f"dabyl: {said}\n")
