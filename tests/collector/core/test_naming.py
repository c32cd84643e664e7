"""What probes and measurements are called in public."""

from __future__ import annotations

import hashlib

from msgspec.structs import replace

from collector.core.naming import (
    public_measurement,
    public_probe,
    published_measurement,
    published_report,
)
from tests.collector.core.scenes import ALMATY, ASTANA, NOW, STEPS, key, seen
from wire import canonical
from wire.records import StationReport, Step

DAY_S = 86_400.0
PROBE = key(1).id


def secret_of(day: str) -> bytes:
    return hashlib.sha256(day.encode()).digest()


def test_a_probe_has_one_name_a_day_and_network_and_no_other_has_it() -> None:
    one, other = secret_of("2026-11-20"), secret_of("2026-11-21")
    names = {
        public_probe(one, ASTANA, PROBE), public_probe(other, ASTANA, PROBE),
        public_probe(one, ALMATY, PROBE), public_probe(one, ASTANA, key(2).id),
    }  # fmt: skip
    assert len(names) == 4
    assert public_probe(one, replace(ASTANA, region="KZ-75"), PROBE) in names, "the network is the operator"


def test_what_is_published_names_neither_probe_nor_life_nor_machine() -> None:
    line = Step(step="line", failure=None, t0=0, t=1, clock_offset_s=1.25, gateway="yes")
    dns = Step(step="dns", failure=None, t0=0, t=1, resolver="192.168.7.1:53", clock_offset_s=1.25)
    record = replace(seen("a", probe=PROBE, steps=(line, dns, *STEPS)), id="0011223344556677-2a")
    told = published_measurement(record, secret_of)
    raw = canonical.encode(told)
    assert not [one for one in (PROBE, "0011223344556677", "192.168.7.1", "1.25") if one.encode() in raw]
    assert [step.step for step in told.steps] == ["dns", "tcp", "tls"]
    assert (told.verdict, told.target, told.network, told.at) == (
        record.verdict, record.target, record.network, record.at,
    )  # fmt: skip


def test_who_has_the_secret_finds_the_signed_measurement_again() -> None:
    record = seen("a", probe=PROBE)
    told = published_measurement(record, secret_of)
    secret = secret_of(record.at[:10])
    assert told.id == public_measurement(secret, record.id)
    assert told.probe == public_probe(secret, record.network, PROBE)
    tomorrow = published_measurement(seen("a", probe=PROBE, at=NOW + DAY_S), secret_of)
    assert tomorrow.probe != told.probe


def test_a_stations_word_loses_the_print_of_its_number() -> None:
    at = "2026-11-20T08:00:00.000Z"
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at=at, sender="print", link="modem-2")
    assert canonical.encode(published_report(report)).count(b"print") == 0
