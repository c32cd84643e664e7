"""Become known to a collector: hand in an invite, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import aiohttp
import msgspec

from probes.core.delivery import FIRST_WAIT_S, LONGEST_WAIT_S
from probes.disk import Disk, write_whole
from probes.post import JSON_TYPE, Posted, post
from wire import canonical
from wire.enrol import Enrolled, enrolment
from wire.ports import Randomness
from wire.receipts import Refusal
from wire.records import Network
from wire.signing import SigningKey

ENROLLED_FILE: Final = "enrolled"
_OK: Final = 200
Say = Callable[[str], None]


class Enrolling:
    """An invite on its way; remembered in a file once a collector has taken it."""

    def __init__(self, folder: Path, disk: Disk, randomness: Randomness, say: Say) -> None:
        self._path = folder / ENROLLED_FILE
        self._disk = disk
        self._randomness = randomness
        self._say = say

    def is_done(self) -> bool:
        """Whether a collector has taken this probe before; raises `OSError`."""
        return ENROLLED_FILE in self._disk.names(self._path.parent)

    async def run(self, session: aiohttp.ClientSession, collectors: Sequence[str], request: bytes) -> None:
        """Until one collector answers, with yes or no."""
        wait_s, told = FIRST_WAIT_S, False
        while True:
            for url in collectors:
                answer = await post(session, f"{url.rstrip('/')}/v1/enrol", request, JSON_TYPE)
                if self._is_settled(url, answer):
                    return
            if not told:
                self._say("no collector could be asked to enrol this probe yet; trying again")
            told = True
            await asyncio.sleep(wait_s * self._randomness.uniform(0.5, 1.5))
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    def _is_settled(self, url: str, answer: Posted) -> bool:
        if answer.status == _OK:
            return self._enrolled(url, answer.body)
        try:
            refusal = msgspec.json.decode(answer.body, type=Refusal)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return False
        if not refusal.retry:
            self._say(f"{url} did not take the invite ({refusal.error}: {refusal.detail[:160]})")
        return not refusal.retry

    def _enrolled(self, url: str, body: bytes) -> bool:
        try:
            who = msgspec.json.decode(body, type=Enrolled)
            write_whole(self._disk, self._path, canonical.encode(who))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return False
        except OSError:
            pass  # the same invite gives the same answer next time
        self._say(f"enrolled at {url} as {who.probe} ({who.role})")
        return True


def collector_key(folder: Path, disk: Disk) -> str:
    """The key of the collector that this probe is known to, base64; "" when none was told."""
    found = _enrolled(folder, disk)
    return "" if found is None else found.collector_key


def network_seen(folder: Path, disk: Disk) -> Network | None:
    """Where the collector saw this probe when it was enrolled; None when it could not say."""
    found = _enrolled(folder, disk)
    return None if found is None else found.network


def _enrolled(folder: Path, disk: Disk) -> Enrolled | None:
    try:
        if ENROLLED_FILE not in disk.names(folder):
            return None
        return msgspec.json.decode(disk.read(folder / ENROLLED_FILE), type=Enrolled)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def request_bytes(key: SigningKey, invite: str, network: Network) -> bytes:
    """The signed request."""
    return canonical.encode(enrolment(key, invite, network))
