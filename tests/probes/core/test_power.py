from __future__ import annotations

import pytest

from probes.core.power import Power, Supply, power_of, slower

MAINS = {"type": "Mains", "scope": "", "status": "", "capacity": ""}


def battery(status: str, capacity: str = "80", scope: str = "") -> Supply:
    return {"type": "Battery", "scope": scope, "status": status, "capacity": capacity}


@pytest.mark.parametrize(
    ("supplies", "power"),
    [
        ([], Power()),
        ([MAINS], Power()),
        ([MAINS, battery("Charging")], Power(percent=80)),
        ([MAINS, battery("Full", "100")], Power(percent=100)),
        ([battery("Discharging", "12")], Power(on_battery=True, percent=12)),
        ([battery("Discharging", "5"), battery("Unknown", "70")], Power(on_battery=True, percent=70)),
        ([battery("Discharging", "")], Power(on_battery=True)),
        ([battery("Discharging", "5", "Device")], Power()),
    ],
)
def test_only_the_machines_own_batteries_count(supplies: list[Supply], power: Power) -> None:
    assert power_of(supplies) == power


@pytest.mark.parametrize(
    ("power", "low", "factor"),
    [
        (Power(), 30, 1.0),
        (Power(percent=10), 30, 1.0),
        (Power(on_battery=True, percent=80), 30, 3.0),
        (Power(on_battery=True, percent=29), 30, 12.0),
        (Power(on_battery=True), 30, 3.0),
        (Power(on_battery=True, percent=5), 0, 1.0),
    ],
)
def test_on_battery_rounds_are_further_apart(power: Power, low: int, factor: float) -> None:
    assert slower(power, low) == factor
