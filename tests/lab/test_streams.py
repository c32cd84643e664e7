"""QUIC and a camera in the country: real packets through a real operator who drops some of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.lab import censor
from tests.lab.censor import Rule, Rules
from tests.lab.country import DABYL, Country
from tests.lab.fair import OK, Fair, down
from tests.lab.judging import read_output
from tests.lab.names import BY_NAME, FAMILIES, Site
from tests.lab.scenario import ANCHOR, BANK, NEWS, POST, Scenario

pytestmark = pytest.mark.lab

SERVERS: Final = Path(__file__).parents[1] / "servers"
QUIC_SITE, NO_QUIC_SITE, CAMERA = BY_NAME[NEWS], BY_NAME[POST], BY_NAME[BANK]
QUIC, NO_QUIC, RTSP, NO_CAMERA = "quic", "without-quic", "camera", "no-camera"
TARGETS: Final = (
    ("url", "category", "name", "side"),
    (f"quic://{QUIC_SITE.name}", "news", QUIC, "foreign"),
    (f"quic://{NO_QUIC_SITE.name}", "news", NO_QUIC, "foreign"),
    (f"rtsp://{CAMERA.name}:8554/live", "camera", RTSP, "domestic"),
    (f"rtsp://{CAMERA.name}:8554/nothing", "camera", NO_CAMERA, "domestic"),
    (f"https://{ANCHOR}/", "control", "anchor", "foreign"),
)
CALM: Final = {
    QUIC: OK,
    NO_QUIC: down("quic"),
    RTSP: OK,
    NO_CAMERA: Fair("down", "stream", "stream"),
    "anchor": OK,
}


class Row(NamedTuple):
    """What the operator does, and what is not as on a calm day."""

    name: str
    rules: Callable[[], Rules]
    fair: dict[str, Fair]


def drop(site: Site, what: str) -> Rules:
    """Some packets to a site vanish, in every family that it has."""
    return tuple(
        Rule("operator", family, "filter", f"FORWARD -d {address} {what} -j DROP")
        for family, address in site.addresses.items()
    )


def drop_everywhere(what: str) -> Rules:
    """Some packets vanish, wherever they go."""
    return tuple(Rule("operator", family, "filter", f"FORWARD {what} -j DROP") for family in FAMILIES)


def refuse_datagrams(site: Site) -> Rules:
    """An ICMP message answers every datagram to a site."""
    return tuple(
        Rule("operator", family, "filter", f"FORWARD -d {address} -p udp --dport 443 -j REJECT")
        for family, address in site.addresses.items()
    )


SILENT_QUIC: Final = Fair("likely_blocked", "quic", "quic.timeout")
DESCRIBE: Final = '-p tcp --dport 8554 -m string --algo bm --string "DESCRIBE"'
SILENT_RTSP: Final = Fair("likely_blocked", "stream", "stream.timeout")
ROWS: Final = (
    Row("a calm day", tuple, {}),
    Row("datagrams to port 443 of one site vanish", lambda: drop(QUIC_SITE, "-p udp --dport 443"), {QUIC: SILENT_QUIC}),
    Row("all datagrams to port 443 vanish", lambda: drop_everywhere("-p udp --dport 443"), {QUIC: SILENT_QUIC}),
    Row("packets of version 1 vanish, others pass",
        lambda: drop(QUIC_SITE, '-p udp --dport 443 -m string --algo bm --hex-string "|0000000108|"'),
        {QUIC: SILENT_QUIC}),
    Row("datagrams to a site are refused", lambda: refuse_datagrams(QUIC_SITE), {QUIC: Fair("likely_blocked", "quic", "quic")}),
    Row("the whole site vanishes", lambda: censor.blackhole(QUIC_SITE), {QUIC: Fair("likely_blocked", "tcp", "tcp.timeout")}),
    Row("a camera is not described", lambda: drop(CAMERA, DESCRIBE), {RTSP: SILENT_RTSP, NO_CAMERA: SILENT_RTSP}),
)  # fmt: skip


@contextmanager
def running(country: Country, place: str, *argv: str) -> Iterator[None]:
    """A program at a place, which says a line when it is ready."""
    command = country.ground.inside(place, *argv)  # type: ignore[arg-type]  # a place of the map
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            yield
        finally:
            process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def equipped(country: Country) -> Iterator[Country]:
    """The country with a QUIC server abroad and a camera at home."""
    pem = str(country.folder / "certificates" / "true" / f"{QUIC_SITE.name}.pem")
    quic = (sys.executable, str(SERVERS / "quic_main.py"), pem, "443", *QUIC_SITE.addresses.values())
    camera = ("/usr/bin/python3", str(SERVERS / "gst_camera.py"), "10", CAMERA.addresses[4], "8554")
    with running(country, "foreign", *quic), running(country, "domestic", *camera):
        yield country


@pytest.fixture(scope="module")
def control(equipped: Country) -> str:
    """What a clean vantage sees."""
    targets = equipped.folder / "streams.csv"
    targets.write_text("\n".join(",".join(row) for row in TARGETS))
    records = equipped.folder / "streams-control.jsonl"
    records.write_text(check(equipped, "abroad"))
    return str(records)


def check(country: Country, place: str, *options: str) -> str:
    """One round at a place."""
    targets = str(country.folder / "streams.csv")
    asked = ("--targets", targets, "--timeout", "1.5", "--format", "jsonl", *options)
    done = country.run(place, DABYL, "probe", "check", *asked)  # type: ignore[arg-type]  # a place of the map
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fair_judge_names_what_the_operator_did(equipped: Country, control: str, row: Row) -> None:
    scenario = Scenario(name="streams", about=row.name, actions=(row.rules(),))
    with equipped.living_through(scenario):
        got = read_output(check(equipped, "home", "--control", control))
    assert {name: one.fair for name, one in got.items()} == {**CALM, **row.fair}
