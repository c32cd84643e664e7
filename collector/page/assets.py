"""The files beside the page. Each name carries a print of its content, so it may be kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from wire.facts import read_text

_TYPES: Final = {
    "page.css": "text/css",
    "wall.css": "text/css",
    "sheets.css": "text/css",
    "icon.png": "image/png",
    "verify.js": "text/javascript",
}
# The verifier is one file made of many: those of other hands first, then ours in the order of their needs.
_THIRD_PARTY: Final = ("tweetnacl/nacl-fast.min.js", "fast-sha256/sha256.min.js")
_VERIFY: Final = ("bytes", "merkle", "notes", "tiles", "checking", "showing")


class Asset(Struct, frozen=True, kw_only=True):
    """One file: its name with the print (`page-0a1b2c3d4e5f.css`), its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


@cache
def assets() -> Mapping[str, Asset]:
    """All files by their plain name (`page.css`)."""
    return MappingProxyType({plain: _asset(plain, media) for plain, media in _TYPES.items()})


@cache
def by_printed_name() -> Mapping[str, Asset]:
    """All files by the name under which they are served."""
    return MappingProxyType({asset.name: asset for asset in assets().values()})


@cache
def verifier() -> str:
    """The script that checks sheets in the page; readable as it is served, but for what others packed."""
    others = [read_text(f"third_party/{name}") for name in _THIRD_PARTY]
    folder = resources.files("collector.page").joinpath("static", "verify")
    ours = [folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in _VERIFY]
    return "\n".join((*others, '"use strict";\nvar dabyl = {};', *ours))


def _asset(plain: str, media_type: str) -> Asset:
    if plain == "verify.js":
        content = verifier().encode()
    else:
        content = resources.files("collector.page").joinpath("static", plain).read_bytes()
    stem, _, ending = plain.partition(".")
    return Asset(
        name=f"{stem}-{sha256(content).hexdigest()[:12]}.{ending}", media_type=media_type, content=content
    )
