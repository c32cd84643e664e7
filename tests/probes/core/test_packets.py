"""Who ended a flow, and where a censor stands: told from headers alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.packets import Flow, Hop, Packet, censor_hop, ended_by_server, hops_total, read_flow


def synack(ttl: int, ipid: int | None = 0) -> Packet:
    return Packet(flags="SA", ttl=ttl, ipid=ipid)


def data(ttl: int, ipid: int | None = 0) -> Packet:
    return Packet(flags="PA", ttl=ttl, ipid=ipid, size_bytes=1200)


def reset(ttl: int, ipid: int | None = 0) -> Packet:
    return Packet(flags="R", ttl=ttl, ipid=ipid)


def fin(ttl: int, ipid: int | None = 0) -> Packet:
    return Packet(flags="FA", ttl=ttl, ipid=ipid)


EXPIRED = Packet(expired=True)


def test_a_flow_is_its_first_telling_packets() -> None:
    flow = read_flow([synack(52), EXPIRED, data(52), data(51), reset(60), fin(52)])
    assert flow == Flow(synack=synack(52), data=data(52), end=reset(60), expired=True)
    assert flow.end_flag == "RST"


def test_a_flow_of_nothing_tells_nothing() -> None:
    assert (read_flow([]).end_flag, ended_by_server(read_flow([]))) == ("", None)


@pytest.mark.parametrize(
    ("what", "packets", "by_server"),
    [
        ("a reset with the server's TTL", [synack(52), reset(52)], True),
        ("a reset from nearer", [synack(52), reset(61)], False),
        ("a reset of another make", [synack(52), reset(250)], False),
        ("one hop apart is no evidence", [synack(52), reset(53)], None),
        ("a balancer answers the SYN, the server itself the rest", [synack(60), data(52), fin(52)], True),
        ("no SYN-ACK was seen", [reset(52)], None),
        ("nothing ended", [synack(52), data(52)], None),
        ("a counter that moved on a little", [synack(52, 65_530), fin(52, 12)], True),
        ("a counter that cannot have moved so far", [synack(52, 100), fin(52, 40_000)], None),
        ("IPv6 has no counter", [synack(52, None), reset(52, None)], True),
        (
            "the data that ends the flow is no witness for itself",
            [Packet(flags="FPA", ttl=52, size_bytes=9)],
            None,
        ),
    ],
)
def test_the_one_who_ended_a_flow(what: str, packets: list[Packet], by_server: bool | None) -> None:
    assert ended_by_server(read_flow(packets)) is by_server, what


def walk(*words: str) -> list[Hop]:
    """Hops from TTL 1 on: expired, answered, silent, RST, FIN, unconnected."""
    return [
        Hop(
            ttl=ttl,
            connected=word != "unconnected",
            expired=word == "expired",
            answered=word == "answered",
            end_flag=word if word in {"RST", "FIN"} else "",
        )
        for ttl, word in enumerate(words, start=1)
    ]


HARMLESS = walk("expired", "expired", "expired", "answered")


@pytest.mark.parametrize(
    ("what", "harmless", "wanted", "hop"),
    [
        ("all is well", HARMLESS, walk("expired", "expired", "expired", "answered"), None),
        ("silence from hop 3 on", HARMLESS, walk("expired", "expired", "silent", "silent"), 3),
        ("a reset from hop 2 on", HARMLESS, walk("expired", "RST"), 2),
        ("a reset beside the router's message", HARMLESS, walk("expired", "expired", "FIN", "RST"), 3),
        ("one lost message in between", HARMLESS, walk("expired", "silent", "expired", "answered"), None),
        ("a lost message before the silence", HARMLESS, walk("silent", "expired", "silent", "silent"), 3),
        ("only the server is silent", HARMLESS, walk("expired", "expired", "expired", "silent"), 4),
        (
            "a router that never answers hides the place",
            walk("expired", "silent", "expired", "answered"),
            walk("expired", "silent", "silent", "silent"),
            3,
        ),
        ("the walk broke off before the server", HARMLESS, walk("expired", "expired", "silent"), None),
        ("connections failed", HARMLESS, walk("expired", "expired", "unconnected", "unconnected"), None),
        ("the harmless name got nowhere", walk("expired", "silent"), walk("expired", "silent"), None),
        ("both are reset", walk("RST", "answered"), walk("RST", "answered"), None),
        ("nothing was walked", [], [], None),
    ],
)
def test_the_place_of_the_censor(what: str, harmless: list[Hop], wanted: list[Hop], hop: int | None) -> None:
    assert censor_hop(harmless, wanted) == hop, what


def test_the_way_is_as_long_as_the_first_answer() -> None:
    assert (hops_total(HARMLESS), hops_total(walk("expired"))) == (4, None)


hops = st.lists(
    st.sampled_from(["expired", "answered", "silent", "RST", "FIN", "unconnected"]), max_size=12
).map(lambda words: walk(*words))


@given(hops, hops)
def test_a_censor_never_stands_beyond_the_server(harmless: list[Hop], wanted: list[Hop]) -> None:
    hop, total = censor_hop(harmless, wanted), hops_total(harmless)
    assert hop is None or (total is not None and 1 <= hop <= total)


@given(hops)
def test_two_equal_walks_name_nobody(same: list[Hop]) -> None:
    assert censor_hop(same, same) is None
