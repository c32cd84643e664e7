"""The event loop: uvloop where it is installed, since it costs a third less; and how it is stopped."""

from __future__ import annotations

import asyncio
import gc
import signal
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

from wire.errors import BadInput

T = TypeVar("T")
_YOUNG: Final = 20_000  # objects between two looks for rubbish; Python's own 700 are a batch or two


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; Ctrl-C cancels it and raises `KeyboardInterrupt`.

    Bad input that ended a group of tasks comes out as itself, whatever the groups around it.
    """
    try:
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            runner.get_loop().set_exception_handler(_report)
            return runner.run(main)
    except BaseExceptionGroup as group:
        refused = group.subgroup(BadInput)
        if refused is None:
            raise
        raise _first(refused) from None


def _report(running: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody awaited is told, but for a peer's failed handshake: whoever asked for it has the error."""
    if not isinstance(context.get("exception"), ssl.SSLError):
        running.default_exception_handler(context)


def _first(group: BaseExceptionGroup[BadInput]) -> BadInput:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


def spare_what_stays() -> None:
    """A server is ready: what it holds for hours need not be walked through whenever a few batches have come.

    It is the whole process's, so only a command that does nothing else may say so.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def run_until_stopped(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run until the work ends or SIGINT or SIGTERM asks it to; either way it has ended cleanly."""
    run(_stoppable(work))


async def _stoppable(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("only a task can be stopped")
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, task.cancel)
    with suppress(asyncio.CancelledError):
        await work()


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ModuleNotFoundError:
        return None
    return uvloop.new_event_loop
