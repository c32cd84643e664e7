"""The pages of sheets as HTML."""

from __future__ import annotations

from typing import Final

from collector.page.assets import assets
from collector.page.markup import clean
from collector.page.render import OWN_NAMES, layout
from collector.page.sheets.asked import Asked
from collector.page.sheets.parts import StationView
from collector.page.sheets.search import SearchView
from collector.page.words import Words

# Every sentence that the verifier may say; `{name}` stays in it for the script to fill.
VERIFY_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "verify-working": (), "step-text": (), "step-shown": (), "step-head": (), "step-seen": (),
    "step-entry": (), "step-path": (), "step-claim": (), "step-scan": (), "step-witness": (),
    "witness-ok": ("name",), "witness-missing": ("name",), "witness-forged": ("name",), "text-ok": ("hash",),
    "text-fault": ("hash", "listed"), "shown-ok": ("count",), "shown-fault": ("name", "shown", "right"),
    "head-ok": ("name", "size"),
    "key-bad": (), "key-changed": ("usual",), "note-bad": (), "note-other-key": ("name",),
    "note-other-log": ("name",),
    "note-forged": (), "seen-first": ("size",), "seen-ok": ("old", "size"), "seen-smaller": ("old", "size"),
    "seen-fork": ("old", "size"), "entry-ok": ("entry", "at"), "entry-missing": ("entry", "size"),
    "entry-other": ("entry",), "entry-fault": ("entry", "hash"), "leaf-fault": ("entry",),
    "path-ok": ("count", "size"), "path-fault": ("size",), "tile-bad": ("path",), "tile-fault": ("path",),
    "claim-ok": ("entry",), "claim-none": (), "claim-fault": ("entry", "hash"), "not-fetched": ("path",),
    "scan-ok": ("entry",), "scan-fault": ("entry", "hash"), "file-same": ("what", "hash"),
    "file-other": ("hash",), "not-checked": (), "not-readable": (), "whole-ok": (),
    "whole-unknown": (), "whole-fault": (),
    "all-ok": (), "all-unknown": (), "all-fault": (),
}  # fmt: skip


def render_search(words: Words, page: SearchView, asked: Asked, files: tuple[str, ...]) -> str:
    """The list of sheets; `files`: the endings of the bulk files."""
    return _rendered("sheets.html.j2", words, page, asked, files=files, verify_js="")


def render_station(words: Words, page: StationView, asked: Asked) -> str:
    """A station's sheets, with the script that checks them."""
    script = f"/static/{assets()['verify.js'].name}"
    return _rendered(
        "station.html.j2", words, page, asked, verify_js=script, verify_words=verify_words(words)
    )


def verify_words(words: Words) -> dict[str, str]:
    """The sentences of the verifier in one language."""
    return {
        message: words(message, **{name: f"{{{name}}}" for name in names})
        for message, names in VERIFY_WORDS.items()
    }


def _rendered(name: str, words: Words, page: SearchView | StationView, asked: Asked, **more: object) -> str:
    html = layout(name).render(
        t=words,
        page=page,
        choice=asked,
        own_names=OWN_NAMES,
        css=f"/static/{assets()['page.css'].name}",
        sheets_css=f"/static/{assets()['sheets.css'].name}",
        icon=f"/static/{assets()['icon.png'].name}",
        **more,
    )
    return clean(html)
