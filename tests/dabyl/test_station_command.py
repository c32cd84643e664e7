from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from dabyl import cli
from sms_gateway.core.sender import sender_print

STATION = "KZ-71-0379"
AT = ("--at", "2026-11-22T04:00:00Z")


class Desk:
    """The commands, run one after the other in one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command printed; on failure its one line of error."""
        assert cli.main(list(arguments)) == status
        printed = self._capsys.readouterr()
        if status:
            assert printed.err.startswith("dabyl: ")
            assert printed.err.count("\n") == 1
        return (printed.err if status else printed.out).strip()

    def file(self, name: str) -> str:
        return str(self.folder / name)

    def read(self, *texts: str, at: str = "2026-11-22T04:00:00Z") -> list[dict[str, Any]]:
        """What `dabyl sms read --keys` makes of texts."""
        lines = [json.dumps({"from": "+77011234567", "text": text, "at": at}) for text in texts]
        (self.folder / "in.jsonl").write_text("\n".join(lines))
        printed = self.run("sms", "read", self.file("in.jsonl"), "--keys", self.file("keys.jsonl"))
        return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two stations, made by the commands."""
    folder = tmp_path_factory.mktemp("stations")
    for name in (STATION, "KZ-75-0012"):
        key, line, keys = (str(folder / f"{name}.key"), folder / f"{name}.jsonl", str(folder / "keys.jsonl"))
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            assert cli.main(["station", "new", "--station", name, "--key", key, "--codes", "20"]) == 0
        line.write_text(printed.getvalue())
        with contextlib.redirect_stdout(io.StringIO()):
            assert cli.main(["station", "enrol", str(line), "--keys", keys]) == 0
    (folder / "sheet.json").write_text('{ "votes": 5,\n "station": "KZ-71-0379" }')
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path, capsys)


def _seal(desk: Desk, *more: str, key: str = STATION) -> str:
    return desk.run("station", "seal", "--key", desk.file(f"{key}.key"), "--station", STATION, *more)


def test_a_sealed_sheet_is_read_with_the_hash_of_its_canonical_bytes(desk: Desk) -> None:
    text = _seal(desk, "--sheet", desk.file("sheet.json"), *AT)
    assert len(text) == 150
    (found,) = desk.read(text)
    assert found["value"] == hashlib.sha256(b'{"station":"KZ-71-0379","votes":5}').hexdigest()
    assert (found["kind"], found["station"], found["proof"], found["mark"]) == ("sheet", STATION, "seal", "1")
    assert found["at"] == "2026-11-22T04:00:00.000Z"


def test_a_replay_is_recognised_and_has_the_same_name(desk: Desk) -> None:
    text = _seal(desk, "--sheet", desk.file("sheet.json"), *AT)
    later = _seal(desk, "--sheet", desk.file("sheet.json"), "--at", "2026-11-22T04:00:01Z")
    first, again, other = desk.read(text, f"{text[:80]}\n{text[80:]}", later)
    assert (first["replay"], again["replay"], other["replay"]) == (False, True, False)
    assert first["report"] == again["report"] != other["report"]


@pytest.mark.parametrize("said", ["open", "power off", "turnout 12 1250", "камера закрыта", "ҚАБЫЛДАНДЫ"])
def test_a_word_can_be_sealed_and_typed(said: str, desk: Desk) -> None:
    code = json.loads((desk.folder / f"{STATION}.jsonl").read_text())["codes"][0]
    typed = desk.run("station", "check", "--station", STATION, "--code", code, *said.split())
    sealed, written = desk.read(_seal(desk, *AT, "--say", *said.split()), typed)
    assert (sealed["proof"], written["proof"]) == ("seal", "code")
    assert [sealed[key] for key in ("kind", "value", "mark")] == [
        written[key] for key in ("kind", "value", "mark")
    ]
    assert len(typed) <= 40


def test_the_key_of_another_station_is_refused_and_a_typing_error_named(desk: Desk) -> None:
    forged = _seal(desk, "--sheet", desk.file("sheet.json"), *AT, key="KZ-75-0012")
    good = _seal(desk, "--sheet", desk.file("sheet.json"), *AT)
    changed = good[:70] + ("A" if good[70] != "A" else "B") + good[71:]
    assert [one["error"] for one in desk.read(forged, changed, good[:-1])] == ["forged", "typo", "typo"]
    assert desk.read(good, at="2026-11-20T04:00:00Z")[0]["error"] == "bad_time"


def test_a_revoked_station_proves_nothing(desk: Desk) -> None:
    text = _seal(desk, "--sheet", desk.file("sheet.json"), *AT)
    printed = desk.run("station", "enrol", "--keys", desk.file("keys.jsonl"), "--revoke", STATION)
    assert printed == "0 new, 0 changed, 1 revoked"
    assert desk.read(text)[0]["error"] == "revoked"


def test_phones_become_prints_with_the_gateways_key(desk: Desk) -> None:
    (desk.folder / "data").mkdir()
    (desk.folder / "data" / "senders.key").write_text("00" * 32)
    (desk.folder / "data" / "senders.key").chmod(0o600)
    (desk.folder / "more.jsonl").write_text('{"station":"KZ-71-0001","phones":["+77011234567"]}')
    desk.run(
        "station",
        "enrol",
        desk.file("more.jsonl"),
        "--keys",
        desk.file("k.jsonl"),
        "--data",
        desk.file("data"),
    )
    assert sender_print(bytes(32), "+77011234567") in (desk.folder / "k.jsonl").read_text()


def test_cards_are_made_for_the_stations_that_are_named(desk: Desk) -> None:
    out = desk.file("cards.pdf")
    printed = desk.run(
        "station",
        "cards",
        "--keys",
        desk.file("keys.jsonl"),
        "--out",
        out,
        "--station",
        STATION,
        "--secrets",
        desk.file(""),
    )
    assert printed == f"{out}: 1 cards"
    assert Path(out).read_bytes().startswith(b"%PDF-")


WRONG = [
    (["new", "--station", "71-379", "--key", "{}/x.key"], "not a station"),
    (["new", "--station", STATION, "--key", "{}/KZ-71-0379.key"], "there is a key already"),
    (["new", "--station", STATION, "--key", "{}/x.key", "--codes", "401"], "at most 400 codes"),
    (["seal", "--key", "{}/none", "--station", STATION, "--say", "open"], "No such file"),
    (["seal", "--key", "{}/sheet.json", "--station", STATION, "--say", "open"], "not a key"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", "KZ-71-379", "--say", "open"], "bad_station|not a station"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", STATION, "--say", "hello"], "unknown_word: hello"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", STATION, "--say", "tel"], "not a word that can be sealed"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", STATION, "--say", "open", "--at", "now"], "--at: not an RFC 3339 time"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", STATION, "--sheet", "{}/none"], "No such file"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", STATION, "--sheet", "{}/keys.jsonl"], "keys.jsonl: "),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", "KZ-71-0001", "--sheet", "{}/sheet.json"], "this is a sheet of KZ-71-0379"),
    (["seal", "--key", "{}/KZ-71-0379.key", "--station", STATION, "--sheet", "{}/sheet.json", "--number", "16"], "1 to 15"),
    (["check", "--station", STATION, "--code", "12345", "open"], "six|6 digits"),
    (["enrol", "--keys", "{}/keys.jsonl"], "--revoke, is needed"),
    (["enrol", "--keys", "{}/keys.jsonl", "--revoke", "KZ-71-0001"], "KZ-71-0001 is not"),
    (["enrol", "{}/none", "--keys", "{}/keys.jsonl"], "No such file"),
    (["enrol", "{}/keys.jsonl", "--keys", "{}/keys.jsonl", "--data", "{}/none"], "the gateway makes it"),
    (["cards", "--keys", "{}/keys.jsonl", "--out", "{}/c.pdf", "--station", "KZ-71-0001"], "no KZ-71-0001"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), WRONG, ids=[" ".join(row[0])[:60] for row in WRONG])
def test_bad_input_is_one_line_and_2(
    arguments: list[str], told: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["dabyl"])
    line = desk.run("station", *(one.format(desk.folder) for one in arguments), status=2)
    assert any(part in line for part in told.split("|")), line
