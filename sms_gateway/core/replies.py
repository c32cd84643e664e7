"""The answer to a text: what was understood or what to send instead, in one part.

The sender's language and script first; where that takes two parts, Latin letters; then the short form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core.gsm import parts
from sms_gateway.core.latin import latin
from sms_gateway.core.letters import has_cyrillic
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.words import TABLE
from wire.facts import Language

Script = Literal["cyrillic", "latin"]
Say = Callable[[Language, str, dict[str, str]], str]
"""A message of the catalogue by its name, with what stands in it."""
_HASH_CHARS: Final = 8
_WORDS: Final = frozenset(name for name, _, _ in TABLE if name)


def script_of(text: str) -> Script:
    """The script of an answer: Latin to who wrote without a Cyrillic letter."""
    return "cyrillic" if has_cyrillic(text) else "latin"


class Note(Struct, frozen=True, kw_only=True):
    """What an answer says beside the echo: the receipt's number, and whether a code was missing."""

    receipt: str = ""
    codeless: bool = False


NO_NOTE: Final = Note()


def reply(
    read: Reading | Rejected, language: Language, script: Script, say: Say, note: Note = NO_NOTE
) -> str:
    """The answer in one part; `ValueError` when no form fits, which the catalogue's tests exclude."""

    def forms(say_in: Say) -> list[str]:
        return list(_forms(read, language, say_in, note))

    return first_that_fits(forms, script, say)


def first_that_fits(forms: Callable[[Say], list[str]], script: Script, say: Say) -> str:
    """Of several forms, the fullest first, the first that takes one part, in this script or in Latin letters.

    `forms` gives them for one script's catalogue. Raises `ValueError` when none fits.
    """
    own = forms(in_script(say, "cyrillic"))
    for in_own, in_latin in zip(own, forms(in_script(say, "latin")), strict=True):
        if script == "cyrillic" and parts(in_own).count == 1:
            return in_own
        if parts(latin(in_latin)).count == 1:
            return latin(in_latin)
    raise ValueError("no form of the answer fits one part")


def in_script(say: Say, script: Script) -> Say:
    """The catalogue for one script: it may choose other words for Latin letters."""
    return lambda language, name, values: say(language, name, {**values, "script": script})


def _forms(read: Reading | Rejected, language: Language, say: Say, note: Note) -> Iterator[str]:
    """The forms of the answer, the fullest first."""
    if isinstance(read, Reading):
        yield from _accepted(read, language, say, note)
        return
    wanted = say(language, f"wanted-{read.error.replace('_', '-')}", {})
    if read.understood:
        understood = local(read.understood, language, say)
        yield say(language, "understood", {"understood": understood, "wanted": wanted})
    yield wanted


def _accepted(read: Reading, language: Language, say: Say, note: Note) -> Iterator[str]:
    echo = {"station": read.station, "said": spoken(read.kind, read.mark, read.value, language, say)}
    if note.receipt:
        with_receipt = {**echo, "receipt": note.receipt}
        if note.codeless:
            yield say(language, "accepted-codeless", with_receipt)
        yield say(language, "accepted-receipt", with_receipt)
    yield say(language, "accepted", echo)


def spoken(kind: str, mark: str, value: str, language: Language, say: Say) -> str:
    """What was reported, in words of a language. Of a hash the first digits; sheet 1 has no number."""
    if kind == "sheet" and value:
        mark, value = mark if mark != "1" else "", value[:_HASH_CHARS]
    return local(f"{kind} {mark} {value}", language, say)


def local(words: str, language: Language, say: Say) -> str:
    """Words of ours in a language; stations and numbers stay as they are."""
    return " ".join(say(language, f"word-{word}", {}) if word in _WORDS else word for word in words.split())
