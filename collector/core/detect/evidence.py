"""Evidence by mode, cell and minute, in nats over a normal line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.core.detect import modes
from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints, Singles
from collector.core.detect.grid import Visits
from collector.core.detect.modes import ALLOWLIST, FOREIGN_CUT, LOSS, MIXED, MODES
from collector.core.detect.silence import Promises, calm_log, mixed_log
from collector.core.detect.tuning import CELL_CAP

_MASS: Final = 0.2  # of the promises of about three rounds: half of the probes broke theirs in one of them
_LEAST_MASS: Final = 3
_LEAST_ABROAD: Final = 2
_ALL_ABROAD: Final = 0.9
_SILENT_IF_LOST: Final = 0.96
_SILENT_IF_FOREIGN_CUT: Final = 0.5


@dataclass(frozen=True)
class Scene:
    """Visits with what was made of them; `cell`: -1 for a visit from outside the country."""

    visits: Visits
    symbol: Ints
    weight: Floats
    promises: Promises
    cell: Ints
    cells: int
    blind: Bools


def evidence(scene: Scene, *, live: bool) -> Singles:
    """(mode, cell, minute). `live`: silence counts when it was known, else when it began."""
    visits = scene.visits
    shape = (scene.cells, visits.minutes)
    counted = (scene.cell >= 0) & (scene.weight > 0) & (scene.symbol > 0)
    where = scene.cell[counted] * visits.minutes + visits.minute[counted]
    table = modes.table()
    found = np.zeros((MODES, *shape), np.float32)
    for mode in range(1, MODES):
        worth = table[mode, scene.symbol[counted]] * scene.weight[counted]
        found[mode] = np.bincount(where, worth, shape[0] * shape[1]).reshape(shape)
    _add_silence(found, scene, live=live)
    return capped(found)


def capped(evidence: Singles) -> Singles:
    """No cell says more than the cap in a minute; its modes keep their proportion."""
    loudest = np.abs(evidence).max(axis=0)
    evidence *= CELL_CAP / np.maximum(loudest, CELL_CAP)
    return evidence


def _add_silence(found: Singles, scene: Scene, *, live: bool) -> None:
    visits, promises = scene.visits, scene.promises
    when = promises.known if live else promises.due
    minute = ((when - visits.start) // MINUTE_S).astype(np.int64)
    used = (scene.cell >= 0) & ~promises.pending & (minute < visits.minutes) & (scene.weight > 0)
    minute = np.minimum(minute, visits.minutes - 1)
    used &= ~scene.blind[minute]
    where = scene.cell * visits.minutes + minute
    silent = np.unique(where[used & promises.broken])
    used &= np.isin(where, silent)
    _, of = np.unique(where[used], return_inverse=True)
    weight = scene.weight[used]
    due: Floats = np.bincount(of, weight).astype(np.float64)
    broken: Floats = np.bincount(of, weight * promises.broken[used]).astype(np.float64)
    odds = np.bincount(of, weight * promises.odds[used]) / due
    calm = calm_log(broken, due, odds)
    flat = found.reshape(MODES, -1)
    flat[LOSS, silent] += broken * np.log(_SILENT_IF_LOST) - calm
    flat[MIXED, silent] += mixed_log(due) - calm
    for mode in (FOREIGN_CUT, ALLOWLIST):
        # Where foreign targets cannot be told, misses alone must not add up to a foreign cut.
        flat[mode, silent] += np.minimum(broken * np.log(_SILENT_IF_FOREIGN_CUT) - calm, 0.0)
    _add_lasting(flat[LOSS], scene, when + promises.interval)


def _add_lasting(loss: Singles, scene: Scene, when: Floats) -> None:
    """A second promise broken in a row: likelier in a cut than where single reports get lost."""
    visits, promises = scene.visits, scene.promises
    minute = ((when - visits.start) // MINUTE_S).astype(np.int64)
    used = promises.lasting & (scene.cell >= 0) & (scene.weight > 0) & (minute < visits.minutes)
    used[used] &= ~scene.blind[minute[used]]
    worth = max(0.0, np.log(_SILENT_IF_LOST) - np.log(promises.stays))
    np.add.at(loss, scene.cell[used] * visits.minutes + minute[used], worth * scene.weight[used])


def absent(scene: Scene, kin: Sequence[Ints]) -> Singles:
    """Reports missed of probes that fell silent with most of their kin, by (cell, minute): until heard again.

    `kin`: for each way of standing together (region, operator, access), the group of each cell.
    """
    visits, promises = scene.visits, scene.promises
    gone = promises.lasting & (scene.cell >= 0) & (scene.weight > 0)
    if gone.any():
        gone &= np.logical_or.reduce([_en_masse(scene, group) for group in kin])
    following = np.append(visits.minute[1:], visits.minutes)
    until = np.where(np.append(np.diff(visits.probe) == 0, False), following, visits.minutes)[gone]
    since = np.clip((promises.due[gone] - visits.start) // MINUTE_S, 0, visits.minutes).astype(np.int64)
    rate = np.minimum(1.0, MINUTE_S / promises.interval[gone]) * (1 - promises.odds[gone])
    width = visits.minutes + 1
    change = np.bincount(scene.cell[gone] * width + since, rate, scene.cells * width)
    change = change - np.bincount(scene.cell[gone] * width + until, rate, scene.cells * width)
    return np.cumsum(change.reshape(scene.cells, width), axis=1)[:, :-1].astype(np.float32)


def _en_masse(scene: Scene, group: Ints) -> Bools:
    """Of each visit: whether most promises of its group were broken about when its own was due."""
    visits, promises = scene.visits, scene.promises
    counted = (scene.cell >= 0) & (scene.weight > 0) & ~promises.pending
    minute = np.clip((promises.due - visits.start) // MINUTE_S, 0, visits.minutes - 1).astype(np.int64)
    key = group[scene.cell] * visits.minutes + minute
    shape = (int(group.max()) + 1, visits.minutes)
    width = max(1, round(float(np.median(promises.interval)) / MINUTE_S))
    due, broken = (
        _about(np.bincount(key[which], minlength=shape[0] * shape[1]).reshape(shape), width)
        for which in (counted, counted & promises.lasting)
    )
    mass = (broken >= _LEAST_MASS) & (broken >= _MASS * due)
    return np.asarray(mass.ravel()[key], dtype=bool)


def _about(counts: Ints, width: int) -> Ints:
    """Sums over `width` minutes before and after each."""
    total = np.cumsum(np.pad(counts, ((0, 0), (width + 1, width))), axis=1)
    return total[:, 2 * width + 1 :] - total[:, : -2 * width - 1]


def blind_minutes(promises: Promises, outside: Bools, visits: Visits, late: Bools) -> Bools:
    """Minutes when the probes abroad were silent too, all of them: then it is we who do not hear.

    `late`: visits of which a spool brought the word: from abroad too, it could not be brought to us.
    """
    found = np.zeros(visits.minutes, bool)
    heard = np.flatnonzero(outside & ~late)
    probes = np.unique(visits.probe[outside]).size
    if probes < _LEAST_ABROAD or not len(heard):
        return found
    probe, minute = visits.probe[heard], visits.minute[heard]
    kept = np.append(late[1:] & (visits.probe[1:] == visits.probe[:-1]), False)[heard]
    gone = promises.broken[heard] | kept
    same = np.append(probe[1:] == probe[:-1], False)
    following = np.where(same, np.append(minute[1:], 0), visits.minutes)
    change = np.bincount(minute[gone] + 1, minlength=visits.minutes + 2)
    change = change - np.bincount(following[gone], minlength=visits.minutes + 2)
    silent = np.cumsum(change)[: visits.minutes]
    return np.asarray(silent >= max(_LEAST_ABROAD, _ALL_ABROAD * probes), dtype=bool)
