"""QUIC by the RFC's own example packets (RFC 9001, appendix A), and against any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.octets import Octets
from probes.core.quic import Dial, farewell, first_flight, read_answer, unknown_version, varint
from probes.core.quic.answers import close_error, unprotect
from probes.core.quic.hello import client_hello
from probes.core.quic.keys import client_keys, server_keys
from probes.core.quic.knock import ENTROPY, protect

DCID = bytes.fromhex("8394c8f03e515708")
ENTROPIES = st.binary(min_size=ENTROPY, max_size=ENTROPY)
DIAL = Dial.of("site.example", bytes(range(ENTROPY)))
NOBODY = Dial(name="", dcid=DCID, scid=b"", random=bytes(32), share=bytes(range(32)))
CLIENT_HEADER = bytes.fromhex("c300000001088394c8f03e5157080000449e00000002")
CLIENT_FRAMES = bytes.fromhex(
    "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c"
    "00000413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d00170018"
    "0010000700050461"
    "6c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43"
    "e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c00024001003900"
    "320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e515708060480"
    "00ffff"
).ljust(1162, b"\x00")
SERVER_PACKET = bytes.fromhex(
    "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3"
    "8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84"
    "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee"
)
RETRY_PACKET = bytes.fromhex("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba")


def test_the_keys_are_those_of_the_rfc() -> None:
    client, server = client_keys(DCID), server_keys(DCID)
    assert client.key.hex() == "1f369613dd76d5467730efcbe3b1a22d"
    assert client.iv.hex() == "fa044b2f42a3fd3b46fb255c"
    assert client.header.hex() == "9f50449e04a0e810283a1e9933adedd2"
    assert server.key.hex() == "cf3a5331653c364c88f0f379b6067e37"
    assert server.iv.hex() == "0ac1493ca1905853b0bba03e"
    assert server.header.hex() == "c206b8d9b9f0f37644430b490eeaa314"


def test_the_clients_packet_is_that_of_the_rfc() -> None:
    packet = protect(client_keys(DCID), CLIENT_HEADER, 2, CLIENT_FRAMES)
    assert packet[:38].hex() == "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b"
    assert packet[-16:].hex() == "e221af44860018ab0856972e194cd934"  # the tag vouches for all that is between
    assert len(packet) == 1200


def test_the_servers_packet_of_the_rfc_is_an_answer() -> None:
    answer = read_answer(SERVER_PACKET, NOBODY)
    assert answer is not None
    assert (answer.kind, answer.server_id.hex(), answer.error) == ("initial", "f067a5502a4262b5", None)


def test_a_server_that_could_not_read_our_packet_is_no_answer() -> None:
    stranger = Dial(name="", dcid=b"12345678", scid=b"", random=bytes(32), share=bytes(32))
    assert read_answer(SERVER_PACKET, stranger) is None
    assert read_answer(SERVER_PACKET, DIAL) is None


def test_a_retry_is_an_answer() -> None:
    answer = read_answer(RETRY_PACKET, NOBODY)
    assert answer is not None
    assert answer.kind == "retry"


def test_an_offer_of_versions_is_an_answer_only_to_our_connection() -> None:
    ids = b"\x08" + DIAL.scid + b"\x08" + DIAL.dcid
    offer = bytes.fromhex("8000000000") + ids + bytes.fromhex("00000001 6b3343cf")
    answer = read_answer(offer, DIAL)
    assert answer is not None
    assert (answer.kind, answer.versions) == ("version_negotiation", (1, 0x6B3343CF))
    assert read_answer(offer, Dial.of("", bytes(reversed(range(ENTROPY))))) is None


def test_a_close_tells_its_error() -> None:
    ack = bytes.fromhex("02 00 00 00 00")
    ack_with_marks = bytes.fromhex("03 05 00 01 00 01 01 00 00 00")
    assert close_error(ack + ack_with_marks + b"\x06\x00\x02ab" + bytes.fromhex("1c 4128 06 00")) == 0x128
    assert close_error(ack + bytes(40)) is None
    assert close_error(b"\x02\x00\x00\x7f\xff") is None
    assert close_error(b"\x40") is None


@given(ENTROPIES, st.sampled_from(["", "site.example", "xn--80ao21a", "a" * 63 + ".kz"]))
def test_every_first_datagram_is_1200_bytes_and_can_be_read_by_the_server(entropy: bytes, name: str) -> None:
    dial = Dial.of(name, entropy)
    packets = [first_flight(dial), first_flight(dial, 3), farewell(dial, b"server", 1), unknown_version(dial)]
    assert {len(packet) for packet in packets} == {1200}
    plain = unprotect(client_keys(dial.dcid), first_flight(dial, 7), 26)
    assert plain is not None
    assert client_hello(name, dial.random, dial.share, dial.scid) in plain


@given(st.binary(max_size=1500), st.booleans())
def test_any_datagram_gives_an_answer_or_nothing(noise: bytes, ours: bool) -> None:
    head = bytes.fromhex("c000000001") + b"\x08" + DIAL.scid if ours else b""
    answer = read_answer(head + noise, DIAL)
    assert answer is None or answer.kind in {"handshake", "retry"}


@given(st.integers(0, 2**62 - 1))
def test_a_number_comes_back_as_it_went(value: int) -> None:
    assert varint.decode(Octets(varint.encode(value))) == value


def test_a_number_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        varint.encode(2**62)
