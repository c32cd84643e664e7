"""What a probe may take of others and of its owner: every limit in one place, and in words. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

MEGABYTE: Final = 1_000_000
# Connections to one host, and to one address, for each listed target that lives there: so many at once,
# and so many more each minute. Together they bound any minute.
BURST: Final = 40
REFILL_A_MINUTE: Final = 20
MAX_A_MINUTE: Final = BURST + REFILL_A_MINUTE
BUDGET_MB: Final = 50.0
METERED_BUDGET_MB: Final = 10.0
# Of a page, in a probe that goes on: enough for its title, and for the pages that censors show.
BODY_BYTES: Final = 32_768
BATTERY_LOW: Final = 30
ON_BATTERY: Final = 3.0
BATTERY_IS_LOW: Final = 12.0


class Manners(Struct, frozen=True, kw_only=True):
    """What the owner chose.

    `budget_bytes`: of a day, UTC; 0 for no limit. `battery_low`: percent; 0 for never slower.
    """

    budget_bytes: int = int(BUDGET_MB * MEGABYTE)
    battery_low: int = BATTERY_LOW


def limits_in_words(manners: Manners) -> list[str]:
    """One line for each limit, as `dabyl probe what` prints them."""
    budget = manners.budget_bytes / MEGABYTE
    return [
        f"limit: {MAX_A_MINUTE} connections a minute to a target's host, redirects and repeats included",
        f"limit: {budget:g} MB of data a day" if budget else "limit: none on data a day",
        f"limit: {BODY_BYTES} bytes of a page",
        _battery(manners.battery_low),
    ]


def _battery(low: int) -> str:
    if not low:
        return "limit: rounds are as often on battery"
    return (
        f"limit: on battery, rounds are {ON_BATTERY:g} times as far apart, below {low} percent "
        f"{BATTERY_IS_LOW:g} times"
    )
