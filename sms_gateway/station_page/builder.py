"""Makes the page: one HTML file with all that it needs, the same bytes for the same options.

Rules of this file: nothing is asked of any server. The page's own policy (CSP) names its scripts by their
hashes and lets it reach the collector that it was made for, or nobody at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Final

from msgspec import Struct

from sms_gateway.station_page.election import Election
from sms_gateway.station_page.facts import facts, source
from wire.errors import BadInput
from wire.facts import read_text

LIBRARIES: Final = (
    "tweetnacl/nacl-fast.min.js", "fast-sha256/sha256.min.js", "qrcode-generator/qrcode.js", "jsqr/jsQR.js",
)  # fmt: skip
SCRIPTS: Final = (
    "core/bytes", "core/base62", "core/canonical", "core/seal", "core/sheet", "core/card", "core/photo",
    "phone/words", "phone/dom", "phone/store", "phone/photos", "phone/scan", "phone/qr", "phone/sending",
    "screens/parts", "screens/start", "screens/home", "screens/form", "screens/sealing", "screens/uploading",
    "screens/status", "main",
)  # fmt: skip
"""In this order: a file uses what stands before it."""
_COLLECTOR: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
_PLACE: Final = re.compile(r"@([A-Z]+)@")


class PageOptions(Struct, frozen=True, kw_only=True):
    """What the page is made for.

    `gateway`: the number that takes texts, or empty. `collector`: where it may upload, `https://host[:port]`,
    or empty: then it can reach nobody. `served`: from a server, as a page that can be installed.
    """

    election: Election | None = None
    gateway: str = ""
    collector: str = ""
    served: bool = False


def build(options: PageOptions) -> str:
    """The page as HTML; raises `BadInput`."""
    _check(options)
    libraries = [_unix(read_text(f"third_party/{name}")) for name in LIBRARIES]
    scripts, style = [*libraries, _own_script()], source("source/page.css")
    filled = {
        "CSP": _policy(options, scripts, style),
        "LINKS": _links(options.served),
        "STYLE": style,
        "FACTS": _facts(options),
        "SCRIPT": "</script>\n<script>".join(scripts),
    }
    return _filled(source("source/page.html"), filled)


def folder_files(options: PageOptions) -> dict[str, str]:
    """What a server serves so that the page can be installed: files by name."""
    page = build(options)
    version = hashlib.sha256(page.encode()).hexdigest()[:16]
    return {
        "index.html": page,
        "worker.js": _filled(source("source/worker.js"), {"VERSION": version}),
        "manifest.webmanifest": source("source/manifest.webmanifest"),
        "icon.svg": source("source/icon.svg"),
    }


def write_page(path: Path, options: PageOptions) -> str:
    """Write the one file and give its SHA-256 as hex; raises `BadInput`."""
    page = build(options).encode()
    _write(path, page)
    return hashlib.sha256(page).hexdigest()


def write_folder(folder: Path, options: PageOptions) -> str:
    """Write what a server serves and give the SHA-256 of its page as hex; raises `BadInput`."""
    files = folder_files(options)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}") from error
    for name, text in files.items():
        _write(folder / name, text.encode())
    return hashlib.sha256(files["index.html"].encode()).hexdigest()


def _check(options: PageOptions) -> None:
    if options.collector and not _COLLECTOR.fullmatch(options.collector):
        raise BadInput(f"not a collector: {options.collector}; one is https://host or https://host:port")
    if options.gateway and not _NUMBER.fullmatch(options.gateway):
        raise BadInput(f"not a number: {options.gateway}; one is +77001234567 or a short number")


def _own_script() -> str:
    """Every file in a block of its own: what it declares stays there; `dabyl` holds what others use."""
    blocks = [f"{{ // {name}\n{source(f'source/{name}.js')}}}\n" for name in SCRIPTS]
    head = '"use strict";\nconst dabyl = {};\n'
    read = 'const facts = JSON.parse(document.getElementById("facts").textContent);\n'
    return head + read + "".join(blocks)


def _policy(options: PageOptions, scripts: list[str], style: str) -> str:
    own = "'self'" if options.served else "'none'"
    hashes = " ".join(_hash(script) for script in scripts)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {hashes}",
            f"style-src {_hash(style)}",
            "img-src data: blob:" + (" 'self'" if options.served else ""),
            f"connect-src {options.collector or own}",
            f"worker-src {own}",
            f"manifest-src {own}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _links(served: bool) -> str:
    if served:
        return '<link rel="icon" href="icon.svg">\n<link rel="manifest" href="manifest.webmanifest">'
    icon = base64.b64encode(source("source/icon.svg").encode()).decode()
    # Without one, a browser asks the folder for favicon.ico.
    return f'<link rel="icon" href="data:image/svg+xml;base64,{icon}">'


def _facts(options: PageOptions) -> str:
    links = {"gateway": options.gateway, "collector": options.collector, "served": options.served}
    text = json.dumps(facts(options.election, links), ensure_ascii=False, separators=(",", ":"))
    # So that no text can end the script that holds it.
    return text.replace("<", "\\u003c")


def _filled(template: str, values: dict[str, str]) -> str:
    """The template with its places filled, in one pass: what is put in is never looked at again."""
    return _PLACE.sub(lambda place: values[place[1]], template)


def _unix(text: str) -> str:
    """Line ends as the browser sees them: the policy's hashes are of what it reads."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _write(path: Path, raw: bytes) -> None:
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
