"""The states of a camera and of a whole station."""

from __future__ import annotations

from wire import names, streams
from wire.records import Step


def step(name: str, failure: str | None, state: str = "") -> Step:
    return Step(step=name, failure=failure, t0=0.0, t=1.0, stream_state=state)


def test_a_camera_has_the_state_that_its_stream_showed() -> None:
    assert streams.camera_state([step("tcp", None), step("stream", None, "frozen")]) == "frozen"


def test_a_camera_where_nothing_answers_is_dead() -> None:
    assert streams.camera_state([step("tcp", names.TIMEOUT), step("tcp", names.HOST_UNREACHABLE)]) == "dead"
    assert streams.camera_state([step("stream", names.TIMEOUT)]) == "dead"


def test_a_camera_that_refuses_or_was_not_found_is_not_called_dead() -> None:
    assert streams.camera_state([step("tcp", names.REFUSED)]) == ""
    assert streams.camera_state([step("dns", names.TIMEOUT)]) == ""
    assert streams.camera_state([step("tcp", None), step("stream", None)]) == ""


def test_all_cameras_dead_at_once_on_a_line_that_lives_are_without_power() -> None:
    dead = {"one": "dead", "two": "dead"}
    assert streams.station_states(dead, line_alive=True) == {"one": "no_power", "two": "no_power"}
    assert streams.station_states(dead, line_alive=False) == dead


def test_one_dead_camera_is_only_dead() -> None:
    assert streams.station_states({"one": "dead"}, line_alive=True) == {"one": "dead"}
    some = {"one": "dead", "two": "dead", "three": "fine"}
    assert streams.station_states(some, line_alive=True) == some
    assert streams.station_states({}, line_alive=True) == {}
