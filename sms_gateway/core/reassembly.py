"""Texts in several parts, joined: in any order, repeated, from senders who use the same reference.

A part belongs to its sender, recipient, reference, width and total: never to the link, since operators
spread one text over several binds. What is joined stays remembered until its time is over, so that a part
that the network repeats afterwards begins no second text. The shell keeps every `Assembly` durable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct, structs

from sms_gateway.core.alphabets import decode
from sms_gateway.core.incoming import Part
from sms_gateway.core.sender import number

MISSING: Final = " [...] "
"""Stands for parts that never came."""


class Slot(Struct, frozen=True, kw_only=True):
    """What names a text in parts: a keyed print of what tells it from others, and how many parts it has."""

    print: bytes
    total: int


class Place(Struct, frozen=True, kw_only=True):
    """Where and when a part came: its slot, its link, the time in Unix seconds."""

    slot: Slot
    link: str
    now: float


class Kept(Struct, frozen=True, kw_only=True):
    """A part that has come. `print` tells it from another of its number; `part` is None once it is used."""

    number: int
    print: bytes
    part: Part | None


class Assembly(Struct, frozen=True, kw_only=True):
    """A text that is being joined, or was: `since` is the time of its first part, `link` its link."""

    slot: Slot
    link: str
    since: float
    kept: tuple[Kept, ...] = ()
    whole: bool = False


class Joined(Struct, frozen=True, kw_only=True):
    """A text, joined, with its first part for all but the text.

    `text` is None when its bytes are in no alphabet of ours; `payload` holds them. `partial`: parts lack.
    """

    part: Part
    text: str | None
    payload: bytes = b""
    partial: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """What a part changed: the assembly to keep and the texts that are ready."""

    assembly: Assembly
    ready: tuple[Joined, ...] = ()
    repeated: bool = False


def slot_of(part: Part, key: bytes) -> Slot | None:
    """Where a part belongs, under the key of the senders' prints; None when it is a whole text.

    A number of 0, one above the total, a total of 0: TS 23.040, 9.2.3.24.1, says to ignore such a header.
    """
    join = part.join
    if join is None or join.total <= 1 or not 1 <= join.part <= join.total:
        return None
    # Two binds of one operator may write one number in two ways.
    named = (number(part.sender), number(part.recipient), f"{join.reference} {join.width} {join.total}")
    digest = hashlib.blake2b("\0".join(named).encode("utf-8", "replace"), key=key, digest_size=16)
    return Slot(print=digest.digest(), total=join.total)


def alone(part: Part) -> Joined:
    """A text that came in one piece."""
    return Joined(part=part, text=decode(part.alphabet, part.payload), payload=part.payload)


def add(place: Place, known: Assembly | None, part: Part) -> Step:
    """A part comes to what is known of its text (None: nothing yet)."""
    kept = Kept(number=_number(part), print=_print(part), part=part)
    if known is None:
        return _with(_fresh(place), kept)
    same = next((one for one in known.kept if one.number == kept.number), None)
    if same is not None and same.print == kept.print:
        return Step(assembly=known, repeated=True)
    if same is not None or known.whole:
        # The reference is used again for another text: what came of the former is shown as it is.
        step = _with(_fresh(place), kept)
        return Step(assembly=step.assembly, ready=(*given_up(known), *step.ready))
    return _with(known, kept)


def _fresh(place: Place) -> Assembly:
    return Assembly(slot=place.slot, link=place.link, since=place.now)


def given_up(assembly: Assembly) -> tuple[Joined, ...]:
    """What is shown of a text whose other parts never came; nothing of one that was whole."""
    if assembly.whole:
        return ()
    return (_join(assembly.slot.total, assembly.kept),)


def _with(assembly: Assembly, kept: Kept) -> Step:
    all_kept = tuple(sorted((*assembly.kept, kept), key=lambda one: one.number))
    if len(all_kept) < assembly.slot.total:
        return Step(assembly=structs.replace(assembly, kept=all_kept))
    prints = tuple(Kept(number=one.number, print=one.print, part=None) for one in all_kept)
    memory = structs.replace(assembly, kept=prints, whole=True)
    return Step(assembly=memory, ready=(_join(assembly.slot.total, all_kept),))


def _join(total: int, kept: Sequence[Kept]) -> Joined:
    """One text of parts in their order; a gap is marked."""
    parts = [one.part for one in kept if one.part is not None]
    texts: list[str | None] = []
    expected = 1
    for _, run in groupby(enumerate(parts), key=lambda pair: _number(pair[1]) - pair[0]):
        neighbours = [part for _, part in run]
        if _number(neighbours[0]) > expected:
            texts.append(MISSING)
        texts.extend(_texts(neighbours))
        expected = _number(neighbours[-1]) + 1
    if expected <= total:
        texts.append(MISSING)
    text = None if None in texts else "".join(one for one in texts if one is not None)
    payload = b"".join(part.payload for part in parts)
    return Joined(part=parts[0], text=text, payload=payload, partial=len(parts) < total)


def _texts(neighbours: Sequence[Part]) -> list[str | None]:
    """Parts that follow each other, decoded together: a cut may go through a pair of units or an escape."""
    return [
        decode(alphabet, b"".join(part.payload for part in run))
        for alphabet, run in groupby(neighbours, key=lambda part: part.alphabet)
    ]


def _number(part: Part) -> int:
    return part.join.part if part.join else 0


def _print(part: Part) -> bytes:
    return hashlib.blake2b(part.alphabet.encode() + b"\0" + part.payload, digest_size=12).digest()
