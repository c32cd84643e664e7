"""Real packets on a real road: the helper's eyes, and what is read from them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from probes.core.packets import step_ended_by_server
from probes.packets.client import COMMAND
from tests.system.packets.chain import PLACES, Chain, reset_after_hello, silence_after_hello
from wire.canonical import Decoder
from wire.records import Step

HERE = Path(__file__).parent
decode = Decoder(Step)
# The censor is the second router. It lets pass what expires there, so it first shows at TTL 3.
CENSOR_HOP = PLACES.index("censor") + 1
LENGTH = len(PLACES) - 1


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    with Chain() as built:
        yield built


def look(chain: Chain, what: str, family: int = 4) -> Step:
    return decode(chain.look(what, chain.server[family]).strip().encode())


@pytest.mark.parametrize("family", [4, 6])
def test_a_calm_road_shows_its_length_and_no_censor(chain: Chain, family: int) -> None:
    with chain.serving(HERE / "answering.py", "well"):
        step = look(chain, "walk", family)
    assert (step.failure, step.hops_total, step.censor_hop) == (None, LENGTH, None)
    assert step.ttl_synack == step.ttl_data == 64 - (LENGTH - 1)
    assert (step.ipid_synack is None) == (family == 6)


@pytest.mark.parametrize("family", [4, 6])
def test_a_reset_from_the_road_is_told_from_the_server_and_placed(chain: Chain, family: int) -> None:
    with chain.serving(HERE / "answering.py", "well"), chain.censored(*reset_after_hello()):
        step = look(chain, "walk", family)
    assert (step.end_flag, step.censor_hop, step.hops_total) == ("RST", CENSOR_HOP, LENGTH)
    assert step_ended_by_server(step) is False


@pytest.mark.parametrize("family", [4, 6])
def test_silence_is_placed(chain: Chain, family: int) -> None:
    with chain.serving(HERE / "answering.py", "well"), chain.censored(*silence_after_hello()):
        step = look(chain, "walk", family)
    assert (step.end_flag, step.censor_hop, step.hops_total) == ("", CENSOR_HOP, LENGTH)


@pytest.mark.parametrize(("manner", "flag"), [("reset", "RST"), ("close", "FIN")])
def test_a_server_that_hangs_up_itself_is_seen_to(chain: Chain, manner: str, flag: str) -> None:
    with chain.serving(HERE / "answering.py", manner):
        step = look(chain, "walk")
    assert (step.end_flag, step_ended_by_server(step)) == (flag, True)
    assert step.censor_hop == step.hops_total == LENGTH


def test_both_answers_of_a_race_are_kept(chain: Chain) -> None:
    with chain.serving(HERE / "racing.py"):
        step = look(chain, "dns")
    assert step.ttl_answers == (200 - 3, 64 - 3)
    assert step.second_answers == ("198.51.100.1",)


def test_a_server_that_is_not_there_is_no_censor(chain: Chain) -> None:
    step = look(chain, "walk")
    assert (step.failure, step.censor_hop, step.hops_total) == (None, None, None)


def helper_says(*lines: str | bytes) -> list[dict[str, object]]:
    text = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n"
    done = subprocess.run(COMMAND, input=text, capture_output=True, timeout=30, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def asked(**changes: object) -> str:
    usual = {
        "id": 1, "watch": "tcp", "local": "127.0.0.1", "local_port": 40_000,
        "remote": "127.0.0.1", "remote_port": 443, "seconds": 1,
    }  # fmt: skip
    return json.dumps(usual | changes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "not JSON"),
        ("[]", "not a command"),
        (b"\xff\xfe", "not JSON"),
        (asked(more=1), "not a command"),
        (asked(watch="all"), "not a command"),
        (asked(local="192.0.2.7"), "not an address of this machine"),
        (asked(remote="224.0.0.1"), "not the address of one machine"),
        (asked(remote="::"), "not the address of one machine"),
        (asked(remote="127.0.0.1 or tcp"), "not the address of one machine"),
        (asked(remote=7), "not the address of one machine"),
        (asked(remote="::1"), "two families in one flow"),
        (asked(local_port=22), "not a number from 1024 to 65535"),
        (asked(remote_port=True), "not a number from 1 to 65535"),
        (asked(seconds=3600), "not a number from 1 to 30"),
        (asked() + " " * 2000, "too much at once"),
    ],
)
def test_the_helper_refuses_what_is_not_a_flow_of_this_machine(line: str | bytes, reason: str) -> None:
    assert helper_says(line) == [{"ready": True}, {"refused": reason}]


def test_the_helper_takes_an_id_once() -> None:
    assert helper_says(asked(), asked())[1:] == [
        {"id": 1, "watching": True},
        {"refused": "this id is in use"},
    ]


def test_the_helper_stops_when_told() -> None:
    said = helper_says(asked(), '{"stop":1}', '{"stop":9}', '{"stop":0}', asked())
    assert said[1:] == [
        {"id": 1, "watching": True},
        {"id": 1, "ended": True},
        {"refused": "not a number from 1 to 2147483648"},
        {"id": 1, "watching": True},
    ]


def test_the_helper_takes_no_flood() -> None:
    said = helper_says(*(asked(id=number) for number in range(1, 300)))
    assert sum("watching" in line for line in said) == 64
    assert {"refused": "too much at once"} in said


def test_the_helper_keeps_one_right_and_is_nobody() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"ready": True}
        status = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
            if ":\t" in line
        )
        process.communicate()
    assert status["Uid"].split() == ["65534"] * 4
    assert {status[key] for key in ("CapEff", "CapPrm")} == {f"{1 << 13:016x}"}
    assert {status[key] for key in ("CapInh", "CapAmb")} == {f"{0:016x}"}
    assert status["NoNewPrivs"] == "1"


def test_without_the_right_the_helper_says_so() -> None:
    without = ("setpriv", "--bounding-set", "-net_raw", *COMMAND)
    done = subprocess.run(without, capture_output=True, timeout=30, check=False)
    assert json.loads(done.stdout) == {"ready": False, "reason": "CAP_NET_RAW is not held"}


def test_without_scapy_the_helper_says_so() -> None:
    done = subprocess.run([sys.executable, "-S", *COMMAND[1:]], capture_output=True, timeout=30, check=False)
    assert json.loads(done.stdout) == {"ready": False, "reason": "scapy is not installed"}
