"""A text as a link hands it over, before anybody has read it."""

from __future__ import annotations

from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """One incoming text.

    `id`: the link's own name for it, empty when it gives none. `text` is None when its bytes are
    in no alphabet of ours. `at`: when the link says that it came, RFC 3339; empty when it does not.
    `partial`: parts of it never came, and `text` says where.
    """

    link: str
    id: str = ""
    sender: str
    recipient: str = ""
    text: str | None
    at: str = ""
    partial: bool = False
