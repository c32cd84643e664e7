"""Falls: when each probe was lost, was back, and how much its fall surprises.

A probe is lost from a visit that says so clearly to one that says otherwise as clearly; or it falls silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.core.detect import modes
from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints, first_of_runs
from collector.core.detect.evidence import Scene
from collector.core.detect.modes import FOREIGN_CUT, LOSS

_CLEAR: Final = 4.0  # nats that a visit must say for a cut
_WELL: Final = -2.0  # and for a line that is well: a visit in which one target answered says more
_SURPRISE: Final = 3.0  # what one fall says, in nats, at most: falls come together on calm days too
_IF_PARTLY: Final = 0.6
_PRIOR_FALLS: Final = 0.5
_PRIOR_VISITS: Final = 20.0
_SHORTEST_S: Final = 180.0


@dataclass(frozen=True)
class Falls:
    """Who fell when, from event time; `known`: when that could be known; `rise`: when it was back (or inf).

    `worth`: what the fall says, in nats. `foreign`: only foreign targets were lost. All in order of time.
    """

    at: Floats
    known: Floats
    rise: Floats
    probe: Ints
    cell: Ints
    worth: Floats
    foreign: Bools

    def only(self, which: Bools | Ints) -> Falls:
        """Some of them."""
        return Falls(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def falls_of(scene: Scene, arrival: Floats) -> Falls:
    """All falls. `arrival`: when each visit's word came."""
    visits, promises = scene.visits, scene.promises
    told = np.flatnonzero((scene.cell >= 0) & (scene.weight > 0) & (scene.symbol > 0))
    worth = modes.table()[:, scene.symbol[told]]
    probe = visits.probe[told]
    foreign = (worth[FOREIGN_CUT] > worth[LOSS]) & (worth[FOREIGN_CUT] >= _CLEAR)
    lost = _lost(worth, probe)
    same = np.append(probe[1:] == probe[:-1], False)
    follows = np.append(False, same[:-1])
    fell = np.flatnonzero(follows & lost & ~np.append(False, lost[:-1]))
    silent = np.flatnonzero(
        promises.lasting[told] & ~lost & ~scene.blind[minute_of(scene, promises.due[told])]
    )
    following = np.where(same, np.append(visits.at[told][1:], np.inf), np.inf)
    where = np.concatenate((told[fell], told[silent]))
    found = Falls(
        at=np.concatenate((visits.at[told[fell]], promises.due[told[silent]])),
        known=np.concatenate((arrival[told[fell]], (promises.known + promises.interval)[told[silent]])),
        rise=np.concatenate((_risen(visits.at[told], lost, probe)[fell], following[silent])),
        probe=visits.probe[where],
        cell=scene.cell[where],
        worth=np.concatenate(
            (
                np.clip(np.log(_IF_PARTLY / _habit(probe, fell)), 0, _SURPRISE),
                np.clip(np.log(_IF_PARTLY / promises.odds[told[silent]]), 0, _SURPRISE),
            )
        ),
        foreign=np.concatenate((foreign[fell], np.zeros(len(silent), bool))),
    )
    return _once(found, width_of(scene))


def _lost(worth: Floats, probe: Ints) -> Bools:
    """Of each visit: whether its probe is lost, by the last of its visits that said so, or else, clearly."""
    says = worth[[LOSS, FOREIGN_CUT]].max(axis=0)
    clear = (says >= _CLEAR) | (says <= _WELL) | first_of_runs(probe)
    last = np.maximum.accumulate(np.where(clear, np.arange(len(probe)), 0))
    return np.asarray(says[last] >= _CLEAR, dtype=bool)


def width_of(scene: Scene) -> float:
    """Within how many seconds falls are together."""
    return max(_SHORTEST_S, 1.25 * float(np.median(scene.promises.interval)))


def _once(falls: Falls, width: float) -> Falls:
    """In order of time, without those of a probe that fell a moment before."""
    by_probe = np.lexsort((falls.at, falls.probe))
    again = (np.diff(falls.probe[by_probe], prepend=-1) == 0) & (
        np.diff(falls.at[by_probe], prepend=-np.inf) < width
    )
    once = by_probe[~again]
    return falls.only(once[np.argsort(falls.at[once], kind="stable")])


def _habit(probe: Ints, fell: Ints) -> Floats:
    """How often the probe of each fall falls, of its visits: who falls all the time says little."""
    size = int(probe.max()) + 1 if len(probe) else 1
    falls = np.bincount(probe[fell], minlength=size) + _PRIOR_FALLS - 1
    rate: Floats = falls.clip(_PRIOR_FALLS) / (np.bincount(probe, minlength=size) + _PRIOR_VISITS)
    return rate[probe[fell]]


def minute_of(scene: Scene, at: Floats) -> Ints:
    """The minute of each moment; those before and after the stream count to its first and last."""
    minute = (at - scene.visits.start) // MINUTE_S
    return np.clip(minute, 0, scene.visits.minutes - 1).astype(np.int64)


def _risen(at: Floats, lost: Bools, probe: Ints) -> Floats:
    """For each visit: when the next visit of its probe that is not lost was; inf without one."""
    count = len(at)
    if not count:  # a collector that has just begun has heard of nothing yet
        return np.empty(0)
    places = np.where(lost, count, np.arange(count))
    following = np.append(np.minimum.accumulate(places[::-1])[::-1][1:], count)
    inside = np.minimum(following, count - 1)
    back = (following < count) & (probe[inside] == probe)
    return np.where(back, at[inside], np.inf)


def there(scene: Scene) -> Ints:
    """How many probes were there and well, by (cell, minute)."""
    visits, promises = scene.visits, scene.promises
    well = (scene.cell >= 0) & (scene.weight > 0) & ~_lost(modes.table()[:, scene.symbol], visits.probe)
    following = np.where(
        np.append(visits.probe[1:] == visits.probe[:-1], False),
        np.append(visits.minute[1:], 0),
        visits.minutes,
    )
    until = np.where(promises.lasting, np.minimum(following, minute_of(scene, promises.due) + 1), following)
    size = scene.cells * (visits.minutes + 1)
    key = scene.cell[well] * (visits.minutes + 1)
    change = np.bincount(key + visits.minute[well], minlength=size)
    change = change - np.bincount(key + np.minimum(until[well], visits.minutes), minlength=size)
    return np.cumsum(change.reshape(scene.cells, -1), axis=1)[:, :-1]
