"""A probe that is cut tells its round by text: when, and through which command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from probes import ProbeSettings, RealDisk, load_or_make
from probes.core.cut import AGAIN_S, CutWatch
from probes.enrol import ENROLLED_FILE
from probes.telling import command_of, tell
from tests.probes.chance import Dice
from tests.probes.test_running import Probe, until
from tests.servers.deaf import saying, talking
from tests.servers.processes import free_ports
from wire import BadInput, canonical, digest
from wire.enrol import Enrolled
from wire.records import Network, Target
from wire.signing import VerifyKey


def test_a_text_is_due_after_a_while_and_then_once_an_hour() -> None:
    watch = CutWatch(1_800)
    seen = [watch.is_due(float(now), waiting=True) for now in range(0, 3 * 3_600, 300)]
    assert [number * 300 for number, due in enumerate(seen) if due] == [
        1_800,
        1_800 + AGAIN_S,
        1_800 + 2 * AGAIN_S,
    ]


def test_what_is_delivered_begins_the_wait_anew() -> None:
    watch = CutWatch(600)
    assert not watch.is_due(0, waiting=True)
    assert not watch.is_due(300, waiting=False)
    assert not watch.is_due(900, waiting=True)
    assert watch.is_due(1_500, waiting=True)
    assert not watch.is_due(1_600, waiting=False)
    assert not watch.is_due(1_700, waiting=True)
    assert watch.is_due(2_300, waiting=True)


async def test_the_command_gets_the_text_on_its_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = f"import sys, pathlib; pathlib.Path({str(out)!r}).write_text(sys.stdin.read())"
    assert await tell((sys.executable, "-c", script), "DBY1abc") == ""
    assert out.read_text() == "DBY1abc\n"


async def test_a_command_that_fails_or_is_not_there_is_told() -> None:
    assert (
        await tell((sys.executable, "-c", "import sys; sys.exit(3)"), "x") == f"{sys.executable} ended with 3"
    )
    assert await tell(("/no/such/command",), "x") == "/no/such/command: No such file or directory"


def test_a_command_is_cut_into_words_as_a_shell_does() -> None:
    assert command_of("") == ()
    assert command_of("gammu --config '/etc/my modem' sendsms TEXT +77011234567")[2] == "/etc/my modem"
    with pytest.raises(BadInput, match="--text-command"):
        command_of("gammu '")


@pytest.mark.parametrize("network", [Network(region="KZ-71"), Network()], ids=["told", "seen"])
async def test_a_probe_that_cannot_deliver_tells_its_round_in_a_text(
    tmp_path: Path, network: Network
) -> None:
    """From where its owner says it stands, else from where the collector saw it."""
    (tmp_path / "probe").mkdir()
    enrolled = Enrolled(probe="p", role="probe", network=Network(region="KZ-71"))
    (tmp_path / "probe" / ENROLLED_FILE).write_bytes(canonical.encode(enrolled))
    (closed,) = free_ports(1)
    out = tmp_path / "out"
    script = f"import sys, pathlib; pathlib.Path({str(out)!r}).write_text(sys.stdin.read())"
    async with talking(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) as port:
        target = Target(id="page", url=f"http://127.0.0.1:{port}/", category="kz", side="domestic")
        probe = Probe(
            ProbeSettings(
                collectors=(f"http://127.0.0.1:{closed}",),
                data=tmp_path / "probe",
                targets=(target,),
                network=network,
                every_s=0.05,
                timeout_s=1,
                first_within_s=0.0,
                text_command=(sys.executable, "-c", script),
                text_after_s=0.0,
            )
        )
        async with probe.running():
            await until(lambda: "the round was told in a text" in probe.said)
    found = digest.read(out.read_text())
    assert found is not None
    key = load_or_make(tmp_path / "probe", RealDisk(), Dice())
    assert (found[0].probe, found[0].network.region) == (digest.probe_name(key.public), "KZ-71")
    assert digest.is_signed_by(found[1], VerifyKey(key.public))
