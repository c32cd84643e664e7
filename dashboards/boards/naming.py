"""Values as people read them: levels as words on our colours, labels by name, "unknown" for no value."""

from __future__ import annotations

import msgspec
from grafana_foundation_sdk.models.dashboard import (
    DashboardSpecialValueMapOptions,
    SpecialValueMap,
    SpecialValueMatch,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from dashboards.boards.words import Words
from dashboards.levels import NO_CONTACT
from dashboards.night import CAMERA_STATES
from wire.facts import Language, operators, regions
from wire.incidents import KINDS
from wire.levels import CODES, COLOURS, FLOORS, LEVELS
from wire.names import CATEGORIES


def steps(*bounds: tuple[float | None, str]) -> ThresholdsConfig:
    """Thresholds: from which value on which colour; the first has no bound."""
    return ThresholdsConfig(
        mode=ThresholdsMode.ABSOLUTE, steps=[Threshold(value=bound, color=colour) for bound, colour in bounds]
    )


def ratio_steps() -> ThresholdsConfig:
    """The colours of a share, by the bounds that page, rules and alerts use."""
    rising = [(floor, COLOURS[level]) for floor, level in reversed(FLOORS)]
    return steps((None, COLOURS["cut"]), *rising)


def level_words(words: Words) -> list[ValueMapping]:
    """Levels as words with their colours; no value is "unknown"."""
    named = {str(CODES[level]): _result(words(f"level-{level}"), COLOURS[level]) for level in LEVELS}
    named[str(NO_CONTACT)] = _result(words("level-silent"), COLOURS["unknown"])
    return [ValueMap(options=named), unknown(words)]


def unknown(words: Words) -> SpecialValueMap:
    """What stands where there is no value."""
    result = _result(words("level-unknown"), COLOURS["unknown"])
    return SpecialValueMap(
        options=DashboardSpecialValueMapOptions(match=SpecialValueMatch.NULL_AND_NAN, result=result)
    )


def label_words(words: Words) -> list[ValueMapping]:
    """The values of labels, as they are read: regions and operators by name, kinds and services in words."""
    language = msgspec.convert(words("language"), Language)
    named = {code: region.name(language) for code, region in regions().items()}
    named |= {asn: one.brand for one in operators().values() for asn in one.asns}
    named |= {name: words(f"category-{name}") for name in CATEGORIES}
    named |= {kind: words(f"kind-{kind.replace('_', '-')}") for kind in KINDS}
    named |= {state: words(f"station-{state}") for state in ("open", "trouble", "closed", "unknown")}
    named |= {state: words(f"camera-{state.replace('_', '-')}") for state in CAMERA_STATES[1:]}
    named |= {side: words(f"side-{side}") for side in ("domestic", "foreign")}
    named |= {access: words(f"access-{access}") for access in ("fixed", "mobile")}
    named["all"] = words("all")
    return [ValueMap(options={value: ValueMappingResult(text=text) for value, text in named.items()})]


def camera_words(words: Words) -> list[ValueMapping]:
    """Codes of cameras as words."""
    named = {
        str(code): ValueMappingResult(text=words(f"camera-{state.replace('_', '-')}"))
        for code, state in enumerate(CAMERA_STATES)
    }
    return [ValueMap(options=named), unknown(words)]


def yes_no(words: Words, yes: str, no: str) -> list[ValueMapping]:
    """1 and 0 as words with the colours of well and of cut; `yes`, `no`: names of messages."""
    named = {"1": _result(words(yes), COLOURS["ok"]), "0": _result(words(no), COLOURS["cut"])}
    return [ValueMap(options=named), unknown(words)]


def _result(text: str, colour: str) -> ValueMappingResult:
    return ValueMappingResult(text=text, color=colour)


def level_steps() -> ThresholdsConfig:
    """The colours of levels by their codes."""
    rising = [(float(CODES[one]), COLOURS[one]) for one in LEVELS[1:]]
    return steps((None, COLOURS["unknown"]), *rising, (float(NO_CONTACT), COLOURS["unknown"]))
