"""The style sheet: nothing from outside, contrast enough in light and dark, a shape for every state."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from collector.page.assets import assets
from collector.page.figures import MARKS

STYLE = assets()["page.css"].content.decode()
STATES = ("ok", "degraded", "warning", "cut", "unknown")
TEXT = 4.5  # WCAG 2.2, 1.4.3
GRAPHIC = 3.0  # WCAG 2.2, 1.4.11


def variables(dark: bool) -> dict[str, str]:
    """The colours by their names; the dark ones stand over the light ones."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks[: 2 if dark else 1]:
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "panel", "faint"])
@pytest.mark.parametrize("ink", ["ink", "soft", "link"])
def test_text_can_be_read_on_every_ground(dark: bool, ground: str, ink: str) -> None:
    found = variables(dark)
    assert contrast(found[ink], found[ground]) >= TEXT


@pytest.mark.parametrize("state", STATES)
def test_text_can_be_read_on_the_colour_of_every_state(state: str) -> None:
    found = variables(dark=False)
    assert contrast(found[state], found[f"{state}-ink"]) >= TEXT


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_edges_that_carry_meaning_can_be_seen(dark: bool) -> None:
    found = variables(dark)
    assert contrast(found["edge"], found["panel"]) >= GRAPHIC
    assert contrast(found["degraded" if dark else "ok"], found["line"]) >= GRAPHIC  # a bar on its ground


def test_the_palette_is_the_one_that_colour_blind_people_can_tell_apart() -> None:
    found = variables(dark=False)
    assert [found[state] for state in STATES] == ["#0072b2", "#56b4e9", "#f0e442", "#d55e00", "#999999"]
    for one, other in combinations(STATES, 2):
        assert found[one] != found[other]


def test_every_mark_has_a_tile_and_a_look_of_its_own() -> None:
    looks = {mark: re.findall(rf"^\.tile-{mark} \{{(.*?)\}}", STYLE, re.MULTILINE) for mark in MARKS}
    assert all(len(found) == 1 for found in looks.values())
    assert len({found[0] for found in looks.values()}) == len(MARKS)


def test_the_style_loads_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:|//[a-z]", STYLE)
