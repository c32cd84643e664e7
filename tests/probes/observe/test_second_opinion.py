"""A name whose own answer is missing or strange is asked about elsewhere, and no other name is."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

import dns.exception
import pytest

from probes.core.resolv_conf import Resolver
from probes.observe import second_opinion
from probes.observe.second_opinion import failure_of, is_doubtful
from tests.probes.observe.looking import look
from tests.servers.names import NameServer, Zone, name_server
from tests.servers.processes import free_ports
from wire import names
from wire.records import Step

HERE = "127.0.0.1"
SITE = "site.test"
DENIED = Zone(rcode="NXDOMAIN")


def at(server: NameServer, label: str = HERE) -> Resolver:
    return Resolver(address=HERE, port=server.port, label=label)


@pytest.fixture(autouse=True)
def _unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sealed question goes where nobody listens."""
    monkeypatch.setattr(second_opinion, "_DOT_PORT", free_ports(1)[0])


async def opinions(own: Zone, public: Zone, known: tuple[str, ...] = ()) -> tuple[list[Step], NameServer]:
    """What others said of a name, and the public resolver that was asked."""
    (port,) = free_ports(1)
    async with name_server({SITE: own}) as mine, name_server({SITE: public}) as theirs:
        steps = await look(
            f"tcp://{SITE}:{port}",
            timeout_s=2.0,
            resolvers=(at(mine),),
            public=(at(theirs, "public"),),
            known=lambda _: known,
        )
    return [step for step in steps if step.step == "dns" and step.role], theirs


def said(steps: Sequence[Step], transport: str, role: str = "public") -> Step:
    (found,) = [step for step in steps if (step.transport, step.role) == (transport, role)]
    return found


async def test_a_denied_name_is_asked_about_by_every_transport() -> None:
    steps, theirs = await opinions(DENIED, Zone(v4=("127.0.0.2",)))
    assert {step.transport for step in steps} == {"udp", "tcp", "dot"}
    assert said(steps, "udp").answers == said(steps, "tcp").answers == ("127.0.0.2",)
    assert (said(steps, "dot").failure, said(steps, "dot").answers) == (names.REFUSED, ())
    assert {transport for _, _, transport in theirs.asked} == {"udp", "tcp"}
    assert {kind for _, kind, _ in theirs.asked} == {"A"}
    assert all((step.host, step.resolver, step.qtype) == (SITE, "public", "A") for step in steps)


async def test_a_name_with_a_usual_answer_is_told_to_nobody_else() -> None:
    steps, theirs = await opinions(Zone(v4=(HERE,)), Zone(v4=("127.0.0.2",)))
    assert (steps, theirs.asked) == ([], [])


async def test_a_name_whose_answer_is_the_controls_is_told_to_nobody_else() -> None:
    steps, theirs = await opinions(Zone(v4=(HERE,)), Zone(v4=(HERE,)), (HERE,))
    assert (steps, theirs.asked) == ([], [])


async def test_where_a_control_knows_better_a_question_goes_to_an_address_without_a_resolver() -> None:
    steps, _ = await opinions(DENIED, Zone(v4=("127.0.0.2",)), ("127.0.0.5", "::1"))
    nobody = said(steps, "udp", "no_resolver")
    assert (nobody.resolver, nobody.answers) == ("127.0.0.5", ())
    assert nobody.failure in {names.REFUSED, names.TIMEOUT}


@pytest.mark.parametrize(
    ("zone", "failure"),
    [
        (Zone(rcode="NXDOMAIN"), names.DNS_NXDOMAIN),
        (Zone(rcode="SERVFAIL"), names.DNS_SERVFAIL),
        (Zone(rcode="REFUSED"), names.DNS_REFUSED),
        (Zone(), names.DNS_NO_ANSWER),
    ],
    ids=["denied", "failed", "refused", "empty"],
)
async def test_what_a_public_resolver_does_is_named(zone: Zone, failure: str) -> None:
    steps, _ = await opinions(DENIED, zone)
    assert said(steps, "udp").failure == failure
    assert said(steps, "udp").answers == ()


async def test_a_public_resolver_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "WITHIN_S", 0.2)
    steps, _ = await opinions(DENIED, Zone(silent_for=99))
    assert said(steps, "udp").failure == names.TIMEOUT


@pytest.mark.parametrize(
    ("given", "known", "doubtful"),
    [
        ((), (), True),
        ((), ("185.1.1.1",), True),
        (("185.1.1.1",), (), False),
        (("185.1.1.9",), ("185.1.1.1",), False),
        (("93.5.5.5",), ("185.1.1.1",), True),
        (("93.5.5.5", "185.1.1.1"), ("185.1.1.1",), False),
        (("64:ff9b::b901:109",), ("185.1.1.1",), False),
    ],
)
def test_a_name_is_in_doubt_without_an_answer_or_with_a_stranger(
    given: tuple[str, ...], known: tuple[str, ...], doubtful: bool
) -> None:
    assert is_doubtful(given, known) is doubtful


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (TimeoutError(), names.TIMEOUT),
        (dns.exception.Timeout(), names.TIMEOUT),  # type: ignore[no-untyped-call]  # dnspython's
        (ssl.SSLCertVerificationError(1, "bad"), names.SSL_AUTHORITY),
        (ssl.SSLError(1, "alert"), names.SSL_HANDSHAKE),
        (ConnectionRefusedError(111, "no"), names.REFUSED),
        (ConnectionResetError(104, "no"), names.RESET),
        (EOFError(), names.EOF),
        (dns.exception.FormError(), "unknown_failure: not a DNS answer"),  # type: ignore[no-untyped-call]  # as above
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_goes_wrong_with_a_question_has_a_name(
    error: OSError | EOFError | dns.exception.DNSException, failure: str
) -> None:
    assert failure_of(error) == failure
