"""The words that a text may hold: one table. A word that is not in it is never passed over.

Forms are written as they are spelt; they are met in any case, with look-alikes, without the Kazakh letters
that a phone lacks (`ЖАГДАЙ` for `ЖАҒДАЙ`), and in Latin letters in any of the ways that people have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sms_gateway.core.latin import latin
from sms_gateway.core.letters import cyrillic_skeleton, has_cyrillic, latin_fold, latin_skeleton
from sms_gateway.core.phrases import PHRASES
from wire.facts import Language

FILLER: Final = ""
NUMBERING: Final = "numbering"
"""A filler that stands beside a station's number."""
COUNTING: Final = "counting"
"""The same, but behind a number it tells how many there are: `3 участка`."""
SUFFIX: Final = "suffix"
"""A filler that says something of an hour right behind it, `10-да`, and in Russian `yes` elsewhere."""
HOUR: Final = "hour"
"""A filler that stands behind an hour."""
AT: Final = "at"
"""A filler that stands before a place or a time."""
TIME: Final = "time"
"""A time of day with its minutes."""


class Meaning(Struct, frozen=True, kw_only=True):
    """What a word says: its name among ours (empty: nothing), and the languages that have it.

    `role`: of a filler beside a number, what it says of that number.
    """

    name: str
    languages: frozenset[Language]
    role: str = ""


