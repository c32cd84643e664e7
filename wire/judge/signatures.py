"""What is known of the interceptors: names and SHA-1 prints of their certificates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from wire.records import Certificate


class Signatures(Struct, frozen=True, kw_only=True):
    """Common names of roots (any case) and SHA-1 prints (lower-case hex) of roots and intermediates."""

    common_names: frozenset[str]
    sha1: frozenset[str]

    def fit(self, chain: Sequence[Certificate]) -> bool:
        """Whether a chain was made by a known interceptor, by print or by the name of a signer."""
        return any(self._fits(certificate) for certificate in chain)

    def _fits(self, certificate: Certificate) -> bool:
        names = {common_name(certificate.issuer), common_name(certificate.subject)}
        return certificate.sha1.lower() in self.sha1 or not self.common_names.isdisjoint(names)


NO_SIGNATURES = Signatures(common_names=frozenset(), sha1=frozenset())


@lru_cache(maxsize=4096)
def common_name(distinguished: str) -> str:
    """The CN of an RFC 4514 name, lower case; "" when there is none."""
    for part in distinguished.split(","):
        key, _, value = part.strip().partition("=")
        if key.upper() == "CN":
            return value.strip().casefold()
    return ""
