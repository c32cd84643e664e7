"""What most tests of the gateway's jobs begin with: a store of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_gateway import reports, schema
from tests.sms_gateway.harness import BOOT


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A gateway's store in its first life, as its jobs see it."""
    connection = schema.connect(tmp_path / "sms.sqlite3")
    reports.begin(connection, BOOT)
    yield connection
    connection.close()
