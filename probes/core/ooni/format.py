"""OONI's measurement, as typed records: the part of data format 0.2.0 that Dabyl can fill.

Rules of this file: names and types are OONI's (ooni/spec df-001, df-002, df-005 to df-008 and the
test keys of ts-017 to ts-020, ts-029); null says "not known". A field that OONI leaves out when it
has nothing to say is `UNSET` here and is left out too.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

Status = Literal["ok", "blocked"]
EXTENSIONS: Final = ("dnst", "httpt", "netevents", "tcpconnect", "tlshandshake", "tunnel")
Blocking = Literal["dns", "tcp_ip", "http-failure", "http-diff", False]


class Answer(Struct, frozen=True, kw_only=True):
    """One answer of a name server (df-002). No TTL is kept, so it is null."""

    answer_type: str
    ipv4: str | UnsetType = UNSET
    ipv6: str | UnsetType = UNSET
    hostname: str | UnsetType = UNSET
    ttl: None = None


class Query(Struct, frozen=True, kw_only=True):
    """One question to a resolver (df-002). `resolver_address` is empty for a private resolver."""

    answers: tuple[Answer, ...]
    engine: str
    failure: str | None
    hostname: str
    query_type: str
    rcode: int | UnsetType = UNSET
    resolver_address: str
    t0: float
    t: float
    tags: tuple[str, ...]
    transaction_id: int


class ConnectStatus(Struct, frozen=True, kw_only=True):
    """How a TCP connect ended (df-005); `blocked` is web_connectivity's addition (ts-017)."""

    blocked: bool | UnsetType = UNSET
    failure: str | None
    success: bool


class Connect(Struct, frozen=True, kw_only=True):
    """One TCP connect (df-005)."""

    ip: str
    port: int
    status: ConnectStatus
    t0: float
    t: float
    tags: tuple[str, ...]
    transaction_id: int


class Handshake(Struct, frozen=True, kw_only=True):
    """One TLS handshake (df-006). The certificates' bytes are not kept by Dabyl, only their prints."""

    network: str = "tcp"
    address: str
    cipher_suite: str
    failure: str | None
    negotiated_protocol: str
    no_tls_verify: bool = False
    peer_certificates: tuple[()] = ()
    server_name: str
    t0: float
    t: float
    tags: tuple[str, ...]
    tls_version: str
    transaction_id: int


class Request(Struct, frozen=True, kw_only=True):
    """What was asked over HTTP (df-001)."""

    body: str = ""
    body_is_truncated: bool = False
    headers: dict[str, str] = {}
    headers_list: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    url: str
    x_transport: str = "tcp"


class Response(Struct, frozen=True, kw_only=True):
    """What came back (df-001). Dabyl keeps no body: it is truncated to nothing, and says so."""

    body: str = ""
    body_is_truncated: bool = True
    code: int
    headers: dict[str, str]
    headers_list: tuple[tuple[str, str], ...]


class Transaction(Struct, frozen=True, kw_only=True):
    """One HTTP round trip (df-001)."""

    network: str = "tcp"
    address: str
    alpn: str
    failure: str | None
    request: Request
    response: Response
    t0: float
    t: float
    tags: tuple[str, ...]
    transaction_id: int


class Event(Struct, frozen=True, kw_only=True):
    """One event on the wire (df-008)."""

    address: str | UnsetType = UNSET
    failure: str | None
    operation: str
    proto: str | UnsetType = UNSET
    t: float
    tags: tuple[str, ...]
    transaction_id: int


class Observed(Struct, frozen=True, kw_only=True):
    """The keys that every test shares: what was seen, step by step."""

    agent: str = "redirect"
    client_resolver: None = None
    failed_operation: None = None
    failure: None = None
    network_events: tuple[Event, ...]
    queries: tuple[Query, ...]
    requests: tuple[Transaction, ...]
    retries: None = None
    socksproxy: None = None
    tcp_connect: tuple[Connect, ...]
    tls_handshakes: tuple[Handshake, ...]


class WebKeys(Observed, frozen=True, kw_only=True):
    """Test keys of web_connectivity (ts-017). What only OONI's own test helper can tell is null."""

    control: None = None
    control_failure: str | None = None
    dns_experiment_failure: str | None
    http_experiment_failure: str | None
    dns_consistency: Literal["consistent", "inconsistent"] | None
    body_length_match: None = None
    body_proportion: None = None
    headers_match: None = None
    status_code_match: None = None
    title_match: None = None
    accessible: bool | None
    blocking: Blocking | None


class TelegramKeys(Observed, frozen=True, kw_only=True):
    """Test keys of telegram (ts-020)."""

    telegram_http_blocking: bool | None
    telegram_tcp_blocking: bool | None
    telegram_web_failure: str | None
    telegram_web_status: Status | None


class WhatsappKeys(Observed, frozen=True, kw_only=True):
    """Test keys of whatsapp (ts-018)."""

    registration_server_failure: str | None
    registration_server_status: Status | None
    whatsapp_endpoints_blocked: tuple[str, ...]
    whatsapp_endpoints_dns_inconsistent: tuple[()] = ()
    whatsapp_endpoints_status: Status | None
    whatsapp_web_failure: str | None
    whatsapp_web_status: Status | None


class SignalKeys(Observed, frozen=True, kw_only=True):
    """Test keys of signal (ts-029)."""

    signal_backend_failure: str | None
    signal_backend_status: Status | None


class FacebookMessengerKeys(Observed, frozen=True, kw_only=True):
    """Test keys of facebook_messenger (ts-019). The STUN server is not tried."""

    facebook_b_api_dns_consistent: bool | None = None
    facebook_b_api_reachable: bool | None = None
    facebook_b_graph_dns_consistent: bool | None = None
    facebook_b_graph_reachable: bool | None = None
    facebook_edge_dns_consistent: bool | None = None
    facebook_edge_reachable: bool | None = None
    facebook_external_cdn_dns_consistent: bool | None = None
    facebook_external_cdn_reachable: bool | None = None
    facebook_scontent_cdn_dns_consistent: bool | None = None
    facebook_scontent_cdn_reachable: bool | None = None
    facebook_star_dns_consistent: bool | None = None
    facebook_star_reachable: bool | None = None
    facebook_stun_dns_consistent: None = None
    facebook_stun_reachable: None = None
    facebook_dns_blocking: bool | None
    facebook_tcp_blocking: bool | None


TestKeys = WebKeys | TelegramKeys | WhatsappKeys | SignalKeys | FacebookMessengerKeys


class OoniMeasurement(Struct, frozen=True, kw_only=True):
    """One OONI measurement (df-000). `report_id` is empty: OONI's collector gives it."""

    annotations: dict[str, str]
    data_format_version: str = "0.2.0"
    extensions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EXTENSIONS, 0))
    input: str | None
    measurement_start_time: str
    options: tuple[()] = ()
    probe_asn: str
    probe_cc: str
    probe_ip: str = "127.0.0.1"
    probe_network_name: str
    report_id: str = ""
    resolver_asn: None = None
    resolver_ip: None = None
    resolver_network_name: None = None
    software_name: str = "dabyl"
    software_version: str
    test_helpers: dict[str, str] = {}
    test_keys: TestKeys
    test_name: str
    test_runtime: float
    test_start_time: str
    test_version: str
