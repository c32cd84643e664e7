"""A modem's link against a modem on a pseudo-terminal: bringing, and what must never be lost or counted twice."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from sms_gateway import ModemLink
from tests.servers.modem import modem
from tests.sms_gateway.core.pdu.build import deliver, join8, join16, name, number
from tests.sms_gateway.harness import NOWHERE, eventually, gateway, rows
from tests.sms_gateway.modem_at_work import at_work

AIDA, BOLAT = number("77011111111"), number("77022222222")
UCS2 = "71 380 ашылды 😀 бүгін".encode("utf-16-be").hex()


async def test_texts_from_before_and_new_ones_are_kept_and_then_deleted(tmp_path: Path) -> None:
    with modem() as phone:
        phone.store(deliver("71 379 OPEN"), 0)
        phone.store(deliver("71 380 OPEN"), 1, "ME")
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            phone.deliver(deliver("71 381 OPEN"))
            assert sorted(await here.kept(3)) == ["71 379 OPEN", "71 380 OPEN", "71 381 OPEN"]
            await eventually(lambda: phone.used == 0)
            await eventually(lambda: here.link.health().heard_at == here.office.now_s())
            assert here.link.health().signal == 0.55
    assert rows(tmp_path, "SELECT count(*) FROM journal") == [(0,)]


async def test_a_modem_that_announces_nothing_is_polled(tmp_path: Path) -> None:
    with modem() as phone:
        phone.faults["AT+CNMI"] = ["ERROR"] * 3
        async with at_work(tmp_path, phone.device, poll_s=0.1) as here:
            await here.up()
            phone.deliver(deliver("71 379 OPEN"))
            assert await here.kept(1) == ["71 379 OPEN"]


async def test_every_text_of_a_hostile_hour_comes_out_right(tmp_path: Path) -> None:
    """Two senders with one reference, out of order, repeated, 16 bits, letters, odd UCS-2, illegal bytes."""
    with modem({"SM": 5}) as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            hour: list[bytes | str] = [
                deliver("379 OPEN", head=join8(7, 2, 2), source=AIDA),
                deliver("381 OP", head=join8(7, 3, 2), source=BOLAT),
                deliver("71 ", head=join8(7, 2, 1), source=AIDA),
                deliver("71 ", head=join8(7, 2, 1), source=AIDA),
                deliver("EN", head=join8(7, 3, 3), source=BOLAT),
                deliver("379 OPEN", head=join8(7, 2, 2), source=AIDA),
                deliver("71 ", head=join8(7, 3, 1), source=BOLAT),
                deliver("close", head=join16(0x0107, 2, 2), source=AIDA),
                deliver("71 379 ", head=join16(0x0107, 2, 1), source=AIDA),
                deliver(coding="08", body=UCS2[14:], head=join8(9, 2, 2), source=AIDA),
                deliver(coding="08", body=UCS2[:14], head=join8(9, 2, 1), source=AIDA),
                deliver("BALANCE 5", source=name("KCELL")),
                deliver(coding="08", body="003700", source=AIDA),
                deliver(coding="04", body="FFFE80", source=BOLAT),
                "07919740",
                "no pdu at all",
                deliver("OPEN", head="03240101", source=BOLAT),
                deliver("71 382 OPEN", time="FFFFFFFFFFFFFF", source=BOLAT),
            ]
            for pdu in hour:
                phone.deliver(pdu)
            await eventually(lambda: phone.used == 0 and not phone.network)
            await here.kept(8)
    texts = rows(tmp_path, "SELECT text, link FROM inbox WHERE text != '' ORDER BY id")
    assert [text for text, _ in texts] == [
        "71 379 OPEN", "71 381 OPEN", "71 379 close", "71 380 ашылды 😀 бүгін", "BALANCE 5", "71 382 OPEN",
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM inbox WHERE text = ''") == [(2,)]
    assert [why for (why,) in rows(tmp_path, "SELECT why FROM odd ORDER BY id")] == [
        "not ucs2", "not octets", "the PDU ends inside its message centre", "no hexadecimal line", "compressed, or of a national table",
    ]  # fmt: skip


async def test_nothing_is_deleted_that_is_not_durable(tmp_path: Path) -> None:
    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk is full")

    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            whole, here.office.store._finish = here.office.store._finish, full
            phone.deliver(deliver("71 379 OPEN"))
            await eventually(lambda: "AT+CMGL=4" in phone.asked)
            await asyncio.sleep(0.1)
            assert (phone.used, phone.deleted) == (1, 0)
            here.office.store._finish = whole
            assert await here.kept(1) == ["71 379 OPEN"]
            await eventually(lambda: phone.used == 0)


async def test_a_text_that_a_crash_left_in_the_memory_counts_once(tmp_path: Path) -> None:
    """After a crash behind the commit and before the deletion the modem lists it again, as read."""
    parts = [deliver("71 ", head=join8(3, 2, 1)), deliver("380 OPEN", head=join8(3, 2, 2))]
    for life in range(2):
        with modem() as phone:
            for pdu in [deliver("71 379 OPEN"), *parts]:
                phone.store(pdu, life)
            async with at_work(tmp_path, phone.device) as here:
                await eventually(lambda phone=phone: phone.used == 0)  # type: ignore[misc]  # bound at once
                assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]
                await here.until("SELECT 1 - count(*) FROM journal", 1)
    assert rows(tmp_path, "SELECT count(*) FROM inbox") == [(2,)]


@pytest.mark.parametrize("stays", ["said", "hidden"])
async def test_a_text_that_cannot_be_deleted_counts_once_and_holds_nothing_up(
    tmp_path: Path, stays: str
) -> None:
    with modem() as phone:
        phone.store(deliver("71 379 OPEN"), 0)
        if stays == "said":
            phone.faults["AT+CMGD=1"] = ["+CMS ERROR: 500"] * 3
        else:
            phone.stubborn = {1}
        async with at_work(tmp_path, phone.device, poll_s=0.05) as here:
            await here.up()
            phone.deliver(deliver("71 380 OPEN"))
            await here.kept(2)
            await asyncio.sleep(0.3)
            assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]
            assert phone.used == (1 if stays == "hidden" else 0)
            assert len(phone.asked) < 200


async def test_notices_between_the_lines_of_a_list_cost_nothing(tmp_path: Path) -> None:
    with modem() as phone:
        for station in range(380, 388):
            phone.store(deliver(f"71 {station} OPEN"), 0)
        phone.in_the_middle = [
            '+CMTI: "SM",9',
            "RING",
            "+CREG: 1",
            "^RSSI:12",
            "+CIEV: 2,3",
            '+CMTI: "ME",1',
            "+CUSD: 0",
            "^BOOT:1",
        ] * 2
        async with at_work(tmp_path, phone.device) as here:
            assert await here.kept(8) == [f"71 {station} OPEN" for station in range(380, 388)]
            await eventually(lambda: phone.used == 0)


async def test_a_line_that_was_heard_badly_is_read_again(tmp_path: Path) -> None:
    with modem() as phone:
        phone.store(deliver("71 379 OPEN"), 0)
        phone.mangled = {1}
        async with at_work(tmp_path, phone.device) as here:
            assert await here.kept(1) == ["71 379 OPEN"]
            assert "AT+CMGR=1" in phone.asked
            assert await here.ask("SELECT * FROM odd") == []


async def test_noise_on_the_cable_is_kept_for_no_text_and_costs_none(tmp_path: Path) -> None:
    with modem() as phone:
        for station in range(380, 395):
            phone.store(deliver(f"71 {station} OPEN"), 0)
        phone.noise = 4
        async with at_work(tmp_path, phone.device, poll_s=0.05) as here:
            found = await here.kept(15)
            assert sorted(found) == [f"71 {station} OPEN" for station in range(380, 395)]
            await eventually(lambda: phone.used == 0, 15)
            assert await here.ask("SELECT why, raw FROM odd") == []


async def test_a_list_that_is_refused_is_read_place_by_place(tmp_path: Path) -> None:
    with modem({"SM": 6}) as phone:
        phone.store(deliver("71 379 OPEN"), 0)
        phone.store(deliver("71 380 OPEN"), 0)
        phone.faults["AT+CMGL"] = ["+CMS ERROR: 500"]
        async with at_work(tmp_path, phone.device) as here:
            assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]
            await eventually(lambda: phone.used == 0)


async def test_a_text_that_is_handed_over_directly_is_kept_too(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            octets = deliver("71 379 OPEN")
            phone.say(f"+CMT: ,{len(octets) - 8}\r\n{octets.hex().upper()}")
            assert await here.kept(1) == ["71 379 OPEN"]


async def test_a_memory_full_of_drafts_is_emptied_and_what_waits_outside_comes_in(tmp_path: Path) -> None:
    with modem({"SM": 5}) as phone:
        for _ in range(4):
            phone.store(deliver("a draft"), 2)
        phone.store(deliver("71 379 OPEN"), 0)
        for station in range(380, 390):
            phone.deliver(deliver(f"71 {station} OPEN"))
        assert len(phone.network) == 10
        async with at_work(tmp_path, phone.device) as here:
            assert await here.kept(11) == [f"71 {station} OPEN" for station in range(379, 390)]
            await eventually(lambda: phone.used == 0 and here.link.health().up)


async def test_a_memory_that_stays_full_is_told(tmp_path: Path) -> None:
    with modem({"SM": 2}) as phone:
        for _ in range(2):
            phone.store(deliver("a draft"), 3)
        phone.faults["AT+CMGD"] = ["+CMS ERROR: 500"] * 50
        async with at_work(tmp_path, phone.device) as here:
            await eventually(lambda: here.link.health().why == "SM is full")
            assert not here.link.health().up


async def test_the_signal_is_a_metric_while_it_is_known(tmp_path: Path) -> None:
    series = 'dabyl_sms_signal_ratio{link="modem",operator="AS29555"}'
    with modem() as phone:
        link = ModemLink(device=phone.device, operator="AS29555", answer_s=0.2)
        async with gateway(tmp_path, NOWHERE, link=(link,)) as here:
            await here.counted(series)
            assert await here.metric(series) == 0.55
            phone.silent = True
            phone.deliver(deliver())
            phone.silent = False
            phone.say("RDY")
            phone.silent = True
            async with asyncio.timeout(5):
                while series in (await here.get("/metrics"))[1]:  # noqa: ASYNC110  # a page is looked at
                    await asyncio.sleep(0.01)
