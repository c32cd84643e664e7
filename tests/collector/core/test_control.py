from __future__ import annotations

import msgspec
from msgspec.structs import replace

from collector.core.control import MAX_AGE_S, Control
from tests.collector.core.scenes import NOW, seen
from wire.records import Measurement


def lines(control: Control, now: float = NOW) -> list[Measurement]:
    return [msgspec.json.decode(line, type=Measurement) for line in control.lines(now).splitlines()]


def test_the_newest_of_each_target_and_vantage_stands() -> None:
    control = Control()
    for vantage, at, state in ((1, NOW - 60, "ok"), (1, NOW, "down"), (1, NOW - 30, "ok"), (2, NOW, "ok")):
        control.take(vantage, replace(seen("a", state, at=at), probe=f"v{vantage}"))  # type: ignore[arg-type]  # from the row
    assert [(one.probe, one.verdict.state) for one in lines(control)] == [("v1", "down"), ("v2", "ok")]
    assert control.newest() == {"v1": NOW, "v2": NOW}


def test_a_control_that_is_too_old_is_not_given_out() -> None:
    control = Control()
    control.take(1, seen("a", at=NOW - MAX_AGE_S - 1))
    assert control.lines(NOW) == b""
