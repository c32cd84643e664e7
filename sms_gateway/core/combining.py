"""Which words go together, and what they say then: one table. What is in no row is not understood."""

from __future__ import annotations

from typing import Final, cast

from sms_gateway.core.reading import KINDS, VALUED, Fault, Kind, Value

_TOGETHER: Final[tuple[tuple[str, str, str], ...]] = (
    ("open", "", "open"),
    ("closed", "", "closed"),
    ("status", "", "status"),
    ("turnout", "", "turnout"),
    ("count", "", "count"),
    ("count", "", "count started"),
    ("sheet", "", "sheet"),
    ("sheet", "", "sheet ready"),
    ("copy", "", "copy"),
    ("copy", "", "copy handed"),
    ("copy", "", "copy out"),
    ("copy", "", "copy handed out"),
    ("copy", "", "copy sheet"),
    ("copy", "", "copy sheet handed"),
    ("copy", "", "copy sheet handed out"),
    ("copy", "", "copy handed observer"),
    ("copy", "", "copy sheet handed observer"),
    ("received", "", "received"),
    ("received", "", "received commission"),
    ("received", "", "received sheet"),
    ("received", "", "received sheet commission"),
    ("power", "on", "power on"),
    ("power", "on", "power back"),
    ("power", "off", "power off"),
    ("power", "off", "power out"),
    ("net", "on", "net on"),
    ("net", "on", "net back"),
    ("net", "off", "net off"),
    ("net", "off", "net out"),
    ("camera", "on", "camera on"),
    ("camera", "off", "camera off"),
    ("camera", "masked", "camera masked"),
    ("camera", "masked", "camera closed"),
    ("observer", "out", "observer out"),
    ("observer", "back", "observer back"),
    ("seal", "broken", "seal broken"),
    ("fault", "", "fault"),
    ("fault", "", "fault equipment"),
    ("fault", "", "equipment broken"),
    ("fault", "", "equipment off"),
    ("urgent", "", "urgent"),
    ("info", "", "info"),
    ("tel", "", "tel"),
    ("my", "", "my"),
)
"""Kind, value, and the names that stand in the text, in any order, each as often as one likes."""

_SAID: Final[dict[frozenset[str], tuple[Kind, Value]]] = {
    frozenset(names.split()): (cast("Kind", kind), cast("Value", value)) for kind, value, names in _TOGETHER
}
PAIRS: Final[tuple[tuple[Kind, Value], ...]] = tuple(dict.fromkeys(_SAID.values()))
"""Every kind with every value that it can have."""
_TOPICS: Final = frozenset({*KINDS, "equipment", "commission"})


def combined(names: tuple[str, ...]) -> tuple[Kind, Value] | Fault:
    """What the names of a text's words say together, or what is amiss with them."""
    said = _SAID.get(frozenset(names))
    if said is not None:
        return said
    topics = [name for name in names if name in _TOPICS]
    if not topics or topics == ["commission"]:
        return "no_word"
    if len(topics) > 1:
        return "two_words"
    return _fault_of_value(topics[0], len(names) - 1)


def _fault_of_value(topic: str, values: int) -> Fault:
    if values == 0:
        return "no_value"
    if topic in VALUED and values > 1:
        return "two_values"
    return "stray_value"
