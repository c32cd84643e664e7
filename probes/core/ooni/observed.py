"""Steps of our records as OONI's queries, connects, handshakes, requests and events.

Rules of this file: nothing is judged and nothing is made up; each function turns one step into
one record. Times are shifted, since a messenger's test is made of several of our records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from msgspec import UNSET, Struct

from probes.core.ooni.format import (
    Answer,
    Connect,
    ConnectStatus,
    Event,
    Handshake,
    Query,
    Request,
    Response,
    Transaction,
)
from wire.judge.addresses import is_v6, parse_address
from wire.records import Measurement, Step

DNS_PORT: Final = 53
KINDS: Final = frozenset({"dns", "tcp", "tls", "http"})
# RFC 1035, 4.1.1.
_RCODES: Final = {"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5}
# OpenSSL's names of TLS 1.2 suites, as IANA writes them; those of TLS 1.3 are the same for both.
_SUITES: Final = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "AES128-GCM-SHA256": "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "AES256-GCM-SHA384": "TLS_RSA_WITH_AES_256_GCM_SHA384",
}


class Seen(Struct, frozen=True, kw_only=True):
    """A step in its test: its record began `shift_s` later; `accused`: the verdict names its stage."""

    step: Step
    shift_s: float
    transaction: int
    tags: tuple[str, ...]
    accused: bool = False

    @property
    def t0(self) -> float:
        """When it began, in seconds of the whole test."""
        return self.step.t0 + self.shift_s

    @property
    def t(self) -> float:
        """When it ended."""
        return self.step.t + self.shift_s


def telling(one: Measurement) -> list[Step]:
    """The steps that OONI has a record for, in order of time; the line's own step is none of them."""
    return sorted((step for step in one.steps if step.step in KINDS), key=lambda step: step.t0)


def number(steps: Sequence[Step]) -> list[int]:
    """A transaction for each step, from 1: a lookup has its own, an endpoint of a hop shares one (ts-017)."""
    known: dict[tuple[object, ...], int] = {}
    return [known.setdefault(_endpoint(index, step), len(known) + 1) for index, step in enumerate(steps)]


def _endpoint(index: int, step: Step) -> tuple[object, ...]:
    return (index,) if step.step == "dns" else (step.hop, step.role, step.address, step.port)


def tags_of(step: Step) -> tuple[str, ...]:
    """web_connectivity's tags: the target's own steps are the classic test, all others are extensions."""
    depth = f"depth={step.hop}"
    return (depth, "fetch_body=false") if step.role else ("classic", depth, "fetch_body=true")


def query(seen: Seen) -> Query:
    """A question to a resolver."""
    step = seen.step
    public = parse_address(step.resolver) is not None
    return Query(
        answers=tuple(_answers(step)),
        engine=step.transport or "unknown",
        failure=step.failure,
        hostname=step.host,
        query_type=step.qtype,
        rcode=_RCODES.get(step.rcode, UNSET),
        resolver_address=endpoint(step.resolver, step.port or DNS_PORT) if public else "",
        t0=seen.t0,
        t=seen.t,
        tags=seen.tags,
        transaction_id=seen.transaction,
    )


def _answers(step: Step) -> Iterator[Answer]:
    if step.cname:
        yield Answer(answer_type="CNAME", hostname=step.cname)
    for address in step.answers:
        if is_v6(address):
            yield Answer(answer_type="AAAA", ipv6=address)
        else:
            yield Answer(answer_type="A", ipv4=address)


def connect(seen: Seen) -> Connect:
    """A TCP connect."""
    step = seen.step
    failed = step.failure is not None
    status = ConnectStatus(blocked=failed and seen.accused, failure=step.failure, success=not failed)
    return Connect(
        ip=step.address,
        port=step.port,
        status=status,
        t0=seen.t0,
        t=seen.t,
        tags=seen.tags,
        transaction_id=seen.transaction,
    )


def handshake(seen: Seen) -> Handshake:
    """A TLS handshake."""
    step = seen.step
    return Handshake(
        address=endpoint(step.address, step.port),
        cipher_suite=_SUITES.get(step.cipher, step.cipher),
        failure=step.failure,
        negotiated_protocol=step.alpn,
        server_name=step.server_name,
        t0=seen.t0,
        t=seen.t,
        tags=seen.tags,
        tls_version=step.version,
        transaction_id=seen.transaction,
    )


def transaction(seen: Seen) -> Transaction:
    """An HTTP round trip."""
    step = seen.step
    response = Response(code=step.status, headers=step.headers, headers_list=tuple(step.headers.items()))
    return Transaction(
        address=endpoint(step.address, step.port) if step.address else "",
        alpn=step.alpn,
        failure=step.failure,
        request=Request(url=step.url),
        response=response,
        t0=seen.t0,
        t=seen.t,
        tags=seen.tags,
        transaction_id=seen.transaction,
    )


def events(seen: Seen) -> Iterator[Event]:
    """What happened on the wire, as far as a step tells it."""
    match seen.step.step:
        case "tcp":
            yield _event(seen, "connect", address=endpoint(seen.step.address, seen.step.port))
        case "tls":
            yield _event(seen, "tls_handshake_start", begun=True)
            yield _event(seen, "tls_handshake_done")
        case "http":
            yield _event(seen, "http_transaction_start", begun=True)
            yield _event(seen, "http_transaction_done")


def _event(seen: Seen, operation: str, address: str = "", begun: bool = False) -> Event:
    return Event(
        address=address or UNSET,
        failure=None if begun else seen.step.failure,
        operation=operation,
        proto="tcp" if address else UNSET,
        t=seen.t0 if begun else seen.t,
        tags=seen.tags,
        transaction_id=seen.transaction,
    )


def endpoint(address: str, port: int) -> str:
    """`192.0.2.1:443` or `[2001:db8::1]:443`."""
    return f"[{address}]:{port}" if is_v6(address) else f"{address}:{port}"


T = TypeVar("T")


def each(seen: Sequence[Seen], name: str, make: Callable[[Seen], T]) -> tuple[T, ...]:
    """The steps of one name, each made into its record, in order of time."""
    return tuple(make(one) for one in seen if one.step.step == name)


def all_events(seen: Sequence[Seen]) -> tuple[Event, ...]:
    """Every event of a test, in order of time."""
    return tuple(sorted((event for one in seen for event in events(one)), key=lambda event: event.t))
