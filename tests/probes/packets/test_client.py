"""The helper's process from our side, with small programs in its place."""

from __future__ import annotations

import sys

import pytest

from probes.packets import PacketHelper, packet_helper
from probes.packets.lines import Ends, Told

ENDS = Ends(local="192.0.2.1", local_port=40_000, remote="192.0.2.2", remote_port=443)
SEEN = '{"id":%d,"flags":"SA","ttl":61,"ipid":7,"size":0}'
# Reads commands for ever, as the helper does; what it answers is put in.
PROGRAM = """
import json, sys
def say(line): sys.stdout.write(line + "\\n"); sys.stdout.flush()
{start}
for line in sys.stdin:
    asked = json.loads(line)
    if "stop" in asked: say('{{"id":%d,"ended":true}}' % asked["stop"]); continue
    id = asked["id"]
    {answer}
"""
READY = """say('{"ready":true}')"""
WELL = """say('{"id":%d,"watching":true}' % id); say('""" + SEEN + """' % id)"""


def program(start: str = READY, answer: str = WELL) -> tuple[str, ...]:
    return (sys.executable, "-c", PROGRAM.format(start=start, answer=answer))


def anything(told: object) -> bool:
    return bool(told)


async def is_watched(helper: PacketHelper) -> bool:
    async with helper.watch("tcp", ENDS, 5) as watched:
        return watched is not None


async def test_what_is_seen_is_told() -> None:
    async with packet_helper(program()) as helper, helper.watch("tcp", ENDS, 5) as watched:
        assert watched is not None
        await watched.until(anything, 5)
        assert watched.told == [Told(id=1, flags="SA", ttl=61, ipid=7)]


async def test_a_wait_without_news_ends_at_its_time() -> None:
    quiet = program(answer="""say('{"id":%d,"watching":true}' % id)""")
    async with packet_helper(quiet) as helper, helper.watch("tcp", ENDS, 5) as watched:
        assert watched is not None
        await watched.until(anything, 0.05)
        assert (watched.told, watched.broken) == ([], False)


async def test_it_is_not_started_before_it_is_needed() -> None:
    async with packet_helper(("/nowhere/at/all",)) as helper:
        assert helper.reason == "not started"


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (("/nowhere/at/all",), "it cannot be started: No such file or directory"),
        (program(start="sys.exit(3)"), "it did not begin"),
        (program(start="say('nonsense')"), "it did not begin"),
        (program(start="say('x' * 10_000)"), "it did not begin"),
        (
            program(start="""say('{"ready":false,"reason":"scapy is not installed"}')"""),
            "scapy is not installed",
        ),
    ],
)
async def test_without_a_helper_the_reason_is_said(argv: tuple[str, ...], reason: str) -> None:
    async with packet_helper(argv) as helper:
        assert not await is_watched(helper)
        assert helper.missing == f"unknown_failure: no packet helper: {reason}"


async def test_what_is_refused_is_not_watched() -> None:
    async with packet_helper(program(answer="""say('{"refused":"too much at once"}')""")) as helper:
        assert not await is_watched(helper)
        assert helper.reason == "too much at once"


async def test_when_it_dies_the_silence_is_told_from_a_quiet_flow() -> None:
    dying = """say('{"id":%d,"watching":true}' % id); sys.exit(1)"""
    async with packet_helper(program(answer=dying)) as helper, helper.watch("tcp", ENDS, 5) as watched:
        assert watched is not None
        await watched.until(anything, 5)
        assert watched.broken


async def test_it_is_started_anew_a_few_times_and_then_left_alone() -> None:
    async with packet_helper(program(answer="sys.exit(1)")) as helper:
        assert not any([await is_watched(helper) for _ in range(5)])
        assert helper.reason == "it is gone"


async def test_a_walk_may_be_made_a_few_times_only() -> None:
    async with packet_helper(program()) as helper:
        assert sum(helper.take_walk() for _ in range(50)) == 12