TABLE: Final[tuple[tuple[str, Language, str], ...]] = (
    ("open", "kk", "ашылды ашық ашылдық аштық ашылған ashyk"),
    ("open", "ru", "открыт открыта открыто открыты открылся открылась открылись открыли открылось открытие"),
    ("open", "en", "open opened"),
    ("closed", "kk", "жабылды жабық жаптық жабылған jabyq zhabyk"),
    ("closed", "ru", "закрыт закрыта закрыто закрыты закрылся закрылась закрылись закрыли закрылось"),
    ("closed", "en", "closed close"),
    ("status", "kk", "жағдай жағдайы jagday zhagday"),
    ("status", "ru", "статус"),
    ("status", "en", "status"),
    ("turnout", "kk", "келу қатысу қатысты"),
    ("turnout", "ru", "явка явки проголосовало проголосовали"),
    ("turnout", "en", "turnout voted votes"),
    ("count", "kk", "санау санауды есептеу санақ"),
    ("count", "ru", "подсчет подсчета подсчеты подсчету"),
    ("count", "en", "count counting"),
    ("sheet", "kk", "хаттама хаттамасы хаттаманы"),
    ("sheet", "ru", "протокол протокола протоколы"),
    ("sheet", "en", "sheet protocol"),
    ("copy", "kk", "көшірме көшірмелер көшірмесі көшірмелері көшірмені"),
    ("copy", "ru", "копия копии копию"),
    ("copy", "en", "copy copies"),
    ("received", "kk", "қабылданды қабылдады қабылдап"),
    ("received", "ru", "принят принята принято приняты приняли принял получен получено получены получила"),
    ("received", "en", "received accepted"),
    ("commission", "kk", "аск аумақтық комиссия комиссияда комиссиясы комиссиясында"),
    ("commission", "ru", "тик территориальная территориальной территориальную"),
    ("commission", "ru", "комиссия комиссии комиссию комиссией"),
    ("commission", "en", "territorial commission tec"),
    ("power", "kk", "жарық ток электр жарығы jaryk zharyk электрқуаты"),
    ("power", "ru", "свет света ток тока электр электричество электричества электроэнергия электроэнергии"),
    ("power", "ru", "электроснабжение электроснабжения"),
    ("power", "en", "power electricity light lights"),
    ("net", "kk", "желі интернет байланыс желісі"),
    ("net", "ru", "сеть сети интернет интернета связь связи инет инета"),
    ("net", "en", "net network internet connection wifi"),
    ("camera", "kk", "камера камерасы бейнекамера"),
    ("camera", "ru", "камера камеры камеру видеокамера видеокамеры видеонаблюдение"),
    ("camera", "en", "camera cameras cam"),
    ("observer", "kk", "байқаушы байқаушылар байқаушыны"),
    ("observer", "ru", "наблюдатель наблюдателя наблюдатели наблюдателей"),
    ("observer", "en", "observer observers"),
    ("seal", "kk", "пломба мөр"),
    ("seal", "ru", "пломба пломбы пломбу печать"),
    ("seal", "en", "seal seals"),
    ("fault", "kk", "ақау ақауы ақаулық"),
    ("fault", "ru", "неисправность поломка неисправно неисправна неисправен неисправны сбой"),
    ("fault", "en", "fault malfunction failure"),
    ("equipment", "kk", "жабдық құрал аппарат жабдықтар"),
    ("equipment", "ru", "оборудование оборудования техника аппарат"),
    ("equipment", "en", "equipment device machine"),
    ("urgent", "kk", "шұғыл көмек жедел"),
    ("urgent", "ru", "срочно помогите помощь"),
    ("urgent", "en", "urgent sos help emergency"),
    ("on", "kk", "бар қосылды қосулы"),
    ("on", "ru", "есть вкл vkl включен включена включено включили появился появилась появилось дали"),
    ("on", "ru", "восстановлен восстановлена восстановлено восстановили работает заработала заработал"),
    ("on", "en", "on restored working works"),
    ("off", "kk", "жоқ jok zhok өшті сөнді өшірілді өшірулі истемейді үзілді"),
    ("off", "ru", "нет нету выкл vykl выключен выключена выключено выключили"),
    ("off", "ru", "отключен отключена отключено отключили отключился отключилась пропал пропала пропало"),
    ("off", "en", "off down lost cut outage"),
    ("masked", "kk", "бүркелді бүркелген көлегейленді"),
    ("masked", "ru", "заклеена заклеили завешена завесили заслонена заслонили загорожена закрывают"),
    ("masked", "en", "masked covered blocked"),
    ("out", "kk", "шықты шығарылды шығарды кетті шығарып"),
    ("out", "ru", "вышел вышла ушел ушла удален удалена удалены удалили выведен выведена вывели выгнали"),
    ("out", "en", "out left removed expelled kicked"),
    ("back", "kk", "қайтты оралды келді"),
    ("back", "ru", "вернулся вернулась вернулись вернули"),
    ("back", "en", "back returned"),
    ("broken", "kk", "бұзылды бұзылған сынды сынған жыртылды"),
    ("broken", "ru", "сорвана сорваны сорвали сломан сломана сломано сломались сломалась сломался сломалось"),
    ("broken", "ru", "нарушена повреждена повреждены вскрыта вскрыты"),
    ("broken", "en", "broken broke damaged torn tampered"),
    ("started", "kk", "басталды бастадық"),
    ("started", "ru", "начат начали начался началось начало"),
    ("started", "en", "started began begun"),
    ("ready", "kk", "дайын толтырылды"),
    ("ready", "ru", "готов готовы составлен подписан"),
    ("ready", "en", "ready signed"),
    ("handed", "kk", "берілді таратылды"),
    ("handed", "ru", "выдана выдан выданы выдали вручена вручены вручили розданы раздали"),
    ("handed", "en", "handed given issued distributed"),
    ("info", "kk", "анықтама"),
    ("info", "ru", "инфо справка"),
    ("info", "en", "info"),
    ("tel", "kk", "телефондар"),
    ("tel", "ru", "тел телефон телефоны"),
    ("tel", "en", "tel phone phones"),
    ("my", "kk", "менің менікі"),
    ("my", "ru", "мой мои моё"),
    ("my", "en", "my mine"),
    # What people say beside the words of the card.
    ("closed", "ru", "закрытие"),
    ("power", "kk", "жарықты"),
    ("camera", "kk", "камераны камералар"),
    ("net", "kk", "ғаламтор интернетті желіні"),
    ("net", "ru", "вайфай"),
    ("camera", "ru", "вебкамера"),
    ("observer", "ru", "наблюдателям наблюдателю"),
    ("observer", "kk", "байқаушыға байқаушыларға бақылаушы бақылаушыны бақылаушылар"),
    ("sheet", "kk", "хаттамаға"),
    ("equipment", "ru", "принтер сканер компьютер ноутбук планшет"),
    ("urgent", "ru", "тревога спасите"),
    ("on", "ru", "включился включилась подключили подключен подключена появились"),
    ("off", "ru", "вырубили вырубило отрубили погас погасло исчез исчезла отсутствует отключение"),
    ("off", "ru", "отключилось отключены упал пропали"),
    ("masked", "ru", "накрыли накрыта"),
    ("out", "ru", "выдворили удаление"),
    ("out", "kk", "қуылды қуды"),
    ("broken", "ru", "вскрыли повредили сломали разбита"),
    ("broken", "kk", "жыртылған бұзды"),
    ("ready", "ru", "заполнен оформлен подписали"),
    # Names of the thing whose number follows, and courtesies. "No" is not among them: it is also an answer.
    (FILLER, "kk", "учаске учаскесі учаскеде учаскесінде нөмір нөмірі облыс бізде қазір код тексеру сағат"),
    (FILLER, "kk", "адам рақмет сәлеметсіз бе сайлау сайлаушы дауыстарды дауыс керек"),
    (FILLER, "ru", "участок участка участке уик номер регион у нас в на сейчас код проверка час часов"),
    (FILLER, "ru", "человек чел здравствуйте пожалуйста спасибо нужна избирательный голосов"),
    (FILLER, "en", "station polling n region we have is are has at the by in of code check voters people"),
    (FILLER, "en", "please thanks now need oclock poll polls and this our today just"),
    (FILLER, "kk", "сәлем рахмет да де және біз біздің бүгін уақытында"),
    (FILLER, "ru", "уч ч и уже мы наш наша нашем сегодня вовремя мобильный мобильная мобильной"),
    (FILLER, "kk", "қайта"),
    (FILLER, "ru", "избирателей избирателя снова опять мобильного участковая добрый день утро вечер"),
)
"""Name among ours, language, forms."""

