from __future__ import annotations

import numpy as np

from collector.core.detect.columns import BAD, DOMESTIC, FOREIGN, GOOD, Role
from collector.core.recent import _ROW
from collector.core.thinning import OF_A_VISIT, SUSPECT_S, Thinning

ROLES = [Role(f"s{n}", "kz", (DOMESTIC, FOREIGN)[n % 2]) for n in range(40)]


def rounds(probes: int, *, at: float = 0.0, bad: int = -1, seed: int = 1) -> np.ndarray:
    """One round of each probe over all roles; role `bad` fails at place 0."""
    rows = np.zeros(probes * len(ROLES), _ROW)
    rows["at"] = rows["arrival"] = at
    rows["key"] = np.random.default_rng(seed).integers(0, 1 << 62, len(rows))
    rows["probe"] = np.repeat(np.arange(probes), len(ROLES))
    rows["place"] = rows["probe"] % 5
    rows["target"] = np.tile(np.arange(len(ROLES)), probes)
    rows["outcome"] = np.where((rows["target"] == bad) & (rows["place"] == 0), BAD, GOOD)
    return rows


def test_a_visit_is_kept_by_a_few_records_of_each_side() -> None:
    rows = rounds(20)
    kept = Thinning().kept(rows, ROLES)
    count = np.bincount(rows["probe"][kept] * 2 + rows["target"][kept] % 2)
    assert set(count) == {OF_A_VISIT}


def test_what_is_kept_does_not_depend_on_what_it_says() -> None:
    rows, other = rounds(20), rounds(20)
    other["outcome"] = np.where(np.arange(len(other)) % 11 == 0, BAD, GOOD)
    assert (Thinning().kept(rows, ROLES) == Thinning().kept(other, ROLES)).mean() > 0.9


def test_of_a_target_that_begins_to_fail_somewhere_everything_is_kept_for_an_hour() -> None:
    thinning = Thinning()
    first = rounds(20, bad=6)
    assert thinning.kept(first, ROLES)[first["target"] == 6].all()
    soon, later = rounds(20, at=60.0), rounds(20, at=SUSPECT_S + 60.0)
    assert thinning.kept(soon, ROLES)[soon["target"] == 6].all()
    assert not thinning.kept(later, ROLES)[later["target"] == 6].all()


def test_in_a_cut_the_suspects_are_few_and_the_line_is_still_seen() -> None:
    rows = rounds(20)
    rows["outcome"] = BAD
    kept = Thinning().kept(rows, ROLES)
    assert np.unique(rows["probe"][kept]).size == 20
    assert kept.mean() < 0.8
