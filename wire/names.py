"""The closed vocabularies of the wire. Names are only ever added, never renamed.

Failures are OONI's strings (ooni/spec df-007), mechanisms OONI's taxonomy; the full
reference with the meaning of each stands in docs/reference.md.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

State = Literal["ok", "blocked", "likely_blocked", "impaired", "down", "insufficient"]
Stage = Literal["dns", "tcp", "tls", "quic", "http", "stream", "line"]
Side = Literal["domestic", "foreign", ""]
ProbeSide = Literal["inside", "outside"]
Access = Literal["fixed", "mobile", "unknown"]
Channel = Literal["https", "mirror", "sms", "file"]
Category = Literal[
    "egov", "election", "government", "bank", "news", "messenger", "social", "kz",
    "circumvention", "control", "camera", "health", "court",
]  # fmt: skip
Mechanism = Literal[
    "dns", "dns.injection", "dns.injection.blockpage", "dns.injection.bogon", "dns.injection.other",
    "dns.nxdomain", "dns.refused", "dns.servfail", "dns.timeout",
    "tcp", "tcp.reset", "tcp.timeout", "tcp.refused",
    "tls", "tls.reset", "tls.reset.sni", "tls.reset.other",
    "tls.timeout", "tls.timeout.sni", "tls.timeout.other",
    "tls.mitm", "tls.mitm.ca_signed", "tls.mitm.self_signed", "tls.throttle", "tls.throttle.sni",
    "quic", "quic.timeout",
    "http", "http.blockpage", "http.redirect", "http.error", "http.timeout",
    "http.reset", "http.reset.host", "http.throttle", "http.throttle.host",
    "ip", "ip.unreachable", "ip.throttle",
    "stream", "stream.frozen", "stream.timeout",
    "line", "line.down", "line.lossy", "line.captive_portal",
]  # fmt: skip

StationKind = Literal[
    "open", "status", "closed", "power", "net",
    "turnout", "count", "sheet", "copy", "received", "camera", "observer", "seal", "fault", "urgent",
]  # fmt: skip
SheetSender = Literal["station", "commission", "observer"]
"""Who sends a copy of a result sheet."""
Proof = Literal["none", "unchecked", "code", "seal"]
"""How far a station's report is proven. none: anybody may have typed it. unchecked: a code that was compared
with no list. code: a one-time code of the station's card. seal: the signature of a key of the station."""

STATES: Final[tuple[State, ...]] = get_args(State)
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
MECHANISMS: Final[tuple[Mechanism, ...]] = get_args(Mechanism)
ACCESSES: Final[tuple[Access, ...]] = get_args(Access)
STATION_KINDS: Final[tuple[StationKind, ...]] = get_args(StationKind)

DNS_NXDOMAIN: Final = "dns_nxdomain_error"
DNS_SERVFAIL: Final = "dns_servfail_error"
DNS_REFUSED: Final = "dns_refused_error"
DNS_NO_ANSWER: Final = "dns_no_answer"
DNS_BOGON: Final = "dns_bogon_error"
TIMEOUT: Final = "generic_timeout_error"
REFUSED: Final = "connection_refused"
RESET: Final = "connection_reset"
HOST_UNREACHABLE: Final = "host_unreachable"
NETWORK_UNREACHABLE: Final = "network_unreachable"
EOF: Final = "eof_error"
SSL_HOSTNAME: Final = "ssl_invalid_hostname"
SSL_AUTHORITY: Final = "ssl_unknown_authority"
SSL_CERTIFICATE: Final = "ssl_invalid_certificate"
SSL_HANDSHAKE: Final = "ssl_failed_handshake"
UNKNOWN: Final = "unknown_failure: "

FAILURES: Final = (
    DNS_NXDOMAIN, DNS_SERVFAIL, DNS_REFUSED, DNS_NO_ANSWER, DNS_BOGON, TIMEOUT, REFUSED, RESET,
    HOST_UNREACHABLE, NETWORK_UNREACHABLE, EOF, SSL_HOSTNAME, SSL_AUTHORITY, SSL_CERTIFICATE, SSL_HANDSHAKE,
)  # fmt: skip
CERTIFICATE_FAILURES: Final = frozenset({SSL_HOSTNAME, SSL_AUTHORITY, SSL_CERTIFICATE})
UNREACHABLE: Final = frozenset({HOST_UNREACHABLE, NETWORK_UNREACHABLE})


def failure_label(failure: str) -> str:
    """A failure as a metric's label: the closed names as they are, all others as one."""
    return failure if failure in FAILURES else "unknown_failure"
