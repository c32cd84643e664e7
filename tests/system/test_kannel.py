"""The SMS path with the real Kannel between a message centre and the gateway, and the real collector behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.system.sms import SmsPath, get, sms_path, within

PHONE = "+77011234567"


def _begins(texts: list[str], beginning: str) -> bool:
    """Whether there is one text, and it begins so; a receipt's number follows."""
    return [text[: len(beginning)] for text in texts] == [beginning]


async def _shown(path: SmsPath, station: str, state: str) -> bool:
    return (await path.stations()).get(station, {}).get("state") == state


async def test_a_stations_text_shows_within_5_s_and_its_answer_comes_back(tmp_path: Path) -> None:
    async with sms_path(tmp_path) as path:
        await path.centre.bring(PHONE, "KZ-71-0379 OPEN")
        await within(5, lambda: _shown(path, "KZ-71-0379", "open"))
        metrics = await get(path.collector.url + "/metrics/stations")
        assert 'dabyl_station_state_code{region="KZ-71",station="KZ-71-0379"} 1' in metrics
        await within(5, lambda: _begins(path.centre.to(PHONE), "KZ-71-0379 OPEN: received, N "))

        await path.centre.bring("87770000001", "Учаске 75-12: жарық ЖОҚ!")
        await within(5, lambda: _shown(path, "KZ-75-0012", "trouble"))
        await within(
            5, lambda: _begins(path.centre.to("+77770000001"), "KZ-75-0012 ЖАРЫҚ ЖОҚ: қабылданды, № ")
        )
        assert {(one.sender, one.kind) for one in path.centre.sent} == {("1234", "text"), ("1234", "ucs-2")}

        await path.centre.bring("+77770000002", "привет")
        await within(
            5, lambda: path.centre.to("+77770000002") == ["Есть лишнее слово. Пример: KZ-71-0379 ОТКРЫТ"]
        )
        # An answer's number is deleted once Kannel has taken it, which is a moment after the phone has it.
        await within(5, lambda: _metric(path, 'dabyl_sms_queue_length{link="kannel",priority="reply"} 0.0'))
        await path.gateway.stop()
        assert _forgotten(tmp_path / "gateway")


def _forgotten(folder: Path) -> bool:
    """Whether no phone's number stands in any file."""
    files = b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())
    return not any(number in files for number in (b"7011234567", b"7770000001", b"7770000002"))


async def test_a_text_that_the_message_centre_delivers_again_counts_once(tmp_path: Path) -> None:
    async with sms_path(tmp_path) as path:
        for _ in range(3):
            await path.centre.bring(PHONE, "71 379 ашылды")
        await within(5, lambda: _shown(path, "KZ-71-0379", "open"))
        await within(5, lambda: _metric(path, 'dabyl_sms_received_total{kind="repeat",link="kannel"} 2.0'))
        assert await _metric(path, 'dabyl_sms_received_total{kind="open",link="kannel"} 1.0')
        assert len(path.centre.to(PHONE)) == 1


async def test_nothing_is_lost_while_the_collector_is_away(tmp_path: Path) -> None:
    async with sms_path(tmp_path) as path:
        await path.collector.stop()
        stations = [f"KZ-71-{number:04}" for number in range(1, 21)]
        for number, station in enumerate(stations):
            await path.centre.bring(f"+7701000{number:04}", f"{station} ОТКРЫТ")
        await within(10, lambda: len(path.centre.sent) == 20)
        await path.gateway.kill()  # and the gateway falls too
        await path.gateway.start()
        await path.collector.start()
        assert await within(15, lambda: _all(path, stations))


async def test_kannel_brings_again_what_a_killed_gateway_could_not_take(tmp_path: Path) -> None:
    """The gateway is killed between texts: in the middle of one, smsbox 1.4.5 itself may panic (docs/sms.md)."""
    async with sms_path(tmp_path) as path:
        await path.centre.bring(PHONE, "75 1 жабылды")
        await within(5, lambda: _shown(path, "KZ-75-0001", "closed"))
        await path.gateway.kill()
        stations = [f"KZ-75-{number:04}" for number in range(2, 102)]
        for number, station in enumerate(stations):
            await path.centre.bring(f"+7702000{number:04}", f"жабылды {station}")
        await asyncio.sleep(2)
        await path.gateway.start()
        assert await within(20, lambda: _all(path, stations))
        assert await _metric(path, 'dabyl_sms_received_total{kind="closed",link="kannel"} 100.0')


async def _all(path: SmsPath, stations: list[str]) -> bool:
    return set(stations) <= set(await path.stations())


async def _metric(path: SmsPath, line: str) -> bool:
    return line in (await get(path.gateway.url + "/metrics")).splitlines()
