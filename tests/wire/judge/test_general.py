"""The rules are general: no site, no name and no address of the lab or of the shipped targets stands in them."""

from __future__ import annotations

import ast
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import wire.judge
from tests.lab.targets import FURTHER, targets_csv
from wire.facts import read_text

FILES = sorted(Path(wire.judge.__file__).parent.glob("*.py"))


def hosts(listed: str) -> set[str]:
    """The hosts of a targets file, names and addresses."""
    urls = (line.partition(",")[0] for line in listed.splitlines()[1:])
    return {host for url in urls if (host := urlsplit(url).hostname)}


KNOWN = hosts(targets_csv(FURTHER)) | hosts(read_text("targets.csv"))


def test_there_is_something_to_look_for() -> None:
    assert len(KNOWN) > 150


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_no_host_that_is_measured_stands_in_the_judge(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not {(text, host) for text in texts for host in KNOWN if host == text or f"//{host}" in text}
