"""Regions as people call them: names, short names, towns that stand for their region; and what stands beside.

Rules of this file: a name that two regions have stays both, and whoever asks must tell them apart by more; a
short name is met as it is spelt, for in Latin letters `BKO` would be East and West.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sms_gateway.core.latin import latin
from sms_gateway.core.letters import cyrillic_skeleton, has_cyrillic, latin_fold, latin_skeleton

CITIES: Final = frozenset({"71", "75", "79"})
"""The cities that are regions of their own."""


class Place(Struct, frozen=True, kw_only=True):
    """The digits of every region that a name may mean.

    `sure`: false where the name is also that of a town or a district: then the station must be listed.
    `inside`: it says "in": what is counted behind it may be stations, `Астанада 3 учаске`.
    """

    codes: frozenset[str]
    sure: bool = True
    inside: bool = False


# Forms are parted by spaces, the words of one form by `_`; what is cut by a dash is two words too.
_SURE: Final[tuple[tuple[str, str], ...]] = (
    ("71", "астана астанада астанадағы астане астаны астану astana"),
    ("71", "нур_султан нур_султане нұр_сұлтан нұр_сұлтанда нурсултан нұрсұлтан нурсултане"),
    ("75 19", "алматы алматыда алматыдағы almaty"),
    ("75", "алма_ата алма_ате алма_аты алмата"),
    ("19", "алматинская алматинской алматинскую алматинск_обл алма_атинская"),
    ("79", "шымкент шымкентте шымкенте чимкент чимкенте shymkent chimkent"),
    ("10", "абайская абайской абайскую"),
    ("11", "ақмола ақмолада акмоле акмолинская акмолинской акмолинскую"),
    ("15", "ақтөбе ақтөбеде актобинская актюбинск актюбинске актюбинская актюбинской актюбинскую"),
    ("23", "атырау атырауда атырауская атырауской"),
    ("27", "батыс_қазақстан батысқазақстан западно_казахстанская западно_казахстанской"),
    ("27", "западный_казахстан west_kazakhstan west_qazaqstan"),
    ("31", "жамбыл жамбылда жамбылская жамбылской джамбулская jambyl"),
    ("33", "жетісу жетісуда жетысу жетысуская жетысуской жетісуская jetisu"),
    ("35", "қарағанды қарағандыда караганда караганде карагандинская карагандинской карагандинскую"),
    ("39", "қостанай қостанайда костанае кустанай кустанае костанайская костанайской кустанайская"),
    ("43", "қызылорда қызылордада кызылорде кызылординская кызылординской кзыл_орда кзылорда"),
    ("47", "маңғыстау маңғыстауда мангистау мангыстау мангистауская мангистауской мангыстауская"),
    ("55", "павлодар павлодарда павлодаре павлодарская павлодарской павлодарскую"),
    ("59", "солтүстік_қазақстан солтүстікқазақстан северо_казахстанская северо_казахстанской"),
    ("59", "северный_казахстан north_kazakhstan north_qazaqstan"),
    ("61", "түркістан түркістанда туркестан туркестане туркестанская туркестанской turkestan"),
    ("62", "ұлытау ұлытауда улытауская улытауской"),
    ("63", "шығыс_қазақстан шығысқазақстан восточно_казахстанская восточно_казахстанской"),
    ("63", "восточный_казахстан east_kazakhstan east_qazaqstan"),
)
_UNSURE: Final[tuple[tuple[str, str], ...]] = (
    ("10", "абай абайда семей семейде"),
    ("11", "көкшетау көкшетауда"),
    ("19", "қонаев қонаевта"),
    ("27", "орал оралда уральск уральске"),
    ("31", "тараз таразда таразе"),
    ("33", "талдықорған талдықорғанда талдыкоргане"),
    ("47", "ақтау ақтауда"),
    ("59", "петропавл петропавлда петропавловск петропавловске"),
    ("62", "жезқазған жезқазғанда жезказгане"),
    ("63", "өскемен өскеменде усть_каменогорск усть_каменогорске"),
)
_SHORT: Final[tuple[tuple[str, str], ...]] = (
    ("63", "шқо шко вко vko shqo shko"),
    ("27", "бқо бко зко zko bqo"),
    ("59", "сқо ско sko sqo cko"),
    ("63 27", "bko"),
)
_INSIDE: Final = ("да", "де", "та", "те", "дағы")
_INSIDE_AFTER: Final = frozenset({"қаласында", "каласында", "qalasynda", "облысында", "oblysynda"})
_BEFORE_CITY: Final = frozenset({"г", "гор", "город", "городе", "города", "g", "gor", "gorod"})
_CITY: Final = "қ к q қаласы қаласында қаласының каласы каласында qalasy qalasynda kalasy город city"
_AFTER_CITY: Final = frozenset(_CITY.split())
_BEFORE_AREA: Final = frozenset({"обл", "область", "области"})
_AREA: Final = "обл область области облысы облысында облысының облыс oblast oblysy oblysynda region"
_AFTER_AREA: Final = frozenset(_AREA.split())


def _spelt(form: str) -> set[tuple[str, ...]]:
    words = form.split("_")
    if not has_cyrillic(form):
        return {tuple(latin_fold(word) for word in words)}
    in_latin = tuple(latin_fold(latin(word)) for word in words)
    return {tuple(cyrillic_skeleton(word) for word in words), in_latin}


def _table() -> dict[tuple[str, ...], Place]:
    found = {
        spelling: Place(codes=frozenset(codes.split()), sure=sure, inside=form.endswith(_INSIDE))
        for table, sure in ((_UNSURE, False), (_SURE, True))
        for codes, forms in table
        for form in forms.split()
        for spelling in _spelt(form)
    }
    short = {
        (form,): Place(codes=frozenset(codes.split())) for codes, forms in _SHORT for form in forms.split()
    }
    return found | short


_PLACES: Final = _table()
_LONGEST: Final = max(map(len, _PLACES))
_FIRST: Final = frozenset(words[0] for words in _PLACES)


def place(words: Sequence[str]) -> Place | None:
    """The region that lower-case words name, or None."""
    plain = tuple(words)
    tried = [plain, tuple(map(cyrillic_skeleton, words))]
    if not all(map(has_cyrillic, words)):
        tried.append(tuple(latin_fold(latin_skeleton(word)) for word in words))
    return next((_PLACES[one] for one in tried if one in _PLACES), None)


@lru_cache(maxsize=8_192)
def _begins_one(word: str) -> bool:
    """Whether a name can begin with this word: most words do not, and are asked once."""
    return not _FIRST.isdisjoint((word, cyrillic_skeleton(word), latin_fold(latin_skeleton(word))))


def place_at(parts: Sequence[str], start: int) -> tuple[Place | None, int]:
    """The region that is named here, with `г.` and `облысы` around it; and how many chunks that takes."""
    begins = start + (start + 1 < len(parts) and parts[start] in _BEFORE_CITY | _BEFORE_AREA)
    if not _begins_one(parts[begins]):
        return None, 0
    for size in range(_LONGEST, 0, -1):
        ends = begins + size
        found = place(parts[begins:ends]) if ends <= len(parts) else None
        if found is not None:
            after = parts[ends] if ends < len(parts) else ""
            before = parts[start] if begins > start else ""
            taken = ends - start + (after in _AFTER_CITY | _AFTER_AREA)
            inside = found.inside or after in _INSIDE_AFTER
            return replace(_narrowed(found, _kinds(before, after)), inside=inside), taken
    return None, 0


def _kinds(before: str, after: str) -> set[str]:
    is_city = before in _BEFORE_CITY or after in _AFTER_CITY
    is_area = before in _BEFORE_AREA or after in _AFTER_AREA
    return {kind for kind, holds in (("city", is_city), ("area", is_area)) if holds}


def _narrowed(found: Place, kinds: set[str]) -> Place:
    """What is left of a name's regions when it is called a city, or a region; nothing when both."""
    if kinds == {"area"}:
        return Place(codes=found.codes - CITIES)
    if kinds == {"city"}:
        return Place(codes=found.codes & CITIES or found.codes, sure=found.sure)
    return Place(codes=frozenset()) if kinds else found
