"""A phone with Termux: new texts once, whatever is deleted there or crashes here."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core import termux
from sms_gateway.core.incoming import Odd, Part
from sms_gateway.link_settings import TermuxLink
from sms_gateway.links.termux import Termux
from tests.servers.phone import command
from tests.sms_gateway.harness import eventually
from tests.sms_gateway.modem_at_work import AtWork, link_at_work, outgoing


def _entry(ident: int, body: str = "71 379 OPEN", **more: Any) -> dict[str, Any]:
    """As Termux:API writes it."""
    return {
        "threadid": 7, "type": "inbox", "read": False, "address": "+77011234567", "number": "+77011234567",
        "received": "2026-11-22 09:00:00", "body": body, "_id": ident,
    } | more  # fmt: skip


def _has(folder: Path, *entries: Any) -> None:
    """What the phone has now, put there in one moment."""
    draft = folder / "draft"
    draft.write_text(json.dumps(list(entries)))
    draft.rename(folder / "inbox.json")


@asynccontextmanager
async def _phone(folder: Path, **settings: Any) -> AsyncIterator[AtWork]:
    chosen: dict[str, Any] = {"command": command(folder), "poll_s": 0.1, "answer_s": 10.0} | settings
    link = TermuxLink(sender="+77770001122", **chosen)
    async with link_at_work(folder / "data", link, lambda office: Termux(office, link)) as here:
        yield here


async def test_the_first_start_begins_behind_what_is_there(tmp_path: Path) -> None:
    _has(tmp_path, _entry(5, "a person's own"))
    async with _phone(tmp_path) as here:
        await here.up()
        _has(
            tmp_path,
            _entry(5, "a person's own"),
            _entry(6),
            _entry(7, "71 380 ашылды", number="", address="+77022222222"),
        )
        assert await here.kept(2) == ["71 379 OPEN", "71 380 ашылды"]
    async with _phone(tmp_path) as here:
        await here.up()
        assert await here.kept(2) == ["71 379 OPEN", "71 380 ашылды"]


async def test_texts_that_were_deleted_on_the_phone_bring_nothing_back(tmp_path: Path) -> None:
    _has(tmp_path, _entry(3, "own"), _entry(4, "own too"))
    async with _phone(tmp_path) as here:
        await here.up()
        _has(tmp_path, _entry(3, "own"))
        await here.until("SELECT value = '3' FROM facts WHERE name = 'termux.termux'", 1)
        _has(tmp_path, _entry(3, "own"), _entry(4))
        assert await here.kept(1) == ["71 379 OPEN"]
        _has(tmp_path)
        await eventually(lambda: here.link.health().up)
        _has(tmp_path, _entry(3, "own"), _entry(4), _entry(5, "71 380 OPEN"))
        assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]


async def test_a_phone_that_was_emptied_and_counts_anew_loses_no_text(tmp_path: Path) -> None:
    _has(tmp_path, _entry(40, "own"), _entry(41, "own too"))
    async with _phone(tmp_path) as here:
        await here.up()
        _has(tmp_path)
        await eventually(lambda: here.link._emptied)
        _has(tmp_path, _entry(1), _entry(2, "71 380 OPEN"))
        assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]
        _has(tmp_path, _entry(1), _entry(2, "71 380 OPEN"), _entry(3, "71 381 OPEN"))
        assert await here.kept(3) == ["71 379 OPEN", "71 380 OPEN", "71 381 OPEN"]


async def test_texts_of_before_that_come_back_after_an_empty_list_are_not_taken(tmp_path: Path) -> None:
    """A list may be empty because the phone was not ready; a person's own texts are not for us."""
    _has(tmp_path, _entry(3, "own"), _entry(4, "own too"))
    async with _phone(tmp_path) as here:
        await here.up()
        _has(tmp_path)
        await eventually(lambda: here.link._emptied)
        _has(tmp_path, _entry(3, "own"))
        await here.until("SELECT value = '3' FROM facts WHERE name = 'termux.termux'", 1)
        assert await here.ask("SELECT count(*) FROM inbox") == [(0,)]


