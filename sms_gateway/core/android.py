"""The app "SMS Gateway for Android" (capcom6, sms-gate.app): what its webhooks say and what its API is asked.

From its documentation and source: a webhook is a JSON event with an id that stays through its retries. The
header `X-Signature` is HMAC-SHA256, in hex, of the body and, behind it, the text of `X-Timestamp` (Unix s).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final, Literal

import msgspec
from msgspec import Struct

from sms_gateway.core.incoming import Decoded, Delivery, Odd, Part, Receipt
from wire.errors import BadRecord
from wire.times import format_time, parse_time

SKEW_S: Final = 86_400.0
"""How wrong a phone's clock may be. Within this the event's id alone tells what was brought before."""
PING: Final = "system:ping"
MOST_BYTES: Final = 262_144
"""A text of 255 parts has 17,085 characters, which JSON may write with six bytes each."""
_DIGIT: Final = re.compile(r"[0-9]", re.ASCII)
_STATES: Final[dict[str, Delivery]] = {
    "sms:sent": "waiting", "sms:delivered": "delivered", "sms:failed": "failed",
}  # fmt: skip
Toll = Literal["accepted", "later", "refused", "slow", "away"]
_TOLLS: Final[dict[int, Toll]] = {
    200: "accepted", 201: "accepted", 202: "accepted",
    409: "accepted",  # it has a text of this id, so our last question came through and its answer did not
    400: "refused", 401: "away", 403: "away", 404: "away", 429: "slow",
}  # fmt: skip


class Payload(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the event is about; older versions of the app say only `phoneNumber`."""

    message: str | None = None
    message_id: str = ""
    phone_number: str = ""
    sender: str | None = None
    recipient: str | None = None
    received_at: str = ""
    reason: str = ""


class Event(Struct, frozen=True, kw_only=True):
    """One event."""

    id: str
    event: str
    payload: Payload = Payload()


_event = msgspec.json.Decoder(Event)


def signed(key: str, body: bytes, timestamp: str, signature: str) -> bool:
    """Whether the app with this key said so at this time."""
    expected = hmac.new(key.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace"))


def is_recent(timestamp: str, now_s: float) -> bool:
    """Whether a signature is of these days: an old one may be of a text that is forgotten here."""
    return timestamp.isascii() and timestamp.isdigit() and abs(now_s - float(timestamp)) <= SKEW_S


def event_of(body: bytes) -> Event | None:
    """The event; None when it is none of the app's."""
    try:
        return _event.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def decode(piece: bytes, own: str = "") -> Decoded:
    """What a body says; `own`: our own number, if the app does not know it. Any bytes give a record."""
    event = event_of(piece)
    if event is None:
        return _odd("no event of the app", piece)
    if event.event in _STATES:
        return _receipt(event)
    if event.event != "sms:received" or event.payload.message is None:
        return _odd(f"the event {event.event[:40]!r}", piece)
    return Part(
        sender=event.payload.sender or event.payload.phone_number,
        recipient=event.payload.recipient or own,
        alphabet="octets",
        payload=event.payload.message.encode(),
        id=event.id,
        at=_at(event.payload.received_at),
    )


def message_id(link: str, ident: int, text: str) -> str:
    """The name under which the app keeps a text: the same when we ask again, so that it sends it once."""
    return f"dabyl-{hashlib.blake2b(f'{link} {ident} {text}'.encode(), digest_size=12).hexdigest()}"


def request(name: str, recipient: str, text: str, sim: int) -> bytes:
    """The body of `POST /message`; `sim` from 1, 0 for the app's own choice."""
    asked = {
        "id": name,
        "textMessage": {"text": text},
        "phoneNumbers": [recipient],
        "withDeliveryReport": True,
    }
    return msgspec.json.encode(asked | ({"simNumber": sim} if sim else {}))


def headers(username: str, password: str) -> dict[str, str]:
    """What goes with a request."""
    user = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {user}", "Content-Type": "application/json"}


def toll(status: int) -> Toll:
    """What the app's answer means for a text."""
    return _TOLLS.get(status, "later")


def _receipt(event: Event) -> Decoded:
    payload = event.payload
    recipient = payload.recipient or payload.phone_number
    return Receipt(
        ids=(payload.message_id,),
        recipient=recipient,
        state=_STATES[event.event],
        why=_DIGIT.sub("#", payload.reason[:80]),
    )


def _at(said: str) -> str:
    try:
        return format_time(parse_time(said)) if said else ""
    except BadRecord:
        return ""


def _odd(why: str, piece: bytes) -> Odd:
    return Odd(why=why, raw=_DIGIT.sub("#", piece.decode("utf-8", "replace")).encode())
