from __future__ import annotations

from probes.core.meter import CONNECTION, OTHERS, Meter


def test_what_is_counted_is_told_once_and_by_target() -> None:
    meter = Meter()
    meter.connection("https://a.example/")
    meter.stream("https://a.example/", 10_000)
    meter.datagrams("https://b.example/", 100)
    meter.stream(OTHERS, 0)
    found = meter.take()
    assert found["https://a.example/"] == CONNECTION + 10_000 + 7 * 52 * 3 // 2
    assert found["https://b.example/"] == 156
    assert meter.take() == {}
