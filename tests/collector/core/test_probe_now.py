from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from collector.core.digest import Outcome, code_of
from collector.core.places import Place
from collector.core.probe_now import ALL, COUNTED, REACHABLE, ProbeNow, probe_now, worst
from collector.core.vocabulary import CATEGORY_NAMES, MECHANISM_NAMES, SIDE_NAMES
from wire.names import STATES, State

PLACE = Place("KZ-71", "AS9198", "fixed")


def made(*outcomes: Outcome) -> ProbeNow:
    return probe_now(PLACE, np.array([code_of(one) for one in outcomes], np.int64))


def plainly(outcomes: list[Outcome]) -> ProbeNow:
    """The same, one outcome at a time."""
    counted = [one for one in outcomes if one.state in COUNTED]
    all_of, good_of = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in counted:
        keys = [(category, side) for category in (one.category, ALL) for side in (one.side, ALL)]
        all_of.update(keys)
        good_of.update(keys if one.state in REACHABLE else [])
    shown = Counter((one.category, one.mechanism) for one in counted if one.mechanism)
    return ProbeNow(
        place=PLACE,
        shares={key: good_of[key] / count for key, count in all_of.items()},
        interference={key: count / all_of[key[0], ALL] for key, count in shown.items()},
        worst=worst(one.state for one in outcomes),
        worst_in={
            name: found
            for name in CATEGORY_NAMES
            if (found := worst(one.state for one in outcomes if one.category == name)) is not None
        },
    )


@pytest.mark.parametrize("count", [1, 2, 7, 250, 2_000])
def test_shares_are_those_of_counting_one_by_one(count: int) -> None:
    chance = np.random.default_rng(count)
    words = [CATEGORY_NAMES, SIDE_NAMES, STATES, MECHANISM_NAMES[:5]]
    for _ in range(10):
        outcomes = [Outcome(*(one[int(chance.integers(len(one)))] for one in words)) for _ in range(count)]  # type: ignore[arg-type]  # of words
        assert made(*outcomes) == plainly(outcomes)


@pytest.mark.parametrize("state", ["insufficient", "down"])
def test_what_says_nothing_of_the_line_is_in_no_share(state: State) -> None:
    found = made(Outcome("news", "foreign", state, "tls.reset.sni"))
    assert (found.shares, found.interference) == ({}, {})
    assert (found.worst, found.worst_in) == (state, {"news": state})


def test_what_is_slow_is_reachable_and_shows_its_mechanism() -> None:
    found = made(
        Outcome("news", "foreign", "impaired", "tls.throttle.sni"), Outcome("news", "domestic", "ok", "")
    )
    assert found.shares == {
        (name, side): 1.0 for name in ("news", ALL) for side in ("foreign", "domestic", ALL)
    }
    assert found.interference == {("news", "tls.throttle.sni"): 0.5}


def test_the_worst_of_no_state_is_none() -> None:
    assert worst([]) is None
    assert worst([None, "ok", "blocked", "down"]) == "blocked"
