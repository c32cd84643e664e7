"""The shipped script and what it says should be told."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from collector.core.times import stamp
from dabyl.replay.script import PROFILES, STEP_S, moved, part, read_script, truths, with_calm
from wire.errors import BadInput
from wire.times import epoch_seconds

DAY_S = 86_400.0


def at(text: str) -> float:
    return epoch_seconds(f"2022-01-{text}:00.000Z")


def test_the_script_is_ten_days_of_half_hours() -> None:
    script = read_script()
    assert (script.steps, stamp(script.start)) == (480, "2022-01-02T00:00:00.000Z")
    assert script.fixed.shape == (len(PROFILES), 480)


def test_the_truths_are_those_of_the_timeline() -> None:
    found = truths(read_script())
    assert Counter(one.name for one in found) == {
        "messengers blocked": 1,
        "mobile cut": 1,
        "national cut": 4,
        "allowlist": 3,
        "dark from abroad": 7,
    }
    (first,) = [one for one in found if one.name == "mobile cut"]
    assert stamp(first.since) == "2022-01-04T14:30:00.000Z"
    assert first.access == "mobile"
    cuts = [one for one in found if one.name == "national cut"]
    assert stamp(cuts[0].since) == "2022-01-05T10:30:00.000Z"
    assert [one.since for one in found] == sorted(one.since for one in found)


def test_a_part_is_the_half_hours_between() -> None:
    script = read_script()
    found = part(script, at("05T10:10"), at("05T12:10"))
    assert (stamp(found.start), found.steps) == ("2022-01-05T10:00:00.000Z", 5)
    assert found.fixed[0].tolist() == script.fixed[0, 164:169].tolist()
    assert part(script, float("-inf"), float("inf")).steps == script.steps


@pytest.mark.parametrize(
    ("since", "until"), [("05T10:00", "05T10:00"), ("20T00:00", "21T00:00"), ("01T00:00", "01T12:00")]
)
def test_a_part_of_nothing_is_refused(since: str, until: str) -> None:
    with pytest.raises(BadInput, match="nothing of the script"):
        part(read_script(), at(since), at(until))


def test_a_moved_script_tells_the_same_at_another_time() -> None:
    script = read_script()
    late = moved(script, script.start + 3 * DAY_S)
    assert [one.since - 3 * DAY_S for one in truths(late)] == [one.since for one in truths(script)]


def test_calm_days_come_before_and_change_no_truth() -> None:
    script = read_script()
    found = with_calm(script, 7)
    assert (found.steps, found.start) == (480 + 7 * 48, script.start - 7 * DAY_S)
    assert truths(found) == truths(script)
    assert np.array_equal(found.mobile[:, 7 * 48 :], script.mobile)
    assert found.start + 7 * 48 * STEP_S == script.start
