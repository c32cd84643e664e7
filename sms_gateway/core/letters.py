"""Letters as people type them: spaces, dashes, look-alikes, missing Kazakh letters.

Rules of this file: a letter is replaced only by the one that it looks like or stands in for on a
phone without a Kazakh keyboard; nothing here knows a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_REMEMBERED: Final = 4_096  # words: most texts are made of few
# What a phone or a copied text leaves inside words without being seen: soft hyphen, zero-width signs,
# direction marks, accents of stress, and what makes a digit a key-cap.
_INVISIBLE: Final = dict.fromkeys(
    [0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x0300, 0x0301, 0xFE0E, 0xFE0F, 0x20E3]
)
# What keyboards of East Asia write: the same signs, twice as wide.
_WIDE: Final = {0xFF01 + place: 0x21 + place for place in range(94)}
_UNSEEN_AND_WIDE: Final = {**_INVISIBLE, **_WIDE}
_CHUNK: Final = re.compile(r"[^\W_]+")
CLOCK: Final = "hhmm"
"""The chunk that a time of day becomes: `11:20` looks like a station, `12:50` like an hour and a count."""
# A full hour stays as it is: 12:00 is how the hour of a turnout is written too. No dates: 22.11.2026.
_TIME: Final = re.compile(
    r"(?<![\d:])(?<!\d\.)(?:[01]?\d|2[0-4])[:.](?!00)[0-5]\d(?![\d:])(?!\.\d)", re.ASCII
)
_DOUBT: Final = re.compile("[?？❓❔❌❎✖✗✘🚫⛔👎]")
_PIECE: Final = re.compile(r"[0-9]+|[^0-9]+")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_KAZAKH: Final = re.compile(r"[әғқңөұүһі]")

# Lower case, since the comparison is made there; by the shapes of the capitals.
_TO_CYRILLIC: Final = str.maketrans("abcehikmoptxy", "авсеникмортху")
_TO_LATIN: Final = str.maketrans("авсеніикмортху", "abcehiikmoptxy")
_PLAIN: Final = str.maketrans("әғқңөұүһіё", "агкноуухие")
_TO_DIGITS: Final = str.maketrans("oоlіiıз", "0011113")
_DIGIT_SHAPED: Final = re.compile(r"[0-9oоlіiıз]*[0-9][0-9oоlіiıз]*")
_FOLDED_PAIRS: Final = (
    ("shch", "sc"),
    ("sch", "sc"),
    ("zh", "j"),
    ("sh", "s"),
    ("ch", "c"),
    ("kh", "h"),
    ("gh", "g"),
    ("ts", "c"),
)
_FOLDED: Final = str.maketrans("qyıxwʼ", "kiihu'")
_COUNTRY: Final = re.compile(r"[kкқ][zз]")


def chunks(text: str) -> list[str]:
    """The runs of letters and digits of a text, lower case; all else only parts them, but in a time."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return _CHUNK.findall(_TIME.sub(f" {CLOCK} ", composed.translate(_UNSEEN_AND_WIDE)))


def pieces(chunk: str) -> list[str]:
    """A chunk cut where digits meet letters: `kz71open` is `kz`, `71`, `open`."""
    return _PIECE.findall(chunk)


def is_doubted(text: str) -> bool:
    """Whether it asks, or says no without a word: `открыт?`, `open ❌`."""
    return _DOUBT.search(text) is not None


def is_country(chunk: str) -> bool:
    """Whether a chunk is KZ in any letters."""
    return _COUNTRY.fullmatch(chunk) is not None


def digits(chunk: str) -> str:
    """The chunk as digits when it has one and all else in it looks like one (O, l, З); else empty."""
    return chunk.translate(_TO_DIGITS) if _DIGIT_SHAPED.fullmatch(chunk) else ""


@lru_cache(maxsize=_REMEMBERED)
def cyrillic_skeleton(word: str) -> str:
    """A word in plain Cyrillic: Latin look-alikes replaced, Kazakh letters by their Russian neighbours."""
    return word.translate(_TO_CYRILLIC).translate(_PLAIN)


@lru_cache(maxsize=_REMEMBERED)
def latin_skeleton(word: str) -> str:
    """A word with its Cyrillic look-alikes replaced by Latin letters."""
    return word.translate(_TO_LATIN)


@lru_cache(maxsize=_REMEMBERED)
def latin_fold(word: str) -> str:
    """A word in Latin letters, its fashions made one: `zhabyldy`, `jabyldy`, `jabıldı` are the same."""
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    for pair, single in _FOLDED_PAIRS:
        bare = bare.replace(pair, single)
    return bare.translate(_FOLDED)


def has_cyrillic(text: str) -> bool:
    """Whether there is a Cyrillic letter in it."""
    return _CYRILLIC.search(text.casefold()) is not None


def has_kazakh(text: str) -> bool:
    """Whether there is a letter that Kazakh has and Russian has not."""
    return _KAZAKH.search(text.casefold()) is not None
