"""Whether a plain page is one of those that censors are known to show. The page itself is never kept."""

from __future__ import annotations

import re
from typing import Final

from probes.core.pages import text_of, unescaped
from wire.facts import BlockPage, block_pages

# A block page is short. What is longer is an article about one.
MAX_TEXT_BYTES: Final = 16_384
_TAG: Final = re.compile(r"<[^>]*>")
_SPACES: Final = re.compile(r"\s+")


def fingerprint_of(title: str, body: bytes, content_type: str, location: str) -> str:
    """The name of the fingerprint that a page fits, "" for none; title and location as a record has them."""
    texts = [_plain(title), *_texts(body, content_type)]
    sent_to = location.casefold()
    return next((one.name for one in block_pages() if _fits(one, texts, sent_to)), "")


def _texts(body: bytes, content_type: str) -> list[str]:
    """A small page's source, and what a reader sees of it."""
    if not body or len(body) > MAX_TEXT_BYTES:
        return []
    source = unescaped(text_of(body, content_type))
    return [_plain(source), _plain(_TAG.sub(" ", source))]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).casefold()


def _fits(one: BlockPage, texts: list[str], location: str) -> bool:
    if one.location and location.startswith(one.location):
        return True
    return bool(one.phrases) and any(all(phrase in text for phrase in one.phrases) for text in texts)
