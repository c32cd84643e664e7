"""What is remembered of a camera's rate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams.usual import KEPT, Usual
from wire.errors import BadInput
from wire.records import Measurement, Network, Step, Target, Verdict

CAMERA = Target(id="KZ-71-0379/hall", url="rtsp://cam.example/one", category="camera")


def seen(rate: int | None, state: str = "fine") -> Measurement:
    step = Step(step="stream", failure=None, t0=0.0, t=3.0, stream_state=state, bitrate_bps=rate)
    return Measurement(
        id="m", probe="p", at="2026-11-20T12:00:00.000Z", network=Network(), target=CAMERA, steps=(step,),
        verdict=Verdict(state="ok"),
    )  # fmt: skip


def test_the_median_of_fine_rates_is_usual() -> None:
    usual = Usual()
    assert usual.learn([seen(100), seen(300), seen(200)])
    assert usual.expected(CAMERA).usual_bps == 200


def test_a_covered_lens_never_becomes_usual() -> None:
    usual = Usual({CAMERA.id: [500_000]})
    assert not usual.learn([seen(5_000, "masked")] * 500)
    assert usual.expected(CAMERA).usual_bps == 500_000


def test_a_control_tells_what_is_usual_until_there_is_a_past() -> None:
    assert Usual().expected(CAMERA, [seen(400_000), seen(None)]).usual_bps == 400_000
    assert Usual({CAMERA.id: [100]}).expected(CAMERA, [seen(400_000)]).usual_bps == 100
    assert Usual().expected(CAMERA).usual_bps == 0


def test_memory_has_an_end() -> None:
    usual = Usual()
    usual.learn([seen(1)] * KEPT + [seen(9)] * KEPT)
    assert usual.expected(CAMERA).usual_bps == 9


def test_what_was_kept_comes_back() -> None:
    usual = Usual()
    usual.learn([seen(100)])
    assert Usual.load(usual.dump()).expected(CAMERA) == usual.expected(CAMERA)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_memory_or_bad_input(raw: bytes) -> None:
    try:
        Usual.load(raw)
    except BadInput:
        return


def test_broken_memory_is_refused() -> None:
    with pytest.raises(BadInput):
        Usual.load(b'{"a": "b"}')
