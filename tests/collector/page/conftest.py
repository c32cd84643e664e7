"""What the tests of the sheets' pages share: an evening of sheets, and the collector's pages that show it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from collector.api.answers import careful_headers, refusals
from tests.collector.page.sheet_scenes import Client, Scene, app_of, evening_of_sheets


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return evening_of_sheets(tmp_path, claims=30)


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[Client]:
    app = app_of(scene)
    app.middlewares.append(refusals)
    app.on_response_prepare.append(careful_headers)
    async with TestClient(TestServer(app)) as made:
        yield made
