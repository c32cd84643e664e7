"""Several countries at once: rows mostly wait for timeouts, so they may wait side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from typing import Final

from tests.lab.country import Country
from tests.lab.judging import Line
from tests.lab.namespaces import sweep
from tests.lab.scenario import Scenario

COUNTRIES: Final = min(20, 10 * (os.cpu_count() or 1))
Runs = list[list[Line]]


@contextmanager
def rehearsals(
    scenarios: Iterable[Scenario], repeat: Callable[[Scenario], int]
) -> Iterator[dict[str, Future[Runs]]]:
    """Rehearse rows in the background, each as often as `repeat` says; its name with its future lines."""
    wanted = sorted(scenarios, key=lambda scenario: not scenario.patient)  # who waits longest begins first
    sweep()
    with ExitStack() as stack:
        free: SimpleQueue[Country] = SimpleQueue()
        for _ in range(min(COUNTRIES, len(wanted))):
            free.put(stack.enter_context(Country()))
        workers = stack.enter_context(ThreadPoolExecutor(max_workers=COUNTRIES))
        stack.callback(workers.shutdown, cancel_futures=True)
        yield {one.name: workers.submit(_rehearse, free, one, repeat(one)) for one in wanted}


def times(scenario: Scenario, repeat: int) -> int:
    """How often a row is lived through, when each is wanted `repeat` times."""
    return 1 if scenario.patient else repeat


def _rehearse(free: SimpleQueue[Country], scenario: Scenario, repeat: int) -> Runs:
    country = free.get()
    try:
        return country.rehearse(scenario, repeat)
    finally:
        free.put(country)
