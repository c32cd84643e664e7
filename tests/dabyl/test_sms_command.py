from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from dabyl import cli

LINES = (
    '{"from":"+77011234567","text":"KZ-71-0379 АШЫЛДЫ","at":"2026-11-22T04:00:00Z"}\n'
    '\n{"text":"71 379"}\n{"from":"KCELL","text":"","later":[1]}\n'
)
READINGS: list[dict[str, object]] = [
    {
        "kind": "open", "station": "KZ-71-0379", "value": "", "language": "kk", "proof": "none",
        "mark": "", "code": "", "at": "", "report": "", "replay": False,
    },
    {"kind": "rejected", "error": "no_word", "understood": "KZ-71-0379"},
    {"kind": "rejected", "error": "empty", "understood": ""},
]  # fmt: skip


class Input:
    """A standard input that holds these bytes."""

    def __init__(self, content: str) -> None:
        self.buffer = io.BytesIO(content.encode())


def test_texts_of_a_file_give_one_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts.jsonl").write_text(LINES, encoding="utf-8")
    assert cli.main(["sms", "read", str(tmp_path / "texts.jsonl")]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == READINGS


@pytest.mark.parametrize("arguments", [["sms", "read"], ["sms", "read", "-"]])
def test_texts_come_from_standard_input_when_no_file_is_named(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Input(LINES))
    assert cli.main(arguments) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == READINGS


@pytest.mark.parametrize(
    "line", ["hello", '{"from":"1"}', '{"text":5}', '{"text":"a","text":"b"}', "[]", '{"text":NaN}']
)
def test_a_line_that_is_no_text_is_named_and_ends_with_2(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "texts.jsonl").write_text('{"text":"71 379 OPEN"}\n' + line + "\n", encoding="utf-8")
    assert cli.main(["sms", "read", str(tmp_path / "texts.jsonl")]) == 2
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    assert printed.err.startswith(f"dabyl: {tmp_path / 'texts.jsonl'}: line 2: ")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["sms", "read", "no-such-file"], ["sms", "serve", "--config", "no-such-file"]]
)
def test_a_missing_file_is_one_line_and_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr().err == "dabyl: no-such-file: No such file or directory\n"


def test_a_wrong_key_of_the_settings_is_one_line_and_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sms.toml").write_text("lisen = 1\n", encoding="utf-8")
    assert cli.main(["sms", "serve", "--config", str(tmp_path / "sms.toml")]) == 2
    assert "sms.toml: Object" in capsys.readouterr().err
