"""Real unbound on free ports of loopback: plain, over TLS, over HTTPS; also the name server of a zone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dabyl.system import SystemClock
from tests.lab.authority import make_authority
from tests.servers.processes import free_ports, listening, started

HOST: Final = "resolver.test"
ZONE: Final = "wide.test"
SERIAL: Final = 2026112001
_CONF: Final = """
server:
    directory: "{folder}"
    chroot: ""
    username: ""
    pidfile: "{folder}/unbound.pid"
    use-syslog: no
    do-daemonize: no
    do-ip6: no
    num-threads: 1
    module-config: "iterator"
    interface: 127.0.0.1@{plain}
    interface: 127.0.0.1@{dot}
    interface: 127.0.0.1@{doh}
    tls-port: {dot}
    https-port: {doh}
    tls-service-key: "{pem}"
    tls-service-pem: "{pem}"
    local-zone: "site.test" static
    local-data: "site.test. 300 IN A 185.1.1.10"
    local-zone: "{zone}" transparent
    local-zone: "refused.test" always_refuse
    local-zone: "{host}" static
    local-data: "{host}. 300 IN A 127.0.0.1"
auth-zone:
    name: "{zone}"
    zonefile: "{folder}/zone"
    for-downstream: yes
    for-upstream: no
remote-control:
    control-enable: no
"""
_RECORDS: Final = """
{zone}. 300 IN SOA ns1.{zone}. root.{zone}. {serial} 7200 900 604800 300
{zone}. 300 IN NS ns1.{zone}.
{zone}. 300 IN NS ns2.{zone}.
ns1.{zone}. 300 IN A 127.0.0.1
ns2.{zone}. 300 IN A 127.0.0.2
"""


@dataclass(frozen=True)
class Ports:
    """Where it listens, and the authority that its certificate comes from."""

    plain: int
    dot: int
    doh: int
    authority: Path


@asynccontextmanager
async def resolver(folder: Path, certified: str = HOST) -> AsyncIterator[Ports]:
    """unbound with a certificate for a name or a literal address."""
    plain, dot, doh = free_ports(3)
    authority = make_authority("Resolvers", SystemClock().now())
    pem, root = folder / "resolver.pem", folder / "root.pem"
    pem.write_bytes(authority.leaf(certified))
    root.write_bytes(authority.root.pem)
    (folder / "zone").write_text(_RECORDS.format(zone=ZONE, serial=SERIAL), encoding="ascii")
    text = _CONF.format(folder=folder, plain=plain, dot=dot, doh=doh, pem=pem, host=HOST, zone=ZONE)
    (folder / "unbound.conf").write_text(text, encoding="utf-8")
    async with started(folder / "out.log", "unbound", "-c", str(folder / "unbound.conf")):
        for port in (plain, dot, doh):
            await listening(port)
        yield Ports(plain, dot, doh, root)
