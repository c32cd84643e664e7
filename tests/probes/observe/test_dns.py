"""Names and a real name server of loopback: answers, lies, silence, junk."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from probes.core.resolv_conf import Resolver
from tests.probes.observe.looking import look
from tests.servers.names import NameServer, Zone, name_server
from tests.servers.processes import free_ports
from wire import names
from wire.records import Step

HERE = "127.0.0.1"


def resolver(port: int) -> Resolver:
    return Resolver(address=HERE, port=port, label=HERE)


def asked(steps: Sequence[Step], qtype: str = "A") -> Step:
    (found,) = [step for step in steps if step.step == "dns" and step.qtype == qtype and not step.role]
    return found


async def ask(server: NameServer, name: str = "site.test", timeout_s: float = 2.0) -> tuple[Step, ...]:
    """The steps towards a port where nobody listens."""
    (port,) = free_ports(1)
    return await look(f"tcp://{name}:{port}", timeout_s=timeout_s, resolvers=(resolver(server.port),))


async def test_both_families_are_asked_and_every_address_is_tried() -> None:
    async with name_server({"site.test": Zone(v4=(HERE, "127.0.0.2"), v6=("::1",))}) as server:
        steps = await ask(server)
    assert sorted(server.asked) == [("site.test", "A", "udp"), ("site.test", "AAAA", "udp")]
    v4, v6 = asked(steps), asked(steps, "AAAA")
    assert (v4.answers, v4.failure, v4.rcode, v4.resolver) == ((HERE, "127.0.0.2"), None, "NOERROR", HERE)
    assert v6.answers == ("::1",)
    assert sorted(step.address for step in steps if step.step == "tcp") == [HERE, "127.0.0.2", "::1"]
    assert all(0 <= step.t0 <= step.t for step in steps)


@pytest.mark.parametrize(
    ("zone", "failure"),
    [
        (Zone(rcode="NXDOMAIN"), names.DNS_NXDOMAIN),
        (Zone(rcode="SERVFAIL"), names.DNS_SERVFAIL),
        (Zone(rcode="REFUSED"), names.DNS_REFUSED),
        (Zone(rcode="NOTIMP"), "unknown_failure: dns notimp"),
        (Zone(), names.DNS_NO_ANSWER),
        (Zone(silent_for=99), names.TIMEOUT),
    ],
)
async def test_a_question_without_addresses_is_named(zone: Zone, failure: str) -> None:
    async with name_server({"site.test": zone}) as server:
        steps = await ask(server, timeout_s=0.3)
    assert asked(steps).failure == failure
    assert not [step for step in steps if step.step == "tcp"]


async def test_a_closed_door_is_not_waited_for() -> None:
    (port,) = free_ports(1)
    steps = await look("tcp://site.test:9", timeout_s=5, resolvers=(resolver(port),))
    assert asked(steps).failure == names.REFUSED
    assert asked(steps).t < 1


async def test_a_lost_question_is_asked_again() -> None:
    async with name_server({"site.test": Zone(v4=(HERE,), silent_for=2)}) as server:
        steps = await ask(server, timeout_s=0.6)
    assert asked(steps).failure is None


async def test_the_next_resolver_is_asked_when_the_first_is_silent_or_unable() -> None:
    for zone in (Zone(silent_for=99), Zone(rcode="SERVFAIL")):
        async with (
            name_server({"site.test": zone}) as bad,
            name_server({"site.test": Zone(v4=(HERE,))}) as good,
        ):
            both = (resolver(bad.port), resolver(good.port))
            steps = await look("tcp://site.test:9", timeout_s=1, resolvers=both)
        assert asked(steps).failure is None


async def test_no_such_name_is_an_answer_and_nobody_else_is_asked() -> None:
    async with name_server({}) as first, name_server({}) as second:
        await look("tcp://site.test:9", resolvers=(resolver(first.port), resolver(second.port)))
    assert len(first.asked) == 2
    assert second.asked == []


async def test_a_long_answer_is_fetched_by_tcp() -> None:
    async with name_server({"site.test": Zone(v4=(HERE,), long=True)}) as server:
        steps = await ask(server)
    assert (asked(steps).transport, asked(steps).answers) == ("tcp", (HERE,))
    assert ("site.test", "A", "tcp") in server.asked


async def test_a_long_answer_without_tcp_is_a_failure_with_a_name() -> None:
    async with name_server({"site.test": Zone(v4=(HERE,), long=True)}, tcp=False) as server:
        steps = await ask(server)
    assert (asked(steps).transport, asked(steps).failure) == ("tcp", names.REFUSED)


async def test_junk_before_the_answer_is_not_taken_for_it() -> None:
    junk = (b"", b"ID", b"xx\x81\x80\0\1\0\0\0\0\0\0", b"ID\x81\x80\0\1\0\0\0\0\0\0\5other\4test\0\0\1\0\1")
    async with name_server({"site.test": Zone(v4=(HERE,), junk=junk)}) as server:
        steps = await ask(server)
    assert asked(steps).answers == (HERE,)


async def test_an_idn_is_asked_for_in_letters_of_ascii_and_kept_as_written() -> None:
    async with name_server({"xn--b4a.test": Zone(v4=(HERE,))}) as server:
        steps = await ask(server, "қ.test")
    assert asked(steps).host == "қ.test"
    assert asked(steps).answers == (HERE,)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
async def test_nobody_is_asked_for_an_address_or_for_this_machine(host: str) -> None:
    steps = await look(f"tcp://{host}:9")
    assert not [step for step in steps if step.step == "dns"]
    assert [step for step in steps if step.step == "tcp"]


async def test_the_kind_dns_asks_that_resolver_alone() -> None:
    async with name_server({"site.test": Zone(v4=("185.1.1.1",))}) as server:
        steps = await look(f"dns://{HERE}:{server.port}/site.test")
    assert asked(steps).answers == ("185.1.1.1",)
    assert asked(steps).host == "site.test"
    assert {step.step for step in steps} == {"dns"}
