"""How a probe or a gateway becomes known: an invite, a key, and the proof that it holds the key."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from wire import canonical
from wire.errors import BadSignature
from wire.records import Network, Short, TimeText
from wire.signing import SigningKey, VerifyKey, from_text, key_id, to_text

MOST_VOUCHED_HOURS: Final = 24 * 7.0
Role = Literal["probe", "vantage", "gateway"]


class Enrolment(Struct, frozen=True, kw_only=True):
    """What is sent to `POST /v1/enrol`. `role` stands in the invite, not here: nobody promotes himself."""

    v: Literal[1] = 1
    invite: Annotated[str, Meta(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
    key: Annotated[str, Meta(max_length=44)]
    network: Network
    signature: Annotated[str, Meta(max_length=88)] = ""


class Enrolled(Struct, frozen=True, kw_only=True):
    """The collector's answer: the name under which it knows the key, and in which role.

    `collector_key`: the public key, base64, with which it signs its control table; "" of an older one.
    `network`: where the address from which it was asked is, by the collector's table; None: not known.
    """

    v: Literal[1] = 1
    probe: Short
    role: Role
    collector_key: Annotated[str, Meta(max_length=44)] = ""
    network: Network | None = None


def enrolment(key: SigningKey, invite: str, network: Network) -> Enrolment:
    """A signed request."""
    bare = Enrolment(invite=invite, key=to_text(key.public), network=network)
    signature = key.sign("dabyl/v1/enrol", canonical.encode(bare))
    return Enrolment(invite=invite, key=bare.key, network=network, signature=to_text(signature))


def check_enrolment(request: Enrolment) -> bytes:
    """The public key of a request that was signed with it; raises `BadInput` or `BadSignature`."""
    public = from_text(request.key)
    bare = Enrolment(invite=request.invite, key=request.key, network=request.network)
    if not request.signature:
        raise BadSignature("the request is not signed")
    VerifyKey(public).verify("dabyl/v1/enrol", canonical.encode(bare), from_text(request.signature))
    return public


def invite_print(token: str) -> str:
    """What a collector keeps of an invite: its SHA-256, never the token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Vouching(Struct, frozen=True, kw_only=True):
    """What a probe sends to `POST /v1/invites` to invite another: the print of a token that it made.

    The token never leaves its maker but to whom it is given; the same print again changes nothing.
    """

    v: Literal[1] = 1
    print: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
    hours: Annotated[float, Meta(gt=0, le=MOST_VOUCHED_HOURS)]
    key: Annotated[str, Meta(max_length=44)]
    signature: Annotated[str, Meta(max_length=88)] = ""


class Vouched(Struct, frozen=True, kw_only=True):
    """The answer: until when the invite is good, and how many more its issuer may give out."""

    v: Literal[1] = 1
    issuer: Short
    expires_at: TimeText
    left: int


def vouching(key: SigningKey, token: str, hours: float) -> Vouching:
    """A signed request for an invite."""
    bare = Vouching(print=invite_print(token), hours=hours, key=to_text(key.public))
    signature = key.sign("dabyl/v1/invite", canonical.encode(bare))
    return replace(bare, signature=to_text(signature))


def check_vouching(request: Vouching) -> str:
    """The name of the key that signed; raises `BadInput` or `BadSignature`."""
    public = from_text(request.key)
    if not request.signature:
        raise BadSignature("the request is not signed")
    bare = canonical.encode(replace(request, signature=""))
    VerifyKey(public).verify("dabyl/v1/invite", bare, from_text(request.signature))
    return key_id(public)
