"""The spool on a good day, on a full disk, and with a collector that asks for what is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from probes import spool as spool_module
from probes.core.spool_names import Entry
from probes.disk import RealDisk
from probes.spool import MAX_REFUSED, Spool
from tests.probes.keeping.batches import KEY, content, measured
from tests.probes.keeping.disks import FaultyDisk
from wire.receipts import Receipt

FOLDER = Path("/probe")
BOOT, NEXT_BOOT = "00112233aabbccdd", "ffeeddccbbaa9988"


def opened(disk: FaultyDisk, said: list[str] | None = None, boot: str = BOOT) -> Spool:
    return Spool(FOLDER, disk, KEY, boot, (said if said is not None else []).append)


def receipt(high_water: int, *missing: int, boot: str = BOOT) -> Receipt:
    return Receipt(result="new", boot=boot, high_water=high_water, missing=missing)


def everything(spool: Spool) -> list[tuple[str, int, set[str]]]:
    return [(entry.boot, entry.sequence, content(spool.read(entry))) for entry in spool.waiting]


def test_batches_wait_in_order_over_lives() -> None:
    disk = FaultyDisk()
    first = opened(disk)
    first.keep([measured("a")])
    first.keep([measured("b")])
    second = opened(disk, boot=NEXT_BOOT)
    second.keep([measured("c")])
    assert everything(second) == [(BOOT, 1, {"a"}), (BOOT, 2, {"b"}), (NEXT_BOOT, 1, {"c"})]


def test_a_large_round_is_several_batches() -> None:
    spool = opened(FaultyDisk())
    spool.keep([measured(f"m{number}") for number in range(1_001)])
    assert [len(found) for _, _, found in everything(spool)] == [500, 500, 1]


def test_a_receipt_clears_what_is_done() -> None:
    disk = FaultyDisk()
    spool = opened(disk)
    for name in "abc":
        spool.keep([measured(name)])
    spool.settle(spool.waiting[0], receipt(2))
    assert everything(spool) == [(BOOT, 3, {"c"})]
    assert everything(opened(disk)) == [(BOOT, 3, {"c"})]


def test_the_place_of_a_lost_batch_is_filled_and_a_future_one_is_not() -> None:
    spool = opened(FaultyDisk())
    spool.keep([measured("a")])
    spool.keep([measured("b")])
    spool.settle(Entry(1, BOOT, 1), receipt(1))
    spool.settle(Entry(2, BOOT, 2), receipt(0, 1, 7))
    assert everything(spool) == [(BOOT, 1, set())]


def test_a_receipt_of_another_boot_is_no_order() -> None:
    spool = opened(FaultyDisk())
    spool.keep([measured("a")])
    spool.settle(spool.waiting[0], receipt(9, 1, 2, 3, boot=NEXT_BOOT))
    assert everything(spool) == []


def test_a_full_disk_is_told_once_and_nothing_is_lost() -> None:
    disk, said = FaultyDisk(), list[str]()
    spool = opened(disk, said)
    disk.full = True
    for name in "abc":
        spool.keep([measured(name)])
    assert len(said) == 1
    assert "No space left on device" in said[0]
    assert [found for _, _, found in everything(spool)] == [{"a"}, {"b"}, {"c"}]
    disk.full = False
    spool.keep([measured("d")])
    assert said[1:] == [f"{FOLDER / 'spool'} can be written to again"]
    assert [found for _, _, found in everything(opened(disk))] == [{"a"}, {"b"}, {"c"}, {"d"}]


def test_what_is_only_in_memory_can_be_delivered() -> None:
    disk = FaultyDisk()
    spool = opened(disk)
    disk.full = True
    spool.keep([measured("a")])
    spool.settle(spool.waiting[0], receipt(1))
    assert spool.waiting == []


@pytest.mark.parametrize("cap", ["CAP_BYTES", "UNWRITTEN_CAP_BYTES"])
def test_too_much_empties_the_oldest_and_keeps_their_places(
    cap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, cap, 1_200)
    disk, said = FaultyDisk(), list[str]()
    spool = opened(disk, said)
    disk.full = cap == "UNWRITTEN_CAP_BYTES"
    for name in "abcdef":
        spool.keep([measured(name)])
    found = everything(spool)
    assert [sequence for _, sequence, _ in found] == [1, 2, 3, 4, 5, 6]
    assert found[0][2] == set()
    assert found[-1][2] == {"f"}
    assert spool.dropped == sum(not names for _, _, names in found)


def test_a_refused_batch_is_kept_out_of_the_way() -> None:
    disk = FaultyDisk()
    spool = opened(disk)
    for number in range(MAX_REFUSED + 2):
        spool.keep([measured(f"m{number}")])
        spool.set_aside(spool.waiting[0])
    assert spool.waiting == []
    assert len(disk.names(FOLDER / "refused")) == MAX_REFUSED


def test_a_batch_that_cannot_be_read_back_holds_nobody_up() -> None:
    disk, said = FaultyDisk(), list[str]()
    spool = opened(disk, said)
    spool.keep([measured("a")])
    entry = spool.waiting[0]
    spool.give_up(entry, OSError(5, "Input/output error"))
    assert everything(spool) == [(BOOT, 1, set())]
    assert "lost" in said[0]


def test_on_a_real_disk_only_the_owner_may_read(tmp_path: Path) -> None:
    said = list[str]()
    Spool(tmp_path / "probe", RealDisk(), KEY, BOOT, said.append)
    (tmp_path / "probe" / "spool" / "left.batch.tmp").write_bytes(b"half")
    spool = Spool(tmp_path / "probe", RealDisk(), KEY, BOOT, said.append)
    spool.keep([measured("a")])
    (file,) = (tmp_path / "probe" / "spool").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert content(spool.read(spool.waiting[0])) == {"a"}
