"""CPU per check: the probe's engine beside blackbox_exporter, same servers, same run, in turn."""

from __future__ import annotations

import os
from collections.abc import Iterator
from statistics import median
from urllib.request import urlopen

from benchmarks.cost import Row, cpu_s_of, own_cpu_s
from benchmarks.peers import NAME, RESOLVER, Bench, bench
from dabyl import loop
from dabyl.system import SystemClock, SystemRandom
from probes import Plan, Tools, Who, given, make_trust, run_round
from wire.judge import ControlTable
from wire.records import Network, Target

CHECKS = 500
ROUNDS = 5


def run() -> list[Row]:
    """A row for each kind: full https, TCP alone, DNS alone."""
    with bench() as servers:
        os.environ["SSL_CERT_FILE"] = str(servers.folder / "ca.pem")
        return [_row(servers, *kind) for kind in _kinds(servers)]


def _kinds(servers: Bench) -> Iterator[tuple[str, str, str, str]]:
    """What, our URL, blackbox_exporter's module and target."""
    port = servers.tls_port
    yield "full https check", f"https://{NAME}:{port}/", "https", f"https://{NAME}:{port}/"
    yield "TCP connect", f"tcp://127.0.0.1:{port}", "tcp", f"127.0.0.1:{port}"
    yield "DNS A and AAAA (peer: A)", f"dns://{RESOLVER}/{NAME}", "dns", f"{RESOLVER}:53"


def _row(servers: Bench, what: str, url: str, module: str, target: str) -> Row:
    pairs = [(_ours(url), _blackbox(servers, servers.blackbox(module, target))) for _ in range(ROUNDS + 1)]
    ours, peer = zip(*pairs[1:], strict=True)  # the first pair warms up
    return Row(what=what, unit="ms CPU", ours=median(ours), peer=median(peer), peer_name="blackbox_exporter")


def _ours(url: str) -> float:
    """Milliseconds of CPU a check, judging included."""
    target = Target(id="bench", url=url, category="control", side="foreign")
    plan = Plan(targets=(target,) * CHECKS, controls=ControlTable([]))
    tools = Tools(
        clock=SystemClock(), randomness=SystemRandom(), trust=make_trust(), resolvers=(given(RESOLVER),)
    )
    who = Who("bench", Network(), SystemRandom())
    before = own_cpu_s()
    measured = loop.run(run_round(plan, tools, who))
    took = own_cpu_s() - before
    assert all(one.verdict.state == "ok" for one in measured), measured[0]
    return 1000 * took / CHECKS


def _blackbox(servers: Bench, address: str) -> float:
    before = cpu_s_of(servers.blackbox_pid)
    for _ in range(CHECKS):
        with urlopen(address) as answer:  # our own exporter on loopback
            assert b"probe_success 1" in answer.read()
    return 1000 * (cpu_s_of(servers.blackbox_pid) - before) / CHECKS
