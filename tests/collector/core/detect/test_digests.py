"""Digests by SMS: what a probe can still say when its line cannot carry it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from collector.core.detect import detect
from collector.core.detect.columns import DOMESTIC, LINE_DOWN, Columns, Role
from tests.collector.core.detect.world import HOUR, Event, World, simulate

AT, UNTIL = 12.51, 15.25
FIXED = World((Event("silent", AT, UNTIL, regions=("KZ-75",), access=("fixed",)),), probes=200)


def with_digests(columns: Columns, moments: list[float]) -> Columns:
    """The same, and at each moment (hours) what the city's first six fixed probes wrote: the line is down."""
    here = [n for n, one in enumerate(columns.places) if one.region == "KZ-75" and one.access == "fixed"]
    probes, first = np.unique(columns.probe[np.isin(columns.place, here)], return_index=True)
    places = columns.place[np.isin(columns.place, here)][first][:6]
    probe = np.tile(probes[:6], len(moments))
    at = np.repeat(FIXED.begin + np.array(moments) * HOUR, 6) + np.tile(np.arange(6) * 7.0, len(moments))
    more: dict[str, Any] = {
        "at": at, "arrival": at + 20, "probe": probe, "place": np.tile(places, len(moments)),
        "target": np.full(len(at), len(columns.roles)), "outcome": np.full(len(at), LINE_DOWN),
        "row": len(columns) + np.arange(len(at)),
    }  # fmt: skip
    grown: dict[str, Any] = {
        name: np.concatenate((getattr(columns, name), some)).astype(getattr(columns, name).dtype)
        for name, some in more.items()
    }
    whole = replace(columns, roles=[*columns.roles, Role("line", "", DOMESTIC)], **grown)
    return whole.only(np.argsort(whole.arrival, kind="stable"))


def test_fixed_lines_of_a_city_that_fall_silent_may_be_without_power() -> None:
    (one,) = detect(simulate(FIXED))
    assert (one.scope.level, one.silent) == ("local", True)


def test_probes_that_write_by_sms_that_their_line_is_down_are_witnesses_of_the_cut() -> None:
    (one,) = detect(with_digests(simulate(FIXED), [AT + 0.3, AT + 1, AT + 2]))
    assert (one.kind, one.scope.level, one.scope.regions, one.silent) == (
        "connectivity_loss", "region", ("KZ-75",), False,
    )  # fmt: skip
    assert one.probes.reporting >= 6


def test_a_digest_promises_no_next_one() -> None:
    columns = simulate(World(probes=200))
    assert detect(with_digests(columns, [])) == []
    calm = with_digests(columns, [10.0])
    good = np.where(calm.outcome == LINE_DOWN, 1, calm.outcome).astype(np.int8)
    assert detect(replace(calm, outcome=good)) == []
