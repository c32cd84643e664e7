"""A modem in trouble: silence, falls, cards with and without a PIN, cables; and how it comes back to work."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from tests.servers.modem import modem
from tests.sms_gateway.core.pdu.build import deliver
from tests.sms_gateway.harness import eventually
from tests.sms_gateway.modem_at_work import at_work, outgoing


async def test_a_silent_modem_is_woken_and_nothing_is_lost(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            phone.silent = True
            phone.deliver(deliver("71 379 OPEN"))
            here.link._bell.set()
            await eventually(lambda: here.link.health().why == "no answer to AT+CPMS")
            phone.silent = False
            assert await here.kept(1) == ["71 379 OPEN"]
            await here.up()


async def test_a_modem_that_stays_silent_is_closed_and_opened_again(tmp_path: Path) -> None:
    with modem() as phone:
        phone.silent = True
        async with at_work(tmp_path, phone.device) as here:
            await eventually(
                lambda: here.link.health().state == "closed" and bool(here.link.health().why), 10
            )
            phone.silent = False
            await here.up()


@pytest.mark.parametrize("command", ["AT+CMGL", "AT+CMGD", 'AT+CPMS="SM"'])
async def test_silence_at_any_command_loses_nothing_and_counts_nothing_twice(
    tmp_path: Path, command: str
) -> None:
    with modem() as phone:
        for station in (379, 380):
            phone.store(deliver(f"71 {station} OPEN"), 0)
        phone.faults[command] = [""]
        async with at_work(tmp_path, phone.device) as here:
            await eventually(lambda: phone.used == 0, 40)
            assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]


async def test_a_modem_that_falls_down_is_set_again(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            before = phone.asked.count("AT+CMGF=0")
            assert here.link.health().why == ""
            phone.announces = phone.reports = False
            phone.say("RDY")
            await eventually(lambda: phone.asked.count("AT+CMGF=0") > before and phone.announces)
            phone.deliver(deliver("71 379 OPEN"))
            assert await here.kept(1) == ["71 379 OPEN"]


async def test_a_cable_that_was_pulled_out_is_found_again(tmp_path: Path) -> None:
    device = tmp_path / "modem"
    async with at_work(tmp_path / "data", str(device)) as here:
        await eventually(lambda: "SerialException" in here.link.health().why)
        for station in (379, 380):
            with modem() as phone:
                device.unlink(missing_ok=True)
                device.symlink_to(phone.device)
                await eventually(lambda: here.link.health().up, 10)
                phone.deliver(deliver(f"71 {station} OPEN"))
                await here.kept(station - 378)
            await eventually(lambda: not here.link.health().up)
        assert await here.kept(2) == ["71 379 OPEN", "71 380 OPEN"]


async def test_two_links_never_share_one_modem(tmp_path: Path) -> None:
    with modem() as phone:
        async with at_work(tmp_path / "a", phone.device) as first:
            await first.up()
            async with at_work(tmp_path / "b", phone.device) as second:
                await eventually(lambda: bool(second.link.health().why))
                assert not second.link.health().up
            assert first.link.health().up


async def test_a_pin_is_entered(tmp_path: Path) -> None:
    with modem() as phone:
        phone.pin = "1234"
        async with at_work(tmp_path, phone.device, pin="1234") as here:
            await here.up()
        assert phone.tries == ["1234"]
        phone.pin = "1234"
        async with at_work(tmp_path, phone.device, pin="1234") as here:
            await here.up()
        assert phone.tries == ["1234", "1234"]


async def test_a_wrong_pin_is_entered_once_whatever_restarts(tmp_path: Path) -> None:
    with modem() as phone:
        phone.pin = "1234"
        async with at_work(tmp_path, phone.device, pin="9999") as here:
            await eventually(lambda: here.link.health().why == "the card refused the PIN: +CME ERROR: 16")
            await eventually(lambda: "before" in here.link.health().why)
        async with at_work(tmp_path, phone.device, pin="9999") as here:
            await eventually(
                lambda: here.link.health().why == "the card refused this PIN before: correct the setting pin"
            )
        assert phone.tries == ["9999"]
        async with at_work(tmp_path, phone.device, pin="1234") as here:
            await here.up()
        assert phone.tries == ["9999", "1234"]


async def test_a_card_with_a_pin_that_nobody_gave_is_left_alone(tmp_path: Path) -> None:
    with modem() as phone:
        phone.pin = "1234"
        async with at_work(tmp_path, phone.device) as here:
            await eventually(
                lambda: here.link.health().why == "the card wants a PIN: put it into the setting pin"
            )
        assert phone.tries == []


async def test_a_card_that_wants_its_puk_is_told(tmp_path: Path) -> None:
    with modem() as phone:
        phone.faults["AT+CPIN?"] = ["+CPIN: SIM PUK\r\n\r\nOK"] * 20
        async with at_work(tmp_path, phone.device) as here:
            await eventually(lambda: here.link.health().why == "the card is locked: it wants its PUK")


async def test_a_modem_without_pdu_mode_is_restarted_and_tried_again(tmp_path: Path) -> None:
    with modem() as phone:
        phone.faults["AT+CMGF"] = ["ERROR"]
        async with at_work(tmp_path, phone.device) as here:
            await eventually(lambda: "AT+CFUN=1,1" in phone.asked)
            await here.up()


async def test_a_link_without_a_network_is_not_up_and_still_brings_what_is_there(tmp_path: Path) -> None:
    with modem() as phone:
        phone.registered = 2
        phone.store(deliver("71 379 OPEN"), 0)
        async with at_work(tmp_path, phone.device) as here:
            assert await here.kept(1) == ["71 379 OPEN"]
            await eventually(lambda: here.link.health().why == "registration: searching")
            phone.say("+CREG: 5")
            await here.up()
            phone.say("+CREG: 0")
            await eventually(lambda: here.link.health().why == "registration: none")


async def test_a_link_that_is_stopped_leaves_its_port_free(tmp_path: Path) -> None:
    with modem() as phone:
        for _ in range(2):
            async with at_work(tmp_path, phone.device) as here:
                await here.up()
                await asyncio.sleep(0)


async def test_a_modem_whose_memories_cannot_be_read_is_restarted(tmp_path: Path) -> None:
    with modem() as phone:
        phone.store(deliver("71 379 OPEN"), 0)
        phone.faults['AT+CPMS="SM"'] = ["+CMS ERROR: 310"] * 5
        async with at_work(tmp_path, phone.device, poll_s=0.02) as here:
            await eventually(lambda: "AT+CFUN=1,1" in phone.asked)
            assert here.link.health().why == "its memories cannot be read"
            assert await here.kept(1) == ["71 379 OPEN"]
            await here.up()


async def test_after_a_fall_in_the_middle_of_deleting_no_place_is_deleted_by_the_old_list(
    tmp_path: Path,
) -> None:
    """A modem that fell is back at its own choice of memory: the same place there holds another text."""
    with modem({"ME": 10, "SM": 10}) as phone:
        async with at_work(tmp_path, phone.device) as here:
            await here.up()
            for station in (379, 380, 381):
                phone.store(deliver(f"71 {station} OPEN"), 0, "SM")
            phone.in_the_middle = ["RDY"]  # said inside the list of SM
            fallen = False

            def fall(memory: str) -> None:
                nonlocal fallen
                if memory == "SM" and not fallen:
                    fallen = True
                    for station in (391, 392, 393):
                        phone.store(deliver(f"71 {station} OPEN"), 0, "ME")
                    phone.restart()
                    phone.reading = "ME"

            phone.on_list = fall
            here.link._bell.set()
            assert sorted(await here.kept(6)) == [
                f"71 {station} OPEN" for station in (379, 380, 381, 391, 392, 393)
            ]
            await eventually(lambda: phone.used == 0)


async def test_a_modem_that_knows_only_the_barest_commands_will_do(tmp_path: Path) -> None:
    with modem({"SM": 10}) as phone:
        for command in (
            "AT+CPMS",
            "AT+CREG",
            "AT+CEREG",
            "AT+CSQ",
            "AT+CPIN",
            "AT+CSMS",
            "AT+CNMI",
            "AT+CMEE",
            "ATE0",
        ):
            phone.faults[command] = ["ERROR"] * 1000
        phone.store(deliver("71 379 OPEN"), 0)
        async with at_work(tmp_path, phone.device, poll_s=0.05) as here:
            await here.up()
            assert await here.kept(1) == ["71 379 OPEN"]
            assert (await here.link.send(outgoing())).toll == "accepted"
            assert here.link.health().signal is None


SAID = [
    "OK", "ERROR", "+CMS ERROR: 500", "> ", '+CMTI: "SM",3', "+CMGL: 1,0,,24", "+CDS: 20", "+CMT: ,24", "RDY", "+CPIN: READY",
    "+CREG: 1", "+CPMS: 1,2,3,4", "zz", "0791", "NO CARRIER", "+CMGS: 5", "~" * 60,
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_modem_that_says_anything_at_any_time_costs_no_text(tmp_path: Path, seed: int) -> None:
    wanted = [f"71 {station} OPEN" for station in range(1000, 1020)]
    with modem() as phone:
        async with at_work(tmp_path, phone.device, poll_s=0.05, answer_s=0.1) as here:
            for place, text in enumerate(wanted):
                phone.deliver(deliver(text))
                for one in hashlib.sha256(bytes([seed, place])).digest()[:3]:
                    phone.silent = one > 225 or (phone.silent and one > 100)
                    phone.say(SAID[one % len(SAID)])
                await asyncio.sleep(0.01)
            phone.silent = False
            await eventually(lambda: phone.used == 0 and not phone.network, 20)
            await here.kept(len(wanted))
            found = await here.ask("SELECT text FROM inbox WHERE text != '' ORDER BY text")
            assert [text for (text,) in found] == wanted
