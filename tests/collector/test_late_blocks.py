"""What is too old for remote write becomes a text, and blocks where Prometheus' folder is known."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from collector.settings import Late
from tests.collector.late_scenes import HOUR, Cut, receiver, to, total


async def test_what_is_too_old_for_the_window_becomes_a_text_for_promtool(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker, window_s=HOUR))
        async with cut.over(0, 90, after=2 * HOUR) as collector:
            await collector.courier.turn()
            assert {minute for _, minute in taker.values()} == set(range(90, 106))
            (text,) = (tmp_path / "late").iterdir()
            assert text.name.endswith(".om")
            assert text.read_text().count("\ndabyl_reachability_ratio{") == 16
            assert total(collector, "file", "taken") == 64


async def test_what_the_server_itself_calls_too_old_goes_the_same_way(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        taker.status, taker.said = 500, "too old sample"
        async with cut.over() as collector:
            await collector.courier.turn()
            assert total(collector, "remote_write", "too_old") == total(collector, "file", "taken") == 64


def program(folder: Path, lines: str) -> str:
    path = folder / "promtool"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def test_blocks_are_made_and_a_promtool_that_fails_is_asked_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    broken = program(tmp_path, "echo 'no room' >&2; exit 1")
    cut = Cut(data, Late(blocks=str(tmp_path / "tsdb"), promtool=broken))
    async with cut.over() as collector:
        with pytest.raises(OSError, match="promtool: no room"):
            await collector.courier.turn()
        assert total(collector, "blocks", "failed") == 64
        program(tmp_path, f'cp "$4" {tmp_path}/seen; echo "$5" >>{tmp_path}/seen')
        await collector.courier.turn()
        assert (tmp_path / "seen").read_text().endswith(f"# EOF\n{tmp_path / 'tsdb'}\n")
        assert total(collector, "blocks", "taken") == 64
        assert list((data / "late").iterdir()) == [], "the text was only on its way"


async def test_a_promtool_that_is_not_there_is_an_error_that_is_tried_again(tmp_path: Path) -> None:
    cut = Cut(tmp_path, Late(blocks=str(tmp_path / "tsdb"), promtool=str(tmp_path / "none")))
    async with cut.over() as collector:
        with pytest.raises(FileNotFoundError):
            await collector.courier.turn()
