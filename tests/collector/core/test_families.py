from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from collector.core.families import Family, text_of
from collector.core.histogram import Histogram


def read(*families: Family) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What a scraper reads: name and labels to value."""
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text_of(families).decode())
        for sample in family.samples
    }


def test_labels_stand_sorted_and_values_as_they_are() -> None:
    family = Family("x_total", "counter", "What.", ("b", "a"), {("1", "2"): 3, ("4", "5"): 0.1})
    assert text_of([family]).decode().splitlines() == [
        "# HELP x_total What.",
        "# TYPE x_total counter",
        'x_total{a="2",b="1"} 3.0',
        'x_total{a="5",b="4"} 0.1',
    ]


def test_a_family_without_labels_and_one_without_values_are_told() -> None:
    assert read(Family("x", "gauge", "X.", (), {(): 1}), Family("y", "gauge", "Y.", ("a",), {})) == {
        ("x", ()): 1.0
    }


def test_what_a_label_may_hold_is_escaped() -> None:
    name = 'a"b\\c\nd'
    assert read(Family("x", "gauge", "X.", ("a",), {(name,): 1})) == {("x", (("a", name),)): 1.0}


def test_numbers_that_are_none_are_written_as_prometheus_reads_them() -> None:
    values = {("a",): float("inf"), ("b",): float("-inf"), ("c",): float("nan")}
    lines = text_of([Family("x", "gauge", "X.", ("n",), values)]).decode().splitlines()[2:]
    assert [line.split()[1] for line in lines] == ["+Inf", "-Inf", "NaN"]


def test_a_histogram_has_buckets_that_add_up_a_count_and_a_sum() -> None:
    found = Histogram((0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 7.0):
        found.add(value)
    series = read(Family("x_seconds", "histogram", "X.", ("z", "a"), {("1", "2"): found}))
    assert series == {
        ("x_seconds_bucket", (("a", "2"), ("le", "0.1"), ("z", "1"))): 2.0,
        ("x_seconds_bucket", (("a", "2"), ("le", "1.0"), ("z", "1"))): 3.0,
        ("x_seconds_bucket", (("a", "2"), ("le", "+Inf"), ("z", "1"))): 4.0,
        ("x_seconds_count", (("a", "2"), ("z", "1"))): 4.0,
        ("x_seconds_sum", (("a", "2"), ("z", "1"))): 7.65,
    }
