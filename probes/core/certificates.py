"""Certificates as they were shown: their fields, their prints, the names they are good for."""

from __future__ import annotations

import hashlib
import warnings
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtensionOID

from wire.records import Certificate
from wire.times import format_time

# An issuer may write whatever it likes into its certificate: what cannot be read is left empty.
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    KeyError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_MAX_NAME_CHARS: Final = 512


@lru_cache(maxsize=1024)
def describe(der: bytes) -> Certificate:
    """The record of a certificate; of bytes that are none, only the prints."""
    subject, issuer, begins, ends = _fields(der)
    return Certificate(
        subject=subject,
        issuer=issuer,
        sha256=hashlib.sha256(der).hexdigest(),
        # The published prints of known interceptors are SHA-1; nothing is trusted because of it.
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest(),
        not_before=begins,
        not_after=ends,
    )


def _fields(der: bytes) -> tuple[str, str, str, str]:
    try:
        parsed = _parsed(der)
        begins, ends = parsed.not_valid_before_utc, parsed.not_valid_after_utc
        return _name(parsed.subject), _name(parsed.issuer), _time(begins), _time(ends)
    except _UNREADABLE:
        return "", "", "", ""


def _parsed(der: bytes) -> x509.Certificate:
    """What is out of fashion in it (a serial number below 1) is its issuer's business, no warning to us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(der)


def _name(name: x509.Name) -> str:
    return name.rfc4514_string()[:_MAX_NAME_CHARS]


def _time(moment: datetime) -> str:
    return format_time(moment)


@lru_cache(maxsize=2048)
def is_for(der: bytes, host: str) -> bool:
    """Whether a certificate is good for a host, an A-label or a literal address.

    By RFC 9525: only its subjectAltName counts, and a `*` only as the whole leftmost label.
    """
    dns_names, addresses = _alternatives(der)
    try:
        return str(ip_address(host)) in addresses
    except ValueError:
        return any(matches(name, host) for name in dns_names)


def _alternatives(der: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        found = _parsed(der).extensions
        names = found.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except (*_UNREADABLE, x509.ExtensionNotFound):
        return (), ()
    if not isinstance(names, x509.SubjectAlternativeName):
        return (), ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return tuple(names.get_values_for_type(x509.DNSName)), tuple(str(one) for one in addresses)


def matches(pattern: str, host: str) -> bool:
    """Whether a certificate's DNS name covers a host; case does not count, nor a dot at the end."""
    presented, asked = _labels(pattern), _labels(host)
    if len(presented) != len(asked) or "" in presented:
        return False
    if presented[0] == "*":
        return len(presented) > _FEWEST_LABELS_OF_WILDCARD and presented[1:] == asked[1:]
    return presented == asked


_FEWEST_LABELS_OF_WILDCARD: Final = 2  # nobody is given *.kz


def _labels(name: str) -> list[str]:
    return name.lower().removesuffix(".").split(".")
