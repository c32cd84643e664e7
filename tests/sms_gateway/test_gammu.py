"""A gammu-smsd's spool: complete files only, kept before they are removed; and a real gammu-smsd."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sms_gateway.link_settings import GammuLink
from sms_gateway.links import gammu
from sms_gateway.links.gammu import Gammu
from tests.sms_gateway.core.test_gammu import NAME, section
from tests.sms_gateway.harness import eventually
from tests.sms_gateway.modem_at_work import AtWork, link_at_work, outgoing


@asynccontextmanager
async def _spool(folder: Path, **settings: Any) -> AsyncIterator[AtWork]:
    for one in ("inbox", "outbox"):
        (folder / one).mkdir(exist_ok=True)
    chosen = {"poll_s": 0.02} | settings
    link = GammuLink(inbox=f"{folder}/inbox", outbox=f"{folder}/outbox", sender="+77770001122", **chosen)
    async with link_at_work(folder / "data", link, lambda office: Gammu(office, link)) as here:
        await here.up()
        yield here


async def test_a_file_is_kept_and_removed(tmp_path: Path) -> None:
    async with _spool(tmp_path) as here:
        (tmp_path / "inbox" / NAME).write_text(section("71 379 OPEN"))
        (tmp_path / "inbox" / "other").write_text("x")
        assert await here.kept(1) == ["71 379 OPEN"]
        assert [path.name for path in (tmp_path / "inbox").iterdir()] == ["other"]


async def test_parts_in_one_file_and_in_two_are_joined(tmp_path: Path) -> None:
    async with _spool(tmp_path) as here:
        (tmp_path / "inbox" / NAME).write_text(
            section("71 379 O", udh="050003010201") + section("PEN", udh="050003010202", number=1)
        )
        (tmp_path / "inbox" / "IN2.txt").write_text(section("PEN", udh="050003020202"))
        (tmp_path / "inbox" / "IN3.txt").write_text(section("71 380 O", udh="050003020201"))
        assert sorted(await here.kept(2)) == ["71 379 OPEN", "71 380 OPEN"]


async def test_a_file_that_still_grows_is_not_taken(tmp_path: Path) -> None:
    whole = section("71 379 OPEN")
    async with _spool(tmp_path, poll_s=3_600) as here:
        with (tmp_path / "inbox" / NAME).open("w") as file:
            for at in range(0, len(whole), 40):
                file.write(whole[at : at + 40])
                file.flush()
                assert await here.link.round() == 0
        assert await here.link.round() == 1
        assert await here.kept(1) == ["71 379 OPEN"]
        assert await here.ask("SELECT * FROM odd") == []


async def test_a_file_that_a_crash_left_counts_once(tmp_path: Path) -> None:
    for _ in range(2):
        async with _spool(tmp_path) as here:
            (tmp_path / "inbox" / NAME).write_text(section("71 379 OPEN"))
            await eventually(lambda: not list((tmp_path / "inbox").iterdir()))
            await here.until("SELECT 1 - count(*) FROM journal", 1)
            assert await here.kept(1) == ["71 379 OPEN"]


async def test_links_folders_and_strange_names_are_left_alone(tmp_path: Path) -> None:
    async with _spool(tmp_path) as here:
        (tmp_path / "secret").write_text(section("71 399 OPEN"))
        (tmp_path / "inbox" / "IN1").symlink_to(tmp_path / "secret")
        (tmp_path / "inbox" / "IN2").mkdir()
        (tmp_path / "inbox" / os.fsdecode(b"IN3_\xff;rm -rf.txt")).write_text(section("71 379 OPEN"))
        assert await here.kept(1) == ["71 379 OPEN"]
        assert (tmp_path / "secret").exists()


async def test_a_file_that_cannot_be_read_is_told_and_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = gammu._content

    def faulty(path: Path) -> bytes:
        if path.name == "IN0.txt":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(path)

    with monkeypatch.context() as bad_sector:
        bad_sector.setattr(gammu, "_content", faulty)
        async with _spool(tmp_path) as here:
            (tmp_path / "inbox" / "IN0.txt").write_text(section("71 380 OPEN"))
            (tmp_path / "inbox" / NAME).write_text(section("71 379 OPEN"))
            assert await here.kept(1) == ["71 379 OPEN"]
            assert "cannot be read: Input/output error" in here.link.health().why
    async with _spool(tmp_path) as here:
        assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]


async def test_a_text_of_as_many_parts_as_there_can_be_is_taken_whole(tmp_path: Path) -> None:
    sections = [section("x" * 153, udh=f"05000307FF{part:02X}") for part in range(1, 256)]
    async with _spool(tmp_path) as here:
        (tmp_path / "inbox" / NAME).write_text("".join(sections))
        assert await here.kept(1) == ["x" * 153 * 255]


async def test_half_a_file_is_listed_and_the_next_one_is_taken(tmp_path: Path) -> None:
    whole = section("71 379 OPEN")
    for at in (0, 1, 14, 200, len(whole) - 30):
        (tmp_path / "inbox").mkdir(exist_ok=True)
        (tmp_path / "inbox" / f"IN{at}.txt").write_text(whole[:at])
    (tmp_path / "inbox" / "INz.txt").write_text(whole)
    async with _spool(tmp_path) as here:
        assert await here.kept(1) == ["71 379 OPEN"]
        assert {why for (why,) in await here.ask("SELECT why FROM odd")} == {
            "a file that was cut or is no backup"
        }
        assert await here.ask("SELECT count(*) FROM odd WHERE raw GLOB '*[0-9]*'") == [(0,)]


async def test_a_text_goes_out_as_one_whole_file(tmp_path: Path) -> None:
    async with _spool(tmp_path) as here:
        sent = await here.link.send(outgoing("ж" * 71))
        assert (sent.toll, sent.parts) == ("accepted", 2)
        [file] = (tmp_path / "outbox").iterdir()
        assert file.name == "OUTC20000101_000000_00_+77011234567_1.txt"
        assert file.read_bytes().decode("utf-16") == "ж" * 71
        for recipient in ("+77770001122", "KCELL", "../../x", ""):
            assert (await here.link.send(outgoing(recipient=recipient))).toll == "refused"


async def test_a_folder_that_is_gone_makes_the_link_not_up(tmp_path: Path) -> None:
    async with _spool(tmp_path) as here:
        (tmp_path / "inbox").rename(tmp_path / "away")
        (tmp_path / "outbox").rename(tmp_path / "out")
        await eventually(lambda: not here.link.health().up)
        assert "No such file" in here.link.health().why
        assert (await here.link.send(outgoing())).toll == "away"
        (tmp_path / "away").rename(tmp_path / "inbox")
        (tmp_path / "out").rename(tmp_path / "outbox")
        await here.up()
