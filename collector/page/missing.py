"""What a reader is told whose address leads nowhere. Pure."""

from __future__ import annotations

from msgspec import Struct

from wire.facts import Language


class Missing(Struct, frozen=True, kw_only=True):
    """Everything on the page. `local`: a moment for the form that asks for one, or "" without it."""

    language: Language
    headline: str
    told: str
    local: str = ""
