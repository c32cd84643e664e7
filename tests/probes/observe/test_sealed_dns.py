"""Resolvers over TLS and over HTTPS: real unbound, and servers that answer otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from probes.core.resolv_conf import Resolver
from tests.probes.observe.looking import look, one
from tests.servers.resolver import HOST, Ports, resolver
from wire import names
from wire.judge.trail import outcome
from wire.records import Step, Target


@pytest.fixture
async def unbound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ports]:
    async with resolver(tmp_path, certified=HOST) as ports:
        monkeypatch.setenv("SSL_CERT_FILE", str(ports.authority))
        yield ports


def own(ports: Ports) -> tuple[Resolver, ...]:
    return (Resolver(address="127.0.0.1", port=ports.plain, label="own"),)


def complete(url: str, steps: tuple[Step, ...]) -> bool:
    return outcome(Target(id="it", url=url, category="control"), steps).complete


async def test_a_resolver_answers_over_tls(unbound: Ports) -> None:
    url = f"dot://{HOST}:{unbound.dot}/site.test"
    steps = await look(url, resolvers=own(unbound))
    assert one(steps, "dns").answers == ("185.1.1.10",)
    assert one(steps, "dns").transport == "dot"
    assert len(one(steps, "tls").chain) == 2
    assert {step.role for step in steps if step.step == "dns"} == {"", "resolver"}
    assert complete(url, steps)


async def test_a_resolver_answers_over_https(unbound: Ports) -> None:
    url = f"doh://{HOST}:{unbound.doh}/site.test"
    steps = await look(url, resolvers=own(unbound))
    assert one(steps, "tls").alpn == "h2"
    assert (one(steps, "http").failure, one(steps, "http").status) == (None, 200)
    assert one(steps, "dns").answers == ("185.1.1.10",)
    assert complete(url, steps)


async def test_a_refusal_inside_a_handshake_ends_at_dns(unbound: Ports) -> None:
    for url in (f"dot://{HOST}:{unbound.dot}/refused.test", f"doh://{HOST}:{unbound.doh}/refused.test"):
        steps = await look(url, resolvers=own(unbound))
        end = outcome(Target(id="it", url=url, category="control"), steps)
        assert (end.complete, end.stage, end.failure) == (False, "dns", names.DNS_REFUSED)


async def test_a_resolver_without_a_name_is_known_by_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with resolver(tmp_path, certified="127.0.0.1") as ports:
        monkeypatch.setenv("SSL_CERT_FILE", str(ports.authority))
        steps = await look(f"dot://127.0.0.1:{ports.dot}/site.test")
        assert one(steps, "tls").failure is None
        assert one(steps, "dns").failure is None
        assert one(await look(f"doh://127.0.0.1:{ports.doh}/site.test"), "dns").failure is None


async def test_a_certificate_of_another_name_ends_at_tls(unbound: Ports) -> None:
    steps = await look(f"dot://127.0.0.1:{unbound.dot}/site.test")
    assert one(steps, "tls").failure == names.SSL_HOSTNAME
    assert not [step for step in steps if step.step == "dns"]


async def test_a_resolver_whose_name_is_denied_ends_at_dns(unbound: Ports) -> None:
    url = f"dot://refused.test:{unbound.dot}/site.test"
    steps = await look(url, resolvers=own(unbound))
    end = outcome(Target(id="it", url=url, category="control"), steps)
    assert (end.complete, end.stage, end.failure) == (False, "dns", names.DNS_REFUSED)
