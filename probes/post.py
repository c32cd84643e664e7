"""The collector's HTTP face, seen from a probe: one POST, one answer, nothing raised."""

from __future__ import annotations

import socket
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from msgspec import Struct

from probes.core import failures

POST_S: Final = 30.0
MAX_ANSWER_BYTES: Final = 65_536
BATCH_TYPE: Final = "application/vnd.dabyl.batch"
JSON_TYPE: Final = "application/json"
# What asking raises; UnicodeError: a host that no name can be, as in http://a..b/.
UNREACHED: Final = (aiohttp.ClientError, OSError, UnicodeError)


class Posted(Struct, frozen=True, kw_only=True):
    """An answer; `status` 0 when there was none, and then `why`."""

    status: int = 0
    body: bytes = b""
    retry_after: str = ""
    why: str = ""


def new_session() -> aiohttp.ClientSession:
    """A session for all posts: no cookies, and nothing of what the owner's ~/.netrc knows."""
    limit = aiohttp.ClientTimeout(total=POST_S)
    return aiohttp.ClientSession(timeout=limit, cookie_jar=aiohttp.DummyCookieJar())


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for a URL; None where it goes there directly.

    Not by aiohttp's `trust_env`: that would also send what ~/.netrc holds for a host, or for all hosts.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


async def post(session: aiohttp.ClientSession, url: str, body: bytes, content_type: str) -> Posted:
    """Send bytes. Redirects are not followed: a batch goes where its owner said."""
    headers = {"Content-Type": content_type, "User-Agent": "Dabyl/0.1"}
    proxy = proxy_for(url)
    try:
        async with session.post(
            url, data=body, headers=headers, allow_redirects=False, proxy=proxy
        ) as answer:
            return Posted(
                status=answer.status,
                body=await read_body(answer.content, MAX_ANSWER_BYTES),
                retry_after=answer.headers.get("Retry-After", ""),
            )
    except UNREACHED as error:
        return Posted(why=in_words(error))


async def read_body(content: aiohttp.StreamReader, limit: int) -> bytes:
    """An answer to its end, in however many pieces it comes; of a longer one the first `limit` bytes."""
    found = bytearray()
    while len(found) < limit and (piece := await content.read(limit - len(found))):
        found += piece
    return bytes(found)


def in_words(error: Exception) -> str:
    """Why there was no answer, without addresses."""
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, aiohttp.InvalidURL | UnicodeError):
        return "its address cannot be used"
    if isinstance(cause, socket.gaierror):
        return "its name is not found"
    return failures.of_os_error(cause) if isinstance(cause, OSError) else type(cause).__name__
