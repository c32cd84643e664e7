"""Numbers on the command line: what is taken, and what is refused in words."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabyl.commands import options
from dabyl.commands.options import concurrency, every, megabytes, percent, seconds

NUMBERS = (seconds, every, megabytes, percent, concurrency)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (seconds, "10", 10.0), (seconds, "0.5", 0.5), (seconds, "1e1", 10.0), (seconds, f"{options.MAX_TIMEOUT_S:g}", options.MAX_TIMEOUT_S),
        (every, "1", 1.0), (every, "600", 600.0), (every, f"{options.MAX_EVERY_S:g}", options.MAX_EVERY_S),
        (megabytes, "0", 0.0), (megabytes, "12.5", 12.5), (megabytes, f"{options.MAX_BUDGET_MB:g}", options.MAX_BUDGET_MB),
        (percent, "0", 0), (percent, "100", 100), (concurrency, "1", 1), (concurrency, f"{options.MAX_CONCURRENCY}", options.MAX_CONCURRENCY),
    ],
)  # fmt: skip
def test_a_number_within_its_limits_is_taken(read: Callable[[str], float], text: str, value: float) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (seconds, "0"), (seconds, "-1"), (seconds, f"{options.MAX_TIMEOUT_S + 1}"), (seconds, "ten"), (seconds, ""), (seconds, "nan"), (seconds, "inf"),
        (every, "0.9"), (every, f"{options.MAX_EVERY_S + 1}"), (every, "nan"), (every, "soon"),
        (megabytes, "-0.1"), (megabytes, "inf"), (megabytes, "nan"), (megabytes, "much"),
        (percent, "101"), (percent, "-1"), (percent, "1.5"), (percent, ""), (percent, "²"),
        (concurrency, "0"), (concurrency, f"{options.MAX_CONCURRENCY + 1}"), (concurrency, "1.0"), (concurrency, "many"),
    ],
)  # fmt: skip
def test_any_other_is_refused_with_its_limits(read: Callable[[str], float], text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"is no number .*from \d+ to \d+") as refused:
        read(text)
    assert repr(text) in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.sampled_from(NUMBERS), st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(read: Callable[[str], float], text: str) -> None:
    try:
        value = read(text)
    except argparse.ArgumentTypeError:
        return
    assert math.isfinite(value)
    assert value >= 0


@given(st.sampled_from(NUMBERS), st.floats() | st.integers())
def test_any_number_is_within_the_limits_or_refused(read: Callable[[str], float], number: float) -> None:
    try:
        assert read(str(number)) == number
    except argparse.ArgumentTypeError as refused:
        assert "is no number" in str(refused)
