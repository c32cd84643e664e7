"""The helper is another program under another licence, and stays so."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HELPER = ROOT / "probes" / "packets" / "helper"
FILES = sorted(HELPER.glob("*.py"))
OURS = ("dabyl", "probes", "collector", "sms_gateway", "dashboards", "wire")
SIBLINGS = frozenset(file.stem for file in FILES)


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_helper_says_its_licence_and_imports_nothing_of_ours(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# SPDX-License-Identifier: GPL-2.0-only\n")
    roots = {name.partition(".")[0] for name in imported(file)}
    assert roots <= {*sys.stdlib_module_names, *SIBLINGS, "scapy"}


def test_nothing_of_ours_imports_the_helper_or_scapy() -> None:
    for file in (found for part in OURS for found in (ROOT / part).rglob("*.py") if found.parent != HELPER):
        if "import" in (text := file.read_text(encoding="utf-8")) and ("scapy" in text or "helper" in text):
            assert not [
                one for one in imported(file) if one.startswith(("scapy", "probes.packets.helper"))
            ], file


def test_the_helper_has_no_code_that_sends() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert not any(
            word in text for word in ("sendto", "sendmsg", ".send(", "sendp", "sr1", "L3RawSocket")
        )


def test_the_licence_of_the_helper_is_shipped() -> None:
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSES" / "GPL-2.0-only.txt").read_text(
        encoding="utf-8"
    )
