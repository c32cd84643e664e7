"""How far each probe is believed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from collector.core.detect.columns import (
    BAD,
    DOMESTIC,
    FOREIGN,
    GOOD,
    LINE_DOWN,
    TARGETS_FAULT,
    Columns,
    Place,
    Role,
)
from collector.core.reputation import (
    FRESH_WEIGHT,
    FULL_AGE_S,
    Known,
    Reputation,
    agreement,
    reputations,
    unmasked,
    with_standing,
)

NOW = 1_795_000_000.0
DAY_S = 86_400.0
HERE, THERE = (Place(region, "AS9198", "fixed", "inside") for region in ("KZ-71", "KZ-75"))
ROLES = [
    Role("egov.kz", "egov", DOMESTIC), Role("bbc.com", "news", FOREIGN),
    Role("canary/down", "control", FOREIGN), Role("example.com", "control", FOREIGN),
]  # fmt: skip
Says = Callable[[int, int, int], int]  # probe, target, round: an outcome


def country(says: Says, probes: int = 6, rounds: int = 20, places: int = 1) -> Columns:
    """Probes of one place (or two, by turns) that measure every target every five minutes."""
    rows = [(r, p, t) for r in range(rounds) for p in range(probes) for t in range(len(ROLES))]
    at = np.array([NOW - 300.0 * (rounds - r) for r, _, _ in rows])
    probe, target = (np.array([row[n] for row in rows], np.int32) for n in (1, 2))
    outcome = np.array([says(p, t, r) for r, p, t in rows], np.int8)
    return Columns(
        at, at + 1, probe, (probe % places).astype(np.int32), target, outcome,
        np.arange(len(rows), dtype=np.int32), [f"p{n}" for n in range(probes)], [HERE, THERE][:places], ROLES, str,
    )  # fmt: skip


def honest(_: int, target: int, __: int) -> int:
    return TARGETS_FAULT if ROLES[target].id == "canary/down" else GOOD


def but(other: Says) -> Says:
    """All are honest but probe 0."""
    return lambda probe, target, turn: (other if probe == 0 else honest)(probe, target, turn)


def cut(_: int, target: int, turn: int) -> int:
    return BAD if turn >= 10 and ROLES[target].id != "canary/down" else honest(0, target, turn)


LIES: list[tuple[str, Says, list[int]]] = [
    ("all are honest", honest, []),
    ("one says that all works", but(lambda *_: GOOD), [0]),
    ("one says that all fails", but(lambda *_: BAD), []),
    (
        "one fails what is always up while the rest works",
        but(lambda _, t, __: BAD if t == 3 else honest(0, t, 0)),
        [0],
    ),
    ("one's line is down", but(lambda *_: LINE_DOWN), []),
    ("all are cut off", cut, []),
    ("an operator answers for names that do not exist", lambda *_: GOOD, []),
    ("one slip", but(lambda _, t, r: GOOD if r == 3 else honest(0, t, r)), []),
]


@pytest.mark.parametrize(("name", "says", "expected"), LIES, ids=[row[0] for row in LIES])
def test_canaries_unmask_who_is_alone_with_its_word(name: str, says: Says, expected: list[int]) -> None:
    assert list(np.flatnonzero(unmasked(country(says)))) == expected


def test_agreement_is_with_a_clear_majority_of_the_place() -> None:
    found = agreement(country(but(lambda *_: BAD)))
    assert found[0] == 0.0
    assert list(found[1:]) == [1.0] * 5
    half = agreement(country(lambda p, *_: GOOD if p % 2 else BAD))
    assert np.isnan(half).all(), "where they are divided nobody is right"


def test_a_cut_that_all_see_makes_nobody_a_liar() -> None:
    assert list(agreement(country(cut))) == [1.0] * 6


@pytest.mark.parametrize(("probes", "rounds", "places"), [(3, 20, 1), (6, 1, 1), (6, 20, 2), (1, 20, 1)])
def test_without_company_or_time_nobody_is_judged(probes: int, rounds: int, places: int) -> None:
    found = agreement(country(but(lambda *_: BAD), probes, rounds, places))
    assert np.isnan(found[0])


WEIGHTS = [
    ({"age_s": 30 * DAY_S, "agreement": 1.0}, 1.0),
    ({"age_s": 30 * DAY_S, "agreement": None}, 1.0),
    ({"age_s": 0.0, "agreement": 1.0}, FRESH_WEIGHT),
    ({"age_s": -60.0, "agreement": 1.0}, FRESH_WEIGHT),
    ({"age_s": 0.0, "agreement": 1.0, "founder": True}, 1.0),
    ({"age_s": FULL_AGE_S / 2, "agreement": None}, 0.75),
    ({"age_s": 30 * DAY_S, "agreement": 0.75}, 0.5),
    ({"age_s": 30 * DAY_S, "agreement": 0.5}, 0.0),
    ({"age_s": 30 * DAY_S, "agreement": 1.0, "past": 0.5}, 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), WEIGHTS)
def test_a_weight_is_age_times_agreement_and_never_more_than_one(
    given: dict[str, float], expected: float
) -> None:
    assert Reputation(**given, unmasked=False).weight == pytest.approx(expected)  # type: ignore[arg-type]  # a row
    assert Reputation(**given, unmasked=True).weight == 0.0  # type: ignore[arg-type]  # a row


def test_those_of_the_first_hours_are_known_and_strangers_are_left_alone() -> None:
    known = {f"p{n}": Known(NOW - 3 * DAY_S + n * 3_600.0) for n in range(5)}
    known["p4"] = Known(NOW)
    found = reputations(country(honest), known, NOW)
    assert [found[f"p{n}"].weight for n in range(5)] == [1.0, 1.0, 1.0, 1.0, 0.5]
    assert "p5" not in found


def test_the_detector_is_given_weights_dates_and_no_canary() -> None:
    known = {f"p{n}": Known(NOW - 30 * DAY_S) for n in range(6)}
    told = with_standing(country(but(lambda *_: GOOD)), known, NOW)
    assert {told.roles[target].id for target in told.target} == {"egov.kz", "bbc.com", "example.com"}
    assert told.standing is not None
    assert list(told.standing.weight) == [0.0, *[1.0] * 5]
    assert told.only(np.arange(3)).standing is told.standing
    assert list(told.standing.born(np.full(6, NOW))) == [NOW - 30 * DAY_S] * 6


def test_of_nothing_nothing_is_said() -> None:
    empty = country(honest, rounds=0)
    assert np.isnan(agreement(empty)).all()
    assert not unmasked(empty).any()
    assert len(with_standing(empty, {}, NOW)) == 0
