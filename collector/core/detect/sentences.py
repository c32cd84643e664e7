"""One sentence for an incident in Kazakh, Russian and English. Placeholders only where no ending changes."""

from __future__ import annotations

from typing import Final

from collector.core.times import stamp
from wire.facts import Language, operator_brand, regions
from wire.incidents import Kind, Scope, Sentence

_WHAT: Final[dict[Kind, dict[Language, str]]] = {
    "connectivity_loss": {
        "kk": "интернет байланысы жоқ: ештеңе жауап бермейді",
        "ru": "нет интернета: ничего не отвечает",
        "en": "no internet: nothing answers",
    },
    "international_loss": {
        "kk": "шетел сайттары ашылмайды, елдегі сайттар жұмыс істейді",
        "ru": "зарубежные сайты не отвечают, внутренние работают",
        "en": "foreign sites do not answer, domestic ones do",
    },
    "allowlist_only": {
        "kk": "елдегі таңдаулы сайттар ғана жауап береді",
        "ru": "отвечают только некоторые внутренние сайты",
        "en": "only some domestic sites answer",
    },
    "service_block": {"kk": "қызмет бұғатталған", "ru": "заблокирован сервис", "en": "a service is blocked"},
    "throttling": {"kk": "байланыс баяулатылған", "ru": "скорость занижена", "en": "traffic is throttled"},
    "tls_interception": {
        "kk": "шифрланған байланыс бөгде сертификатпен ұсталады",
        "ru": "шифрованные соединения перехватываются чужим сертификатом",
        "en": "encrypted connections are intercepted with a foreign certificate",
    },
    "dark_from_abroad": {
        "kk": "елдегі сайттар шетелден ашылмайды",
        "ru": "сайты страны не отвечают из-за рубежа",
        "en": "the country's sites do not answer from abroad",
    },
}
_COUNTRY: Final[dict[Language, str]] = {"kk": "Бүкіл ел", "ru": "Вся страна", "en": "The whole country"}
_ACCESS: Final[dict[str, dict[Language, str]]] = {
    "mobile": {"kk": "мобильді желілер", "ru": "мобильные сети", "en": "mobile networks"},
    "fixed": {"kk": "тіркелген желілер", "ru": "фиксированные сети", "en": "fixed networks"},
    "unknown": {
        "kk": "түрі белгісіз желілер",
        "ru": "сети неизвестного вида",
        "en": "networks of unknown kind",
    },
}
_SINCE: Final[dict[Language, str]] = {"kk": "Басталуы: {0}", "ru": "Начало: {0}", "en": "Began: {0}"}
_SPAN: Final[dict[Language, str]] = {
    "kk": "Басталуы: {0}, аяқталуы: {1}", "ru": "Начало: {0}, конец: {1}", "en": "Began: {0}, ended: {1}",
}  # fmt: skip
_PROBES: Final[dict[Language, str]] = {
    "kk": "Куә болған зондтар: {0}/{1}.",
    "ru": "Свидетельствуют зонды: {0} из {1}.", "en": "Witnessed by {0} of {1} probes.",
}  # fmt: skip
_MOST_NAMES: Final = 6


def sentence(
    kind: Kind, scope: Scope, began: float, ended: float | None, probes: tuple[int, int]
) -> Sentence:
    """The sentence; times in UTC."""
    kk, ru, en = (_one(language, kind, scope, (began, ended), probes) for language in ("kk", "ru", "en"))
    return Sentence(kk=kk, ru=ru, en=en)


def _one(
    language: Language, kind: Kind, scope: Scope, span: tuple[float, float | None], probes: tuple[int, int]
) -> str:
    targets = f" ({_listed(list(scope.named_targets))})" if scope.targets else ""
    times = [_moment(one) for one in span if one is not None]
    when = (_SPAN if len(times) > 1 else _SINCE)[language].format(*times)
    what = f"{_where(language, scope)}: {_WHAT[kind][language]}{targets}"
    return f"{what}. {when}. {_PROBES[language].format(*probes)}"


def _where(language: Language, scope: Scope) -> str:
    known = regions()
    names = [known[code].name(language) if code in known else code for code in scope.regions]
    names += [operator_brand(asn) for asn in scope.operators]
    access = [_ACCESS[one][language] for one in scope.access if one in _ACCESS]
    return ", ".join([_listed(names) if names else _COUNTRY[language], *access])


def _listed(names: list[str]) -> str:
    more = f" +{len(names) - _MOST_NAMES}" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _moment(seconds: float) -> str:
    text = stamp(seconds)
    return f"{text[:10]} {text[11:16]} UTC"
