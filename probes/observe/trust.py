"""The authorities that this machine trusts, as one TLS context that is made once and kept."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL, crypto

from probes.core.handshake import collect_error
from wire.errors import BadInput
from wire.facts import authorities

_FILES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # BSD, macOS
)
_VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_LEGACY_SERVER_CONNECT: Final = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: browsers connect to such servers too
# The same in one packet: the post-quantum key share alone makes a ClientHello of two, and a censor who
# reads only the first packet would then be missed.
_GROUPS: Final = b"X25519:P-256:P-384:P-521"
_CIPHERS: Final = b"DEFAULT:@SECLEVEL=1"


def make_trust() -> SSL.Context:
    """A context with the system's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR.

    Raises `BadInput` when there are none: everything would look forged.
    """
    context = _empty()
    try:
        _load(context)
    except SSL.Error as error:
        raise BadInput("the file of certificate authorities cannot be read") from error
    return context


def trust_only(pem: str) -> SSL.Context:
    """A context with the authorities of a PEM text and no other."""
    context = _empty()
    store = context.get_cert_store()
    for root in x509.load_pem_x509_certificates(pem.encode("ascii")):
        if store is not None:
            store.add_cert(crypto.X509.from_cryptography(root))
    return context


@cache
def own_authorities() -> Mapping[str, SSL.Context]:
    """For each messenger with an authority of its own, a context that trusts nothing else."""
    return {group: trust_only(pem) for group, pem in authorities().items()}


def _empty() -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_verify(SSL.VERIFY_PEER, collect_error)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)  # a resumed session shows no certificate
    context.set_options(_LEGACY_SERVER_CONNECT)
    context.set_cipher_list(_CIPHERS)
    _set_groups(context)
    return context


def _load(context: SSL.Context) -> None:
    """Load what was named in the environment, else what the system has; a file without any is an error."""
    file, folder = (os.environ.get(name) for name in _VARIABLES)
    if not file and not folder:
        file = _system_file()
    if file and not Path(file).is_file():
        raise BadInput(f"SSL_CERT_FILE={file}: there is no such file")
    if file:
        context.load_verify_locations(file)
    elif folder and Path(folder).is_dir():
        context.load_verify_locations(None, folder)
    else:
        raise BadInput(f"SSL_CERT_DIR={folder}: there is no such folder")


def _system_file() -> str:
    candidates = (ssl.get_default_verify_paths().openssl_cafile, *_FILES)
    found = next((one for one in candidates if Path(one).is_file()), None)
    return found or _shipped_with_certifi()


def _shipped_with_certifi() -> str:
    try:
        where: str = import_module("certifi").where()
    except ModuleNotFoundError as error:
        raise BadInput("no certificate authorities on this machine: set SSL_CERT_FILE") from error
    return where


def _set_groups(context: SSL.Context) -> None:
    """PyOpenSSL has no call for it yet; without the binding the handshake only is larger."""
    choose = getattr(Binding().lib, "SSL_CTX_set1_curves_list", None)
    if choose is not None:
        choose(context._context, _GROUPS)
