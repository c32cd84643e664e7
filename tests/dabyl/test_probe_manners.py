"""What the owner of a probe sets and is told: limits, risk, reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dabyl import cli
from dabyl.commands import measuring, probe_run
from probes.observe import bait
from tests.servers.background import in_background
from tests.servers.deaf import saying, talking

PAGE = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
HEAD = "url,category,name,side\n"
RISKY = "url,category,risk\ntcp://127.0.0.1:9,kz,low\ntcp://127.0.0.1:19,news,sensitive\n"


@pytest.fixture(autouse=True)
def _stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No packet leaves loopback: neither bait nor a public resolver."""
    monkeypatch.setattr(bait, "ADDRESSES", ())
    monkeypatch.setattr(measuring, "PUBLIC_RESOLVERS", ("127.0.0.1:9",))


@pytest.fixture
def page() -> Iterator[str]:
    with in_background(talking(PAGE)) as port:
        yield f"http://127.0.0.1:{port}/"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    try:
        status = cli.main(["probe", *words])
    except SystemExit as end:
        status = int(end.code or 0)
    got = capsys.readouterr()
    return status, got.out, got.err


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_sensitive_targets_are_left_out_unless_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    targets = write(tmp_path / "t.csv", RISKY)
    _, out, err = run(capsys, "what", "--targets", targets)
    assert "127.0.0.1:19" not in out
    assert "1 sensitive targets are left out; see --sensitive" in err
    _, out, err = run(capsys, "what", "--targets", targets, "--sensitive")
    assert "sensitive target tcp://127.0.0.1:19" in out
    assert "\ntarget tcp://127.0.0.1:9" in out
    assert err == ""


@pytest.mark.parametrize(
    ("words", "budget"),
    [
        ((), "limit: 50 MB of data a day"),
        (("--metered",), "limit: 10 MB of data a day"),
        (("--metered", "--budget", "25"), "limit: 25 MB of data a day"),
        (("--budget", "0"), "limit: none on data a day"),
        (("--battery-low", "0"), "limit: rounds are as often on battery"),
    ],
)
def test_the_owner_sets_the_limits(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], budget: str
) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    assert budget in run(capsys, "what", "--targets", targets, *words)[1]


def test_a_metered_line_may_be_told_by_the_environment(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DABYL_METERED", "1")
    targets = write(tmp_path / "t.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    assert "limit: 10 MB of data a day" in run(capsys, "what", "--targets", targets)[1]


def test_a_round_can_be_explained_to_a_person_and_only_to_one(
    capsys: pytest.CaptureFixture[str], page: str, tmp_path: Path
) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}{page},kz,,\n")
    status, out, _ = run(capsys, "check", "--targets", targets, "--explain")
    assert status == 0
    assert out.index("own line:") < out.index(f"\n{page}  (127.0.0.1)")
    assert f"http  {page} gave 200" in out
    assert "Rule page_without_control: A plain page came" in out
    status, _, err = run(capsys, "check", "--targets", targets, "--explain", "--format", "jsonl")
    assert status == 2
    assert "--explain is for people" in err


def test_a_vantage_abroad_says_that_it_is_outside(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    words = ("check", "--targets", targets, "--format", "jsonl", "--side", "outside")
    assert json.loads(run(capsys, *words)[1])["network"]["side"] == "outside"


def test_a_round_of_sensitive_targets_says_so_before_it_begins(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    targets = write(tmp_path / "t.csv", RISKY)
    _, out, err = run(capsys, "check", "--targets", targets, "--sensitive", "--format", "jsonl")
    assert len(out.splitlines()) == 2
    assert "1 sensitive targets are contacted too; that may be held against you" in err


def test_a_sensitive_list_asks_a_question_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def yes_to_the_first(question: str) -> bool:
        asked.append(question)
        return len(asked) == 1

    monkeypatch.setattr(probe_run, "_says_yes", yes_to_the_first)
    targets = write(tmp_path / "t.csv", RISKY)
    words = ("--targets", targets, "--data", str(tmp_path / "p"), "--collector", "http://127.0.0.1:8")
    status, _, err = run(capsys, "run", *words, "--sensitive")
    assert status == 2
    assert len(asked) == 2
    assert "without --sensitive only targets of low risk are" in err
    assert not (tmp_path / "p").exists()
