"""A control table as a collector signed it: what makes it believable. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from wire.errors import BadInput, BadSignature
from wire.signing import VerifyKey, from_text

UNSIGNED: Final = "it is not signed"
OTHER_KEY: Final = "it is signed with another key than this probe's collector has"
WRONG: Final = "its signature does not fit"


class Signature(Struct, frozen=True, kw_only=True):
    """What stands beside a table: key and signature in base64 ("" where nothing is signed), and when."""

    key: str = ""
    signature: str = ""
    at: str = ""


def why_not(body: bytes, signature: Signature, pinned: str) -> str:
    """Why a table is not to be believed, "" when it is. `pinned`: the key that it must have, "" for any.

    Without a pin an unsigned table is taken: it comes from an older collector.
    """
    if not signature.signature:
        return UNSIGNED if pinned or signature.key else ""
    if pinned and signature.key != pinned:
        return OTHER_KEY
    try:
        VerifyKey(from_text(signature.key)).verify("dabyl/v1/control", body, from_text(signature.signature))
    except (BadInput, BadSignature):
        return WRONG
    return ""
