"""Which ports to try within a budget, and what was found, as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct

from probes.core import failures
from probes.core.beacon import Transport
from wire import names
from wire.errors import BadInput
from wire.judge.addresses import is_v6
from wire.records import Measurement, Network, Step, Target, Verdict

State = Literal["open", "somebody else", "mute", "closed", "silent"]
# What stayed open in cuts of the past (53, 179, 646, 3784, 3785, 4784, 5060: names, routers, telephones),
# then what everyday services and tunnels use. Most likely first.
LIKELY: Final = (
    443, 53, 80, 123, 3785, 5060, 3784, 4784, 179, 646, 500, 853, 8080, 8443, 5222, 3478, 1194, 4500,
    22, 25, 587, 993, 995, 143, 110, 1723, 161, 389, 636, 3389, 5061, 5223, 51820, 33434,
)  # fmt: skip
MAX_PORT: Final = 65_535
MAX_PORTS: Final = 4096
# IP bytes of one try, both directions, repeats included: TCP opens, asks and closes; UDP asks twice.
TRY_BYTES: Final[dict[Transport, int]] = {"tcp": 700, "udp": 340}
SOMEBODY_ELSE: Final = failures.unknown("answered by somebody else")
RULE: Final = "port_search"
_STATES: Final[dict[str | None, State]] = {
    None: "open", SOMEBODY_ELSE: "somebody else", names.REFUSED: "closed", names.TIMEOUT: "silent",
}  # fmt: skip


class Try(Struct, frozen=True):
    """One port to try over one transport."""

    transport: Transport
    port: int


class Found(Struct, frozen=True, kw_only=True):
    """What became of a try: its steps, `tcp` (when there is one) and `beacon`."""

    tried: Try
    steps: tuple[Step, ...]

    @property
    def state(self) -> State:
        """In a word: `open` is end to end; `mute` connects and then says nothing that counts."""
        last = self.steps[-1]
        if last.step == "beacon" and last.transport == "tcp" and last.failure not in {None, SOMEBODY_ELSE}:
            return "mute"
        return _STATES.get(last.failure, "closed")


def plan(tcp: Sequence[int], udp: Sequence[int], budget_bytes: int) -> list[Try]:
    """As many tries as the budget holds, each port over both transports before the next port."""
    chosen: list[Try] = []
    left = budget_bytes
    for one in _alternating(tcp, udp):
        left -= TRY_BYTES[one.transport]
        if left < 0:
            break
        chosen.append(one)
    return chosen


def _alternating(tcp: Sequence[int], udp: Sequence[int]) -> Iterator[Try]:
    ranks = [(rank, Try("tcp", port)) for rank, port in enumerate(dict.fromkeys(tcp))]
    ranks += [(rank, Try("udp", port)) for rank, port in enumerate(dict.fromkeys(udp))]
    return (one for _, one in sorted(ranks, key=lambda pair: pair[0]))


def read_ports(text: str) -> tuple[int, ...]:
    """`53,80,1000-1010` as ports, in that order, each once; raises `BadInput`."""
    found: dict[int, None] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, dash, last = part.partition("-")
        low = _port(first)
        found.update(dict.fromkeys(range(low, (_port(last) if dash else low) + 1)))
        if len(found) > MAX_PORTS:
            raise BadInput(f"more than {MAX_PORTS} ports")
    return tuple(found)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:6]) <= MAX_PORT:
        raise BadInput(f"{text[:20]!r} is no port from 1 to {MAX_PORT}")
    return int(text)


def record(found: Found, host: str, at: str, number: str, network: Network) -> Measurement:
    """A try as a measurement of the probe `local`, its id `number`; its name says the port, not the place.

    An open port works. Of another nothing is said: a port is closed for many reasons.
    """
    tried = found.tried
    shown = f"[{host}]" if is_v6(host) else host
    return Measurement(
        id=number,
        probe="local",
        at=at,
        network=network,
        target=Target(
            id=f"port/{tried.transport}/{tried.port}",
            url=f"{tried.transport}://{shown}:{tried.port}",
            category="control",
        ),
        steps=found.steps,
        verdict=Verdict(state="ok" if found.state == "open" else "insufficient", rule=RULE),
    )


def table(found: Iterable[Found]) -> str:
    """A line for each state with its ports, for people; states that did not occur are left out."""
    ports: dict[State, list[str]] = {}
    for one in found:
        ports.setdefault(one.state, []).append(f"{one.tried.port}/{one.tried.transport}")
    order: tuple[State, ...] = ("open", "somebody else", "mute", "closed", "silent")
    rows = [f"{state:<14} {' '.join(ports[state])}" for state in order if state in ports]
    return "\n".join(rows or ["nothing was tried"])
