"""A folder that was lived in once, copied for each test that asks for it."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.collector.evidence.scenes import lived


@pytest.fixture(scope="session")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by a real collector; nobody changes it."""
    made = tmp_path_factory.mktemp("lived") / "data"
    asyncio.run(lived(made))
    return made


@pytest.fixture
def folder(lived_once: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(lived_once, tmp_path / "data"))
