"""web_connectivity (ts-017): one record of an http or https target, one OONI measurement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from probes.core.ooni.base import envelope
from probes.core.ooni.format import Blocking, OoniMeasurement, WebKeys
from probes.core.ooni.observed import (
    Seen,
    all_events,
    connect,
    each,
    handshake,
    number,
    query,
    tags_of,
    telling,
    transaction,
)
from wire.judge.trail import outcome
from wire.names import UNKNOWN, State
from wire.records import Measurement, Verdict

SCHEMES: Final = frozenset({"http", "https"})
ACCUSED: Final[frozenset[State]] = frozenset({"blocked", "likely_blocked"})
# OONI has no word for throttling: what works slowly is accessible there, and our annotation says the rest.
_ACCESSIBLE: Final[dict[State, bool]] = {
    "ok": True, "impaired": True, "down": False, "blocked": False, "likely_blocked": False,
}  # fmt: skip
_BLOCKING: Final[dict[str | None, Blocking]] = {"dns": "dns", "tcp": "tcp_ip"}
_OTHER_PAGE: Final = frozenset({"http.blockpage", "http.redirect"})


def web_measurement(one: Measurement, software: str) -> OoniMeasurement:
    """A record as web_connectivity's. `software`: our version."""
    steps = telling(one)
    accused = one.verdict.stage if one.verdict.state in ACCUSED else None
    seen = [
        Seen(
            step=step,
            shift_s=0,
            transaction=transaction_id,
            tags=tags_of(step),
            accused=step.step == accused,
        )
        for step, transaction_id in zip(steps, number(steps), strict=True)
    ]
    runtime_s = max(step.t for step in steps)
    return envelope(one, "web_connectivity", _keys(one, seen), runtime_s, software)


def _keys(one: Measurement, seen: Sequence[Seen]) -> WebKeys:
    end = outcome(one.target, one.steps)
    return WebKeys(
        **observed(seen),
        control_failure=f"{UNKNOWN}no control" if one.verdict.rule == "no_control" else None,
        dns_experiment_failure=end.failure if end.stage == "dns" else None,
        http_experiment_failure=end.failure if end.stage not in {None, "dns"} else None,
        dns_consistency=_consistency(one.verdict),
        accessible=_ACCESSIBLE.get(one.verdict.state),
        blocking=blocking(one.verdict),
    )


def observed(seen: Sequence[Seen]) -> dict[str, Any]:
    """The keys of `format.Observed`. The last request stands first (ts-017)."""
    return {
        "network_events": all_events(seen),
        "queries": each(seen, "dns", query),
        "requests": each(seen, "http", transaction)[::-1],
        "tcp_connect": each(seen, "tcp", connect),
        "tls_handshakes": each(seen, "tls", handshake),
    }


def blocking(verdict: Verdict) -> Blocking | None:
    """OONI's reason for blocking: False when nobody blocks, None when it cannot be said."""
    if verdict.state == "insufficient":
        return None
    if verdict.state not in ACCUSED:
        return False
    if verdict.mechanism in _OTHER_PAGE:
        return "http-diff"
    return _BLOCKING.get(verdict.stage, "http-failure")


def _consistency(verdict: Verdict) -> Literal["consistent", "inconsistent"] | None:
    if verdict.state == "ok":
        return "consistent"
    return "inconsistent" if verdict.state in ACCUSED and verdict.stage == "dns" else None
