"""How many sheets a sample needs, and which they are: exact, and drawn again by anybody."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations, islice
from math import ceil, exp, log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.sampling import (
    Plan,
    Unit,
    commitment,
    draw,
    joined,
    listed,
    picks,
    print_of,
)
from wire.errors import BadInput

SEED = "31415926535897932384"
UNITS = [Unit(f"KZ-71-{number:04d}") for number in range(1, 101)]


def plan(population: int, risk: str = "0.05", tolerated: str = "0.01") -> Plan:
    return Plan(population=population, risk=Fraction(risk), tolerated=Fraction(tolerated))


# The published cases of Rivest's sampler: github.com/cjerdonek/rivest-sampler-tests, tests.json.
@pytest.mark.parametrize(
    ("seed", "population", "numbers"),
    [
        ("0", 1000, [905, 573, 160]),
        ("0", 2, [1, 1, 2]),
        ("1", 1000, [97, 89, 163]),
        ("0000000000", 1000, [978, 359, 132]),
        ("9" * 24, 1000, [544, 800, 654]),
        ("abcde", 1000, [247, 427, 157]),
    ],
)
def test_the_numbers_are_those_of_rivests_sampler(seed: str, population: int, numbers: list[int]) -> None:
    assert [one.number for one in islice(picks(seed, population), 3)] == numbers


def test_a_number_that_came_already_is_passed_over() -> None:
    found = draw("0", UNITS[:2], 2)
    assert [(one.order, one.pick.counter, one.pick.number) for one in found] == [(1, 1, 1), (2, 3, 2)]


def test_the_same_seed_draws_the_same_and_another_draws_others() -> None:
    assert draw(SEED, UNITS, 10) == draw(SEED, UNITS, 10)
    assert draw(SEED, UNITS, 10) != draw(SEED + "1", UNITS, 10)


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    assert draw(SEED, UNITS, 30)[:10] == draw(SEED, UNITS, 10)


def test_all_can_be_drawn_and_one_more_cannot() -> None:
    assert sorted(one.unit for one in draw(SEED, UNITS, 100)) == UNITS
    assert draw(SEED, UNITS, 0) == []
    with pytest.raises(BadInput, match="101 cannot be drawn of 100"):
        draw(SEED, UNITS, 101)


# Tables of n for 95 %: Aslam, Popa, Rivest (EVT'07), formula U3, which they found never more than one too large.
@pytest.mark.parametrize("population", [100, 400, 1000, 5000, 10_000])
@pytest.mark.parametrize("tolerated", ["0.005", "0.01", "0.02", "0.05", "0.1"])
@pytest.mark.parametrize("risk", ["0.01", "0.05", "0.1"])
def test_the_size_is_within_one_of_the_published_formula(population: int, tolerated: str, risk: str) -> None:
    wanted = plan(population, risk, tolerated)
    bad = wanted.least_wrong
    simple = ceil((population - (bad - 1) / 2) * (1 - exp(log(float(risk)) / bad)))
    assert simple - 1 <= wanted.size <= simple


@pytest.mark.parametrize(
    ("population", "risk", "tolerated", "size"),
    [
        (10_500, "0.05", "0.01", 292),
        (10_500, "0.01", "0.01", 445),
        (10_500, "0.05", "0", 9_975),  # one wrong sheet must be found: 95 % of all
        (42_000, "0.05", "0.001", 2_826),
        (10, "0.05", "0", 10),
        (1, "0.5", "0", 1),
        (100, "0.99", "0.99", 1),
    ],
)
def test_sizes_that_people_ask_for(population: int, risk: str, tolerated: str, size: int) -> None:
    assert plan(population, risk, tolerated).size == size


def test_the_sizes_in_the_docs_are_these() -> None:
    text = (Path(__file__).parents[3] / "docs" / "sample-audit.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\d,]+) \w+ \| (\d+)% \| ([\d.]+%|none) \| ([\d,]+) \|$", text, re.MULTILINE)
    assert len(rows) == 4
    for population, risk, tolerated, size in rows:
        share = Fraction(tolerated.rstrip("%").replace("none", "0")) / 100
        wanted = Plan(
            population=int(population.replace(",", "")), risk=Fraction(int(risk), 100), tolerated=share
        )
        assert wanted.size == int(size.replace(",", ""))


@given(
    st.integers(1, 300),
    st.fractions(Fraction(1, 1000), Fraction(999, 1000)),
    st.fractions(0, Fraction(99, 100)),
)
def test_the_size_keeps_the_risk_and_one_less_does_not(
    population: int, risk: Fraction, tolerated: Fraction
) -> None:
    wanted = Plan(population=population, risk=risk, tolerated=tolerated)
    assert wanted.least_wrong > tolerated * population
    assert wanted.least_wrong - 1 <= tolerated * population
    assert wanted.risk_of(wanted.size) <= risk
    assert wanted.size >= 1
    assert wanted.risk_of(wanted.size - 1) > risk


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_the_risk_is_that_of_counting_all_samples(population: int, wrong: int, size: int) -> None:
    wrong, size = min(wrong, population - 1), min(size, population)
    wanted = Plan(population=population, risk=Fraction(1, 2), tolerated=Fraction(wrong, population))
    samples = list(combinations(range(population), size))
    unseen = [one for one in samples if not any(item < wanted.least_wrong for item in one)]
    assert wanted.risk_of(size) == Fraction(len(unseen), len(samples))


@given(st.data(), st.integers(1, 60))
def test_the_bound_after_the_sample_holds_and_is_tight(data: st.DataObject, population: int) -> None:
    size = data.draw(st.integers(0, population))
    found = data.draw(st.integers(0, size))
    wanted = plan(population, "0.1")
    most = wanted.most_wrong(size, found)
    assert found <= most <= population - (size - found)
    if most < population - (size - found):
        assert wanted._so_few(most + 1, size, found) <= wanted.risk


def test_nothing_wrong_in_a_sample_of_the_planned_size_shows_what_was_planned() -> None:
    for population in (50, 999, 10_500):
        wanted = plan(population)
        assert wanted.most_wrong(wanted.size, 0) == wanted.least_wrong - 1


def test_when_all_were_compared_the_bound_is_what_was_found() -> None:
    assert [plan(40).most_wrong(40, found) for found in (0, 3, 40)] == [0, 3, 40]


@pytest.mark.parametrize(("size", "found"), [(10, 11), (10, -1), (101, 0)])
def test_what_is_no_sample_is_refused(size: int, found: int) -> None:
    with pytest.raises(BadInput, match="is no sample"):
        plan(100).most_wrong(size, found)


@pytest.mark.parametrize(
    ("population", "risk", "tolerated", "said"),
    [
        (0, "0.05", "0.01", "empty"),
        (10, "0", "0.01", "risk limit"),
        (10, "1", "0.01", "risk limit"),
        (10, "0.05", "1", "tolerated"),
        (10, "0.05", "-0.1", "tolerated"),
    ],
)
def test_a_plan_that_means_nothing_is_refused(population: int, risk: str, tolerated: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        plan(population, risk, tolerated)


@given(st.permutations(UNITS[:12]))
def test_the_order_of_the_file_changes_nothing(units: list[Unit]) -> None:
    assert listed(units) == UNITS[:12]
    assert print_of(listed(units)) == print_of(UNITS[:12])


def test_a_station_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="KZ-71-0001 2 stands twice"):
        listed([Unit("KZ-71-0001", "2"), Unit("KZ-71-0001", "1"), Unit("KZ-71-0001", "2")])


def test_the_print_of_a_list_is_that_of_its_lines() -> None:
    """`printf 'KZ-71-0001,1\\nKZ-71-0002,\\n' | sha256sum`"""
    found = print_of([Unit("KZ-71-0001", "1"), Unit("KZ-71-0002")])
    assert found == "3736f6c47557fad20b71849ab2f2402f0eea4e8767b4e9a37b0c95e1f9045e78"


def test_a_commitment_is_the_seeds_sha256() -> None:
    """`printf 31415926535897932384 | sha256sum`"""
    assert commitment(SEED) == "d23f87b5801cc23d64ca7e118fbd3c46554d139db14b7b29c7e984000fe120dc"


@pytest.mark.parametrize("seed", ["", "1" * 19, "1" * 1001, "line\nbreak, long enough for a seed"])
def test_a_seed_that_could_be_guessed_or_not_be_read_aloud_is_refused(seed: str) -> None:
    with pytest.raises(BadInput, match="a seed has 20 to 1000 characters"):
        commitment(seed)


@given(st.permutations([SEED, "a" * 20, "жиырма лақтырылған сүйек"]))
def test_the_seeds_of_several_parties_join_in_one_order(seeds: list[str]) -> None:
    assert joined(seeds) == joined(sorted(seeds))
    assert sorted(joined(seeds).split(",")) == sorted(seeds)


def test_one_seed_alone_stays_as_it_is() -> None:
    assert joined([SEED]) == SEED
