"""What README, docs and Makefile promise is there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    here = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in here if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= TARGETS


@pytest.mark.parametrize("target", ["up", "test", "check", "lab", "bench", "env", "clean", "help"])
def test_the_makefile_keeps_the_targets_that_people_type(target: str) -> None:
    assert target in TARGETS
    assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE), "make help must list it"


@pytest.mark.parametrize("script", [".ci/run", "tools/setup-system.sh", "tools/size_budget.py"])
def test_a_script_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def test_every_dependency_stands_with_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(
        r'^  "[A-Za-z][\w.-]*(?:\[\w+\])?(?:[<>=!~]=?[^"]*)?",?(.*)$', deps(text), re.MULTILINE
    )
    assert len(listed) > 15
    assert [rest for rest in listed if "#" not in rest] == []


def deps(text: str) -> str:
    """The part of pyproject.toml that lists dependencies."""
    return text[text.index("\ndependencies = [") : text.index("\n[project.scripts]")]


INDEX = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/*.md")), ids=lambda page: page.name)
def test_every_page_of_the_docs_stands_in_the_readme(page: Path) -> None:
    assert f"](docs/{page.name})" in INDEX


def test_no_two_design_notes_have_one_number() -> None:
    notes = sorted(ROOT.glob("docs/design/*.md"))
    numbers = [note.name[:3] for note in notes]
    assert len(set(numbers)) == len(numbers)
    for note in notes:
        assert note.read_text(encoding="utf-8").startswith(f"# {note.name[:3]}. "), note.name


def test_every_place_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    roots = "wire|probes|collector|sms_gateway|dashboards|dabyl|tests|tools|deploy"
    named = re.findall(rf"`((?:{roots})/[\w./-]*)`", text)
    assert len(named) > 15
    assert [place for place in named if not (ROOT / place).exists()] == []
