"""What other programs for modems say: they must take our modem for one, and agree with us about PDUs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sms_gateway.core.pdu import Deliver, received, submitted, text_of
from sms_gateway.link_settings import GammuLink
from sms_gateway.links.gammu import Gammu
from tests.servers.gammu_judge import NUMBER, judge
from tests.servers.modem import Modem, modem
from tests.servers.processes import started
from tests.sms_gateway.core.pdu.build import deliver, join8, join16
from tests.sms_gateway.harness import eventually
from tests.sms_gateway.modem_at_work import link_at_work, outgoing

LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 @!#%&()*+,-./:;<=>?"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіАБВГД 0123456789"


def _texts() -> list[str]:
    """Texts of all lengths around the edges of one, two and three parts."""
    sizes = [
        1,
        2,
        6,
        7,
        8,
        9,
        15,
        66,
        67,
        68,
        69,
        70,
        71,
        133,
        134,
        135,
        152,
        153,
        154,
        159,
        160,
        161,
        200,
        305,
        306,
        307,
    ]
    return [(letters[size % 50 :] + letters * 6)[:size] for letters in (LATIN, CYRILLIC) for size in sizes]


def test_gammu_and_we_read_each_others_pdus() -> None:
    texts = _texts()
    ours = [[one.octets for one in submitted(NUMBER, text, 7)] for text in texts]
    heads = ["", join8(7, 3, 2), join16(0xABCD, 3, 2)]
    built = [deliver(text, head=head) for text in ("71 379 OPEN", "a", "1234567") for head in heads]
    decoded, encoded = judge([part for parts in ours for part in parts] + built, texts)
    said = iter(decoded)
    for text, parts in zip(texts, ours, strict=True):
        mine = [next(said) for _ in parts]
        assert "".join(one["text"] for one in mine) == text
        assert {(one["number"], one["type"]) for one in mine} == {(NUMBER, "Submit")}
        if len(parts) > 1:
            assert [one["join"] for one in mine] == [
                [7, -1, len(parts), part] for part in range(1, len(parts) + 1)
            ]
    for octets, one in zip(built, said, strict=True):
        found = received(octets)
        assert isinstance(found, Deliver)
        assert (found.text, found.sender.value, found.centre) == (one["text"], one["number"], one["centre"])
        assert one["time"] == "2026-11-22 04:00:00"
        if found.join:
            assert [found.join.total, found.join.part] == one["join"][2:]
            assert found.join.reference in one["join"][:2]
    for text, made in zip(texts, encoded, strict=True):
        assert _joined(made) == text


def _joined(parts: list[bytes]) -> str:
    found = [received(part) for part in parts]
    delivers = [one for one in found if isinstance(one, Deliver)]
    assert len(delivers) == len(parts)
    delivers.sort(key=lambda one: one.join.part if one.join else 1)
    text = text_of(delivers[0].alphabet, b"".join(one.body for one in delivers))
    assert text is not None
    return text


async def _gammu(config: Path, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "gammu", "-c", str(config), *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(20):
        said, _ = await process.communicate()
    return said.decode()


async def test_gammu_takes_our_modem_for_one(tmp_path: Path) -> None:
    with modem({"SM": 20}) as phone:
        phone.store(deliver("71 379 OPEN"), 0)
        config = tmp_path / "gammurc"
        config.write_text(f"[gammu]\ndevice = {phone.device}\nconnection = at115200\n")
        batch = tmp_path / "batch"
        batch.write_text(f"identify\ngetallsms\nsendsms TEXT {NUMBER} -text hello\ndeletesms 1 1\n")
        said = await _gammu(config, "batch", str(batch))
        for part in ("356938035643809", "71 379 OPEN", f'"{NUMBER}"', "message reference=1"):
            assert part in said
        assert (phone.used, len(phone.sent)) == (0, 1)


async def test_smstools_take_our_modem_for_one(tmp_path: Path) -> None:
    with modem({"SM": 20}) as phone:
        for folder in ("incoming", "outgoing", "checked", "failed", "sent"):
            (tmp_path / folder).mkdir()
        async with started(tmp_path / "smsd.out", "smsd", "-c", str(_smsd_config(tmp_path, phone)), "-t"):
            phone.deliver(deliver("71 379 OPEN"))
            await eventually(lambda: list((tmp_path / "incoming").iterdir()), 20)
            (tmp_path / "outgoing" / "one").write_text(f"To: {NUMBER[1:]}\n\nhello\n")
            await eventually(lambda: phone.sent, 20)
            await eventually(lambda: phone.used == 0)
        [came] = (tmp_path / "incoming").iterdir()
        assert "71 379 OPEN" in came.read_text()
        [found], _ = judge([b"\0" + bytes.fromhex(phone.sent[0])[1:]], [])
        assert (found["number"], found["text"].strip()) == (NUMBER, "hello")


def _smsd_config(folder: Path, phone: Modem) -> Path:
    config = folder / "smsd.conf"
    config.write_text(
        f"devices = GSM1\nlogfile = {folder}/smsd.log\nloglevel = 7\npidfile = {folder}/smsd.pid\ninfofile = {folder}/smsd.working\n"
        f"incoming = {folder}/incoming\noutgoing = {folder}/outgoing\nchecked = {folder}/checked\nfailed = {folder}/failed\n"
        f"sent = {folder}/sent\ndelaytime = 1\nreceive_before_send = no\n[GSM1]\ndevice = {phone.device}\nincoming = yes\nbaudrate = 115200\n"
        "rtscts = no\nmemory_start = 1\nprimary_memory = SM\nsecondary_memory = SM\n"
    )
    return config


async def test_a_real_gammu_smsd_and_our_link_share_a_spool(tmp_path: Path) -> None:
    for folder in ("inbox", "outbox", "sent", "error"):
        (tmp_path / folder).mkdir()
    link = GammuLink(inbox=f"{tmp_path}/inbox", outbox=f"{tmp_path}/outbox", poll_s=0.1)
    with modem({"SM": 20}) as phone:
        for octets in [
            deliver("PEN", head=join8(1, 2, 2)), deliver("71 379 O", head=join8(1, 2, 1)),
            deliver(coding="08", body="71 380 ашылды".encode("utf-16-be").hex()),
        ]:  # fmt: skip
            phone.deliver(octets)
        config = tmp_path / "smsdrc"
        config.write_text(
            f"[gammu]\ndevice = {phone.device}\nconnection = at115200\n[smsd]\nservice = files\nlogfile = {tmp_path}/log\n"
            f"checksecurity = 0\ninboxformat = detail\ntransmitformat = auto\nloopsleep = 1\ninboxpath = {tmp_path}/inbox/\n"
            f"outboxpath = {tmp_path}/outbox/\nsentsmspath = {tmp_path}/sent/\nerrorsmspath = {tmp_path}/error/\n"
        )
        async with (
            started(tmp_path / "out", "gammu-smsd", "-c", str(config)),
            link_at_work(tmp_path / "data", link, lambda office: Gammu(office, link)) as here,
        ):
            await here.up()
            assert (await here.link.send(outgoing("сәлем"))).toll == "accepted"
            await eventually(lambda: phone.sent, 20)
            assert sorted(await here.kept(2)) == ["71 379 OPEN", "71 380 ашылды"]
            assert await here.ask("SELECT * FROM odd") == []
        [found], _ = judge([b"\0" + bytes.fromhex(phone.sent[0])[8:]], [])
        assert (found["number"], found["text"]) == (NUMBER, "сәлем")
