#!/usr/bin/env python3
"""The size budget of the house: no function over 50 lines, no file over 300, no complexity over 10.

Usage: size_budget.py [DIR]. Names every offender, largest excess first; exits 1 when there is one.

Lines of a function run from `def` to its last line, less its docstring. Complexity is 1 and 1 more for
each if, elif, for, while, except and case, those of inner functions included.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FUNCTION_LINES: Final = 50
FILE_LINES: Final = 300
COMPLEXITY: Final = 10

Function = ast.FunctionDef | ast.AsyncFunctionDef
BRANCHES: Final = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


@dataclass(frozen=True)
class Offence:
    """One thing that is too large: where, what was counted, how much of it, how much is allowed."""

    where: str
    measure: str
    found: int
    allowed: int

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.where}: {self.measure} {self.found}, at most {self.allowed}"


def sources(root: Path) -> Iterator[Path]:
    """Every Python file below `root`, but not in hidden folders (`.venv`) nor in `build` and `dist`."""
    for path in sorted(root.rglob("*.py")):
        folders = path.relative_to(root).parts[:-1]
        if not any(name.startswith(".") or name in {"build", "dist"} for name in folders):
            yield path


def lines_of(node: ast.stmt) -> int:
    """How many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def length(function: Function) -> int:
    """The function's lines, less its docstring's."""
    has_docstring = ast.get_docstring(function, clean=False) is not None
    return lines_of(function) - (lines_of(function.body[0]) if has_docstring else 0)


def complexity(function: Function) -> int:
    """One, and one more for each branch."""
    return 1 + sum(isinstance(node, BRANCHES) for node in ast.walk(function))


def measures(text: str, name: str) -> Iterator[Offence]:
    """Everything that has a budget in one file, kept or not."""
    yield Offence(name, "lines", len(text.splitlines()), FILE_LINES)
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, Function):
            where = f"{name}:{node.lineno} {node.name}"
            yield Offence(where, "lines", length(node), FUNCTION_LINES)
            yield Offence(where, "complexity", complexity(node), COMPLEXITY)


def offences(text: str, name: str) -> list[Offence]:
    """What is over the budget in one file's `text`; `name` is how it is called in the findings.

    Raises SyntaxError when this Python cannot parse it.
    """
    return [one for one in measures(text, name) if one.found > one.allowed]


def main(arguments: list[str]) -> int:
    """Measure a tree and print what is too large."""
    root = Path(arguments[0]) if arguments else Path()
    found = [
        offence
        for path in sources(root)
        for offence in offences(path.read_text(encoding="utf-8"), str(path.relative_to(root)))
    ]
    for offence in sorted(found, key=lambda one: one.allowed / one.found):
        print(offence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
