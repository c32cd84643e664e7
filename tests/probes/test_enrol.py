"""Becoming known to a collector: who settles it, what is tried again, what is remembered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from probes import enrol
from probes.disk import RealDisk
from probes.enrol import ENROLLED_FILE, Enrolling, collector_key, network_seen, request_bytes
from probes.post import new_session
from tests.probes.chance import Dice
from tests.servers.deaf import Talk, saying, talking
from wire import canonical
from wire.enrol import Enrolled
from wire.records import Network
from wire.signing import SigningKey

KEY = SigningKey(b"k" * 32)
PLACE = Network(asn="AS9198", region="KZ-71")
YES = canonical.encode(Enrolled(probe="p" * 26, role="vantage", collector_key="c" * 43, network=PLACE))


def answer(body: bytes, status: int = 200) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def no(error: str, *, retry: bool = False) -> bytes:
    return answer(json.dumps({"error": error, "detail": "for the test", "retry": retry}).encode(), 403)


def one_after_another(*answers: bytes) -> Talk:
    """A server that gives each caller the next answer, the last one for ever."""
    left = list(answers)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await saying(left.pop(0) if len(left) > 1 else left[0])(reader, writer)

    return talk


class FullDisk(RealDisk):
    def write(self, _path: Path, _raw: bytes) -> None:
        raise OSError(28, "No space left on device")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrol, "FIRST_WAIT_S", 0.01)


async def enrolled(folder: Path, talk: Talk, disk: RealDisk | None = None) -> list[str]:
    """What was said until it was settled, with the collector's address left out."""
    said: list[str] = []
    enrolling = Enrolling(folder, disk or RealDisk(), Dice(), said.append)
    async with talking(talk) as port, new_session() as session, asyncio.timeout(10):
        url = f"http://127.0.0.1:{port}"
        await enrolling.run(session, (f"{url}/",), request_bytes(KEY, "i" * 16, PLACE))
        return [line.replace(url, "it") for line in said]


WELCOME = f"enrolled at it/ as {'p' * 26} (vantage)"
LATER = "no collector could be asked to enrol this probe yet; trying again"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((answer(YES),), [WELCOME]),
        ((no("invite"),), ["it/ did not take the invite (invite: for the test)"]),
        ((no("rate", retry=True), answer(YES)), [LATER, WELCOME]),
        ((answer(b"<html>log in</html>"), answer(YES)), [LATER, WELCOME]),
        ((answer(b"<html>forbidden</html>", 403), answer(YES)), [LATER, WELCOME]),
        ((answer(b"", 502), answer(b"{}", 500), b"", answer(YES)), [LATER, WELCOME]),
    ],
    ids=["yes", "no", "later", "a portal", "somebody in between", "trouble"],
)
async def test_only_a_collector_s_own_word_settles_it(
    tmp_path: Path, answers: tuple[bytes, ...], said: list[str]
) -> None:
    assert await enrolled(tmp_path, one_after_another(*answers)) == said
    assert (tmp_path / ENROLLED_FILE).exists() == (WELCOME in said)


async def test_what_the_collector_told_is_remembered(tmp_path: Path) -> None:
    nobody = Enrolling(tmp_path, RealDisk(), Dice(), lambda _: None)
    assert (nobody.is_done(), collector_key(tmp_path, RealDisk())) == (False, "")
    assert network_seen(tmp_path, RealDisk()) is None
    await enrolled(tmp_path, saying(answer(YES)))
    assert (nobody.is_done(), collector_key(tmp_path, RealDisk())) == (True, "c" * 43)
    assert network_seen(tmp_path, RealDisk()) == PLACE


async def test_on_a_full_disk_it_is_enrolled_and_asks_again_next_time(tmp_path: Path) -> None:
    assert await enrolled(tmp_path, saying(answer(YES)), FullDisk()) == [WELCOME]
    assert not Enrolling(tmp_path, RealDisk(), Dice(), lambda _: None).is_done()


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"\xff{"), lambda path: path.mkdir()])
def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path / ENROLLED_FILE)
    assert collector_key(tmp_path, RealDisk()) == ""
    assert network_seen(tmp_path, RealDisk()) is None
