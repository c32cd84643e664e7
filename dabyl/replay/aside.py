"""What can be made ahead, made in a process of its own: the other core signs while this one checks."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import Any, Final, TypeVar

from collector import can_fork, forked

T = TypeVar("T")
_LOT: Final = 200  # of them cross at once
_AHEAD: Final = 50  # lots; what would be made beyond them waits


@contextmanager
def made_aside(things: Iterable[T]) -> Iterator[Iterator[T]]:
    """The same things in their order; where a process cannot be forked they are made here.

    Enter it while no other thread runs: the process is a copy of this one.
    """
    if not can_fork():
        yield iter(things)
        return
    with forked(1, partial(_hold, things)) as maker:
        ahead = deque(maker.submit(_next_lot) for _ in range(_AHEAD))
        try:
            yield chain.from_iterable(_lots(maker, ahead))
        finally:
            maker.shutdown(wait=False, cancel_futures=True)


def _lots(maker: ProcessPoolExecutor, ahead: deque[Future[list[Any]]]) -> Iterator[list[Any]]:
    while lot := ahead.popleft().result():
        ahead.append(maker.submit(_next_lot))
        yield lot


_held: Iterator[Any] = iter(())  # in the maker's process: what is left to make


def _hold(things: Iterable[Any]) -> None:
    global _held  # noqa: PLW0603  # a worker is told what to work on in no other way without copying it
    _held = iter(things)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked for it ends it


def _next_lot() -> list[Any]:
    return list(islice(_held, _LOT))
