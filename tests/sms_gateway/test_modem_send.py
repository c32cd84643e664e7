"""Texts that go out through a modem, and what it says of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sms_gateway import ModemLink
from tests.servers.modem import modem
from tests.sms_gateway.core.pdu.build import deliver, report
from tests.sms_gateway.harness import NOWHERE, eventually, gateway, rows
from tests.sms_gateway.modem_at_work import PHONE, at_work, outgoing


async def test_a_text_goes_out_in_one_part(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            sent = await here.link.send(outgoing("hellohello"))
        assert (sent.toll, sent.parts, sent.ids) == ("accepted", 1, ("1",))
        assert phone.sent == ["0011000B917710214365F70000470AE8329BFD4697D9EC37"]


async def test_a_long_text_goes_out_in_parts_with_one_reference_and_the_next_has_another(
    tmp_path: Path,
) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            for _ in range(2):
                sent = await here.link.send(outgoing("ж" * 71))
                assert (sent.toll, sent.parts, len(sent.ids)) == ("accepted", 2, 2)
        heads = [pdu[30:42] for pdu in phone.sent]
        assert [head[:6] for head in heads] == ["050003"] * 4
        assert heads[0][6:8] == heads[1][6:8] != heads[2][6:8] == heads[3][6:8]
        assert [head[8:] for head in heads] == ["0201", "0202", "0201", "0202"]


async def test_receipts_are_asked_for_when_they_are_wanted(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device, receipts=True) as here:
            await here.up()
            await here.link.send(outgoing("a"))
            assert phone.reports
        assert phone.sent[0].startswith("0031")


@pytest.mark.parametrize(
    ("fault", "toll"),
    [
        ("+CMS ERROR: 28", "refused"), ("+CMS ERROR: 42", "slow"), ("+CMS ERROR: 331", "away"), ("+CMS ERROR: 500", "later"), ("ERROR", "later"), ("OK", "later"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["SEND", "AT+CMGS"])
async def test_a_refusal_is_told_before_and_after_the_prompt(
    tmp_path: Path, fault: str, toll: str, place: str
) -> None:
    with modem() as phone:
        phone.faults[place] = [fault]
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            assert (await here.link.send(outgoing())).toll == toll
            assert (await here.link.send(outgoing())).toll == "accepted"


async def test_the_part_that_was_refused_ends_a_text(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            phone.on_send = lambda _: phone.faults.update({"SEND": ["+CMS ERROR: 42"]})
            sent = await here.link.send(outgoing("ж" * 200))
        assert (sent.toll, sent.parts, sent.why) == ("slow", 2, "+CMS ERROR: 42")
        assert len(phone.sent) == 1


@pytest.mark.parametrize(
    ("recipient", "why"),
    [
        ("+77770001122", "our own number"),
        ("8 777 000 11 22", "our own number"),
        ("KCELL", "a recipient is a number of at most 20 digits, with + before the country"),
    ],
)
async def test_nothing_is_sent_to_ourselves_or_to_a_name(tmp_path: Path, recipient: str, why: str) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            sent = await here.link.send(outgoing(recipient=recipient))
        assert (sent.toll, sent.why) == ("refused", why)
        assert phone.sent == []


async def test_a_link_that_is_not_up_sends_nothing(tmp_path: Path) -> None:
    with modem() as phone:
        phone.registered = 3
        async with at_work(tmp_path, phone.device) as here:
            await eventually(lambda: here.link.health().why == "registration: denied")
            sent = await here.link.send(outgoing())
        assert (sent.toll, sent.why) == ("away", "registration: denied")


async def test_sending_and_bringing_go_side_by_side(tmp_path: Path) -> None:
    with modem({"SM": 5}) as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            for station in range(380, 400):
                phone.deliver(deliver(f"71 {station} OPEN"))
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(here.link.send(outgoing(f"answer {number}"))) for number in range(10)
                ]
            assert {task.result().toll for task in tasks} == {"accepted"}
            assert sorted(await here.kept(20)) == [f"71 {station} OPEN" for station in range(380, 400)]
        assert len(phone.sent) == 10


async def test_a_modem_that_is_silent_after_the_prompt_is_left_and_woken(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device, answer_s=0.1) as here:
            await here.up()
            phone.faults["SEND"] = [""]
            sent = await here.link.send(outgoing())
            assert (sent.toll, sent.why) == ("later", "silent")
            await eventually(lambda: not here.link.health().up)
            await here.up()
            assert (await here.link.send(outgoing(recipient=PHONE))).toll == "accepted"


async def test_what_became_of_a_text_is_known_by_its_receipt(tmp_path: Path) -> None:
    with modem() as phone:
        link = ModemLink(device=phone.device, poll_s=60.0, receipts=True)
        async with gateway(tmp_path, NOWHERE, link=(link,)) as here:
            await eventually(lambda: phone.reports)
            phone.deliver(deliver("71 379 OPEN"))
            await eventually(lambda: phone.sent)
            phone.report(report(1, 0))
            await here.counted('dabyl_sms_delivered_total{link="modem",state="delivered"}')
    assert rows(tmp_path, "SELECT state FROM sent") == [("delivered",)]
