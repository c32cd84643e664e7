"""No test of the probe leaves loopback."""

from __future__ import annotations

import pytest

from probes.observe import bait


@pytest.fixture(autouse=True)
def _no_bait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round's bait is laid at addresses of nobody, but those lie behind the machine's own gateway."""
    monkeypatch.setattr(bait, "ADDRESSES", ())
