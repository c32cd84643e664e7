"""From addresses to AS numbers and regions."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.core.networks import Networks, placed
from collector.settings import read_networks
from wire.errors import BadInput
from wire.records import Network

LINES = [
    "network,asn,region", "95.56.0.0/14,AS9198,", "95.58.0.0/16,AS9198,KZ-75", "95.58.7.0/24,AS21299,KZ-71", "",
    "2a03:32c0::/29,AS9198,KZ-79",
]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("95.56.0.0", ("AS9198", "")),
        ("95.59.255.255", ("AS9198", "")),
        ("95.58.1.1", ("AS9198", "KZ-75")),
        ("95.58.7.200", ("AS21299", "KZ-71")),
        ("95.58.8.0", ("AS9198", "KZ-75")),
        ("::ffff:95.58.7.200", ("AS21299", "KZ-71")),
        ("2a03:32c7::1%eth0", ("AS9198", "KZ-79")),
        ("95.60.0.0", None),
        ("127.0.0.1", None),
        ("", None),
        ("unknown", None),
    ],
)
def test_the_smallest_network_counts(address: str, expected: tuple[str, str] | None) -> None:
    found = Networks(LINES).of(address)
    assert (found and (found.asn, found.region)) == expected


@pytest.mark.parametrize(
    "lines", [["x"], [LINES[0], "95.56.0.0/14,9198,"], [LINES[0], "no,AS1,"], [LINES[0], "10.0.0.0/8,AS1"]]
)
def test_a_bad_line_is_named(lines: list[str]) -> None:
    with pytest.raises(BadInput, match=r"line [12]: "):
        Networks(lines)


def test_what_the_owner_said_stands_over_what_the_address_says() -> None:
    seen = Network(asn="AS9198", region="KZ-75")
    told = Network(asn="AS21299", access="mobile")
    assert placed(told, seen) == told
    assert placed(Network(side="outside"), seen) == Network(side="outside")
    assert placed(Network(access="mobile"), seen) == Network(asn="AS9198", region="KZ-75", access="mobile")
    assert placed(Network(), None) == Network()


@pytest.mark.parametrize("raw", [b"\xff", b"network,asn\n", b"network,asn,region\n" + b"x" * 200_000])
def test_a_file_that_is_no_table_is_told_with_its_name(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "table.csv").write_bytes(raw)
    with pytest.raises(BadInput, match=r"table\.csv"):
        read_networks(str(tmp_path / "table.csv"))
