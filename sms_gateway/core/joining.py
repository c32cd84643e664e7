"""One round of reading, worked out: which texts are ready, what is still awaited, what could not be decoded.

Pure: the shell decodes nothing and decides nothing; it keeps what a `Round` says in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from msgspec import Struct

from sms_gateway.core import reassembly
from sms_gateway.core.again import AGAIN_S, Came, Lately, print_of
from sms_gateway.core.incoming import Decode, Decoded, Odd, Part, Receipt
from sms_gateway.core.message import Message
from sms_gateway.core.reassembly import Assembly, Joined
from wire.times import EPOCH, format_time

WHOLE_S: Final = 900.0
"""How long a joined text is remembered, so that a part that comes again begins no second one."""


class Piece(Struct, frozen=True, kw_only=True):
    """A piece of the journal. `name`: its own among all; `at`, `at_s`: when it came (Unix seconds)."""

    link: str
    session: str
    name: str
    raw: bytes
    at: str
    at_s: float


class Ready(Struct, frozen=True, kw_only=True):
    """A text to be read; `odd` when its bytes are in no alphabet of ours."""

    message: Message
    odd: Odd | None = None


class Round:
    """What a round of pieces changes."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.ready: list[Ready] = []
        self.odd: list[tuple[Piece, Odd]] = []
        self.receipts: list[tuple[str, Receipt]] = []
        self.changed: dict[bytes, Assembly | None] = {}
        self.came: list[Came] = []
        self.again: list[str] = []
        """The links of pieces that were known."""


class Table:
    """The assemblies and what came lately, as the store has them."""

    def __init__(self, key: bytes, assemblies: Collection[Assembly], lately: Collection[Came]) -> None:
        """`key`: of the senders' prints."""
        self._key = key
        self._open = {assembly.slot.print: assembly for assembly in assemblies}
        self._lately = Lately(lately)

    def take(self, round_: Round, piece: Piece, live: Collection[str], decode: Decode) -> None:
        """Read one piece into a round. `live`: the sessions that are not over."""
        if piece.session:
            came = Came(
                link=piece.link, session=piece.session, at=piece.at_s, print=print_of(self._key, piece.raw)
            )
            round_.came.append(came)
            if self._lately.is_again(came, live):
                round_.again.append(piece.link)
                return
        self._sort(round_, piece, decode(piece.raw))

    def late(self, now: float, partial_s: float) -> Iterator[Assembly]:
        """The assemblies whose time is over; of those from the future, since the clock was set back, too."""
        self._lately.forget(now - AGAIN_S)
        for assembly in list(self._open.values()):
            if abs(now - assembly.since) > (WHOLE_S if assembly.whole else partial_s):
                yield assembly

    def give_up(self, round_: Round, assembly: Assembly) -> None:
        """Show what came of a text whose other parts did not, and forget it."""
        round_.changed[assembly.slot.print] = None
        del self._open[assembly.slot.print]
        at = format_time(EPOCH + timedelta(seconds=assembly.since))
        name = f"{assembly.slot.print.hex()}.{assembly.since:.3f}"
        piece = Piece(link=assembly.link, session="", name=name, raw=b"", at=at, at_s=assembly.since)
        for joined in reassembly.given_up(assembly):
            self._ready(round_, joined, piece)

    def _sort(self, round_: Round, piece: Piece, decoded: Decoded) -> None:
        match decoded:
            case Part():
                self._join(round_, piece, decoded)
            case Receipt():
                round_.receipts.append((piece.link, decoded))
            case Odd():
                round_.odd.append((piece, decoded))

    def _join(self, round_: Round, piece: Piece, part: Part) -> None:
        slot = reassembly.slot_of(part, self._key)
        if slot is None:
            self._ready(round_, reassembly.alone(part), piece)
            return
        place = reassembly.Place(slot=slot, link=piece.link, now=piece.at_s)
        step = reassembly.add(place, self._open.get(slot.print), part)
        if step.repeated:
            round_.again.append(piece.link)
            return
        self._open[slot.print] = round_.changed[slot.print] = step.assembly
        for number, joined in enumerate(step.ready):
            self._ready(round_, joined, piece, f"{piece.name}.{number}")

    def _named(self, name: str) -> str:
        """The network's name for a text, as a print: it may hold a number."""
        return print_of(self._key, name.encode()).hex() if name else ""

    def _ready(self, round_: Round, joined: Joined, piece: Piece, name: str = "") -> None:
        part = joined.part
        message = Message(
            link=piece.link,
            id=self._named(part.id) or name or piece.name,
            sender=part.sender,
            recipient=part.recipient,
            text=joined.text,
            at=part.at or piece.at,
            partial=joined.partial,
        )
        odd = None
        if joined.text is None:
            odd = Odd(why=f"not {part.alphabet}", raw=joined.payload, sender=part.sender)
        round_.ready.append(Ready(message=message, odd=odd))
