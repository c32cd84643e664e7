"""`dabyl dashboards build` as a person runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dabyl.cli import main


def test_build_writes_the_files_and_names_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert main(["dashboards", "build", "--out", str(out)]) == 0
    named = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(named) == sorted(path for path in out.rglob("*") if path.is_file())
    assert "127.0.0.1:8080" in (out / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")


def test_building_again_replaces_what_was_there(tmp_path: Path) -> None:
    for port in (8085, 8086):
        collector = f"http://127.0.0.1:{port}"
        assert main(["dashboards", "build", "--out", str(tmp_path), "--collector", collector]) == 0
    text = (tmp_path / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    assert "8086" in text
    assert "8085" not in text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--out", "{tmp}/file/below"],
            "dabyl: cannot write {tmp}/file/below/prometheus/prometheus.yml: Not a directory\n",
        ),
        (
            ["--out", "{tmp}/out", "--collector", "nowhere"],
            "dabyl: --collector: give it as http://host:port, without user, path or query\n",
        ),
    ],
)
def test_what_cannot_be_built_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    tmp = str(tmp_path)
    assert main(["dashboards", "build", *(one.replace("{tmp}", tmp) for one in arguments)]) == 2
    assert capsys.readouterr().err == line.replace("{tmp}", tmp)
    assert not (tmp_path / "out").exists()
