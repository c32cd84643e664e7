"""`dabyl sheets sample` and `compare`, as an auditor runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dabyl.cli import main
from wire import jcs
from wire.sheets import Sheet, sheet_bytes

SEED, OTHER = "31415926535897932384", "27182818284590452353"
COMMITTED = "d23f87b5801cc23d64ca7e118fbd3c46554d139db14b7b29c7e984000fe120dc"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def stations(tmp_path: Path) -> str:
    path = tmp_path / "stations.csv"
    path.write_text("station\n" + "".join(f"KZ-71-{one:04d}\n" for one in range(1, 301)), encoding="utf-8")
    return str(path)


def drawn(stations: str, capsys: Capture, *more: str) -> list[str]:
    assert main(["sheets", "sample", stations, "--open", SEED, "--commitment", COMMITTED, *more]) == 0
    return capsys.readouterr().out.splitlines()


def test_without_a_seed_it_says_how_many(stations: str, capsys: Capture) -> None:
    assert main(["sheets", "sample", stations, "--risk", "5%", "--tolerated", "1%"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [
        "draw 158 of 300: risk limit 5%, tolerated share 1%",
        "if 4 or more are wrong, all of 158 look right with a chance of 0.0491",
    ]


def test_a_commitment_is_printed_and_not_the_seed(stations: str, capsys: Capture) -> None:
    assert main(["sheets", "sample", stations, "--commit", SEED]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"commitment: sha256 {COMMITTED}\n")
    assert SEED not in out


def test_the_opened_seed_draws_the_list(stations: str, capsys: Capture) -> None:
    lines = drawn(stations, capsys)
    assert lines[0] == f"# seed: {SEED}"
    assert len(lines) == 6 + 158
    assert drawn(stations, capsys, "--size", "200")[: len(lines)] == lines


def test_the_seeds_of_two_parties_make_one_list_in_any_order(stations: str, capsys: Capture) -> None:
    outs = []
    for seeds in ([SEED, OTHER], [OTHER, SEED]):
        assert (
            main(["sheets", "sample", stations, *(word for seed in seeds for word in ("--open", seed))]) == 0
        )
        said = capsys.readouterr()
        outs.append(said.out)
        assert "nothing shows that the seed was fixed before" in said.err
    assert outs[0] == outs[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--open", SEED, "--commitment", "0" * 64], "no opened seed has the commitment 0000"),
        (["--open", SEED, "--open", OTHER, "--commitment", COMMITTED], "that nobody committed to"),
        (["--open", SEED, "--open", SEED], "a seed is opened twice"),
        (["--open", "short"], "a seed has 20 to 1000 characters"),
        (["--commit", "short"], "a seed has 20 to 1000 characters"),
        (["--size", "3"], "--size is 158 or more here, and no more than 300"),
        (["--risk", "0"], "the risk limit is a share between 0 and 1"),
        (["--tolerated", "1"], "the tolerated share is 0 or more"),
        (["--risk", "much"], "'much' is no share"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    stations: str, arguments: list[str], said: str, capsys: Capture
) -> None:
    assert main(["sheets", "sample", stations, *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("raw", [None, b"\xff\xfe", b"station\nKZ-71-0001\nKZ-71-0001\n"])
def test_a_list_of_stations_that_cannot_be_used_is_one_line(
    tmp_path: Path, raw: bytes | None, capsys: Capture
) -> None:
    path = tmp_path / "stations.csv"
    if raw is not None:
        path.write_bytes(raw)
    assert main(["sheets", "sample", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


class Audit:
    """A drawn list, the paper that was read, and what was published."""

    def __init__(self, folder: Path, stations: list[str]) -> None:
        self.folder, self.stations = folder, stations
        self.published = {one: self.sheet(one, 100) for one in stations}
        self.paper = dict.fromkeys(stations, 100)

    @staticmethod
    def sheet(station: str, voters: int) -> Sheet:
        return Sheet(election="e", station=station, counts={"voters_on_list": voters}, votes={"Алға": 7})

    def run(self, *more: str) -> int:
        paper = "".join(f"{one},1,{voters},7\n" for one, voters in self.paper.items())
        (self.folder / "paper.csv").write_text(f"station,sheet,voters_on_list,votes/Алға\n{paper}", "utf-8")
        lines = [
            b'{"sha256":"%s","by":"station","content":%s}\n' % (jcs.sha256(raw).hex().encode(), raw)
            for raw in map(sheet_bytes, self.published.values())
        ]
        (self.folder / "sheets.jsonl").write_bytes(b"".join(lines))
        files = [str(self.folder / name) for name in ("list.csv", "paper.csv", "sheets.jsonl")]
        return main(["sheets", "compare", *files[:2], "--published", files[2], *more])


@pytest.fixture
def audit(stations: str, tmp_path: Path, capsys: Capture) -> Audit:
    lines = drawn(stations, capsys)
    (tmp_path / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Audit(tmp_path, [line.split(",")[4] for line in lines[6:]])


def test_a_sample_that_is_the_same_holds(audit: Audit, capsys: Capture) -> None:
    assert audit.run() == 0
    assert capsys.readouterr().out.splitlines() == [
        "Drawn: 158 of 300",
        "the same on paper: 158",
        "With a risk of at most 5%, no more than 3 of all 300 are wrong: within the tolerated 1%.",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "sheet 1, Voters on the list: on paper 101, published 100"),
        ("ru", "протокол 1, Избирателей в списке: на бумаге 101, опубликовано 100"),
        ("kk", "1-хаттама, Тізімдегі сайлаушылар: қағазда 101, жарияланғаны 100"),
    ],
)
def test_a_changed_digit_is_named_in_three_languages(
    audit: Audit, language: str, said: str, capsys: Capture
) -> None:
    audit.paper[audit.stations[3]] = 101
    assert audit.run("--language", language) == 1
    lines = capsys.readouterr().out.splitlines()
    assert said in [line.strip() for line in lines]
    assert any(line.startswith(audit.stations[3]) for line in lines)


def test_what_is_missing_counts_as_wrong(audit: Audit, capsys: Capture) -> None:
    del audit.paper[audit.stations[0]], audit.published[audit.stations[1]]
    assert audit.run() == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{audit.stations[0]}: paper not read yet" in lines
    assert "never published: 0" not in lines


def test_the_report_as_json_has_everything(audit: Audit, capsys: Capture) -> None:
    audit.paper[audit.stations[3]] = 101
    assert audit.run("--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["drawn"], found["same"], found["differs"], found["holds"]) == (158, 157, 1, False)
    wrong = next(one for one in found["units"] if one["outcome"] == "differs")
    assert wrong["differences"] == [
        {"station": audit.stations[3], "sheet": "1", "name": "voters_on_list", "paper": 101, "published": 100}
    ]
