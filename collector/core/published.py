"""The picture for everybody's eyes: without the shares that would show one person's line."""

from __future__ import annotations

from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from collector.core.overview import Overview

FEW: Final = 3  # fewer probes than this have no published share
_T = TypeVar("_T", bound=Struct)


def published(whole: Overview) -> Overview:
    """The same for everybody's eyes: a share of fewer than three probes is nobody's business but theirs.

    Levels stay, as words: the page shows them too.
    """
    return _without_few(
        replace(
            whole,
            regions=tuple(map(_without_few, whole.regions)),
            categories=tuple(map(_without_few, whole.categories)),
            operators=tuple(map(_without_few, whole.operators)),
        )
    )


def _without_few(one: _T) -> _T:
    few = [name for name in ("reach", "domestic", "foreign") if getattr(one, name).probes < FEW]
    return replace(one, **{name: replace(getattr(one, name), ratio=None) for name in few})
