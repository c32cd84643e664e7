"""A verdict for a person: what was done, what was seen, and why it was judged so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from probes.core.packets import step_ended_by_server
from wire.judge import RULES
from wire.judge.clock import is_wrong
from wire.records import Measurement, Step

_ROLES: Final = {
    "": "",
    "name_control": " with a harmless name",
    "again": " once more with the wanted name",
    "known_address": " at an address that the control gave",
    "no_resolver": " asked where no resolver is",
    "ns": " as name server of the zone",
    "public": " asked of a public resolver",
    "resolver": " to find the resolver itself",
    "beside": " beside QUIC",
    "no_name": " of a version that nobody has, without a name",
    "reread": " to read the playlist once more",
}
_ENDED_BY: Final = {
    True: "sent by the server itself",
    False: "sent by another machine",
    None: "by whom, cannot be told",
}
_STATES: Final = {
    "ok": "It works.",
    "blocked": "It is blocked, and the artefact shows it.",
    "likely_blocked": "It is likely blocked: it fails here and works elsewhere.",
    "impaired": "It works, but it is hampered.",
    "down": "It is down for everybody: the target's own fault.",
    "insufficient": "Nothing fair can be said.",
}


def explain(measurement: Measurement) -> Iterator[str]:
    """Lines for a terminal: each step in the order of time, then the verdict with its reason."""
    yield f"{measurement.target.url}  ({measurement.target.id})"
    for step in sorted(measurement.steps, key=lambda step: step.t0):
        yield f"  {step.t0:8.3f} s  {_told(step)}"
    verdict = measurement.verdict
    label = f" [{verdict.mechanism}]" if verdict.mechanism else ""
    yield f"  {_STATES[verdict.state]}{label}"
    yield f"  Rule {verdict.rule}: {reason(verdict.rule)}"
    if verdict.controls:
        yield f"  Compared with {', '.join(verdict.controls)}"


def reason(rule: str) -> str:
    """The first line of a rule's own description."""
    docs = {one.__name__: one.__doc__ or "" for one in RULES}
    return (docs.get(rule, "").splitlines() or ["not known to this version"])[0]


def _told(step: Step) -> str:
    what = _TELLERS.get(step.step, _plain)(step)
    redirect = f" after {step.hop} redirects" if step.hop else ""
    return f"{step.step:4}  {what}{_ROLES.get(step.role, ' as ' + step.role)}{redirect}: {_ended(step)}"


def _ended(step: Step) -> str:
    took = f"{1000 * (step.t - step.t0):.0f} ms"
    return f"{step.failure} after {took}" if step.failure else f"done in {took}"


def _dns(step: Step) -> str:
    if step.serial is not None:
        return f"{step.qtype} of {step.host} by {step.resolver}, {step.transport}, gave serial {step.serial}"
    found = ", ".join(step.answers) or "no address"
    by = f" ({step.transport})" if step.transport not in {"", "udp"} else ""
    return f"{step.qtype} of {step.host} by {step.resolver or 'the system'}{by} gave {found}"


def _tcp(step: Step) -> str:
    return f"connection to {step.address} port {step.port}"


def _tls(step: Step) -> str:
    shown = f", certificate by {step.chain[0].issuer}" if step.chain else ""
    faults = f", faults: {', '.join(step.verify_errors)}" if step.verify_errors else ""
    silent = ", not one byte came back" if step.answered is False else ""
    return f"handshake for {step.server_name or step.address} at {step.address}{shown}{faults}{silent}"


def _http(step: Step) -> str:
    title = f" “{step.title}”" if step.title else ""
    sent_to = f", sent on to {step.location}" if step.location else ""
    known = f", known as block page {step.fingerprint}" if step.fingerprint else ""
    return f"{step.url} gave {step.status or 'nothing'}{title}, {step.body_bytes or 0} bytes{sent_to}{known}"


def _line(step: Step) -> str:
    return (
        f"own line: gateway {step.gateway or 'unknown'}, resolver {step.resolver_answers or 'not asked'}, "
        f"domestic {step.domestic_ok} of {step.domestic_tried}, "
        f"foreign {step.foreign_ok} of {step.foreign_tried}, "
        f"IPv6 {step.ipv6 or 'not tried'}, mode {step.mode or 'unknown'}" + _line_notes(step)
    )


def _line_notes(step: Step) -> str:
    portal = ", a captive portal answers for all" if step.portal else ""
    ports = ", ".join(map(str, step.stand_in))
    stand_in = f", somebody accepts every connection on port {ports}" if ports else ""
    budget = f", data budget {step.budget}" if step.budget else ""
    return portal + stand_in + budget + _clock_notes(step) + _rate_notes(step)


def _clock_notes(step: Step) -> str:
    if not is_wrong(step):
        return ""
    return f", this machine's clock is wrong by {step.clock_offset_s:.0f} s"


def _rate_notes(step: Step) -> str:
    return f", large pages at {step.goodput_bps // 1000} kbit/s" if step.goodput_bps else ""


def _packet(step: Step) -> str:
    told = [text for text in (_end_words(step), _place_words(step), _race_words(step)) if text]
    return f"raw packets of {_plain(step)}" + "".join(f"; {text}" for text in told)


def _end_words(step: Step) -> str:
    if not step.end_flag:
        return ""
    by = _ENDED_BY[step_ended_by_server(step)]
    return f"{step.end_flag} with TTL {step.ttl_end} after a SYN-ACK with {step.ttl_synack}: {by}"


def _place_words(step: Step) -> str:
    if step.censor_hop is None:
        return ""
    return f"the name is treated otherwise from hop {step.censor_hop} of {step.hops_total} on"


def _race_words(step: Step) -> str:
    if len(step.ttl_answers) < 2:  # noqa: PLR2004  # one answer is no race
        return ""
    later = ", ".join(step.second_answers)
    return f"{len(step.ttl_answers)} answers to one question, TTL {step.ttl_answers}, later ones: {later}"


def _held(step: Step) -> str:
    return f"no connection to {step.address}: this probe's own limit for {step.host} was reached"


def _beacon(step: Step) -> str:
    return f"knock at port {step.port} by {step.transport}"


def _plain(step: Step) -> str:
    return step.address or step.host


def _quic(step: Step) -> str:
    name = f" for {step.server_name}" if step.server_name else ""
    error = f" {step.quic_error:#x}" if step.quic_error is not None else ""
    answer = f", answered by {step.quic_answer}{error}" if step.quic_answer else ", not one packet came back"
    return f"knock by QUIC{name} at {step.address} port {step.port}{answer}"


def _stream(step: Step) -> str:
    said = " ".join(filter(None, (str(step.status or ""), step.peer_said)))
    rate = f", {step.bitrate_bps / 1000:.0f} kbit/s" if step.bitrate_bps is not None else ""
    age = f", {step.age_s:.0f} s old" if step.age_s is not None else ""
    state = step.stream_state or ("it answers" if step.answered else "no answer")
    return f"stream at {step.address}: {state}{rate}{age}{f' ({said})' if said else ''}"


_TELLERS: Final[dict[str, Callable[[Step], str]]] = {
    "dns": _dns,
    "tcp": _tcp,
    "tls": _tls,
    "http": _http,
    "packet": _packet,
    "quic": _quic,
    "stream": _stream,
    "line": _line,
    "beacon": _beacon,
    "held": _held,
}
