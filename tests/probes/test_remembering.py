"""Usual rates on a disk that works, and on one that does not."""

from __future__ import annotations

from pathlib import Path

from probes.disk import RealDisk
from probes.remembering import RATES_FILE, Remembered
from tests.probes.core.streams.test_usual import CAMERA, seen


class FullDisk(RealDisk):
    """A disk without room."""

    def write(self, path: Path, raw: bytes) -> None:
        raise OSError(28, f"No space left for {len(raw)} bytes", str(path))


def test_rates_outlive_the_process(tmp_path: Path) -> None:
    Remembered(tmp_path, RealDisk()).learn([seen(400_000)])
    assert Remembered(tmp_path, RealDisk()).usual.expected(CAMERA).usual_bps == 400_000


def test_a_round_without_streams_writes_nothing(tmp_path: Path) -> None:
    Remembered(tmp_path, RealDisk()).learn([seen(None)])
    assert not (tmp_path / RATES_FILE).exists()


def test_a_broken_memory_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / RATES_FILE).write_bytes(b"\xff")
    assert Remembered(tmp_path, RealDisk()).usual.expected(CAMERA).usual_bps == 0


def test_a_full_disk_costs_no_measurement(tmp_path: Path) -> None:
    remembered = Remembered(tmp_path, FullDisk())
    remembered.learn([seen(400_000)])
    assert remembered.usual.expected(CAMERA).usual_bps == 400_000
