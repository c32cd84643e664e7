"""The collector's folder on the command line: there, or one clear line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dabyl import cli
from dabyl.commands.folder import must_be_there, progress
from wire.errors import BadInput

COMMANDS = (
    ("verify",),
    ("rebuild", "--check"),
    ("purge", "--through", "2026-11-20", "--why", "asked"),
    ("export", "--from", "2026-11-20T00:00:00Z", "--until", "2026-11-21T00:00:00Z", "--out", "x.tar"),
    ("backfill", "--out", "x.om"),
    ("invites",),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_folder_that_is_not_there_is_one_line_and_2(
    words: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["collector", *words, "--data", "nowhere"]) == 2
    got = capsys.readouterr()
    assert (got.out, got.err) == ("", "dabyl: nowhere: there is no such folder\n")
    assert list(tmp_path.iterdir()) == [], "a question makes nothing"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="no such folder"):
        must_be_there(tmp_path / "file")
    must_be_there(tmp_path)


def test_progress_is_shown_to_people_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress()(7)
    assert capsys.readouterr().err == ""
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    told = progress()
    told(7)
    told(8)
    assert screen.getvalue() == "\rdabyl: 7 batches\rdabyl: 8 batches"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("export", "--out", "x.tar"), "give --from and --until, or --incident alone"),
        (("export", "--from", "2026-11-20T00:00:00Z", "--out", "x.tar"), "give --from and --until"),
        (("export", "--from", "2026-11-20T00:00:00Z", "--incident", "i", "--out", "x.tar"), "or --incident alone"),
        (("export", "--from", "yesterday", "--until", "2026-11-21T00:00:00Z", "--out", "x.tar"), "yesterday"),
        (("purge", "--through", "2026-11-31", "--why", "asked"), "2026-11-31: a day is written as 2026-11-20"),
        (("purge", "--through", "today", "--why", "asked"), "today: a day is written as 2026-11-20"),
        (("backfill", "--from", "long ago", "--out", "x.om"), "long ago"),
    ],
    ids=["no span", "half a span", "a span and an incident", "no time", "no such day", "no day", "no beginning"],
)  # fmt: skip
def test_a_span_that_makes_no_sense_is_one_line_and_2(
    words: tuple[str, ...], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["collector", *words, "--data", str(tmp_path)]) == 2
    got = capsys.readouterr()
    assert complaint in got.err
    assert got.err.count("\n") == 1
    assert got.out == ""
