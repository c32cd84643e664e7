"""The helper's process from the probe's side: started when needed, asked in lines, started anew when it dies.

Without it the probe works all the same: `watch` gives None, and `reason` says why.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from probes.core import failures
from probes.packets.lines import Ends, Kind, Told, command, decode, stop
from wire.errors import BadRecord

# In a folder of its own, run as a program (-I: nothing of this environment leads it astray).
COMMAND: Final = (sys.executable, "-I", str(Path(__file__).with_name("helper")))
PATIENCE_S: Final = 10.0
NO_HELPER: Final = failures.unknown("no packet helper")
STARTS: Final = 3
WALKS: Final = 12  # in one life of the block, so a round of many blocked names stays short
WALKS_AT_ONCE: Final = 4
_LINE_BYTES: Final = 4096


class Watched:
    """What the helper told of one flow so far."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.told: list[Told] = []
        self.broken = False
        self._news = asyncio.Event()

    def add(self, told: Told) -> None:
        """Take in a line."""
        self.told.append(told)
        self._news.set()

    def break_off(self) -> None:
        """The helper is gone: nothing more will come, and silence means nothing."""
        self.broken = True
        self._news.set()

    async def until(self, enough: Callable[[Sequence[Told]], bool], seconds: float) -> None:
        """Wait until what was told is enough, the time is over, or the helper is gone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (self.broken or enough(self.told)):
                    self._news.clear()
                    await self._news.wait()


class PacketHelper:
    """Asks the helper about single flows. Made by `packet_helper`."""

    def __init__(self, tasks: asyncio.TaskGroup, argv: Sequence[str]) -> None:
        self.reason = "not started"
        self._tasks = tasks
        self._argv = argv
        self._process: Process | None = None
        self._starts_left = STARTS
        self._lock = asyncio.Lock()
        self.walks = asyncio.Semaphore(WALKS_AT_ONCE)
        self._walks_left = WALKS
        self._number = 0
        self._watched: dict[int, Watched] = {}
        self._replies: asyncio.Queue[Told | None] = asyncio.Queue()

    def take_walk(self) -> bool:
        """Whether one more walk may be made: where a censor stands is learned from a few."""
        self._walks_left -= 1
        return self._walks_left >= 0

    @property
    def missing(self) -> str:
        """The failure of a step that needed the helper; it accuses nobody."""
        return f"{NO_HELPER}: {self.reason}" if self.reason else NO_HELPER

    @asynccontextmanager
    async def watch(self, kind: Kind, ends: Ends, seconds: int) -> AsyncIterator[Watched | None]:
        """Listen to a flow for as long as the block runs; None when there is no helper or it refuses."""
        watched = await self._begin(kind, ends, seconds)
        try:
            yield watched
        finally:
            if watched is not None and watched.number in self._watched:
                self._say(stop(watched.number))

    async def _begin(self, kind: Kind, ends: Ends, seconds: int) -> Watched | None:
        async with self._lock:
            if await self._running() is None:
                return None
            self._number += 1
            watched = self._watched[self._number] = Watched(self._number)
            reply = await self._ask(command(self._number, kind, ends, seconds))
            if reply is not None and reply.watching:
                return watched
            self._watched.pop(self._number, None)
            self.reason = "it is gone" if reply is None else reply.refused
            return None

    async def _ask(self, line: bytes) -> Told | None:
        self._say(line)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                return await self._replies.get()
        return None

    def _say(self, line: bytes) -> None:
        """A line to the helper, when it is there. Lines are few and short: the pipe holds them."""
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(line)

    async def _running(self) -> Process | None:
        if self._process is None and self._starts_left > 0:
            self._starts_left -= 1
            self._process = await self._start()
        return self._process

    async def _start(self) -> Process | None:
        """A process that has said that it is ready; None, with `reason`, when it cannot be."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._argv, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE_BYTES
            )
        except OSError as error:
            self.reason, self._starts_left = f"it cannot be started: {error.strerror}", 0
            return None
        told = await _first_line(process)
        if told is None or not told.ready:
            self.reason = told.reason if told is not None else "it did not begin"
            self._starts_left = 0  # what is missing now is missing later
            await _stop(process)
            return None
        self.reason = ""
        self._replies = asyncio.Queue()  # the last words of an earlier one are no answer to us
        self._tasks.create_task(self._read(process))
        return process

    async def _read(self, process: Process) -> None:
        """Hand on every line until the helper ends, then tell all who wait."""
        while (told := await _line(process)) is not None:
            if told.refused or told.watching:
                self._replies.put_nowait(told)
            elif told.ended:
                self._watched.pop(told.id, None)
            elif told.id in self._watched:
                self._watched[told.id].add(told)
        self._process = None
        self.reason = "it is gone"
        for watched in self._watched.values():
            watched.break_off()
        self._watched.clear()
        self._replies.put_nowait(None)
        await _stop(process)

    async def close(self) -> None:
        """End the process; its reader ends with it."""
        self._starts_left = 0
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


@asynccontextmanager
async def packet_helper(argv: Sequence[str] = COMMAND) -> AsyncIterator[PacketHelper]:
    """A helper for as long as the block runs; `argv` starts it, by default with this interpreter."""
    async with asyncio.TaskGroup() as tasks:
        helper = PacketHelper(tasks, argv)
        try:
            yield helper
        finally:
            await helper.close()


async def _first_line(process: Process) -> Told | None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            return await _line(process)
    return None


async def _line(process: Process) -> Told | None:
    """The next line; None at the end, or when it is not one of ours."""
    assert process.stdout is not None  # noqa: S101  # it was made with a pipe
    try:
        line = await process.stdout.readline()
        return decode(line) if line else None
    except (BadRecord, ValueError):  # ValueError: longer than any of ours
        return None


async def _stop(process: Process) -> None:
    """Ask it to end, then make it."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            await process.wait()
            return
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
