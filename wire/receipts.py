"""What the collector answers to a batch: where it stands, and what it has never seen."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Receipt(Struct, frozen=True, kw_only=True):
    """The answer to a batch; sent only when the batch would survive a loss of power.

    `result`: "new", or "known" for a repeat. `high_water`: all sequences up to it are here.
    `missing`: those above it, below the highest one seen, that are asked for (at most 100).
    """

    v: Literal[1] = 1
    result: Literal["new", "known"]
    boot: str
    high_water: int
    missing: tuple[int, ...] = ()


class Refusal(Struct, frozen=True, kw_only=True):
    """The answer to what was not taken: a name for machines, a line for people, and whether to try again."""

    v: Literal[1] = 1
    error: str
    detail: str
    retry: bool = False
