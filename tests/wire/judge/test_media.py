"""Scenario table of the judge for cameras' streams and for QUIC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from tests.wire.judge.scenes import AT, FAR, OTHER, PEER, PEER_WELL, TRUE, dns, http, measured, tcp
from wire import names
from wire.judge import NO_SIGNATURES, ControlTable, judge, read_line
from wire.records import Step, Target, Verdict

CAMERA = Target(id="KZ-71-0379/hall", url="rtmp://site.example/live/one", category="camera", side="domestic")
PAGED = Target(
    id="KZ-71-0379/door", url="hls+http://site.example/one.m3u8", category="camera", side="domestic"
)
INGEST = Target(id="ingest", url="srt://site.example:9000", category="camera", side="domestic")
QUIC = Target(id="site", url="quic://site.example:443", category="news", side="foreign")
V6 = "2a00:1::1"
OLD = "2026-11-20T11:30:00.000Z"


def stream(state: str = "fine", failure: str | None = None, address: str = TRUE) -> Step:
    return Step(step="stream", failure=failure, t0=0.02, t=3.0, address=address, stream_state=state)


def quic(failure: str | None = None, role: str = "", address: str = TRUE) -> Step:
    return Step(step="quic", failure=failure, t0=0.02, t=0.05, address=address, role=role, port=443)


HERE = (dns(TRUE), tcp())
FINE = (*HERE, stream())
QUIC_WELL = (dns(TRUE), quic())
SILENT = quic(names.TIMEOUT)
PLAYLIST = http(url=PAGED.url, size=300, body="x", title="")
OTHER_PLAYLIST = http(url=PAGED.url, size=900, body="y", title="")


class Row(NamedTuple):
    name: str
    target: Target
    steps: Sequence[Step]
    control: Sequence[Sequence[Step]]
    expected: tuple[str, str | None, str | None]
    control_at: str = AT


ROWS = (
    Row("a stream that flows", CAMERA, FINE, (), ("ok", None, None)),
    Row("a listener that answers and is not watched", INGEST, (dns(TRUE), stream("")), (), ("ok", None, None)),
    Row("a password is asked for", CAMERA, (*HERE, stream("")), (), ("ok", None, None)),
    Row("a playlist that differs at every read", PAGED, (*HERE, PLAYLIST, stream()), ((*HERE, OTHER_PLAYLIST, stream()),), ("ok", None, None)),
    Row("frozen for everybody", CAMERA, (*HERE, stream("frozen")), ((*HERE, stream("frozen")),), ("down", "stream", "stream.frozen")),
    Row("frozen here only", CAMERA, (*HERE, stream("frozen")), (FINE,), ("likely_blocked", "stream", "stream.frozen")),
    Row("frozen here, fine there half an hour ago", CAMERA, (*HERE, stream("frozen")), (FINE,), ("insufficient", "stream", "stream.frozen"), OLD),
    Row("frozen, nobody to ask", CAMERA, (*HERE, stream("frozen")), (), ("insufficient", "stream", "stream.frozen")),
    Row("covered for everybody", CAMERA, (*HERE, stream("masked")), ((*HERE, stream("masked")),), ("down", "stream", "stream")),
    Row("thin here only", CAMERA, (*HERE, stream("masked")), (FINE,), ("impaired", "stream", "stream")),
    Row("switched off", CAMERA, (*HERE, stream("off")), ((*HERE, stream("off")),), ("down", "stream", "stream")),
    Row("absent here only", CAMERA, (*HERE, stream("off")), (FINE,), ("likely_blocked", "stream", "stream")),
    Row("connected, then silence", CAMERA, (*HERE, stream("", names.TIMEOUT)), (FINE,), ("likely_blocked", "stream", "stream.timeout")),
    Row("connected, then silence for everybody", CAMERA, (*HERE, stream("", names.TIMEOUT)), ((*HERE, stream("", names.TIMEOUT)),), ("down", "stream", None)),
    Row("connected, then silence, nobody to ask", CAMERA, (*HERE, stream("", names.TIMEOUT)), (), ("insufficient", "stream", "stream.timeout")),
    Row("reset at the first word", CAMERA, (*HERE, stream("", names.RESET)), (FINE,), ("likely_blocked", "stream", "stream")),
    Row("datagrams swallowed", INGEST, (dns(TRUE), stream("", names.TIMEOUT)), ((dns(TRUE), stream("")),), ("likely_blocked", "stream", "stream.timeout")),
    Row("the camera's address is silent", CAMERA, (dns(TRUE), tcp(failure=names.TIMEOUT)), (FINE,), ("likely_blocked", "tcp", "tcp.timeout")),
    Row("a dead camera", CAMERA, (dns(TRUE), tcp(failure=names.TIMEOUT)), ((dns(TRUE), tcp(failure=names.TIMEOUT)),), ("down", "tcp", None)),
    Row("QUIC answers", QUIC, QUIC_WELL, (), ("ok", None, None)),
    Row("QUIC silent, TCP works", QUIC, (dns(TRUE), SILENT, tcp(role="beside")), (QUIC_WELL,), ("likely_blocked", "quic", "quic.timeout")),
    Row("QUIC silent for one name", QUIC, (dns(TRUE), SILENT, quic(role="name_control"), quic(names.TIMEOUT, "again"), tcp(role="beside")),
        (QUIC_WELL,), ("likely_blocked", "quic", "quic.timeout")),
    Row("QUIC silent, nobody to ask", QUIC, (dns(TRUE), SILENT, tcp(role="beside")), (), ("insufficient", "quic", "quic.timeout")),
    Row("a site without QUIC", QUIC, (dns(TRUE), SILENT, tcp(role="beside")), ((dns(TRUE), SILENT, tcp(role="beside")),), ("down", "quic", None)),
    Row("the whole host silent", QUIC, (dns(TRUE), SILENT, tcp(role="beside", failure=names.TIMEOUT)), (QUIC_WELL,), ("likely_blocked", "tcp", "tcp.timeout")),
    Row("the whole host down", QUIC, (dns(TRUE), SILENT, tcp(role="beside", failure=names.REFUSED)),
        ((dns(TRUE), SILENT, tcp(role="beside", failure=names.REFUSED)),), ("down", "tcp", None)),
    Row("QUIC lost once", QUIC, (dns(TRUE), SILENT, quic(role="again"), tcp(role="beside")), (QUIC_WELL,), ("insufficient", "line", "line.lossy")),
    Row("one of two addresses answers", QUIC, (dns(TRUE, OTHER), SILENT, quic(address=OTHER)), (QUIC_WELL,), ("ok", None, None)),
    Row("QUIC by IPv6 alone, on a line without", QUIC, (dns(V6, qtype="AAAA"), quic(names.NETWORK_UNREACHABLE, address=V6)), (QUIC_WELL,), ("insufficient", "line", None)),
    Row("QUIC turned away", QUIC, (dns(TRUE), quic(names.REFUSED), tcp(role="beside")), (QUIC_WELL,), ("likely_blocked", "quic", "quic")),
    Row("QUIC at a forged address", QUIC, (dns(FAR), quic(names.TIMEOUT, address=FAR), quic(role="known_address")), (QUIC_WELL,),
        ("likely_blocked", "dns", "dns.injection.other")),
)  # fmt: skip


def said(row: Row) -> Verdict:
    line = read_line([(row.target, row.steps), (PEER, PEER_WELL)], "yes", 0, 0.1)
    table = ControlTable(measured(row.target, one, row.control_at) for one in row.control)
    return judge(row.target, [*row.steps, line], table.of(row.target), NO_SIGNATURES, AT)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = said(row)
    assert (got.state, got.stage, got.mechanism) == row.expected, got.rule


def test_a_stream_that_flows_shows_that_the_line_works() -> None:
    line = read_line([(INGEST, (dns(TRUE), stream("")))], "yes", 0, 0.1)
    assert line.ok == 1
