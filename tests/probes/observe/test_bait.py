"""Where bait is laid: addresses of nobody, never in a target's own block, and not for this machine alone."""

from __future__ import annotations

import asyncio
from asyncio import TaskGroup
from collections.abc import Sequence

import pytest

from probes.observe import bait
from probes.observe.bait import Bait, is_here
from wire.records import Target

laid: list[tuple[str, int]] = []


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    laid.clear()

    async def accepted(address: str, port: int) -> bool:
        laid.append((address, port))
        await asyncio.sleep(0)
        return port == 443

    monkeypatch.setattr(bait, "_accepted", accepted)
    monkeypatch.setattr(bait, "ADDRESSES", ("192.0.2.137", "203.0.113.137"))


async def taken(urls: Sequence[str]) -> tuple[int, ...]:
    targets = [Target(id=url, url=url, category="news") for url in urls]
    async with TaskGroup() as group:
        return await Bait(group, targets).taken()


async def test_ports_on_which_somebody_accepts_for_nobody_are_told() -> None:
    assert await taken(["https://site.example/"]) == (443,)
    assert {address for address, _ in laid} == {"192.0.2.137", "203.0.113.137"}


async def test_a_block_with_a_target_in_it_is_left_alone() -> None:
    await taken(["tcp://203.0.113.5:443", "https://site.example/"])
    assert {address for address, _ in laid} == {"192.0.2.137"}


async def test_nothing_is_sent_where_every_target_is_on_this_machine() -> None:
    assert await taken(["http://127.0.0.1:8080/", "tcp://[::1]:5222", "http://localhost/"]) == ()
    assert laid == []


def test_only_loopback_is_here() -> None:
    assert [is_here(host) for host in ("127.0.0.9", "::1", "localhost", "10.0.0.1", "site.example", "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
