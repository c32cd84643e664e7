"""The small programs beside rows: what they make of packets, without a network."""

from __future__ import annotations

import socket
import struct

import dns.message

from tests.lab.liar import forged
from tests.lab.resetter import Hello, read, resets

HOME, SITE = bytes([10, 71, 0, 2]), bytes([203, 0, 113, 13])


def segment(text: bytes, port: int = 443) -> bytes:
    """An IPv4 packet with text for a port."""
    tcp = struct.pack("!HHIIBBHHH", 40_000, port, 1_000, 2_000, 5 << 4, 0x18, 0, 0, 0) + text
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, socket.IPPROTO_TCP, 0, HOME, SITE)
    return head + tcp


def test_only_a_segment_with_the_name_for_port_443_is_a_hello() -> None:
    assert read(segment(b"..name.."), b"name") == Hello(HOME, 40_000, SITE, 443, 1_000, 2_000, 8)
    assert read(segment(b"........"), b"name") is None
    assert read(segment(b"..name..", 80), b"name") is None
    assert read(b"name", b"name") is None


def test_resets_go_both_ways_and_fit_the_stream() -> None:
    hello = Hello(HOME, 40_000, SITE, 443, 1_000, 2_000, 8)
    made = [(to, *struct.unpack_from("!HHII", packet, 20)) for packet, to in resets(hello)]
    assert made[0] == (HOME, 443, 40_000, 2_000, 1_008)
    assert made[-1] == (SITE, 40_000, 443, 1_008, 2_000)


def test_the_liar_has_an_address_for_every_name_and_no_other_record() -> None:
    told = forged(dns.message.make_query("any.example", "A"), "192.0.2.1")
    assert [str(record) for rrset in told.answer for record in rrset] == ["192.0.2.1"]
    assert forged(dns.message.make_query("any.example", "AAAA"), "192.0.2.1").answer == []
