"""What is made in a process of its own comes in its order, not long before it is wanted, and fails here."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

import pytest

from dabyl.replay.aside import made_aside


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 30_000])
def test_everything_comes_once_and_in_its_order(count: int) -> None:
    with made_aside(range(count)) as made:
        assert list(made) == list(range(count))


def test_it_is_made_in_another_process() -> None:
    with made_aside(os.getpid() for _ in range(3)) as made:
        (maker,) = set(made)
    assert maker != os.getpid()


def test_who_stops_early_waits_for_nothing_that_is_still_to_be_made() -> None:
    def without_end() -> Iterator[int]:
        while True:
            yield 1

    with made_aside(without_end()) as made:
        assert next(made) == 1


def test_what_fails_there_is_raised_here() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError("no such voice")

    with made_aside(failing()) as made, pytest.raises(LookupError, match="no such voice"):
        list(made)


def test_a_maker_that_dies_is_told() -> None:
    def dying() -> Iterator[int]:
        yield os._exit(1)

    with made_aside(dying()) as made, pytest.raises(BrokenProcessPool):
        list(made)


def test_without_forks_it_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with made_aside(os.getpid() for _ in range(3)) as made:
        assert set(made) == {os.getpid()}
