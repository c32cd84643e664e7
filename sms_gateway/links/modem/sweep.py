"""Emptying a modem's memories: list, keep, and only then delete.

Nothing may be deleted here that is not in the journal. Places are numbers of one life of the modem: after a
silence or a restart they are listed anew, never deleted by what an earlier list said.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from sms_gateway.core.at import replies
from sms_gateway.core.at.replies import Room, Stored
from sms_gateway.core.at.talk import Command
from sms_gateway.core.pdu import piece
from sms_gateway.journal import Journal
from sms_gateway.link_settings import ModemLink
from sms_gateway.links.modem.port import Port

_log = logging.getLogger(__name__)
_LIST_TIMES: Final = 6.0
_DELETE_TIMES: Final = 2.5  # some cards take seconds
_READS: Final = 4
_NEARLY_FULL: Final = 0.8
_MOST_KEPT: Final = 2_048


class Sweep:
    """The memories of one modem, for one life of its port. `session` names that life in the journal."""

    def __init__(self, link: ModemLink, session: str, port: Port, journal: Journal) -> None:
        """`memories` are to be set before the first round; without them the modem's choice is read."""
        self._link, self.session, self._port, self._journal = link.name, session, port, journal
        self._answer_s = link.answer_s
        self.memories: tuple[str, ...] = ()
        self.full = ""
        self.refused = 0
        """Rounds in a row in which a memory could not even be chosen."""
        self._kept: dict[bytes, None] = {}
        """What is in the journal and may be in a memory all the same: a modem may not have deleted it."""

    async def round(self) -> int:
        """Empty every memory; gives how many texts came. Raises `StoreFailed`, `Silent`, `Gone`."""
        self.full, chosen = "", True
        count = 0
        for memory in self.memories or ("",):
            found = await self._empty(memory)
            chosen, count = chosen and found is not None, count + (found or 0)
        self.refused = 0 if chosen else self.refused + 1
        return count

    async def keep(self, announced: int, pdu: str) -> None:
        """Keep what the modem handed over without storing it."""
        await self._journal.keep(self._link, self.session, [piece.write(announced, pdu)])

    async def _empty(self, memory: str) -> int | None:
        """Until nothing that came can be deleted any more; None when the memory cannot be chosen."""
        count = 0
        while True:
            asked = f'AT+CPMS="{memory}"' if memory else "AT+CPMS?"
            answer = await self._port.ask(Command(text=asked, patience_s=_DELETE_TIMES * self._answer_s))
            room = replies.room(answer.lines)
            if memory and not answer.ok:
                return None
            if room is not None and room.used == 0:
                return count
            places = await self._list(room)
            came = await self._keep([one for one in places if one.incoming])
            deleted = [await self._delete(one) for one in places if one.incoming]
            count += came
            # A modem that says it deleted and did not would keep us here for ever.
            if not came or not all(deleted):
                await self._make_room(memory, room, places, sum(deleted))
                return count

    async def _list(self, room: Room | None) -> tuple[Stored, ...]:
        """All places in use. One broken text makes some modems refuse the list: then each is read alone."""
        answer = await self._port.ask(Command(text="AT+CMGL=4", patience_s=_LIST_TIMES * self._answer_s))
        if not answer.ok:
            total = room.total if room else 0
            # Some modems count from 0.
            found = [await self._read(place, None) for place in range(total + 1)]
        else:
            listed = replies.stored(answer.lines)
            found = [one if one.fits else await self._read(one.place, one) for one in listed]
        return tuple([one for one in found if one is not None])

    async def _read(self, place: int, before: Stored | None) -> Stored | None:
        """One place, alone; None when it is empty, or when it was never heard twice alike.

        What is no PDU counts as what is stored there only when it was heard so twice: noise is not kept for a
        text, and no text is deleted for noise.
        """
        for _ in range(_READS):
            answer = await self._port.ask(Command(text=f"AT+CMGR={place}", patience_s=self._answer_s))
            found = replies.read(place, answer.lines) if answer.ok else None
            if found is None or found.fits:
                return found
            if before is not None and found.pdu and found.pdu == before.pdu:
                return found
            before = found
        return None

    async def _keep(self, places: Sequence[Stored]) -> int:
        pieces = [piece.write(one.announced, one.pdu) for one in places]
        new = [one for one in dict.fromkeys(pieces) if one not in self._kept]
        await self._journal.keep(self._link, self.session, new)
        self._kept |= dict.fromkeys(pieces)
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return len(new)

    async def _delete(self, one: Stored) -> bool:
        answer = await self._port.ask(
            Command(text=f"AT+CMGD={one.place}", patience_s=_DELETE_TIMES * self._answer_s)
        )
        if not answer.ok:
            _log.warning("%s: place %d cannot be deleted: %s", self._link, one.place, answer.final)
        return answer.ok

    async def _make_room(
        self, memory: str, room: Room | None, places: Sequence[Stored], deleted: int
    ) -> None:
        """When a memory is nearly full of what nobody sent us, drafts and copies of what was sent go."""
        if room is None or room.used - deleted < _NEARLY_FULL * room.total:
            return
        written = [await self._delete(one) for one in places if not one.incoming]
        if room.used - deleted - sum(written) >= room.total:
            self.full = memory or "the memory"
            _log.error("%s: %s is full and cannot be emptied: no text can arrive", self._link, self.full)
