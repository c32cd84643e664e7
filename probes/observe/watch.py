"""A conversation with a media server over one connection, timed, and written down as one step."""

from __future__ import annotations

from typing import Final

from probes.core.streams.conversation import Conversation, Dialogue
from probes.core.streams.steps import of_conversation
from probes.observe.dns import resolve
from probes.observe.scene import Scene
from probes.observe.stream import open_stream
from probes.observe.tcp import Dials, known_sockets
from wire.ports import Clock
from wire.records import Step

# Media is watched at least this long before it is said to stand still, however short a step may be.
MIN_WATCH_S: Final = 8.0


async def watch(scene: Scene, spoken: Dialogue) -> None:
    """Connect, converse, keep the step."""
    place = scene.place
    addresses = await resolve(scene, place)
    connected = await Dials(scene, place, addresses).first()
    if connected is None:
        await known_sockets(scene, place, addresses)
        return
    address, sock = connected
    stream = scene.adopt(await open_stream(sock))
    t0 = scene.now()
    failure = await stream.converse(_Timed(spoken, scene.tools.clock), watch_s(scene))
    stream.close()
    keep(scene, spoken, address, t0, failure)


def watch_s(scene: Scene) -> float:
    """How long media may be watched."""
    return max(scene.allowance(), MIN_WATCH_S)


def keep(scene: Scene, spoken: Conversation, address: str, t0: float, failure: str | None) -> None:
    """Write a conversation down; its connection began to talk at `t0` and ended in `failure`."""
    bare = Step(
        step="stream",
        failure=failure,
        t0=t0,
        t=scene.now(),
        address=address,
        port=scene.place.port,
        url=scene.place.url,
    )
    flow = spoken.tally.flow(scene.tools.clock.monotonic())
    scene.add(of_conversation(bare, spoken, flow, scene.tools.expected(scene.target)))


class _Timed:
    """Tells a dialogue when its bytes came."""

    def __init__(self, spoken: Dialogue, clock: Clock) -> None:
        self._spoken = spoken
        self._clock = clock

    @property
    def done(self) -> bool:
        return self._spoken.done

    @property
    def failure(self) -> str | None:
        return self._spoken.failure

    def start(self) -> bytes:
        return self._spoken.start()

    def feed(self, data: bytes) -> bytes:
        return self._spoken.feed(data, self._clock.monotonic())

    def end(self) -> None:
        self._spoken.end()
