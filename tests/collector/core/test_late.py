"""What came late stands at the time when it was measured, as it would have stood then."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from collector.core.cells import WINDOW_S
from collector.core.late import (
    LATE_S,
    MAX_COPIES,
    Copies,
    LateSeen,
    Minutes,
    Sample,
    figures,
    late_of,
    open_metrics,
    samples,
    told_by,
)  # fmt: skip
from collector.core.late_chunks import chunks, pack, parted, unpack
from collector.core.reading import Batch, reread
from collector.core.times import epoch_seconds
from tests.collector.core.scenes import ALMATY, NOW, key, member, seen
from tests.collector.harness import sealed
from wire.records import Measurement

START = NOW - NOW % 60


def batch(number: int, records: list[Measurement], arrived: float, role: str = "probe") -> Batch:
    who = member(number, role=role)
    return reread(who, sealed(key(number), records), arrived)


def late(number: int, *records: Measurement, arrived: float = START + 86_400) -> list[LateSeen]:
    return late_of(batch(number, list(records), arrived))


def at(number: int, name: str, state: str, minute: float, **given: object) -> Measurement:
    return seen(name, state, probe=key(number).id, at=START + 60 * minute, **given)  # type: ignore[arg-type]  # short words


def told(found: list[LateSeen], name: str = "dabyl_reachability_ratio") -> list[tuple[float, str, float]]:
    return [
        ((one.at_ms / 1000 - START) / 60, dict(one.labels)["region"], one.value)
        for one in samples(found, 1)
        if one.name == name
    ]


def test_only_what_came_more_than_five_minutes_late_counts() -> None:
    records = [at(1, "a", "ok", 0), at(1, "b", "ok", 1)]
    assert [one.seen.url for one in late(1, *records, arrived=START + LATE_S + 1)] == ["https://a/"]
    assert late(1, *records, arrived=START + LATE_S) == []
    assert late_of(batch(3, [at(3, "a", "ok", 0)], START + 86_400, "vantage")) == []


def test_a_figure_lasts_as_long_as_the_live_window() -> None:
    found = told(late(1, at(1, "a", "blocked", 0), at(1, "b", "ok", 2.5)))
    assert found[:4] == [(0, "KZ-71", 0.0), (1, "KZ-71", 0.0), (2, "KZ-71", 0.0), (3, "KZ-71", 0.5)]
    assert found[-1] == (17, "KZ-71", 1.0), "the blocked one was forgotten after 15 minutes"
    assert len(found) == 18


def test_a_hole_of_hours_stays_a_hole() -> None:
    minutes = [minute for minute, *_ in told(late(1, at(1, "a", "ok", 0.5), at(1, "a", "ok", 300)))]
    assert minutes == [*range(1, 16), *range(300, 316)]


def test_every_probe_weighs_the_same_and_the_order_of_arrival_does_not_matter() -> None:
    found = [
        *late(1, at(1, "a", "ok", 0), at(1, "b", "blocked", 0)),
        *late(2, at(2, "a", "blocked", 0), at(2, "a", "down", 0, network=ALMATY)),
        *late(4, at(4, "a", "ok", 0, network=ALMATY)),
    ]
    first = list(samples(found, 1))
    found.reverse()
    assert list(samples(found, 1)) == first
    assert len({(one.name, one.labels, one.at_ms) for one in first}) == len(first), "no sample twice"
    assert told(found, "dabyl_reachability_probes")[0] == (0, "KZ-71", 1.0)


def test_the_text_is_openmetrics() -> None:
    labels = (("instance", "late"), ("region", "KZ-71"))
    found = [
        Sample("b", labels, 60_000, 2.0),
        Sample("a", labels, 60_000, 0.5),
        Sample("b", labels, 120_000, 1.0),
    ]
    assert "".join(open_metrics(found)).splitlines() == [
        "# TYPE a gauge",
        'a{instance="late",region="KZ-71"} 0.5 60',
        "# TYPE b gauge",
        'b{instance="late",region="KZ-71"} 2.0 60',
        'b{instance="late",region="KZ-71"} 1.0 120',
        "# EOF",
    ]
    assert "".join(open_metrics([])) == "# EOF\n"


def many(*numbers: int, minute: float = 0, state: str = "ok") -> list[LateSeen]:
    return [one for number in numbers for one in late(number, at(number, "a", state, minute))]


def summed(found: list[LateSeen]) -> Minutes:
    minutes = Minutes()
    for number in sorted({one.probe for one in found}):
        minutes.add([one for one in found if one.probe == number])
    return minutes


def test_fewer_than_three_probes_are_not_told() -> None:
    assert list(samples(many(1, 2))) == []
    assert {one.value for one in samples(many(1, 2, 4))} == {0.0, 1.0, 3.0}


def test_a_minute_is_told_in_copies_that_hold_the_newcomers_alone() -> None:
    first = told_by(summed(many(1, 2, minute=0)), Copies(), 1)
    assert [(one.region, one.until - one.since) for one in first] == [("KZ-71", 15)]
    later = list(figures(summed(many(4, minute=10)), Copies(first), 1))
    instances = Counter(dict(one.labels)["instance"] for one in later)
    assert instances == {"late-2": 4 * 6, "late": 4 * 10}
    assert {dict(one.labels)["region"] for one in later} == {"KZ-71"}


def test_a_line_that_was_down_by_its_own_word_is_told_where_nothing_else_can_be() -> None:
    down = [late(n, seen("a", "insufficient", "line.down", probe=key(n).id, at=START))[0] for n in (1, 2)]
    found = list(samples([*down, *many(4)]))
    by_name = {one.name: one.value for one in found if one.at_ms == START * 1000}
    assert by_name == {"dabyl_line_down_ratio": 2 / 3, "dabyl_line_down_probes": 3.0}
    assert {name for one in found for name, _ in one.labels} == {"instance", "job", "region", "operator"}


def test_after_some_copies_a_minute_is_told_no_more() -> None:
    run = told_by(summed(many(1)), Copies(), 1)
    full = Copies(run * MAX_COPIES)
    assert list(figures(summed(many(1)), full, 1)) == []
    assert told_by(summed(many(1)), full, 1) == []
    assert {dict(one.labels)["instance"] for one in figures(summed(many(1)), Copies(run * 7), 1)} == {
        "late-8"
    }


def test_runs_of_minutes_may_cross_midnight() -> None:
    to_midnight = 1440 - START / 60 % 1440
    (run,) = told_by(summed(many(1, minute=to_midnight - 5)), Copies(), 1)
    assert (run.since // 1440, run.until // 1440) == (run.since // 1440, run.since // 1440 + 1)
    again = list(figures(summed(many(2, minute=to_midnight - 5)), Copies([run]), 1))
    assert {dict(one.labels)["instance"] for one in again} == {"late-2"}


def test_memory_grows_with_cells_and_days_not_with_records() -> None:
    minutes = Minutes()
    for number in (1, 2, 4):
        minutes.add(
            late(
                number, *[at(number, f"{n % 50}", "ok", n / 10) for n in range(600)], arrived=START + 200_000
            )
        )
    assert len(minutes) <= 2


@given(st.lists(st.tuples(st.integers(0, 2000), st.sampled_from("abc"), st.sampled_from(["ok", "blocked"]))))
def test_the_figures_are_those_of_the_live_window(story: list[tuple[int, str, str]]) -> None:
    """Minute by minute the same as a window that takes each measurement when it was made."""
    records = [at(1, name, state, tenth / 10) for tenth, name, state in sorted(story, key=lambda one: one[0])]
    unique = {(one.target.id, one.at): one for one in records}
    found = late(1, *unique.values(), arrived=START + 500_000)
    by_minute = {minute: value for minute, _, value in told(found)}
    for minute in range(0, 230, 7):
        assert by_minute.get(minute) == expected(list(unique.values()), minute)


def expected(records: list[Measurement], minute: int) -> float | None:
    moment = START + 60 * minute
    newest: dict[str, tuple[float, bool]] = {}
    for one in records:
        made = epoch_seconds(one.at)
        if moment - WINDOW_S <= made <= moment:
            newest[one.target.id] = max(
                newest.get(one.target.id, (0.0, False)), (made, one.verdict.state == "ok")
            )
    return sum(good for _, good in newest.values()) / len(newest) if newest else None


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 10**13), st.floats(allow_nan=False)), max_size=50
    )
)
def test_a_chunk_comes_out_as_it_went_in(story: list[tuple[str, int, float]]) -> None:
    found = [Sample(name, (("region", name),), moment, value) for name, moment, value in story]
    assert unpack(pack(found)) == found
    young, old = parted(found, 5 * 10**12)
    assert Counter(young + old) == Counter(found)
    assert all(one.at_ms >= 5 * 10**12 for one in young)
    assert [one for chunk in chunks(found, 7) for one in chunk] == found
