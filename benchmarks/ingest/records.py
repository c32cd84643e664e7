"""Measurements as a volunteer's probe makes them: 200 targets, each with a page's worth of steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np

from wire.records import Certificate, Measurement, Network, Step, Target, Verdict
from wire.times import format_time

_CATEGORIES: Final = ("egov", "news", "bank", "messenger", "social", "kz", "government")
_WORKED: Final = Verdict(state="ok", rule="worked")
_RESET: Final = Verdict(state="likely_blocked", stage="tls", mechanism="tls.reset.sni", rule="reset_by_name")
_ROUND_S: Final = 60.0
_BLOCKED: Final = 9  # every ninth target
STEPS: Final = 5


class Round:
    """One probe's view of the targets; every call of `made` is a round of its own."""

    def __init__(self, probe: str, network: Network, targets: int, seed: int) -> None:
        """The same seed gives the same lines and times."""
        self._probe, self._network, self._chance = probe, network, np.random.default_rng(seed)
        self._targets = [target_of(number) for number in range(targets)]
        self._chains = [_chain(one.id, number) for number, one in enumerate(self._targets)]
        self._made = 0

    def made(self, at: datetime, *, steps: bool) -> list[Measurement]:
        """The round that began then: whole records, or summarised to the verdict."""
        self._made += 1
        return [
            Measurement(
                id=f"{self._probe[:16]}-{self._made:x}{number:03x}",
                probe=self._probe,
                at=format_time(at + timedelta(seconds=_ROUND_S * number / len(self._targets))),
                network=self._network,
                target=target,
                steps=self._steps(number, target) if steps else (),
                verdict=_WORKED if number % _BLOCKED else _RESET,
            )
            for number, target in enumerate(self._targets)
        ]

    def _steps(self, number: int, target: Target) -> tuple[Step, ...]:
        address, host = f"185.{number % 250}.{number * 7 % 250}.1", target.id
        t = [0.0, *np.cumsum(self._chance.uniform(0.001, 0.05, 4)).round(6).tolist()]
        dns = Step(
            step="dns", failure=None, t0=t[0], t=t[1], host=host, resolver="192.168.1.1", transport="udp",
            qtype="A", rcode="NOERROR", answers=(address,),
        )  # fmt: skip
        tcp = Step(
            step="tcp", failure=None, t0=t[1], t=t[2], address=address, port=443,
            rtt_s=round(t[2] - t[1], 6),
        )  # fmt: skip
        if number % _BLOCKED == 0:
            return dns, tcp, self._tls(host, address, t, ()), _LINE
        http = Step(
            step="http", failure=None, t0=t[3], t=t[4], address=address, port=443, url=target.url, status=200,
            headers={"content-type": "text/html; charset=utf-8", "server": "nginx"}, title=f"Page {number}",
            body_bytes=int(self._chance.integers(1_000, 90_000)), body_sha256=self._chance.bytes(32).hex(),
        )  # fmt: skip
        return dns, tcp, self._tls(host, address, t, self._chains[number]), http, _LINE

    def _tls(self, host: str, address: str, t: list[float], chain: tuple[Certificate, ...]) -> Step:
        return Step(
            step="tls", failure=None if chain else "connection_reset", t0=t[2], t=t[3], address=address,
            port=443, server_name=host, version="TLSv1.3" if chain else "", answered=bool(chain), chain=chain,
            cipher="TLS_AES_256_GCM_SHA384" if chain else "", alpn="h2" if chain else "",
        )  # fmt: skip


_LINE: Final = Step(
    step="line", failure=None, t0=0.2, t=0.2, gateway="yes", resolver_answers="yes", tried=200, ok=177,
    connected=199, domestic_ok=90, domestic_tried=100, foreign_ok=87, foreign_tried=100, lag_s=0.0012,
)  # fmt: skip


def target_of(number: int) -> Target:
    """The n-th target of everybody's list."""
    host = f"www.site-{number}.{'kz' if number % 2 else 'example'}"
    side = "domestic" if number % 2 else "foreign"
    category = _CATEGORIES[number % len(_CATEGORIES)]
    return Target(id=host, url=f"https://{host}/", category=category, side=side)  # type: ignore[arg-type]  # of two


def _chain(host: str, number: int) -> tuple[Certificate, ...]:
    prints = np.random.default_rng(number)
    issuer = f"CN=R{number % 5},O=Let's Encrypt,C=US"
    leaf = Certificate(
        subject=f"CN={host}", issuer=issuer, sha256=prints.bytes(32).hex(), sha1=prints.bytes(20).hex(),
        not_before="2026-10-01T00:00:00Z", not_after="2026-12-30T00:00:00Z",
    )  # fmt: skip
    above = Certificate(
        subject=issuer, issuer="CN=ISRG Root X1,O=Internet Security Research Group,C=US",
        sha256=f"{number % 5:064x}", sha1=f"{number % 5:040x}", not_before="2024-03-13T00:00:00Z",
        not_after="2027-03-12T23:59:59Z",
    )  # fmt: skip
    return leaf, above
