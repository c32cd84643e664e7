"""Certificates of the country, made anew for each run: true, expired, self-signed and forged.

Rules of this file: keys live in the run's temporary folder only; nothing here is trusted by the
machine. `now` comes in as a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

# A common name of wire/data's list; the keys are our own.
KNOWN_INTERCEPTOR: Final = "Information Security Certification Authority"
_YEAR: Final = timedelta(days=365)


class Span(Struct, frozen=True):
    """From when until when a certificate holds."""

    start: datetime
    end: datetime


class Signed(Struct, frozen=True):
    """A certificate and the key that it speaks for."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as PEM, unprotected."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class Authority(Struct, frozen=True):
    """A root and the intermediate that signs; leaves are sent with the intermediate."""

    root: Signed
    intermediate: Signed
    now: datetime

    def leaf(self, host: str, span: Span | None = None) -> bytes:
        """Key, leaf and intermediate for `host` in one PEM, as nginx reads it."""
        leaf = _sign(host, self.intermediate, span or _around(self.now), ca=False)
        return leaf.key_pem + leaf.pem + self.intermediate.pem


def make_authority(name: str, now: datetime) -> Authority:
    """A new authority called `name` that is valid around `now`."""
    root = _sign(name if name == KNOWN_INTERCEPTOR else f"{name} Root", None, _around(now), ca=True)
    return Authority(root, _sign(f"{name} Issuing CA", root, _around(now), ca=True), now)


def self_signed(host: str, now: datetime) -> bytes:
    """Key and certificate of a host that vouches for itself, in one PEM."""
    leaf = _sign(host, None, _around(now), ca=False)
    return leaf.key_pem + leaf.pem


def lapsed(now: datetime) -> Span:
    """A span that ended a month before `now`."""
    return Span(now - _YEAR, now - timedelta(days=30))


def write_certificates(folder: Path, hosts: Iterable[str], now: datetime) -> None:
    """Write `ca.pem`, and KIND/HOST.pem for every host and the kinds that `servers.py` shows.

    Kinds: `true`, `expired`, `headless` (the intermediate is not sent), `self` (signed), `forged`, `forged_expired`
    and `forged_known` (by an authority with the name of one that is published as an interceptor's).
    """
    true, forger = make_authority("Lab Trust", now), make_authority("Lab Interceptor", now)
    known = make_authority(KNOWN_INTERCEPTOR, now)
    folder.mkdir()
    (folder / "ca.pem").write_bytes(true.root.pem)
    for host in hosts:
        _write(folder / "true" / f"{host}.pem", true.leaf(host))
        _write(folder / "expired" / f"{host}.pem", true.leaf(host, lapsed(now)))
        _write(folder / "headless" / f"{host}.pem", true.leaf(host).removesuffix(true.intermediate.pem))
        _write(folder / "self" / f"{host}.pem", self_signed(host, now))
        _write(folder / "forged" / f"{host}.pem", forger.leaf(host))
        _write(folder / "forged_known" / f"{host}.pem", known.leaf(host))
        _write(folder / "forged_expired" / f"{host}.pem", forger.leaf(host, lapsed(now)))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _around(now: datetime) -> Span:
    return Span(now - timedelta(days=7), now + _YEAR)


def _sign(name: str, issuer: Signed | None, span: Span, *, ca: bool) -> Signed:
    """A certificate for `name`; signed by itself where there is no issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(span.start)
        .not_valid_after(span.end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    builder = _with_key_ids(builder, key, issuer)
    builder = _as_authority(builder) if ca else _as_server(builder, name)
    return Signed(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _as_authority(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
        key_agreement=False, key_encipherment=False, data_encipherment=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return builder.add_extension(usage, critical=True)


def _as_server(builder: x509.CertificateBuilder, host: str) -> x509.CertificateBuilder:
    names = x509.SubjectAlternativeName([_general_name(host)])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return builder.add_extension(names, critical=False).add_extension(usage, critical=False)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _with_key_ids(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, issuer: Signed | None
) -> x509.CertificateBuilder:
    """Key identifiers, without which strict verifiers refuse a chain (RFC 5280, 4.2.1.1 and 4.2.1.2)."""
    signer = issuer.key if issuer else key
    return builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
