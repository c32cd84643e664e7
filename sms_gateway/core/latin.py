"""Kazakh and Russian in plain Latin letters, so that an answer fits one part and any phone shows it.

For reading by a person, not for turning back; no accents, since not every network carries them.
"""

from __future__ import annotations

from typing import Final

_LETTERS: Final = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh",
    "з": "z", "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh",
    "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
_TABLE: Final = str.maketrans(
    {**_LETTERS, **{letter.upper(): latin.upper() for letter, latin in _LETTERS.items()}, "№": "N"}
)


def latin(text: str) -> str:
    """The text with its Cyrillic letters in Latin; all else as it is."""
    return text.translate(_TABLE)
