"""What stands on a station's printed card: the day's texts ready to send, spare codes, and the sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from sms_gateway.core.replies import Say, in_script, local
from wire.facts import Language
from wire.stationkeys import StationKeys
from wire.typed import COUNT_WEIGHTS, MODULUS, WORD_NUMBERS, Typed, card_number, word_sum, written

DAY: Final[tuple[tuple[str, str], ...]] = (
    ("open", ""), *(("turnout", mark) for mark in ("10", "12", "14", "16", "18", "20")), ("closed", ""),
    ("count", ""), ("sheet", ""), ("copy", ""), ("received", ""),
)  # fmt: skip
"""The reports of every election day, in their order: kind, and the hour of a turnout."""
_ASKED: Final = {"status", "info", "tel", "my"}
_IN_DAY: Final = {kind for kind, _ in DAY}


class Row(Struct, frozen=True, kw_only=True):
    """One report of the day. `text`: to be sent as it is, with places left free in a turnout's.

    `words`: what it says, kk and ru. `number`: of a turnout, what the digits of the count are added to.
    """

    words: tuple[str, str]
    text: tuple[str, str]
    number: int | None = None


class Card(Struct, frozen=True, kw_only=True):
    """One page. `spares`: a code and its number; `words`: kk, ru and their number, which is added to it."""

    station: str
    rows: tuple[Row, ...]
    spares: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, str, int], ...]


COUNT_NUMBERS: Final = tuple(
    tuple(digit * weight % MODULUS for digit in range(10)) for weight in COUNT_WEIGHTS
)
"""What each digit of a count adds: a row for thousands, hundreds, tens and units."""


def card(listed: StationKeys, say: Say) -> Card:
    """The card of a station; the day's rows take the first codes, as far as there are any."""
    say = in_script(say, "cyrillic")
    used = list(zip(DAY, listed.codes, strict=False))
    return Card(
        station=listed.station,
        rows=tuple(_row(listed.station, code, said, say) for said, code in used),
        spares=tuple((code, card_number(listed.station, code)) for code in listed.codes[len(used) :]),
        words=tuple(_words(say)),
    )


def _row(station: str, code: str, said: tuple[str, str], say: Say) -> Row:
    kind, mark = said
    kk, ru = (local(f"{kind} {mark}", language, say) for language in ("kk", "ru"))
    if kind != "turnout":
        typed = Typed(station=station, kind=kind, code=code)
        return Row(words=(kk, ru), text=(written(typed, kk), written(typed, ru)))
    typed = Typed(station=station, kind=kind, code=code, count="0", mark=mark)
    number = (card_number(station, code) + word_sum(typed)) % MODULUS
    begin = f"{station[3:]} {code}"
    return Row(words=(kk, ru), text=(f"{begin} {kk} ____ __", f"{begin} {ru} ____ __"), number=number)


def _words(say: Say) -> Iterator[tuple[str, str, int]]:
    """The words for spare codes: what may happen at any time, and the questions."""
    for (kind, value), number in WORD_NUMBERS.items():
        if kind not in _IN_DAY or kind in _ASKED:
            yield _spoken("kk", kind, value, say), _spoken("ru", kind, value, say), number


def _spoken(language: Language, kind: str, value: str, say: Say) -> str:
    return local(f"{kind} {value}", language, say)
