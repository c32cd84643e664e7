"""Texts on their way to a phone: what links take, refuse, or take later."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.servers.sendsms import smsbox
from tests.servers.smsc import deliver, smsc
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
from tests.sms_gateway.test_smpp import link


async def test_an_answer_is_retried_until_kannel_takes_it(tmp_path: Path) -> None:
    clock = MovableClock()
    async with smsbox() as kannel:
        kannel.statuses = [503, 403]
        async with gateway(tmp_path, NOWHERE, clock, link=(kannel_link(kannel.url, sender="9999"),)) as here:
            await here.text()
            await eventually(lambda: len(kannel.asked) == 1)
            while await here.metric('dabyl_sms_link_up{link="kannel",operator="AS0"}') != 0:  # noqa: ASYNC110  # a page is looked at
                await asyncio.sleep(0.01)
            while len(kannel.asked) < 3:
                clock.move(seconds=20)
                await asyncio.sleep(0.05)
            await eventually(lambda: kannel.statuses == [])
            await here.counted(SENT + '{link="kannel",reason="sent"}')
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


async def test_an_answer_goes_by_another_operator_when_its_own_is_away(tmp_path: Path) -> None:
    async with smsc() as first, smsc() as second:
        links = tuple(
            link(port, name=name) for name, port in (("first", first.port), ("second", second.port))
        )
        clock = MovableClock()
        async with gateway(tmp_path, NOWHERE, clock, link=links) as here:
            await eventually(lambda: first.bound and second.bound)
            first.statuses.extend([0x08] * 9)  # ESME_RSYSERR: not now
            assert await first.bound[0].bring(deliver(b"KZ-71-0379 OPEN")) == 0
            while not second.submitted:
                clock.move(seconds=5)
                await asyncio.sleep(0.05)
            await here.counted(SENT + '{link="second",reason="sent"}')
    assert second.submitted[0].sender == ""
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("sent",)]


async def test_texts_that_one_link_refused_and_the_other_cannot_take_yet_let_others_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers whose numbers an operator refuses must not hold up everybody's answers."""
    monkeypatch.setattr("sms_gateway.dispatch._AT_ONCE", 4)
    async with smsc() as wide, smsc() as tight:
        slow = link(tight.port, name="tight", send_per_s=0.001, send_burst=1.0)
        async with gateway(tmp_path, NOWHERE, link=(link(wide.port, name="wide"), slow)) as here:
            await eventually(lambda: wide.bound and tight.bound)
            wide.statuses.extend([0x0B] * 8)  # ESME_RINVDSTADR
            for number in range(8):
                assert await wide.bound[0].bring(deliver(b"hello", b"7999000000%d" % number)) == 0
            await eventually(lambda: not wide.statuses and tight.submitted)
            assert await wide.bound[0].bring(deliver(b"KZ-71-0379 OPEN")) == 0
            await wide.until(lambda: wide.submitted)
            await here.counted(SENT + '{link="wide",reason="sent"}')
    assert [one.recipient for one in wide.submitted] == ["77011234567"]


async def test_a_centre_that_throttles_is_given_time_and_loses_nothing(tmp_path: Path) -> None:
    async with smsc() as centre, gateway(tmp_path, NOWHERE, link=(link(centre.port),)) as here:
        await centre.until(lambda: centre.bound)
        centre.statuses.extend([0x58, 0x14])  # ESME_RTHROTTLED, ESME_RMSGQFUL
        for number in (1, 2, 3):
            assert (
                await centre.bound[0].bring(deliver(b"KZ-71-000%d OPEN" % number, b"7701000000%d" % number))
                == 0
            )
        await centre.until(lambda: len(centre.submitted) == 3)
        await here.counted(SENT + '{link="smpp",reason="sent"}')
    assert {one.recipient for one in centre.submitted} == {f"7701000000{number}" for number in (1, 2, 3)}


async def test_a_link_keeps_its_cap_of_the_day_through_a_restart(tmp_path: Path) -> None:
    clock = MovableClock()
    async with smsc() as centre:
        capped = (link(centre.port, send_per_day=1),)
        async with gateway(tmp_path, NOWHERE, clock, link=capped) as here:
            await centre.until(lambda: centre.bound)
            for number in (1, 2):
                text = deliver(b"KZ-71-000%d STATUS" % number, b"7701000000%d" % number)
                assert await centre.bound[0].bring(text) == 0
            await here.counted(SENT + '{link="smpp",reason="sent"}')
        async with gateway(tmp_path, NOWHERE, clock, link=capped) as here:
            await centre.until(lambda: centre.bound)
            await here.until_read()
            assert len(centre.submitted) == 1
            # What waited for longer than `reply_hours` is given up; what comes on the next day is answered.
            clock.move(hours=25)
            assert await centre.bound[0].bring(deliver(b"KZ-71-0009 OPEN", b"77010000009")) == 0
            await centre.until(lambda: len(centre.submitted) == 2)
    assert centre.submitted[1].recipient == "77010000009"


async def test_a_delivery_receipt_says_what_became_of_an_answer(tmp_path: Path) -> None:
    async with smsc() as centre, gateway(tmp_path, NOWHERE, link=(link(centre.port),)) as here:
        await centre.until(lambda: centre.bound)
        assert await centre.bound[0].bring(deliver(b"KZ-71-0379 OPEN")) == 0
        await here.counted(SENT + '{link="smpp",reason="sent"}')
        assert await centre.bound[0].bring(deliver(b"id:1 sub:001 stat:DELIVRD err:000", esm=4)) == 0
        await here.counted('dabyl_sms_delivered_total{link="smpp",state="delivered"}')
    assert rows(tmp_path, "SELECT state FROM sent") == [("delivered",)]


async def test_no_more_texts_wait_for_the_centres_answer_than_the_window_holds(tmp_path: Path) -> None:
    fast = {"send_per_s": 1000.0, "send_burst": 1000.0}
    async with (
        smsc() as centre,
        gateway(tmp_path, NOWHERE, link=(link(centre.port, window=3, **fast),)) as here,
    ):
        await centre.until(lambda: centre.bound)
        centre.hold = True
        for number in range(1, 11):
            assert await centre.bound[0].bring(deliver(b"71 %d OPEN" % number, b"7701000%04d" % number)) == 0
        await here.until_read()
        await centre.until(lambda: len(centre.held) == 3)
        await asyncio.sleep(0.1)
        assert len(centre.held) == 3
        centre.let_go()
        await centre.until(lambda: len(centre.submitted) == 10)
