"""What a user installs: all the packages and their data, and nothing of the workshop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"dabyl", "probes", "collector", "sms_gateway", "dashboards", "wire"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The paths inside the built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = out.glob("dabyl-*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_packages_and_nothing_else(shipped: set[str]) -> None:
    tops = {path.split("/")[0] for path in shipped}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_every_file_of_a_package_is_shipped_data_and_texts_too(shipped: set[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", *sorted(PACKAGES)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    kept = {path for path in listed.stdout.splitlines() if (ROOT / path).exists()}
    assert kept - shipped == set()


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_package_says_that_it_is_typed(shipped: set[str], package: str) -> None:
    assert f"{package}/py.typed" in shipped


def test_the_licence_comes_along(shipped: set[str]) -> None:
    assert any(path.endswith("licenses/LICENSE") for path in shipped)
