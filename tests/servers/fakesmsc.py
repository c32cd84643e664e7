"""An operator's message centre that speaks the line protocol of Kannel's `smsc = fake`.

In: `sender receiver TYPE payload`, with TYPE `text` (as it is) or `ucs2` (UTF-16BE, escaped).
Out: the same with `text`, `ucs-2` or `data`. Kannel listens; the centre connects.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote_from_bytes, unquote_to_bytes

from msgspec import Struct


class Sent(Struct, frozen=True, kw_only=True):
    """A text that Kannel sent towards a phone."""

    sender: str
    receiver: str
    kind: str
    text: str


class MessageCentre:
    """Sends texts into Kannel and keeps those that come out."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.sent: list[Sent] = []

    async def bring(self, sender: str, text: str, receiver: str = "1234") -> None:
        """A text from a phone, in the alphabet that a phone would choose."""
        if text.isascii():
            kind, payload = "text", text
        else:
            kind, payload = "ucs2", quote_from_bytes(text.encode("utf-16-be"))
        self._writer.write(f"{sender} {receiver} {kind} {payload}\n".encode())
        await self._writer.drain()

    def to(self, receiver: str) -> list[str]:
        """The texts that went to a number."""
        return [one.text for one in self.sent if one.receiver == receiver]

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Keep what comes out, until Kannel closes."""
        while line := await reader.readline():
            self.sent.append(parse(line))


def parse(line: bytes) -> Sent:
    """A line from Kannel."""
    sender, receiver, kind, payload = line.rstrip(b"\n").split(b" ", 3)
    text = (
        unquote_to_bytes(payload.replace(b"+", b" ")).decode("utf-16-be")
        if kind == b"ucs-2"
        else payload.decode()
    )
    return Sent(sender=sender.decode(), receiver=receiver.decode(), kind=kind.decode(), text=text)


@asynccontextmanager
async def message_centre(port: int) -> AsyncIterator[MessageCentre]:
    """A centre that is connected to Kannel's port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    centre = MessageCentre(writer)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(centre.read(reader))
        try:
            yield centre
        finally:
            task.cancel()
            writer.close()
