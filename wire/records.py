"""The records that leave a machine: measurements and what they are made of.

Rules of this file: every record is frozen; a field is only added, with a default; what
identifies a person (an address of theirs, a number, a place finer than a region) has no field.
The reference of every key stands in docs/reference.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from wire.names import Access, Channel, Mechanism, ProbeSide, Proof, Side, Stage, State, StationKind

Short = Annotated[str, Meta(max_length=256)]
Text = Annotated[str, Meta(max_length=2048)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Ttl = Annotated[int, Meta(ge=0, le=255)]
IpId = Annotated[int, Meta(ge=0, le=65_535)]
# `$` alone would also fit before a last line end, in Python though not in JSON Schema's own expressions.
TimeText = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$(?!\n)",
    ),
]


class Certificate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One certificate of a chain, leaf first: who signed it for whom, and its prints (hex)."""

    subject: Text
    issuer: Text
    sha256: Short
    sha1: Short = ""
    not_before: Short = ""
    not_after: Short = ""


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step towards a target: its name, how it ended, and what it saw.

    `t0`, `t`: seconds since the measurement began, on a monotonic clock. `failure`: None when
    it worked. `hop`: how many redirects came before. `role`: "" for the target itself,
    "name_control" for a harmless name on the same address, "again" for the repeat after it,
    "known_address" for an address that the control gave where the resolver gave none.
    """

    step: Short
    failure: Text | None
    t0: Seconds
    t: Seconds
    hop: Annotated[int, Meta(ge=0, le=32)] = 0
    role: Short = ""
    address: Short = ""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    # dns
    host: Short = ""
    resolver: Short = ""
    transport: Short = ""
    qtype: Short = ""
    rcode: Short = ""
    answers: Annotated[tuple[Short, ...], Meta(max_length=64)] = ()
    cname: Short = ""
    serial: Annotated[int, Meta(ge=0, le=4_294_967_295)] | None = None
    # tcp
    rtt_s: Seconds | None = None
    resent: Annotated[int, Meta(ge=0, le=255)] | None = None
    # tls
    server_name: Short = ""
    version: Short = ""
    cipher: Short = ""
    alpn: Short = ""
    answered: bool | None = None
    chain: Annotated[tuple[Certificate, ...], Meta(max_length=16)] = ()
    verify_errors: Annotated[tuple[Short, ...], Meta(max_length=16)] = ()
    # http
    url: Text = ""
    status: Annotated[int, Meta(ge=0, le=999)] = 0
    headers: Annotated[dict[Short, Text], Meta(max_length=32)] = {}
    body_bytes: Annotated[int, Meta(ge=0)] | None = None
    body_sha256: Short = ""
    title: Short = ""
    truncated: bool = False
    location: Text = ""
    fingerprint: Short = ""
    clock_offset_s: Annotated[float, Meta(ge=-1e10, le=1e10)] | None = None
    # stream: `stream_state` is one of wire.streams
    stream_state: Short = ""
    tracks: Annotated[int, Meta(ge=0)] = 0
    bytes_seen: Annotated[int, Meta(ge=0)] | None = None
    bitrate_bps: Annotated[int, Meta(ge=0)] | None = None
    watched_s: Seconds | None = None
    advancing: bool | None = None
    media_sequence: Annotated[int, Meta(ge=0)] | None = None
    age_s: Seconds | None = None
    gap_s: Seconds | None = None
    peer_said: Short = ""
    # quic
    quic_answer: Short = ""
    quic_versions: Annotated[tuple[Short, ...], Meta(max_length=16)] = ()
    quic_error: Annotated[int, Meta(ge=0)] | None = None
    # packet: what only the helper with raw sockets can see
    ttl_synack: Ttl | None = None
    ttl_data: Ttl | None = None
    ttl_end: Ttl | None = None
    ipid_synack: IpId | None = None
    ipid_end: IpId | None = None
    end_flag: Short = ""
    censor_hop: Ttl | None = None
    hops_total: Ttl | None = None
    ttl_answers: Annotated[tuple[Ttl, ...], Meta(max_length=16)] = ()
    second_answers: Annotated[tuple[Short, ...], Meta(max_length=16)] = ()
    # line: the ladder, one of "yes", "no", "" (not known)
    gateway: Short = ""
    resolver_answers: Short = ""
    tried: Annotated[int, Meta(ge=0)] = 0
    ok: Annotated[int, Meta(ge=0)] = 0
    connected: Annotated[int, Meta(ge=0)] = 0
    domestic_ok: Annotated[int, Meta(ge=0)] = 0
    domestic_tried: Annotated[int, Meta(ge=0)] = 0
    foreign_ok: Annotated[int, Meta(ge=0)] = 0
    foreign_tried: Annotated[int, Meta(ge=0)] = 0
    ipv6: Short = ""
    portal: bool = False
    mode: Short = ""
    flaky: Annotated[int, Meta(ge=0)] = 0
    retried: Annotated[int, Meta(ge=0)] = 0
    shaken: Annotated[int, Meta(ge=0)] | None = None
    paged: Annotated[int, Meta(ge=0)] | None = None
    stand_in: Annotated[tuple[int, ...], Meta(max_length=8)] = ()
    shared: Annotated[tuple[Short, ...], Meta(max_length=8)] = ()
    goodput_bps: Annotated[int, Meta(ge=0)] | None = None
    lag_s: Seconds | None = None
    budget: Short = ""


class Target(Struct, frozen=True, kw_only=True):
    """What was asked for. `id` is a stable role (`egov.kz`, `telegram/dc1`), never an address."""

    id: Short
    url: Text
    category: Short
    side: Side = ""


class Network(Struct, frozen=True, kw_only=True):
    """Where the probe stands, no finer than region and operator. `AS0`, `""`: not told."""

    asn: Annotated[str, Meta(pattern=r"^AS[0-9]{1,10}$(?!\n)")] = "AS0"
    region: Annotated[str, Meta(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$(?!\n)")] = ""
    access: Access = "unknown"
    side: ProbeSide = "inside"


class Verdict(Struct, frozen=True, kw_only=True):
    """What the steps mean. `stage` and `mechanism` are None when nothing is amiss or known.

    `any_works` and `all_work` stand only in the records of messengers, and speak of all endpoints
    of the same round. `controls` stands only where the verdict rests on them: who saw it otherwise, and when.
    """

    state: State
    stage: Stage | None = None
    mechanism: Mechanism | None = None
    rule: Short = ""
    any_works: bool | UnsetType = UNSET
    all_work: bool | UnsetType = UNSET
    controls: Annotated[tuple[Short, ...], Meta(max_length=16)] | UnsetType = UNSET


class Measurement(Struct, frozen=True, kw_only=True):
    """One target, measured once, judged. The one record that everything else is made from."""

    v: Literal[1] = 1
    id: Short
    probe: Short
    at: TimeText
    received_at: TimeText | None = None
    channel: Channel = "https"
    network: Network
    target: Target
    steps: Annotated[tuple[Step, ...], Meta(max_length=256)] = ()
    verdict: Verdict


class StationReport(Struct, frozen=True, kw_only=True):
    """What a polling station told by text, as one text brought it.

    `id` is made from what was said: texts that say the same have the same, and are its witnesses. `sender` is
    a keyed print of the number, never the number; `by_prefix` the operator that the number's first digits
    were given to, a hint only, since numbers are portable. `mark`: the hour of a turnout. `sealed`: the
    sealed text itself, so that anybody can check it.
    """

    v: Literal[1] = 1
    id: Short
    station: Annotated[str, Meta(pattern=r"^KZ-[0-9]{2}-[0-9]{4}$(?!\n)")]
    kind: StationKind
    value: Short = ""
    at: TimeText
    received_at: TimeText | None = None
    channel: Channel = "sms"
    link: Short = ""
    sender: Short = ""
    proof: Proof = "none"
    mark: Short = ""
    sealed: Short = ""
    by_prefix: Short = ""


class ProbeDigest(Struct, frozen=True, kw_only=True):
    """A probe's digest as a gateway got it: `text` is sealed with the probe's own key, see `wire.digest`.

    `at`: when the gateway took it; when it was made stands in the text. Nothing is told of who sent it.
    """

    v: Literal[1] = 1
    kind: Literal["digest"] = "digest"
    text: Short
    at: TimeText
    link: Short = ""
