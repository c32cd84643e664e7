"""Linux's routing tables: is there a way out?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.routes import has_default_route

HEAD = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
DEFAULT = "eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n"
LOCAL = "eth0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
REJECTED = "eth0 00000000 00000000 0201 0 0 0 00000000 0 0 0\n"
ZERO = "0" * 32
V6 = f"{ZERO} 00 {ZERO} 00 fe80 00000400 00000001 00000000 00000003 eth0\n"
V6_NONE = f"{ZERO} 00 {ZERO} 00 {ZERO} ffffffff 00000001 00000000 00200200 lo\n"


@pytest.mark.parametrize(
    ("v4", "v6", "found"),
    [
        (HEAD + LOCAL + DEFAULT, "", True),
        (HEAD + LOCAL, V6_NONE, False),
        (HEAD + LOCAL, V6, True),
        (HEAD + REJECTED, "", False),
        (HEAD, "", False),
        ("", "", False),
        (HEAD + "eth0 00000000 x zz 0 0 0 00000000\n", "short line\n", False),
    ],
)
def test_a_default_route_is_a_way_out(v4: str, v6: str, found: bool) -> None:
    assert has_default_route(v4, v6) is found


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_table_gives_an_answer(v4: str, v6: str) -> None:
    assert has_default_route(v4, v6) in {True, False}
