"""Remote write as a client: one request, and what the server made of it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import aiohttp

from collector.core.remote_write import HEADERS

ANSWER_S: Final = 60.0
_SERVER_FAILED: Final = 500
_BUSY: Final = 429
# Prometheus' words for a sample that lies before its window: with 400 or, in 2.42, with 500, though no
# second try can help.
_TOO_OLD: Final = ("too old sample", "out of bounds")


class Answer(NamedTuple):
    """What became of a request, and the server's first line."""

    result: Literal["taken", "too_old", "refused"]
    said: str


def client() -> aiohttp.ClientSession:
    """For some requests; to be closed."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_S))


async def deliver(session: aiohttp.ClientSession, url: str, body: bytes, token: str = "") -> Answer:
    """Send one request; `token`: a bearer's.

    Raises `OSError` where a later try may help: nobody answers, the server fails or is too busy.
    """
    headers = HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        async with session.post(url, data=body, headers=headers) as answer:
            said = (await answer.text(errors="replace")).strip().partition("\n")[0][:200]
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise OSError(str(error) or type(error).__name__) from error
    if any(words in said for words in _TOO_OLD):
        return Answer("too_old", said)
    if status >= _SERVER_FAILED or status == _BUSY:
        raise OSError(f"the server failed with {status}: {said}")
    return Answer("taken" if answer.ok else "refused", said)
