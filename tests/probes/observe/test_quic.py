"""Knocks at a real QUIC server, at deaf ports and at closed ones."""

from __future__ import annotations

from pathlib import Path

from dabyl.system import SystemClock, SystemRandom
from probes.core.quic import ENTROPY, Dial, Knock
from probes.observe.datagrams import correspond
from tests.probes.observe.looking import look, one
from tests.servers.deaf import deaf_datagrams, say_nothing, talking
from tests.servers.processes import free_ports
from tests.servers.quic import quic_server
from wire import names

SHORT_S = 0.7


async def test_a_real_server_answers_a_first_flight_with_a_name(tmp_path: Path) -> None:
    async with quic_server(tmp_path) as port:
        steps = await look(f"quic://localhost:{port}", timeout_s=2)
    step = next(step for step in steps if step.failure is None)
    assert (step.step, step.quic_answer, step.answered) == ("quic", "initial", True)
    assert (step.server_name, step.version, step.quic_error) == ("localhost", "1", None)


async def test_a_server_that_wants_addresses_proven_answers_too(tmp_path: Path) -> None:
    async with quic_server(tmp_path, retry=True) as port:
        steps = await look(f"quic://127.0.0.1:{port}")
    assert (one(steps, "quic").failure, one(steps, "quic").quic_answer) == (None, "retry")
    assert one(steps, "quic").server_name == ""


async def test_a_server_that_closes_at_once_has_answered(tmp_path: Path) -> None:
    async with quic_server(tmp_path, protocol="something-else") as port:
        steps = await look(f"quic://127.0.0.1:{port}")
    assert (one(steps, "quic").quic_answer, one(steps, "quic").quic_error) == ("close", 0x178)


async def test_silence_is_compared_with_tcp_with_no_name_and_with_a_harmless_one() -> None:
    with deaf_datagrams() as port:
        async with talking(say_nothing, port):
            steps = await look(f"quic://127.0.0.1:{port}", timeout_s=SHORT_S)
    assert one(steps, "tcp", "beside").failure is None
    for role in ("", "no_name", "name_control", "again"):
        assert (one(steps, "quic", role).failure, one(steps, "quic", role).answered) == (names.TIMEOUT, False)


async def test_a_closed_port_refuses() -> None:
    steps = await look(f"quic://127.0.0.1:{free_ports(1)[0]}", timeout_s=SHORT_S)
    assert one(steps, "quic").failure == names.REFUSED
    assert one(steps, "tcp", "beside").failure == names.REFUSED


async def test_an_address_that_the_control_knows_is_knocked_at_when_others_are_silent(tmp_path: Path) -> None:
    async with quic_server(tmp_path) as port:
        steps = await look(f"quic://127.0.0.2:{port}", timeout_s=SHORT_S, known=lambda _: ("127.0.0.1",))
    assert one(steps, "quic").failure == names.REFUSED
    assert one(steps, "quic", "known_address").quic_answer == "initial"


async def test_an_unknown_version_is_answered_with_those_that_are_known(tmp_path: Path) -> None:
    knock = Knock(Dial.of("", SystemRandom().token(ENTROPY)), nameless=True)
    async with quic_server(tmp_path) as port:
        failure = await correspond(("127.0.0.1", port), knock, 2.0, SystemClock())
    assert failure is None
    assert knock.answer is not None
    assert (knock.answer.kind, 1 in knock.answer.versions) == ("version_negotiation", True)


async def test_a_server_that_was_deaf_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    knock = _Late(Dial.of("", SystemRandom().token(ENTROPY)))
    async with quic_server(tmp_path) as port:
        assert await correspond(("127.0.0.1", port), knock, 5.0, SystemClock()) is None


class _Late(Knock):
    """A knock whose first packet is lost."""

    def start(self) -> list[bytes]:
        super().start()
        return []
