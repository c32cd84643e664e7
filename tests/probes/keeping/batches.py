"""Small measurements, and what is in a batch of them."""

from __future__ import annotations

from wire import batch
from wire.records import Measurement, Network, Target, Verdict
from wire.signing import SigningKey

KEY = SigningKey(bytes(range(32)))
TARGET = Target(id="site.kz", url="https://site.kz/", category="news")


def measured(name: str) -> Measurement:
    """A measurement with this id."""
    return Measurement(
        id=name, probe=KEY.id, at="2026-11-20T12:00:00.000Z", network=Network(), target=TARGET,
        verdict=Verdict(state="ok"),
    )  # fmt: skip


def content(raw: bytes) -> set[str]:
    """The ids of the measurements in a batch."""
    return {one.id for one in batch.measurements(batch.take_apart(raw))}
