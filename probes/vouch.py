"""Invite another probe: make a token, and tell the collector its print."""

from __future__ import annotations

import base64
from typing import Final

import msgspec

from probes.post import JSON_TYPE, new_session, post
from wire import canonical
from wire.enrol import MOST_VOUCHED_HOURS, Vouched, vouching
from wire.errors import BadInput
from wire.ports import Randomness
from wire.receipts import Refusal
from wire.signing import SigningKey

TOKEN_BYTES: Final = 20
_OK: Final = 200


async def invite_another(
    key: SigningKey, collector: str, hours: float, randomness: Randomness
) -> tuple[str, Vouched]:
    """A token for somebody else, and the collector's answer; raises `BadInput` when it did not agree."""
    if not 0 < hours <= MOST_VOUCHED_HOURS:
        raise BadInput(f"{hours:g} hours: an invite lasts from now up to a week")
    token = base64.b32encode(randomness.token(TOKEN_BYTES)).decode().lower()
    request = canonical.encode(vouching(key, token, hours))
    async with new_session() as session:
        answer = await post(session, f"{collector.rstrip('/')}/v1/invites", request, JSON_TYPE)
    if answer.status != _OK:
        raise BadInput(f"{collector}: {_why(answer.body) or answer.why or answer.status}")
    try:
        return token, msgspec.json.decode(answer.body, type=Vouched)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadInput(f"{collector}: its answer is none of a collector's") from error


def _why(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Refusal).detail[:200]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
