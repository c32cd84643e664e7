"""The incident: what was measured to be wrong, where, since when, how sure.

Rules of this file as in `wire.records`. Kinds name what was measured, not a motive.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from wire.records import Short, TimeText

Kind = Literal[
    "connectivity_loss", "international_loss", "allowlist_only", "service_block", "throttling",
    "tls_interception", "dark_from_abroad",
]  # fmt: skip
ScopeLevel = Literal["national", "region", "operator", "local", "service"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SCOPE_LEVELS: Final[tuple[ScopeLevel, ...]] = get_args(ScopeLevel)


class Scope(Struct, frozen=True, kw_only=True):
    """Where: an empty list means all. A messenger's name among the targets stands for all its roles."""

    level: ScopeLevel
    regions: tuple[Short, ...] = ()
    operators: tuple[Short, ...] = ()
    access: tuple[Short, ...] = ()
    categories: tuple[Short, ...] = ()
    targets: tuple[Short, ...] = ()

    @property
    def named_targets(self) -> tuple[Short, ...]:
        """The targets as people name them: a messenger's roles are left out where its own name stands."""
        names = set(self.targets)
        return tuple(one for one in self.targets if "/" not in one or one.partition("/")[0] not in names)


class ProbeCount(Struct, frozen=True, kw_only=True):
    """Distinct probes of the scope: that were affected, that reported meanwhile, that were there before."""

    affected: int
    reporting: int
    expected: int


class Sentence(Struct, frozen=True, kw_only=True):
    """The incident in one sentence, in Kazakh, Russian and English."""

    kk: str
    ru: str
    en: str


class Incident(Struct, frozen=True, kw_only=True):
    """One event. `ended_at`: None while it lasts. `detected_at`: in arrival time, when it could be said.

    `pauses`: how often it let up for some minutes. `silent`: nothing was heard from the affected, so
    that a failure of power cannot be told from a cut. `withdrawn`: later data took it back: it was none.
    """

    v: Literal[1] = 1
    id: Short
    kind: Kind
    scope: Scope
    started_at: TimeText
    ended_at: TimeText | None
    detected_at: TimeText
    confidence: Annotated[float, Meta(ge=0, le=1)]
    probes: ProbeCount
    witnesses: Annotated[tuple[Short, ...], Meta(max_length=20)] = ()
    revision: Annotated[int, Meta(ge=1)] = 1
    pauses: int = 0
    silent: bool = False
    withdrawn: bool = False
    sentence: Sentence
