from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.judge.scenes import TRUE, dns, http, tcp, tls, verdict
from wire.judge.sequential import decide
from wire.judge.speed import is_slower
from wire.records import Step


def at(step: Step, t0: float, took: float) -> Step:
    return replace(step, t0=t0, t=t0 + took)


def handshakes(wanted: list[float], harmless: list[float]) -> tuple[Step, ...]:
    """Alternating handshakes: the wanted name, then the harmless one on the same address."""
    steps: list[Step] = [dns(TRUE), tcp()]
    for number, (one, other) in enumerate(zip(wanted, harmless, strict=True)):
        steps.append(at(tls(role="again" if number else ""), 10.0 * number, one))
        steps.append(at(tls(role="name_control", name="example.com"), 10.0 * number + 5, other))
    return *steps, http()


@pytest.mark.parametrize(
    ("wanted", "harmless", "expected"),
    [
        ([2.0] * 4, [0.1] * 4, ("impaired", "tls.throttle.sni")),
        ([2.0] * 3, [0.1] * 3, ("ok", None)),
        ([2.0] * 6, [1.8] * 6, ("ok", None)),
        ([0.2] * 6, [0.01] * 6, ("ok", None)),
        ([2.0, 0.1, 2.0, 0.1, 2.0], [0.1] * 5, ("ok", None)),
    ],
    ids=["slow name", "too few pairs", "slow server or line", "fast either way", "now and then"],
)
def test_a_slow_name_is_told_from_a_slow_line(
    wanted: list[float], harmless: list[float], expected: tuple[str, str | None]
) -> None:
    got = verdict(handshakes(wanted, harmless))
    assert (got.state, got.mechanism) == expected


def test_the_test_asks_on_until_it_knows() -> None:
    assert decide([]) == "open"
    assert decide([True] * 3) == "open"
    assert decide([True] * 4) == "yes"
    assert decide([False] * 3) == "no"


@given(
    st.lists(st.booleans(), max_size=20).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one)))
)
def test_the_order_of_samples_means_nothing(both: tuple[list[bool], list[bool]]) -> None:
    assert decide(both[0]) == decide(both[1])


def test_two_fast_handshakes_make_no_pair() -> None:
    assert not is_slower(0.25, 0.001)
    assert is_slower(1.0, 0.1)
