"""A gammu-smsd by its spool: files that it wrote are read, kept, then removed; it sends what is put there.

It is never asked to run us: with `RunOnReceive` the name that a stranger sends under is part of a command.
"""

from __future__ import annotations

import asyncio
import logging
import os
import stat
from pathlib import Path
from typing import Final

from sms_gateway.core import gammu
from sms_gateway.core.gsm import parts
from sms_gateway.core.pdu.address import dialled
from sms_gateway.core.sender import number
from sms_gateway.link_settings import GammuLink
from sms_gateway.links.link import Health, Outgoing, Sent
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_MOST_BYTES: Final = 1_048_576
"""A text has at most 255 parts, each a section of about a thousand bytes."""
_MOST_FILES: Final = 500
_LATE_S: Final = 600.0


class Gammu:
    """One spool. A file is taken when it did not change between two looks: gammu-smsd writes in place."""

    def __init__(self, office: Office, link: GammuLink) -> None:
        """Nothing is read yet."""
        self._office, self._link = office, link
        self._inbox, self._outbox = Path(link.inbox), Path(link.outbox)
        self._seen: dict[str, tuple[int, int]] = {}
        self._waits: dict[str, float] = {}
        self._unread = ""
        self._health = Health(up=False, state="waiting")
        self._heard_at = 0.0

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            try:
                count = await self.round()
                self._tell(self._unread or self._late())
            except OSError as error:
                count = 0
                self._tell(f"{self._link.inbox}: {error.strerror}")
            except StoreFailed as error:
                count = 0
                _log.error("%s: %s", self._link.name, error)
            await asyncio.sleep(0 if count == _MOST_FILES else self._link.poll_s)

    async def round(self) -> int:
        """Take the files that are complete; gives how many. Raises `OSError` or `StoreFailed`."""
        contents = self._read(self._settled())
        found = [piece for name, content in contents.items() for piece in gammu.pieces(name, content)]
        await self._office.journal.keep(self._link.name, "", found)
        for name in contents:
            (self._inbox / name).unlink(missing_ok=True)
        if contents:
            self._heard_at = self._office.now_s()
        return len(contents)

    async def send(self, text: Outgoing) -> Sent:
        """Put a text where gammu-smsd reads it, whole and durable."""
        if not dialled(text.recipient) or number(text.recipient) == number(self._link.sender):
            return Sent(toll="refused", why="not a number to send to")
        name, content = gammu.outgoing(text.recipient, text.id, text.text)
        try:
            _put(self._outbox, name, content)
        except OSError as error:
            return Sent(toll="away", why=f"outbox: {error.strerror}")
        return Sent(toll="accepted", parts=parts(text.text).count)

    def health(self) -> Health:
        """Whether the folder can be read and what we put there is taken."""
        return self._health

    def _settled(self) -> list[str]:
        """The names of files that are as they were at the last look, in their order."""
        now = {
            entry.name: (state.st_size, state.st_mtime_ns)
            for entry in os.scandir(self._inbox)
            if entry.name.startswith("IN")
            and stat.S_ISREG((state := entry.stat(follow_symlinks=False)).st_mode)
        }
        settled = sorted(name for name, state in now.items() if self._seen.get(name) == state)[:_MOST_FILES]
        self._seen = now
        return settled

    def _read(self, names: list[str]) -> dict[str, bytes]:
        """What the files hold; one that cannot be read must not keep all others from being taken."""
        contents: dict[str, bytes] = {}
        self._unread = ""
        for name in names:
            try:
                contents[name] = _content(self._inbox / name)
            except OSError as error:
                self._unread = f"a file of the inbox cannot be read: {error.strerror}"
        return contents

    def _late(self) -> str:
        """Why we are not up: what we put into the outbox has waited for long."""
        if not self._link.outbox:
            return ""
        now = self._office.clock.monotonic()
        there = {entry.name for entry in os.scandir(self._outbox) if entry.name.startswith("OUT")}
        self._waits = {name: self._waits.get(name, now) for name in there}
        oldest = min(self._waits.values(), default=now)
        return "gammu-smsd does not take what it is to send" if now - oldest > _LATE_S else ""

    def _tell(self, why: str) -> None:
        if why and why != self._health.why:
            _log.warning("%s: %s", self._link.name, why)
        self._health = Health(up=not why, state="watching", why=why, heard_at=self._heard_at)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)


def _put(folder: Path, name: str, content: bytes) -> None:
    """Written beside, made durable, and only then given its name."""
    draft = folder / f".dabyl-{os.getpid()}"
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
