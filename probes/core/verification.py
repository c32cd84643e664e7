"""OpenSSL's verification errors as short names, and what several of them mean together.

The numbers are X509_V_ERR_* of OpenSSL's x509_vfy.h; they have not changed since 1.0.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wire import names

AUTHORITY: Final = "authority"
HOSTNAME: Final = "hostname"
EXPIRED: Final = "expired"
NOT_YET_VALID: Final = "not_yet_valid"
SELF_SIGNED_LEAF: Final = "self_signed_leaf"
REVOKED: Final = "revoked"
PURPOSE: Final = "purpose"
WEAK: Final = "weak"
OTHER: Final = "other"

_OF_CODE: Final[dict[int, str]] = {
    2: AUTHORITY,  # unable to get issuer certificate
    7: AUTHORITY,  # certificate signature failure
    9: NOT_YET_VALID,
    10: EXPIRED,
    18: SELF_SIGNED_LEAF,
    19: AUTHORITY,  # self-signed certificate in chain
    20: AUTHORITY,  # unable to get local issuer certificate
    21: AUTHORITY,  # unable to verify leaf signature
    22: AUTHORITY,  # chain too long
    23: REVOKED,
    24: AUTHORITY,  # invalid CA certificate
    25: AUTHORITY,  # path length exceeded
    26: PURPOSE,
    27: AUTHORITY,  # not trusted
    28: AUTHORITY,  # rejected
    29: AUTHORITY,  # subject issuer mismatch
    32: AUTHORITY,  # issuer may not sign certificates
    47: AUTHORITY,  # permitted subtree violation
    48: AUTHORITY,  # excluded subtree violation
    62: HOSTNAME,
    64: HOSTNAME,  # of a literal address
    66: WEAK,  # leaf key
    67: WEAK,  # CA key
    68: WEAK,  # signature digest
    79: AUTHORITY,  # invalid CA certificate, strict
}
_NOBODY_VOUCHES: Final = frozenset({AUTHORITY, SELF_SIGNED_LEAF})


def short_names(codes: Iterable[int]) -> tuple[str, ...]:
    """The errors of a handshake by name, each once, sorted; 0 is none."""
    return tuple(sorted({_OF_CODE.get(code, OTHER) for code in codes if code}))


def failure_of(errors: Iterable[str]) -> str | None:
    """The one failure for several errors: nobody vouches, before a wrong name, before wrong dates."""
    found = frozenset(errors)
    if not found:
        return None
    if found & _NOBODY_VOUCHES:
        return names.SSL_AUTHORITY
    return names.SSL_HOSTNAME if HOSTNAME in found else names.SSL_CERTIFICATE
