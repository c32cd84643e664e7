"""What a commission prepares for the page: read whole, or refused with one clear line; and the command itself."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from dabyl.cli import main
from sms_gateway.station_page import Ballot, Election, read_election
from wire import BadInput

ROOT = Path(__file__).parents[3]
BALLOT: dict[str, Any] = {
    "sheet": 1,
    "kk": "Президент",
    "ru": "Президент",
    "en": "President",
    "choices": ["Ә", "Б"],
}
WHOLE: dict[str, Any] = {"election": "2026-11-22", "sheets": [BALLOT]}


def written(folder: Path, election: object) -> Path:
    path = folder / "election.json"
    path.write_text(json.dumps(election, ensure_ascii=False), encoding="utf-8")
    return path


def test_an_election_is_read_with_its_sheets_and_the_plain_form(tmp_path: Path) -> None:
    ballot = Ballot(sheet=1, kk="Президент", ru="Президент", en="President", choices=("Ә", "Б"))
    assert read_election(written(tmp_path, WHOLE)) == Election(
        election="2026-11-22", schema="kz-count-1", sheets=(ballot,)
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"election": ""}, "length >= 1"),
        ({"election": "x" * 65}, "length <= 64"),
        ({"schema": "kz-count-9"}, "no form is called kz-count-9"),
        ({"sheets": []}, "length >= 1"),
        ({"sheets": [BALLOT | {"sheet": number} for number in range(1, 11)]}, "<= 9"),
        ({"sheets": [BALLOT, BALLOT]}, "number stands twice"),
        ({"sheets": [BALLOT | {"sheet": 0}]}, ">= 1"),
        ({"sheets": [BALLOT | {"sheet": 10}]}, "<= 9"),
        ({"sheets": [BALLOT | {"choices": ["Ә", "Ә"]}]}, "sheet 1: Ә stands twice"),
        ({"sheets": [BALLOT | {"choices": ["А  Б", " А Б"]}]}, "А Б stands twice"),
        ({"sheets": [BALLOT | {"choices": ["e\u0301", "é"]}]}, "stands twice"),
        ({"sheets": [BALLOT | {"choices": [""]}]}, "length >= 1"),
        ({"sheets": [BALLOT | {"choices": ["А", " "]}]}, "sheet 1: a choice has no name"),
        ({"sheets": [BALLOT | {"choices": ["x" * 65]}]}, "length <= 64"),
        ({"sheets": [BALLOT | {"choices": [str(number) for number in range(129)]}]}, "length <= 128"),
        (
            {"sheets": [{name: value for name, value in BALLOT.items() if name != "kk"}]},
            "missing required field `kk`",
        ),
        ({"date": "2026-11-22"}, "unknown field `date`"),
    ],
)
def test_what_the_page_could_not_use_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)) as refused:
        read_election(written(tmp_path, WHOLE | change))
    assert "election.json: " in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b"\xff\xfe", b'{"election":"a","election":"b","sheets":[]}']
)
def test_what_is_no_json_of_an_election_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "election.json").write_bytes(raw)
    with pytest.raises(BadInput):
        read_election(tmp_path / "election.json")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_election(tmp_path / "nowhere.json")


def test_the_example_of_the_docs_is_an_election(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "station-page.md").read_text(encoding="utf-8")
    found = re.search(r'^ {4}(\{"election".*?\]\})$', text, re.MULTILINE | re.DOTALL)
    assert found is not None
    example = found[1].replace('"...", "..."', '"А", "Б"')
    assert read_election(written(tmp_path, json.loads(example))).sheets[0].choices == ("А", "Б")


def test_the_command_writes_the_page_and_tells_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "station.html"
    election = ["--election", str(written(tmp_path, WHOLE)), "--collector", "https://dabyl.example/"]
    assert main(["station", "page", "--out", str(out), *election]) == 0
    page = out.read_bytes()
    assert capsys.readouterr().out == f"{out}: SHA-256 {hashlib.sha256(page).hexdigest()}\n"
    assert b"connect-src https://dabyl.example;" in page


def test_the_command_writes_the_folder_of_a_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "deep" / "station"
    assert main(["station", "page", "--folder", str(folder)]) == 0
    page = (folder / "index.html").read_bytes()
    assert capsys.readouterr().out == f"{folder / 'index.html'}: SHA-256 {hashlib.sha256(page).hexdigest()}\n"


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "station.html", "--collector", "dabyl.example"],
        ["--out", "station.html", "--gateway", "call me"],
        ["--out", "station.html", "--election", "nowhere.json"],
        ["--out", "nowhere/station.html"],
    ],
)
def test_bad_input_is_one_line_and_status_2(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["station", "page", *options]) == 2
    assert re.fullmatch(r"dabyl: [^\n]+\n", capsys.readouterr().err)
    assert not (tmp_path / "station.html").exists()
