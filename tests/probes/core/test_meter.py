from __future__ import annotations

from probes.core.meter import CONNECTION, EXCHANGE, OTHERS, Meter


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


def test_what_stays_on_this_machine_costs_nothing() -> None:
    meter = Meter()
    for url in ("http://127.0.0.1:8/", "https://[::1]/", "tcp://localhost:9"):
        meter.stream(url, 1_000)
        meter.exchange(url, 1_000)
    assert meter.take() == {}


def test_an_exchange_with_a_collector_belongs_to_no_target() -> None:
    meter = Meter()
    meter.exchange("https://collector.example/v1/control", 2_000)
    assert meter.take() == {OTHERS: EXCHANGE + 2_100}
