"""Files of other hands are what their makers published: nothing was changed, nothing lies about unnamed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from wire.facts import read_text

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "wire" / "data" / "third_party"
ROW = re.compile(
    r"\| `(?P<file>[^`]+\.js)` \| `(?P<sha256>[0-9a-f]{64})` \| `(?P<package>[^`]+)` \| (?P<licence>\S+) "
)
LISTED = [found.groupdict() for found in ROW.finditer(read_text("third_party/README.md"))]


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["file"])
def test_a_file_has_the_hash_that_the_readme_gives(row: dict[str, str]) -> None:
    assert hashlib.sha256((FOLDER / row["file"]).read_bytes()).hexdigest() == row["sha256"]


def test_every_file_is_listed_and_has_its_licence_beside_it() -> None:
    scripts = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.js")}
    assert scripts == {row["file"] for row in LISTED}
    assert [row["file"] for row in LISTED if not (FOLDER / row["file"]).with_name("LICENSE").is_file()] == []


def test_every_licence_is_shipped_and_named_in_the_packages_own_words() -> None:
    expression = re.search(
        r'^license = "(.*)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert expression is not None
    for licence in {row["licence"] for row in LISTED} - {"MIT"}:
        assert (ROOT / "LICENSES" / f"{licence}.txt").is_file()
        assert licence in expression[1].split(" AND ")


def test_every_package_has_its_integrity() -> None:
    text = read_text("third_party/README.md")
    assert [row["package"] for row in LISTED if f"| `{row['package']}` | `sha512-" not in text] == []


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["file"])
def test_no_file_needs_a_number_that_old_phones_lack(row: dict[str, str]) -> None:
    """BigInt came with Chrome 67; the page is meant for 60."""
    assert re.search(r"\bBigInt\b|\b[0-9]n\b", (FOLDER / row["file"]).read_text(encoding="utf-8")) is None
