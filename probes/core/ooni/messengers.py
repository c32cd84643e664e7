"""telegram, whatsapp, signal, facebook_messenger (ts-018 to ts-020, ts-029): many records, one test.

Rules of this file: OONI's own tests call an endpoint blocked when it fails. Here it is blocked only
when the record's verdict accuses somebody; what failed for another reason leaves null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from probes.core.ooni.base import envelope
from probes.core.ooni.format import (
    FacebookMessengerKeys,
    OoniMeasurement,
    SignalKeys,
    Status,
    TelegramKeys,
    TestKeys,
    WhatsappKeys,
)
from probes.core.ooni.observed import Seen, number, telling
from probes.core.ooni.web import ACCUSED, observed
from wire.judge.trail import host_of, outcome, scheme_of
from wire.names import UNKNOWN
from wire.records import Measurement, Step
from wire.times import seconds_between

WEB_TELEGRAM: Final = "web.telegram.org"
WEB_WHATSAPP: Final = "web.whatsapp.com"
REGISTRATION: Final = "v.whatsapp.net"
FACEBOOK: Final = {
    "b-api.facebook.com": "b_api",
    "b-graph.facebook.com": "b_graph",
    "edge-mqtt.facebook.com": "edge",
    "external.xx.fbcdn.net": "external_cdn",
    "scontent.xx.fbcdn.net": "scontent_cdn",
    "star.c10r.facebook.com": "star",
}
# Which https targets of a messenger are part of OONI's test; the others are websites to it.
_WEB_PARTS: Final = {"telegram": {WEB_TELEGRAM}, "whatsapp": {WEB_WHATSAPP, REGISTRATION}}


def messenger_of(one: Measurement) -> str | None:
    """The messenger test that a record belongs to: what stands before the slash of the target's name."""
    name = one.target.id.partition("/")[0]
    host = host_of(one.target.url)
    if "/" not in one.target.id or name not in _MAKERS:
        return None
    if name == "signal":
        return name if scheme_of(one.target) == "https" else None
    if name == "facebook_messenger":
        return name if host in FACEBOOK else None
    return name if scheme_of(one.target) == "tcp" or host in _WEB_PARTS[name] else None


def messenger_measurement(test_name: str, records: Sequence[Measurement], software: str) -> OoniMeasurement:
    """The records of one messenger from one round, as one measurement."""
    ordered = sorted(records, key=lambda one: one.at)
    seen = _place(ordered)
    runtime_s = max(one.t for one in seen)
    keys = _MAKERS[test_name](ordered, observed(seen))
    return envelope(ordered[0], test_name, keys, runtime_s, software)


def _place(records: Sequence[Measurement]) -> list[Seen]:
    """Every step of every record on the clock of the first."""
    placed: list[tuple[float, Step]] = [
        (seconds_between(records[0].at, one.at), step) for one in records for step in telling(one)
    ]
    placed.sort(key=lambda pair: pair[0] + pair[1].t0)
    numbers = number([step for _, step in placed])
    return [
        Seen(step=step, shift_s=shift_s, transaction=transaction, tags=())
        for (shift_s, step), transaction in zip(placed, numbers, strict=True)
    ]


def works(one: Measurement) -> bool | None:
    """Whether an endpoint works: False only when the verdict accuses, None when it cannot be said."""
    if one.verdict.state in {"ok", "impaired"}:
        return True
    return False if one.verdict.state in ACCUSED else None


def any_works(records: Iterable[Measurement]) -> bool | None:
    """True when one does, False when every one of them is blocked."""
    states = {works(one) for one in records}
    if True in states:
        return True
    return False if states == {False} else None


def all_work(records: Iterable[Measurement]) -> bool | None:
    """False when one is blocked, True when every one of them works."""
    states = {works(one) for one in records}
    if False in states:
        return False
    return True if states == {True} else None


def _status(works_: bool | None) -> Status | None:
    return None if works_ is None else "ok" if works_ else "blocked"


def _failure(records: Iterable[Measurement]) -> str | None:
    """The failure of the first that is blocked."""
    blocked = [one for one in records if works(one) is False]
    if not blocked:
        return None
    return outcome(blocked[0].target, blocked[0].steps).failure or f"{UNKNOWN}interfered with"


def _at(records: Iterable[Measurement], host: str) -> list[Measurement]:
    return [one for one in records if host_of(one.target.url) == host]


def _tcp(records: Iterable[Measurement]) -> list[Measurement]:
    return [one for one in records if scheme_of(one.target) == "tcp"]


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _telegram(records: Sequence[Measurement], seen: dict[str, Any]) -> TelegramKeys:
    points, web = _tcp(records), _at(records, WEB_TELEGRAM)
    asked = [one for one in points if any(step.step == "http" for step in one.steps)]
    return TelegramKeys(
        **seen,
        telegram_http_blocking=_negated(any_works(asked)),
        telegram_tcp_blocking=_negated(any_works(points)),
        telegram_web_failure=_failure(web),
        telegram_web_status=_status(all_work(web)),
    )


def _whatsapp(records: Sequence[Measurement], seen: dict[str, Any]) -> WhatsappKeys:
    points, web, registration = _tcp(records), _at(records, WEB_WHATSAPP), _at(records, REGISTRATION)
    hosts = dict.fromkeys(host_of(one.target.url) for one in points)
    return WhatsappKeys(
        **seen,
        registration_server_failure=_failure(registration),
        registration_server_status=_status(all_work(registration)),
        # An endpoint is blocked when it is so on each of its ports.
        whatsapp_endpoints_blocked=tuple(host for host in hosts if any_works(_at(points, host)) is False),
        whatsapp_endpoints_status=_status(any_works(points)),
        whatsapp_web_failure=_failure(web),
        whatsapp_web_status=_status(all_work(web)),
    )


def _signal(records: Sequence[Measurement], seen: dict[str, Any]) -> SignalKeys:
    return SignalKeys(
        **seen,
        signal_backend_failure=_failure(records),
        signal_backend_status=_status(all_work(records)),
    )


def _facebook(records: Sequence[Measurement], seen: dict[str, Any]) -> FacebookMessengerKeys:
    keys: dict[str, Any] = {}
    for host in dict.fromkeys(host_of(one.target.url) for one in records):
        keys |= _facebook_endpoint(FACEBOOK[host], _at(records, host))
    return FacebookMessengerKeys(
        **seen,
        **keys,
        facebook_dns_blocking=_any_false(keys, "_dns_consistent"),
        facebook_tcp_blocking=_any_false(keys, "_reachable"),
    )


def _facebook_endpoint(name: str, records: Sequence[Measurement]) -> dict[str, bool | None]:
    work = all_work(records)
    at_dns = any(one.verdict.stage == "dns" and works(one) is False for one in records)
    return {
        f"facebook_{name}_dns_consistent": False if at_dns else work or None,
        f"facebook_{name}_reachable": None if at_dns else work,
    }


def _any_false(keys: dict[str, Any], suffix: str) -> bool | None:
    """True when an endpoint fails, False when every one that was tried is well."""
    values = {value for key, value in keys.items() if key.endswith(suffix)}
    if False in values:
        return True
    return False if values == {True} else None


_MAKERS: Final[dict[str, Callable[[Sequence[Measurement], dict[str, Any]], TestKeys]]] = {
    "telegram": _telegram,
    "whatsapp": _whatsapp,
    "signal": _signal,
    "facebook_messenger": _facebook,
}
