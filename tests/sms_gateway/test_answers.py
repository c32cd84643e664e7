"""Answers on their way to a phone: what Kannel takes, refuses, or takes later."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.servers.sendsms import Smsbox, smsbox
from tests.sms_gateway.harness import (
    NOWHERE,
    SENT,
    MovableClock,
    all_bytes,
    eventually,
    gateway,
    kannel_link,
    rows,
)


def _asked(kannel: Smsbox, times: int) -> bool:
    return len(kannel.asked) == times


async def test_an_answer_is_retried_until_kannel_takes_it(tmp_path: Path) -> None:
    clock = MovableClock()
    async with smsbox() as kannel:
        kannel.statuses = [503, 403]
        async with gateway(tmp_path, NOWHERE, clock, link=(kannel_link(kannel.url, sender="9999"),)) as here:
            await here.text()
            await eventually(lambda: len(kannel.asked) == 1)
            assert await here.metric('dabyl_sms_link_up{link="kannel",operator="AS0"}') == 0
            for attempts in (2, 3):
                clock.move(seconds=60)
                await here.text("hello", id=f"rings-the-bell-{attempts}", sender="1414")
                await eventually(partial(_asked, kannel, attempts))
            await eventually(lambda: kannel.statuses == [])
            assert {asked["from"] for asked in kannel.asked} == {"9999"}
        assert len(kannel.asked) == 3
    assert rows(tmp_path, "SELECT reply FROM inbox WHERE key = 'id:m1'") == [("sent",)]


async def test_an_answer_that_kannel_refuses_for_good_is_given_up(tmp_path: Path) -> None:
    async with smsbox() as kannel:
        kannel.statuses = [400]
        async with gateway(tmp_path, NOWHERE, link=(kannel_link(kannel.url),)) as here:
            await here.text()
            await eventually(lambda: kannel.asked)
            await here.counted(SENT + '{link="kannel",reason="refused"}')
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("refused",)]
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(0,)]


async def test_a_number_is_in_no_file_after_its_answer_and_a_clean_stop(tmp_path: Path) -> None:
    async with smsbox() as kannel, gateway(tmp_path, NOWHERE, link=(kannel_link(kannel.url),)) as here:
        await here.text()
        await eventually(lambda: kannel.asked)
        await here.counted(SENT + '{link="kannel",reason="sent"}')
    assert b"7011234567" not in all_bytes(tmp_path)
