"""What belongs to the owner: the key, the consent, the lock, and that all of it can go."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from probes.consent import check_folder, has_consent, keep_consent, purge
from probes.disk import RealDisk
from probes.identity import load_or_make
from probes.lock import only_one
from tests.probes.chance import Dice
from tests.probes.keeping.disks import FaultyDisk, PowerLost
from wire.errors import BadInput

DISK = RealDisk()


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "probe"
    key = load_or_make(folder, DISK, Dice())
    assert load_or_make(folder, DISK, Dice()).id == key.id
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_broken_key_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(BadInput, match="not a key"):
        load_or_make(tmp_path, DISK, Dice())


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("kept", [True, False])
def test_a_crash_while_the_key_is_made_leaves_a_key_or_none(at: int, kept: bool) -> None:
    disk = FaultyDisk()
    disk.fault_at, disk.fault = at, "power lost after"
    folder, used = Path("/probe"), None
    with suppress(PowerLost):
        used = load_or_make(folder, disk, Dice())
    found = load_or_make(folder, disk.after_power_loss(kept=kept), Dice())
    assert used is None or used.id == found.id


def test_consent_is_to_these_places_and_no_others(tmp_path: Path) -> None:
    assert not has_consent(tmp_path, DISK, ["target a"])
    keep_consent(tmp_path, DISK, ["target a"])
    assert has_consent(tmp_path, DISK, ["target a"])
    assert not has_consent(tmp_path, DISK, ["target a", "target b"])


def test_two_probes_do_not_share_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(BadInput, match="another probe"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_purge_takes_what_is_ours_and_leaves_what_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "probe"
    load_or_make(folder, DISK, Dice())
    (folder / "spool").mkdir()
    (folder / "spool" / "x.batch").write_bytes(b"")
    (folder / "photos").mkdir()
    purge(folder)
    assert [path.name for path in folder.iterdir()] == ["photos"]
    (folder / "photos").rmdir()
    load_or_make(folder, DISK, Dice())
    purge(folder)
    assert not folder.exists()


def test_where_no_probe_was_nothing_is_purged(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no probe"):
        check_folder(tmp_path)
    with pytest.raises(BadInput, match="no probe"):
        check_folder(tmp_path / "nowhere")


def test_a_running_probe_is_not_purged(tmp_path: Path) -> None:
    load_or_make(tmp_path, DISK, Dice())
    with only_one(tmp_path), pytest.raises(BadInput, match="another probe"):
        purge(tmp_path)
