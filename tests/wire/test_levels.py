"""Levels: their bounds, their codes, and colours that nobody mixes up."""

from __future__ import annotations

from itertools import combinations

import pytest

from wire.levels import CODES, COLOURS, LEVELS, level_at


@pytest.mark.parametrize(
    ("ratio", "level"),
    [(None, "unknown"), (1.0, "ok"), (0.95, "ok"), (0.949, "degraded"), (0.8, "degraded"), (0.79, "warning"),
     (0.2, "warning"), (0.19, "cut"), (0.0, "cut")],
)  # fmt: skip
def test_a_share_has_a_level(ratio: float | None, level: str) -> None:
    assert level_at(ratio) == level


def test_a_worse_level_has_a_higher_code() -> None:
    assert CODES == {"unknown": 0, "ok": 1, "degraded": 2, "warning": 3, "cut": 4}
    assert set(COLOURS) == set(LEVELS)


def _linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


# Machado, Oliveira and Fernandes 2009, severity 1.0.
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)


def _times(matrix: tuple[tuple[float, ...], ...], vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, vector, strict=True)))) for row in matrix)


def _lab(colour: str, eyes: str) -> tuple[float, float, float]:
    x, y, z = (
        value / white
        for value, white in zip(_times(TO_XYZ, _times(SEEN_BY[eyes], _linear(colour))), WHITE, strict=True)
    )
    fx, fy, fz = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("eyes", list(SEEN_BY))
def test_no_two_colours_are_mixed_up_with_any_eyes(eyes: str) -> None:
    for one, other in combinations(COLOURS.values(), 2):
        apart = sum((a - b) ** 2 for a, b in zip(_lab(one, eyes), _lab(other, eyes), strict=True)) ** 0.5
        assert apart >= 20, (one, other, apart)
