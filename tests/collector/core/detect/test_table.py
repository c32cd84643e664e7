from __future__ import annotations

from statistics import median

import pytest

from collector.core.detect import detect
from tests.collector.core.detect.table import CALM, CUTS, ROWS, Row, play
from tests.collector.core.detect.world import Event, World, simulate
from wire.incidents import KINDS
from wire.times import epoch_seconds


@pytest.mark.parametrize("row", CUTS, ids=[row.name for row in CUTS])
def test_what_happened_is_told_and_nothing_else(row: Row) -> None:
    outcomes, false = play(row)
    assert [one for one in outcomes if one.incident is None] == []
    assert false == []
    assert median(one.latency for one in outcomes) < (3.0 if row.world.cycle <= 60 else 5.0)
    assert max(one.latency for one in outcomes) < 10.0
    assert max(abs(one.onset) for one in outcomes) < 2.0
    assert max(abs(one.end) for one in outcomes) < 5.0


@pytest.mark.parametrize("row", CALM, ids=[row.name for row in CALM])
def test_a_calm_day_is_calm(row: Row) -> None:
    assert play(row) == ([], [])


def test_the_table_has_a_row_for_every_kind() -> None:
    assert {truth.kind for row in ROWS for truth in row.truths} == set(KINDS)


def test_what_was_known_then_can_be_asked_again() -> None:
    world = World((Event("cut", 12.51, 15.25),))
    columns = simulate(world)
    (whole,) = detect(columns)
    when = epoch_seconds(whole.detected_at)
    assert detect(columns, when - 120) == []
    (then,) = detect(columns, when + 60)
    assert (then.kind, then.scope, then.ended_at) == (whole.kind, whole.scope, None)
    assert abs(epoch_seconds(then.started_at) - epoch_seconds(whole.started_at)) < 120


def test_a_stream_that_just_ends_is_no_silence() -> None:
    assert detect(simulate(World(hours=6.0))) == []


def test_an_incident_names_its_witnesses_and_reads_in_three_languages() -> None:
    (one,) = detect(simulate(World((Event("cut", 12.51, 15.25, regions=("KZ-75",)),))))
    assert 3 <= len(one.witnesses) <= 20
    assert one.probes.affected >= 3
    assert "Almaty" in one.sentence.en
    assert "Алматы" in one.sentence.kk
    assert "Алматы" in one.sentence.ru