# Never to be met in Latin letters: `нет` would be our `net`, and single letters mean nothing there.
_CYRILLIC_ONLY: Final = frozenset({"нет", "нету", "у", "в", "на", "бе", "и", "ч", "да", "де", "уч", "мы"})


def spellings(form: str, language: Language) -> frozenset[str]:
    """How a form may be met: its skeleton in Cyrillic, and in Latin letters, folded."""
    if not has_cyrillic(form):
        return frozenset({form} if language == "en" else {latin_fold(form)})
    found = {cyrillic_skeleton(form)}
    return frozenset(found if form in _CYRILLIC_ONLY else found | {latin_fold(latin(form))})


def _joined() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for name, language, forms in TABLE:
        for spelling in (one for form in forms.split() for one in spellings(form, language)):
            known = found.get(spelling, Meaning(name=name, languages=frozenset()))
            if known.name != name:
                raise ValueError(f"{spelling} says both {known.name} and {name}")
            languages = known.languages | {language}
            found[spelling] = Meaning(name=name, languages=languages, role=_ROLES.get(spelling, ""))
    return found


_NUMBERS: Final[tuple[tuple[str, Language, str], ...]] = (
    (NUMBERING, "kk", "учаске учаскесі учаскеде учаскесінде нөмір нөмірі"),
    (NUMBERING, "ru", "участок участке уик номер уч"),
    (NUMBERING, "en", "station n"),
    (COUNTING, "ru", "участка"),
    (HOUR, "kk", "сағат"),
    (SUFFIX, "kk", "да де"),
    (HOUR, "ru", "час часов ч"),
    (HOUR, "en", "oclock"),
    (AT, "ru", "в"),
    (AT, "en", "at"),
)
_ROLES: Final = {
    spelling: role
    for role, language, forms in _NUMBERS
    for form in forms.split()
    for spelling in spellings(form, language)
}
MEANINGS: Final = _joined()


PHRASED: Final[dict[tuple[str, ...], tuple[Meaning, ...]]] = {
    tuple(spelling): tuple(Meaning(name=name, languages=frozenset({language})) for name in names.split())
    for language, words, names in PHRASES
    for spelling in (
        [cyrillic_skeleton(word) for word in words.split()],
        [latin_fold(latin(word)) for word in words.split()],
    )
}
LONGEST_PHRASE: Final = max(len(words) for words in PHRASED)


def meaning(word: str) -> Meaning | None:
    """What a lower-case word says, or None. A spelling that could say two things says nothing."""
    tried = {word, cyrillic_skeleton(word), latin_skeleton(word), latin_fold(latin_skeleton(word))}
    found = [MEANINGS[spelling] for spelling in sorted(tried) if spelling in MEANINGS]
    if len({one.name for one in found}) != 1:
        return None
    return MEANINGS.get(word, found[0])


def phrase(words: Sequence[str]) -> tuple[Meaning, ...] | None:
    """What these lower-case words say together, or None."""
    for spell in (cyrillic_skeleton, _latin):
        found = PHRASED.get(tuple(spell(word) for word in words))
        if found is not None:
            return found
    return None


def _latin(word: str) -> str:
    return latin_fold(latin_skeleton(word))
