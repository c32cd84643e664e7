"""What this machine tells of its own line and its power, on every kind of Linux and where nothing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from probes import host
from probes.core.power import Power

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
OUT = HEAD + "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"


@pytest.mark.parametrize(("v4", "v6", "said"), [(OUT, "", "yes"), (HEAD, "", "no"), (None, None, "")])
def test_a_way_out_is_told_where_the_system_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, v4: str | None, v6: str | None, said: str
) -> None:
    for name, text in (("route", v4), ("ipv6_route", v6)):
        if text is not None:
            (tmp_path / name).write_text(text)
    monkeypatch.setattr(host, "_TABLES", (tmp_path / "route", tmp_path / "ipv6_route"))
    assert host.gateway() == said


def test_power_is_read_from_every_supply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_SUPPLIES", tmp_path / "none")
    assert host.power() == Power()
    for name, files in {
        "BAT0": {"type": "Battery\n", "status": "Discharging\n", "capacity": "41\n"},
        "mouse": {"type": "Battery\n", "scope": "Device\n", "capacity": "99\n", "status": "Discharging\n"},
        "AC": {"type": "Mains\n", "online": "0\n"},
    }.items():
        (tmp_path / "all" / name).mkdir(parents=True)
        for file, text in files.items():
            (tmp_path / "all" / name / file).write_text(text)
    monkeypatch.setattr(host, "_SUPPLIES", tmp_path / "all")
    assert host.power() == Power(on_battery=True, percent=41)


@pytest.mark.parametrize(
    ("conf", "asked"),
    [
        ("nameserver 10.0.0.1\nnameserver 9.9.9.9\n", [("10.0.0.1", "system"), ("9.9.9.9", "9.9.9.9")]),
        ("# nothing\nsearch kz\n", [("127.0.0.1", "system")]),
        (None, [("127.0.0.1", "system")]),
    ],
)
def test_a_private_resolver_is_asked_and_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, conf: str | None, asked: list[tuple[str, str]]
) -> None:
    if conf is not None:
        (tmp_path / "resolv.conf").write_text(conf)
    monkeypatch.setattr(host, "_RESOLV_CONF", tmp_path / "resolv.conf")
    assert [(one.address, one.label) for one in host.system_resolvers()] == asked
