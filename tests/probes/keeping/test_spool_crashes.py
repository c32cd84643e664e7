"""The crash matrix: each durable step of the spool fails in each way, then the whole spool is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from probes.core.spool_names import TEMPORARY, parse
from probes.spool import Spool
from tests.probes.keeping.batches import KEY, content, measured
from tests.probes.keeping.disks import FAULTS, Fault, FaultyDisk, PowerLost
from wire import batch
from wire.receipts import Receipt
from wire.signing import VerifyKey

FOLDER = Path("/probe")
BOOT, NEXT_BOOT = "00112233aabbccdd", "ffeeddccbbaa9988"


class Life:
    """One life of a probe: three rounds, the first of them delivered; what it may rely on."""

    def __init__(self, disk: FaultyDisk) -> None:
        self.disk = disk
        self.said: list[str] = []
        self.kept: set[str] = set()
        self.delivered: set[str] = set()
        self.sent: dict[tuple[str, int], bytes] = {}

    def run(self) -> Spool:
        spool = Spool(FOLDER, self.disk, KEY, BOOT, self.said.append)
        for number in range(1, 4):
            self._keep(spool, f"r{number}")
            if number == 1:
                self._deliver(spool)
        return spool

    def _keep(self, spool: Spool, name: str) -> None:
        self.said.clear()
        spool.keep([measured(name)])
        if not self.said:
            self.kept.add(name)

    def _deliver(self, spool: Spool) -> None:
        for entry in spool.waiting:
            raw = spool.read(entry)
            self.sent[entry.boot, entry.sequence] = raw
            self.delivered |= content(raw)
            spool.settle(entry, Receipt(result="new", boot=entry.boot, high_water=entry.sequence))


def _steps() -> int:
    life = Life(FaultyDisk())
    life.run()
    return len(life.disk.steps)


STEPS = _steps()


def look_at(spool: Spool, disk: FaultyDisk, life: Life) -> None:
    """What must hold after anything."""
    here = {name for entry in spool.waiting for name in content(spool.read(entry))}
    assert life.kept <= here | life.delivered, "what was kept is here, or was delivered"
    assert not [path for path in disk.files if path.name.endswith(TEMPORARY)]
    for entry in spool.waiting:
        envelope = batch.take_apart(spool.read(entry))
        batch.verify(envelope, VerifyKey(KEY.public), "dabyl/v1/batch")
        assert (envelope.boot, envelope.sequence) == (entry.boot, entry.sequence)
        sent_before = life.sent.get((entry.boot, entry.sequence), spool.read(entry))
        assert sent_before == spool.read(entry), "a sequence has one content for ever"
    assert len({entry.order for entry in spool.waiting}) == len(spool.waiting)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", range(STEPS))
@pytest.mark.parametrize("kept", [True, False], ids=["all persisted", "only what was synced"])
def test_nothing_that_was_kept_is_lost(at: int, fault: Fault, kept: bool) -> None:
    life = Life(FaultyDisk())
    life.disk.fault_at, life.disk.fault = at, fault
    try:
        spool = life.run()
    except PowerLost:
        pass
    except OSError:
        assert life.disk.steps[-1] == "make_folder", "only opening may fail"
    else:
        assert {"r1", "r2", "r3"} <= {
            n for e in spool.waiting for n in content(spool.read(e))
        } | life.delivered
    disk = life.disk.after_power_loss(kept=kept)
    look_at(Spool(FOLDER, disk, KEY, NEXT_BOOT, life.said.append), disk, life)


def test_the_names_on_the_disk_are_batches_and_nothing_else() -> None:
    life = Life(FaultyDisk())
    life.run()
    assert all(parse(path.name) for path in life.disk.files)