async def test_more_texts_than_one_list_holds_come_in_their_order(tmp_path: Path) -> None:
    _has(tmp_path, _entry(1, "own"))
    async with _phone(tmp_path) as here:
        await here.up()
        _has(
            tmp_path, _entry(1, "own"), *(_entry(number, f"71 {number:04} OPEN") for number in range(2, 252))
        )
        assert await here.kept(250) == [f"71 {number:04} OPEN" for number in range(2, 252)]


async def test_a_text_is_known_that_a_crash_brings_again(tmp_path: Path) -> None:
    _has(tmp_path, _entry(1, "own"), _entry(2))
    for _ in range(2):
        async with _phone(tmp_path) as here:
            await here.office.store.run(
                lambda connection: (
                    connection.execute("INSERT OR REPLACE INTO facts VALUES ('termux.termux', '1')").rowcount
                )
            )
            await here.until("SELECT value = '2' FROM facts WHERE name = 'termux.termux'", 1)
            assert await here.kept(1) == ["71 379 OPEN"]


async def test_a_phone_that_gives_no_list_is_told(tmp_path: Path) -> None:
    async with _phone(tmp_path) as here:
        await eventually(lambda: here.link.health().why.endswith("it ended with 1"))
        (tmp_path / "inbox.json").write_text('{"error": "Please grant the following permission"}')
        await eventually(lambda: "permission" in here.link.health().why)
        _has(tmp_path)
        await here.up()
    async with _phone(tmp_path, command=("/nowhere/ssh",)) as here:
        await eventually(lambda: here.link.health().why == "/nowhere/ssh: No such file or directory")
        assert (await here.link.send(outgoing())).toll == "away"


async def test_a_command_that_hangs_is_ended(tmp_path: Path) -> None:
    async with _phone(tmp_path, command=("/bin/sh", "-c", "sleep 60"), answer_s=0.1) as here:
        await eventually(lambda: here.link.health().why == "/bin/sh: no answer")


async def test_a_command_that_ends_while_it_is_being_ended_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = os.killpg

    def too_late(group: int, signal: int) -> None:
        kill(group, signal)
        raise ProcessLookupError

    monkeypatch.setattr("sms_gateway.links.termux.os.killpg", too_late)
    async with _phone(tmp_path, command=("/bin/sh", "-c", "sleep 60"), answer_s=0.1) as here:
        await eventually(lambda: here.link.health().why == "/bin/sh: no answer")


async def test_a_text_goes_out_by_its_input_and_never_on_the_command_line(tmp_path: Path) -> None:
    _has(tmp_path)
    async with _phone(tmp_path, sim=2) as here:
        sent = await here.link.send(outgoing("-n 1; rm -rf / 'ж'"))
        assert (sent.toll, sent.parts) == ("accepted", 1)
        for recipient in ("+77770001122", "-x", "KCELL"):
            assert (await here.link.send(outgoing(recipient=recipient))).toll == "refused"
    assert json.loads((tmp_path / "sent").read_text()) == ["+77011234567", "1", "-n 1; rm -rf / 'ж'"]


def test_only_texts_that_came_are_listed_and_a_list_with_a_stranger_is_none() -> None:
    raw = json.dumps([_entry(2), _entry(1, type="sent"), _entry(3)]).encode()
    found = termux.entries(raw)
    assert found is not None
    assert [ident for ident, _ in found] == [2, 3]
    assert termux.entries(json.dumps([_entry(2), {"body": "no number"}]).encode()) is None
    assert termux.entries(b"") is None


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: json.dumps(_entry(1, text)).encode()))
def test_any_bytes_give_a_record(raw: bytes) -> None:
    found = termux.decode(raw)
    assert isinstance(found, Part | Odd)
    if isinstance(found, Odd):
        assert not any(one in b"0123456789" for one in found.raw)
    termux.entries(raw)
