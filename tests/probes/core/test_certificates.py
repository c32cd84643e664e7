"""Certificates: what is read off them, and for which hosts they are good."""

from __future__ import annotations

import hashlib
from ssl import PEM_cert_to_DER_cert

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dabyl.system import SystemClock
from probes.core.certificates import describe, is_for, matches
from tests.lab.authority import make_authority

AUTHORITY = make_authority("Test", SystemClock().now())


def der_of(host: str) -> bytes:
    pem = AUTHORITY.leaf(host).decode()
    begin = pem.index("-----BEGIN CERTIFICATE")
    return PEM_cert_to_DER_cert(pem[begin : pem.index("-----END CERTIFICATE", begin) + 26])


@pytest.mark.parametrize(
    ("pattern", "host", "fits"),
    [
        ("site.kz", "site.kz", True),
        ("Site.KZ", "sITE.kz.", True),
        ("site.kz", "www.site.kz", False),
        ("*.site.kz", "www.site.kz", True),
        ("*.site.kz", "site.kz", False),
        ("*.site.kz", "a.b.site.kz", False),
        ("w*.site.kz", "www.site.kz", False),
        ("*.kz", "site.kz", False),
        ("*", "kz", False),
        ("", "", False),
        ("a..kz", "a..kz", False),
        ("xn--80avmfg08d.example", "xn--80avmfg08d.example", True),
    ],
)
def test_a_name_covers_a_host_by_rfc_9525(pattern: str, host: str, fits: bool) -> None:
    assert matches(pattern, host) is fits


def test_a_certificate_is_read_once_and_whole() -> None:
    der = der_of("site.kz")
    seen = describe(der)
    assert seen.sha256 == hashlib.sha256(der).hexdigest()
    assert "site.kz" in seen.subject
    assert "Test Issuing CA" in seen.issuer
    assert seen.not_before.endswith("Z")
    assert describe(der) is seen


def test_a_certificate_is_for_the_names_in_it_and_no_other() -> None:
    der = der_of("site.kz")
    assert is_for(der, "site.kz")
    assert not is_for(der, "other.kz")
    assert not is_for(der, "127.0.0.1")


@given(st.binary(max_size=300))
def test_any_bytes_have_prints_and_are_for_nobody(raw: bytes) -> None:
    seen = describe(raw)
    assert seen.sha256 == hashlib.sha256(raw).hexdigest()
    assert seen.sha1
    assert not is_for(raw, "site.kz")


@given(st.integers(0, 400), st.integers(0, 255))
@example(15, 128)  # a negative serial number
def test_a_broken_certificate_never_raises(at: int, byte: int) -> None:
    der = bytearray(der_of("broken.kz"))
    der[at % len(der)] = byte
    assert describe(bytes(der)).sha256
    is_for(bytes(der), "broken.kz")
