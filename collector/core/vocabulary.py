"""Closed words as small numbers, so that arrays can hold them; and a batch's dictionaries read once.

Rules of this file: a number lives no longer than the process; nothing here is written anywhere.
What a probe sends again in the same bytes is one dictionary (`wire.columns.Dictionary`), and what was
made of it is found again by that object, as long as anybody holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from collector.core.detect.block import hosted, said
from collector.core.detect.columns import Place as DetectPlace
from collector.core.detect.columns import Role
from collector.core.places import OTHER, Place, category_of, place_of, side_of, step_of
from wire.columns import Dictionary
from wire.names import CATEGORIES, FAILURES, MECHANISMS, STATES, failure_label
from wire.records import Network, Target, Verdict

CATEGORY_NAMES: Final = (*CATEGORIES, OTHER)
SIDE_NAMES: Final = ("domestic", "foreign", "unknown")
MECHANISM_NAMES: Final = ("", *MECHANISMS)
STEP_NAMES: Final = ("dns", "tcp", "tls", "quic", "http", "stream", "packet", "line", OTHER)
FAILURE_NAMES: Final = (*FAILURES, "unknown_failure")
Codes = npt.NDArray[np.int64]
_CATEGORY: Final = {name: code for code, name in enumerate(CATEGORY_NAMES)}
_SIDE: Final = {name: code for code, name in enumerate(SIDE_NAMES)}
_STATE: Final = {name: code for code, name in enumerate(STATES)}
_MECHANISM: Final = {name: code for code, name in enumerate(MECHANISM_NAMES)}
_STEP: Final = {name: code for code, name in enumerate(STEP_NAMES)}
_FAILURE: Final = {name: code for code, name in enumerate(FAILURE_NAMES)}


class Targets:
    """The targets of a dictionary. `is_plain`: none of their URLs stands twice. `cameras`: some are."""

    __slots__ = ("__weakref__", "cameras", "category", "is_plain", "roles", "side", "urls")

    def __init__(self, found: Sequence[Target]) -> None:
        """Their URLs and roles; codes of category and side."""
        self.urls = tuple(one.url for one in found)
        self.is_plain = len(set(self.urls)) == len(self.urls)
        self.cameras = any(one.category == "camera" for one in found)
        self.roles = tuple(Role(one.id, one.category, hosted(one)) for one in found)
        self.category = _codes(_CATEGORY[category_of(one.category)] for one in found)
        self.side = _codes(_SIDE[side_of(one.side)] for one in found)


class Verdicts:
    """The verdicts of a dictionary: codes of state and mechanism, and what detection makes of them."""

    __slots__ = ("mechanism", "outcome", "state")

    def __init__(self, found: Sequence[Verdict]) -> None:
        """In their order."""
        self.state = _codes(_STATE[one.state] for one in found)
        self.mechanism = _codes(_MECHANISM[one.mechanism or ""] for one in found)
        self.outcome = _codes(said(one) for one in found).astype(np.int8)


class Networks:
    """The networks of a dictionary, as labels and as detection knows them."""

    __slots__ = ("detect", "networks", "places")

    def __init__(self, found: Sequence[Network]) -> None:
        """In their order."""
        self.networks: tuple[Network, ...] = tuple(found)
        self.places: tuple[Place, ...] = tuple(map(place_of, found))
        self.detect = tuple(DetectPlace(one.region, one.asn, one.access, one.side) for one in found)


def step_codes(names: Sequence[str]) -> Codes:
    """Steps by the metric's names."""
    return _codes(_STEP[step_of(name)] for name in names)


def failure_codes(names: Sequence[str | None]) -> Codes:
    """Failures by the metric's names; -1 for none."""
    return _codes(-1 if name is None else _FAILURE[failure_label(name)] for name in names)


def _codes(found: Any) -> Codes:
    return np.fromiter(found, np.int64)


_targets: WeakKeyDictionary[Dictionary, Targets] = WeakKeyDictionary()
_verdicts: WeakKeyDictionary[Dictionary, Verdicts] = WeakKeyDictionary()
_networks: WeakKeyDictionary[Dictionary, Networks] = WeakKeyDictionary()


def targets_of(dictionary: Dictionary) -> Targets:
    """Made once for each dictionary."""
    found = _targets.get(dictionary)
    return _targets.setdefault(dictionary, Targets(dictionary.values)) if found is None else found


def verdicts_of(dictionary: Dictionary) -> Verdicts:
    """Made once for each dictionary."""
    found = _verdicts.get(dictionary)
    return _verdicts.setdefault(dictionary, Verdicts(dictionary.values)) if found is None else found


def networks_of(dictionary: Dictionary) -> Networks:
    """Made once for each dictionary."""
    found = _networks.get(dictionary)
    return _networks.setdefault(dictionary, Networks(dictionary.values)) if found is None else found
