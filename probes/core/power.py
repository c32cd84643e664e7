"""Whether a machine runs on battery, from what Linux tells of its supplies. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from probes.core.manners import BATTERY_IS_LOW, ON_BATTERY

Supply = Mapping[str, str]  # the files of /sys/class/power_supply/NAME by their names (sysfs-class-power)


class Power(Struct, frozen=True, kw_only=True):
    """`percent`: of the fullest battery; None where there is none or it does not tell."""

    on_battery: bool = False
    percent: int | None = None


def power_of(supplies: Iterable[Supply]) -> Power:
    """The machine's own batteries; those of a mouse (scope Device) do not count."""
    own = [one for one in supplies if one.get("type") == "Battery" and one.get("scope") != "Device"]
    told = [int(one["capacity"]) for one in own if one.get("capacity", "").isdecimal()]
    return Power(
        on_battery=any(one.get("status") == "Discharging" for one in own), percent=max(told, default=None)
    )


def slower(power: Power, low_percent: int) -> float:
    """By how much rounds are further apart; a `low_percent` of 0 never slows anything."""
    if not power.on_battery or not low_percent:
        return 1.0
    return BATTERY_IS_LOW if power.percent is not None and power.percent < low_percent else ON_BATTERY
