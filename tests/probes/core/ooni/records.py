"""Records of a probe in words, so that a test reads like the day it describes."""

from __future__ import annotations

from collections.abc import Sequence

from wire import names
from wire.names import Mechanism, Stage, State
from wire.records import Certificate, Measurement, Network, Step, Target, Verdict

AT = "2026-11-20T12:00:00.000Z"
HERE = Network(asn="AS9198", region="KZ-71", access="fixed")
ADDRESS = "185.1.1.10"
LEAF = Certificate(subject="CN=site.example", issuer="CN=Honest CA", sha256="ab" * 32)


def dns(host: str, *answers: str, failure: str | None = None, qtype: str = "A") -> Step:
    return Step(
        step="dns", failure=failure, t0=0.0, t=0.01, host=host, resolver="9.9.9.9", transport="udp",
        qtype=qtype, rcode="NXDOMAIN" if failure == names.DNS_NXDOMAIN else "NOERROR", answers=answers,
    )  # fmt: skip


def tcp(address: str = ADDRESS, port: int = 443, failure: str | None = None, hop: int = 0) -> Step:
    return Step(step="tcp", failure=failure, t0=0.01, t=0.02, address=address, port=port, hop=hop)


def tls(name: str, failure: str | None = None, role: str = "") -> Step:
    return Step(
        step="tls", failure=failure, t0=0.02, t=0.03, address=ADDRESS, port=443, role=role, server_name=name,
        version="TLSv1.2", cipher="ECDHE-RSA-AES128-GCM-SHA256", alpn="http/1.1", chain=(LEAF,),
    )  # fmt: skip


def http(url: str, status: int = 200, hop: int = 0, t: float = 0.04) -> Step:
    return Step(
        step="http", failure=None, t0=0.03, t=t, hop=hop, url=url, status=status, address=ADDRESS, port=443,
        headers={"content-type": "text/html"}, body_bytes=9000, body_sha256="cd" * 32,
    )  # fmt: skip


LINE = Step(step="line", failure=None, t0=0.0, t=30.0, tried=9, ok=9)


def verdict(state: State, stage: Stage | None = None, mechanism: Mechanism | None = None) -> Verdict:
    return Verdict(state=state, stage=stage, mechanism=mechanism, rule="works")


def record(
    url: str,
    steps: Sequence[Step],
    judged: Verdict,
    name: str = "site",
    *,
    network: Network = HERE,
    at: str = AT,
) -> Measurement:
    return Measurement(
        id="boot-1", probe="p", at=at, network=network, target=Target(id=name, url=url, category="news"),
        steps=(*steps, LINE), verdict=judged,
    )  # fmt: skip


SITE = "https://site.example/"
WELL = record(SITE, [dns("site.example", ADDRESS), tcp(), tls("site.example"), http(SITE)], verdict("ok"))
SILENT = record(
    SITE,
    [
        dns("site.example", ADDRESS),
        tcp(),
        tls("site.example", names.TIMEOUT),
        tls("c.example", role="name_control"),
    ],
    verdict("likely_blocked", "tls", "tls.timeout.sni"),
)
NO_NAME = record(
    SITE, [dns("site.example", failure=names.DNS_NXDOMAIN)], verdict("likely_blocked", "dns", "dns.nxdomain")
)


def endpoint(
    name: str, host: str, judged: Verdict, port: int = 443, failure: str | None = None
) -> Measurement:
    """A messenger's TCP endpoint, as one record."""
    url = f"tcp://{host}:{port}"
    return record(url, [dns(host, ADDRESS), tcp(port=port, failure=failure)], judged, name=name)


def site_of(name: str, host: str, judged: Verdict, failure: str | None = None) -> Measurement:
    """A messenger's https role, as one record."""
    url = f"https://{host}/"
    page = [] if failure else [http(url)]
    return record(url, [dns(host, ADDRESS), tcp(), tls(host, failure), *page], judged, name=name)
