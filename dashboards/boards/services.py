"""Services: e-government, banks, news, messengers, .kz; which works, which is tampered with, and how."""

from __future__ import annotations

from typing import Any, Final

from dashboards import levels
from dashboards.boards import frame, kit, naming
from dashboards.boards.words import Words
from wire import metrics

_CATEGORY: Final = 'category=~"$category"'
_TAMPERING: Final = 'kind=~"service_block|throttling|tls_interception"'
_LASTING: Final = f"max by (kind, region, operator) ({metrics.INCIDENT_ACTIVE}{{{_TAMPERING}}})"
_DARK: Final = f'max by (region) ({metrics.INCIDENT_ACTIVE}{{kind="dark_from_abroad"}})'


def services(words: Words, language: str) -> Any:
    """Categories that are chosen."""
    made = frame.board(words, language, "services")
    made = made.with_variable(frame.choice(words, "category", levels.CATEGORY_RATIO))
    for panel in _panels(words):
        made = made.with_panel(panel)
    return made


def _panels(words: Words) -> list[Any]:
    ratio = f"{levels.CATEGORY_RATIO}{{{_CATEGORY}}}"
    tampered = f"{levels.CATEGORY_MECHANISM}{{{_CATEGORY}}}"
    wide = (24, 9)
    return [
        *_now(words, ratio, tampered),
        kit.lines(words, "services-in-time", [(ratio, "{{category}} {{side}}")], kit.RATIO, size=wide),
        kit.lines(
            words, "mechanisms-in-time", [(tampered, "{{category}} {{mechanism}}")], kit.RATIO, size=wide
        ),
        kit.lines(
            words, "interference-incidents", [(_LASTING, "{{kind}} {{region}} {{operator}}")], size=wide
        ),
        kit.lines(words, "dark-from-abroad", [(_DARK, "{{region}}")], size=(24, 6)),
    ]


def _now(words: Words, ratio: str, tampered: str) -> list[Any]:
    reach = kit.Column(ratio, "reach", kit.RATIO, naming.ratio_steps())
    count = kit.Column(f"{levels.CATEGORY_PROBES}{{{_CATEGORY}}}", "n")
    by_side = {"category": "label-category", "side": "label-side"}
    by_mechanism = {"category": "label-category", "mechanism": "label-mechanism"}
    share = kit.Column(tampered, "share", kit.RATIO)
    return [
        kit.rows(words, "services-now", by_side, [reach, count], size=(12, 12)),
        kit.rows(words, "mechanisms-now", by_mechanism, [share], size=(12, 12)),
    ]
