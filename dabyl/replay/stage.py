"""The real collector on a folder of its own, and a clock that follows the script instead of the day.

What arrives goes the way of every batch: verified, decoded, counted once, committed, archived; the same
watch looks for incidents; the same page and metrics can be asked meanwhile. Only the wire is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from collector import Collector, Late, Settings, listening, new_invite, opened
from dabyl.replay.speaking import Said, Speaker
from wire import canonical
from wire.enrol import enrolment
from wire.errors import BadInput
from wire.ports import Clock, Randomness
from wire.times import EPOCH

_STEP_S: Final = 300.0  # of the replay's time, at most: what arrives within it shares one commit
_PACED_STEP_S: Final = 60.0
_AT_ONCE: Final = 1_000  # batches; a collector says "busy" when twice as many wait for its disk
_ARCHIVE_S: Final = 1_800.0
# At full speed at most a fourth of the time goes into looking; when something could first be told does not
# depend on when we look, for the detector finds it by the times of arrival.
_LOOK_S: Final = 1_800.0
_REST: Final = 3.0
_PACED_LOOK_S: Final = 60.0
_PACED_REST: Final = 4.0  # as the watch itself
_INVITE_HOURS: Final = 24.0
_RECORDS: Final = 20_000_000
_ANY_AGE_S: Final = 100 * 366 * 86_400.0  # the server knows what it takes; what it does not is left as text


class ReplayClock:
    """A wall clock that stands where the replay is; the steady one is the machine's."""

    def __init__(self, seconds: float, steady: Clock) -> None:
        """Unix seconds."""
        self.seconds, self._steady = seconds, steady

    def now(self) -> datetime:
        """The replay's time."""
        return EPOCH + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """The machine's."""
        return self._steady.monotonic()


class Course(Struct, frozen=True, kw_only=True):
    """How the replay goes: `speed` times real time (0: as fast as it goes); `told` hears of the progress.

    `listen`: where page and metrics can be asked meanwhile; `remote_write`: where late figures go.
    """

    folder: Path
    listen: str = ""
    remote_write: str = ""
    speed: float = 0.0
    told: Callable[[float, int], None] = lambda _, __: None
    shown: Callable[[str], None] = lambda _: None


class Stage:
    """One collector that is fed."""

    def __init__(self, collector: Collector, clock: ReplayClock, course: Course) -> None:
        """The collector was opened with the same clock."""
        self.collector, self._clock, self._course = collector, clock, course
        self._began = (clock.seconds, clock.monotonic())
        self._looked = (clock.seconds, clock.monotonic(), 0.0)
        self._archived = clock.seconds
        self.batches = 0

    async def enrol(self, speakers: Iterable[Speaker], randomness: Randomness) -> None:
        """Every probe gets an invite and uses it."""
        async with asyncio.TaskGroup() as group:
            for speaker in speakers:
                token = new_invite(self._course.folder, "probe", _INVITE_HOURS, self._clock, randomness)
                asked = canonical.encode(enrolment(speaker.key, token, speaker.network))
                group.create_task(self.collector.taking.admit(asked))

    async def feed(self, batches: Iterable[Said], until: float) -> None:
        """Everything in its order until that time (Unix seconds); what would come later is left out."""
        due: list[Said] = []
        for said in batches:
            while said.arrival > self._next(until) and self._clock.seconds < until:
                await self._step(due, self._next(until))
                due = []
            if said.arrival > until:
                break
            due += [said] * (2 if said.twice else 1)
        while due or self._clock.seconds < until:
            await self._step(due, self._next(until))
            due = []
        await self._look()

    def _next(self, until: float) -> float:
        step_s = min(_PACED_STEP_S, max(1.0, self._course.speed)) if self._course.speed else _STEP_S
        return min(self._clock.seconds + step_s, until)

    async def _step(self, due: Sequence[Said], end: float) -> None:
        for first in range(0, len(due), _AT_ONCE):
            async with asyncio.TaskGroup() as group:
                for said in due[first : first + _AT_ONCE]:
                    group.create_task(self._take(said))
        self._clock.seconds = end
        await self._pace()
        if self._look_is_due():
            await self._look()
        if end >= self._archived + _ARCHIVE_S:
            self._archived = end
            await self.collector.archive()
            await self._bring()
        self._course.told(end, self.batches)

    async def _take(self, said: Said) -> None:
        self._clock.seconds = said.arrival  # read before anything is waited for
        await self.collector.taking.take(said.raw, "dabyl/v1/batch")
        self.batches += 1

    def _look_is_due(self) -> bool:
        at, steady, took_s = self._looked
        least_s, rest = (_PACED_LOOK_S, _PACED_REST) if self._course.speed else (_LOOK_S, _REST)
        rested = self._clock.monotonic() - steady >= rest * took_s
        return rested and self._clock.seconds - at >= least_s

    async def _bring(self) -> None:
        if self._course.remote_write:
            try:
                await self.collector.courier.turn()
            except OSError as error:
                raise BadInput(f"late figures cannot be sent: {error}") from error

    async def _look(self) -> None:
        began = self._clock.monotonic()
        await self.collector.watch.look()
        now = self._clock.monotonic()
        self._looked = (self._clock.seconds, now, now - began)

    async def _pace(self) -> None:
        if self._course.speed:
            begin, steady = self._began
            ahead = (self._clock.seconds - begin) / self._course.speed - (self._clock.monotonic() - steady)
            await asyncio.sleep(max(0.0, ahead))


@asynccontextmanager
async def stage(begin: float, course: Course, steady: Clock, randomness: Randomness) -> AsyncIterator[Stage]:
    """A collector that stands at `begin` (Unix seconds), listening where the course says so."""
    settings = Settings(
        data=str(course.folder),
        listen=course.listen or "127.0.0.1:0",
        detect_records=_RECORDS,
        late=Late(remote_write=course.remote_write, window_s=_ANY_AGE_S),
    )
    clock = ReplayClock(begin, steady)
    async with AsyncExitStack() as stack:
        collector = await stack.enter_async_context(opened(settings, clock, randomness))
        if course.listen:
            course.shown(await stack.enter_async_context(listening(collector.app, settings)))
        yield Stage(collector, clock, course)
