"""The words that a text may hold: one table. A word that is not in it is never passed over.

Forms are written as they are spelt; they are met in any case, with look-alikes, and without the
Kazakh letters that a phone lacks (`ЖАГДАЙ` for `ЖАҒДАЙ`).
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core.latin import latin
from sms_gateway.core.letters import cyrillic_skeleton, has_cyrillic, latin_skeleton
from wire.facts import Language

Role = Literal["kind", "value", "filler"]


class Meaning(Struct, frozen=True, kw_only=True):
    """What a word says: its role, its name among ours, and the languages that have it."""

    role: Role
    name: str
    languages: frozenset[Language]


TABLE: Final[tuple[tuple[Role, str, Language, str], ...]] = (
    ("kind", "open", "kk", "ашылды ашық ashyk"),
    ("kind", "open", "ru", "открыт открыта открыто открыты otkryt otkryto"),
    ("kind", "open", "ru", "открылся открылась открылись открыли"),
    ("kind", "open", "en", "open opened"),
    ("kind", "closed", "kk", "жабылды жабық jabyldy jabyq zhabyk"),
    ("kind", "closed", "ru", "закрыт закрыта закрыто закрыты zakryt zakryto"),
    ("kind", "closed", "ru", "закрылся закрылась закрылись закрыли"),
    ("kind", "closed", "en", "closed close"),
    ("kind", "status", "kk", "жағдай жағдайы jagdai jagday zhagday"),
    ("kind", "status", "ru", "статус"),
    ("kind", "status", "en", "status"),
    ("kind", "power", "kk", "жарық ток электр jaryq jaryk zharyk"),
    ("kind", "power", "ru", "свет света ток тока svet"),
    ("kind", "power", "ru", "электр электричество электричества электроэнергия электроэнергии"),
    ("kind", "power", "en", "power electricity"),
    ("kind", "net", "kk", "желі интернет байланыс jeli"),
    ("kind", "net", "ru", "сеть сети интернет интернета связь связи"),
    ("kind", "net", "en", "net network internet"),
    ("value", "on", "kk", "бар қосылды"),
    ("value", "on", "ru", "есть вкл vkl включен включена включено включили"),
    ("value", "on", "en", "on"),
    ("value", "off", "kk", "жоқ joq jok zhok өшті сөнді"),
    ("value", "off", "ru", "нет нету выкл vykl выключен выключена выключено"),
    ("value", "off", "ru", "отключен отключена отключено отключили"),
    ("value", "off", "en", "off"),
    # Names of the thing whose number follows. "No" is not among them: it is also an answer.
    ("filler", "", "kk", "учаске учаскесі нөмір нөмірі облыс"),
    ("filler", "", "ru", "участок участка уик номер регион"),
    ("filler", "", "en", "station polling n region"),
)
"""Role, name among ours, language, forms."""


def _spellings(form: str, language: Language) -> tuple[str, ...]:
    """How a form may be met. Kazakh also in Latin letters; Russian not: its `net` would be our `net`."""
    if not has_cyrillic(form):
        return (form,)
    return (cyrillic_skeleton(form), *([latin(form)] if language == "kk" else []))


def _joined(table: tuple[tuple[Role, str, Language, str], ...]) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for role, name, language, forms in table:
        for spelling in (spelling for form in forms.split() for spelling in _spellings(form, language)):
            known = found.get(spelling, Meaning(role=role, name=name, languages=frozenset()))
            if (known.role, known.name) != (role, name):
                raise ValueError(f"{spelling} says both {known.name} and {name}")
            found[spelling] = Meaning(role=role, name=name, languages=known.languages | {language})
    return found


MEANINGS: Final = _joined(TABLE)


def meaning(word: str) -> Meaning | None:
    """What a lower-case word says, or None. A spelling that could say two things says nothing."""
    spellings = {word, cyrillic_skeleton(word), latin_skeleton(word)}
    found = [MEANINGS[spelling] for spelling in sorted(spellings) if spelling in MEANINGS]
    if len({(one.role, one.name) for one in found}) != 1:
        return None
    return MEANINGS.get(word, found[0])
