"""The size budget counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.size_budget import main, offences

BRANCHES = "".join(f"    if a == {n}:\n        return {n}\n" for n in range(10))

TABLE = [
    ("a function of 50 lines", "def f():\n" + "    x = 1\n" * 49, []),
    ("a function of 51 lines", "def f():\n" + "    x = 1\n" * 50, ["a.py:1 f: lines 51, at most 50"]),
    (
        "a docstring does not count",
        'def f():\n    """One line.\n\n' + "    More.\n" * 60 + '    """\n' + "    x = 1\n" * 49,
        [],
    ),
    (
        "a method that awaits",
        "class C:\n    async def f(self):\n" + "        x = 1\n" * 50,
        ["a.py:2 f: lines 51, at most 50"],
    ),
    ("a file of 300 lines", "x = 1\n" * 300, []),
    ("a file of 301 lines", "x = 1\n" * 301, ["a.py: lines 301, at most 300"]),
    ("nine branches", "def f(a):\n" + "    if a:\n        pass\n" * 9, []),
    ("ten branches", f"def f(a):\n{BRANCHES}", ["a.py:1 f: complexity 11, at most 10"]),
    (
        "branches of an inner function",
        "def f(a):\n    def g(b):\n" + "        for c in b:\n            pass\n" * 10,
        ["a.py:1 f: complexity 11, at most 10", "a.py:2 g: complexity 11, at most 10"],
    ),
]


@pytest.mark.parametrize(("name", "text", "found"), TABLE, ids=[row[0] for row in TABLE])
def test_what_is_over_the_budget_is_named(name: str, text: str, found: list[str]) -> None:
    assert [str(one) for one in offences(text, "a.py")] == found


def test_the_worst_offender_comes_first_and_the_exit_status_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "large.py").write_text("x = 1\n" * 310, encoding="utf-8")
    (tmp_path / "larger.py").write_text("x = 1\n" * 900, encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["larger.py", "large.py"]


def test_hidden_folders_are_not_the_projects_code(tmp_path: Path) -> None:
    hidden = tmp_path / ".venv" / "lib"
    hidden.mkdir(parents=True)
    (hidden / "long.py").write_text("x = 1\n" * 301, encoding="utf-8")
    assert main([str(tmp_path)]) == 0
