"""Stories in which nothing happens that may be told: quiet days, faults of others, liars and wrong clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from collector.core.detect.columns import DOMESTIC
from tests.collector.core.detect.unseen.country import DAY, HOUR, Country
from tests.collector.core.detect.unseen.stories import MINUTE, Lot, Story, Teller
from tests.collector.core.detect.unseen.stream import Happening, Oddities


def _odd(**what: Any) -> Teller:
    return lambda _country, _rng, at, _long: Story(odd=replace(Oddities(), **_at(what, at)))


def _at(what: dict[str, Any], at: float) -> dict[str, Any]:
    return {name: value(at) if callable(value) else value for name, value in what.items()}


def _fault(what: str, count: int, *, foreign: bool) -> Teller:
    """Some targets fail for everybody."""

    def story(country: Country, rng: Lot, at: float, long: float) -> Story:
        names = [role.id for role in country.roles if (role.side != DOMESTIC) == foreign]
        chosen = tuple(str(one) for one in rng.choice(names, min(count, len(names)), replace=False))
        if what == "fault" and (~country.inside).sum() == 0:
            return Story()  # nobody abroad: nobody could know
        return Story([Happening(what, at, at + long, targets=chosen)])

    return story


def _mute(_country: Country, rng: Lot, at: float, _long: float) -> Story:
    return Story([Happening("mute", at, at + float(rng.uniform(5, 60)) * MINUTE)])


CALM: dict[str, Teller] = {
    "quiet": _odd(), "liars": _odd(liars=0.05), "broken release": _odd(bug=lambda at: (at, 0.35)),
    "clocks ahead": _odd(jump=lambda at: (at, 3 * HOUR)), "clocks behind": _odd(jump=lambda at: (at, -3 * HOUR)),
    "good crowd": _odd(crowd=lambda at: (80, at, "good")), "bad crowd": _odd(crowd=lambda at: (80, at, "bad")),
    "holiday": _odd(holiday=lambda at: at // DAY * DAY), "site down": _fault("down", 2, foreign=False),
    "CDN down": _fault("fault", 4, foreign=True), "site down abroad too": _fault("fault", 1, foreign=False),
    "all abroad down": _fault("fault", 99, foreign=True),
    "nobody heard": _mute, "slow evenings": lambda _country, _rng, at, _long: Story([Happening("lossy", at, at + 5 * HOUR, share=0.3)]),
}  # fmt: skip
