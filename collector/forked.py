"""Processes forked from this one: they end when it ends, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess


def can_fork() -> bool:
    """Whether this system has forks."""
    return "fork" in multiprocessing.get_all_start_methods()


def forked(count: int, prepare: Callable[[], None] = lambda: None) -> ProcessPoolExecutor:
    """So many workers, copies of this process as it is when they are given work first; each runs `prepare`.

    Enter it while no other thread runs.
    """
    return ProcessPoolExecutor(
        count, multiprocessing.get_context("fork"), initializer=_begin, initargs=(prepare,)
    )


def _begin(prepare: Callable[[], None]) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:  # a worker whose parent was killed would wait for work for ever
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    prepare()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
