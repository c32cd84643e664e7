"""The answer to a text: what was understood or what to send instead, in one part.

The sender's language and script first; where that takes two parts, Latin letters; then the short form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

from sms_gateway.core.gsm import parts
from sms_gateway.core.latin import latin
from sms_gateway.core.letters import has_cyrillic
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.words import TABLE
from wire.facts import Language

Script = Literal["cyrillic", "latin"]
Say = Callable[[Language, str, dict[str, str]], str]
"""A message of the catalogue by its name, with what stands in it."""
_WORDS: Final = frozenset(name for name, _, _ in TABLE if name)


def script_of(text: str) -> Script:
    """The script of an answer: Latin to who wrote without a Cyrillic letter."""
    return "cyrillic" if has_cyrillic(text) else "latin"


def reply(read: Reading | Rejected, language: Language, script: Script, say: Say) -> str:
    """The answer in one part; `ValueError` when no form fits, which the catalogue's tests exclude."""
    for text in _candidates(read, language, script, say):
        if parts(text).count == 1:
            return text
    raise ValueError(f"no form of the answer in {language} fits one part")


def _candidates(read: Reading | Rejected, language: Language, script: Script, say: Say) -> Iterator[str]:
    """The answers in the order of preference."""
    own = _forms(read, language, _written(say, "cyrillic"))
    for in_own, in_latin in zip(own, _forms(read, language, _written(say, "latin")), strict=True):
        if script == "cyrillic":
            yield in_own
        yield latin(in_latin)


def _written(say: Say, script: Script) -> Say:
    """The catalogue for one script: it may choose other words for Latin letters."""
    return lambda language, name, values: say(language, name, {**values, "script": script})


def _forms(read: Reading | Rejected, language: Language, say: Say) -> Iterator[str]:
    """The forms of the answer, the fullest first."""
    if isinstance(read, Reading):
        said = _local(f"{read.kind} {read.mark} {read.value}", language, say)
        yield say(language, "accepted", {"station": read.station, "said": said})
        return
    wanted = say(language, f"wanted-{read.error.replace('_', '-')}", {})
    if read.understood:
        understood = _local(read.understood, language, say)
        yield say(language, "understood", {"understood": understood, "wanted": wanted})
    yield wanted


def _local(words: str, language: Language, say: Say) -> str:
    """Words of ours in a language; stations stay as they are."""
    return " ".join(say(language, f"word-{word}", {}) if word in _WORDS else word for word in words.split())
