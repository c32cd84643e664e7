"""The states of a camera's uplink, and of all cameras of one polling station together.

Told by bytes and time stamps alone: no picture is decoded or kept anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from wire import names
from wire.records import Step

FINE: Final = "fine"
FROZEN: Final = "frozen"
MASKED: Final = "masked"
OFF: Final = "off"
DEAD: Final = "dead"
NO_POWER: Final = "no_power"
THIN: Final = "thin"
STREAM_STATES: Final = (FINE, FROZEN, MASKED, OFF, DEAD, NO_POWER, THIN)
UNKNOWN: Final = ""

# Two cameras that die together share more than chance: a fuse, a switch, a mains cable.
_TOGETHER: Final = 2
_NOTHING_ANSWERS: Final = frozenset({names.TIMEOUT, *names.UNREACHABLE})


def camera_state(steps: Sequence[Step]) -> str:
    """The state of one camera from the steps of its measurement; "" when they do not tell."""
    told = [step.stream_state for step in steps if step.step == "stream" and step.stream_state]
    if told:
        return told[-1]
    return DEAD if _silent(step for step in steps if step.step in {"tcp", "stream"}) else UNKNOWN


def _silent(steps: Iterable[Step]) -> bool:
    failures = [step.failure for step in steps]
    return bool(failures) and all(failure in _NOTHING_ANSWERS for failure in failures)


def station_states(cameras: Mapping[str, str], *, line_alive: bool) -> dict[str, str]:
    """The cameras of one station, judged together: name to state, as `cameras`.

    `line_alive`: the station's own line answers (its router, a probe behind it). When every camera, and
    two at least, is dead at once while the line lives, it is the power that is missing.
    """
    dead = sum(state == DEAD for state in cameras.values())
    if not line_alive or dead < max(_TOGETHER, len(cameras)):
        return dict(cameras)
    return dict.fromkeys(cameras, NO_POWER)
