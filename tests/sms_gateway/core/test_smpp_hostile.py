"""PDUs that no centre should send and some do: each gives the text, or is kept with a reason; none says less."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core import gsm7
from sms_gateway.core.alphabets import decode
from sms_gateway.core.incoming import Odd, Part, Receipt
from sms_gateway.core.reassembly import Place, add, slot_of
from sms_gateway.core.smpp import Pdu, decoder, piece_of
from sms_gateway.core.smpp.commands import Command
from tests.servers.smsc import data, deliver, joined, tag

DECODE, PACKED = decoder("gsm7"), decoder("gsm7", packed=True)
TEXT = b"KZ-71-0379 TURNOUT 12 1250"
CYRILLIC = "ЗАКРЫТ 71 379 СВЕТ".encode("utf-16-be")
KEY = bytes(32)


def taken(body: bytes, command: int = Command.DELIVER_SM, *, packed: bool = False) -> Part | Receipt | Odd:
    return (PACKED if packed else DECODE)(piece_of(Pdu(command, 0, 9, body)))


def text(body: bytes, command: int = Command.DELIVER_SM, *, packed: bool = False) -> str | None:
    """The text of a body; None when it is kept as odd, or is in no alphabet."""
    found = taken(body, command, packed=packed)
    return decode(found.alphabet, found.payload) if isinstance(found, Part) else None


def with_length(body: bytes, said: int, length: int) -> bytes:
    """A body whose sm_length is another than its text's."""
    place = body.rindex(bytes([length]), 0, len(body) - length)
    return body[:place] + bytes([said]) + body[place + 1 :]


@pytest.mark.parametrize("written", [TEXT, CYRILLIC])
@pytest.mark.parametrize("by", range(1, 25))
def test_a_length_that_is_too_small_never_makes_a_shorter_text(written: bytes, by: int) -> None:
    coding = 8 if written is CYRILLIC else 0
    body = with_length(deliver(written, coding=coding), len(written) - by, len(written))
    found = taken(body)
    assert isinstance(found, Odd), found
    assert "behind its text" in found.why


@pytest.mark.parametrize("by", [1, 2, 100, 200])
def test_a_length_that_is_too_large_is_odd(by: int) -> None:
    found = taken(with_length(deliver(TEXT), min(255, len(TEXT) + by), len(TEXT)))
    assert isinstance(found, Odd)
    assert "short_message has" in found.why


@pytest.mark.parametrize(
    "tail",
    [
        tag(0x1400, b"vendor"), tag(0x3FFF, b""), tag(0x7FFF, b"reserved"), tag(0x0005, b"\1") * 40,
        tag(0x0204, b"\0\1\2")[:-1], tag(0x0204, b"\0\1")[:3], tag(0x1383, b"12345")[:5], b"\0", b"\0" * 7, b"\x02",
        tag(0x0381, b"\1\2\3\4")[:-3], tag(0x020C, b"\0\7") + b"\x02\x0e",
    ],
)  # fmt: skip
def test_unknown_parameters_and_cut_ones_leave_the_text_as_it_is(tail: bytes) -> None:
    assert text(deliver(TEXT, tags=tail)) == TEXT.decode()


@given(st.tuples(*[st.binary(max_size=40)] * 3))
def test_whatever_a_centre_counts_parts_with_can_be_stored(counts: tuple[bytes, bytes, bytes]) -> None:
    """Once a total of nine octets ended the store, and again at every start."""
    tails = [tag(number, value) for number, value in zip((0x20C, 0x20E, 0x20F), counts, strict=True)]
    found = taken(deliver(TEXT, tags=b"".join(tails)))
    assert isinstance(found, Part)
    slot = slot_of(found, KEY)
    if slot is not None:
        msgspec.msgpack.encode(add(Place(slot=slot, link="", now=0), None, found).assembly)


def test_a_cut_payload_parameter_is_no_half_of_a_text() -> None:
    whole = tag(0x424, TEXT)
    for cut in range(5, len(whole)):
        assert text(deliver(b"", tags=whole[:cut])) is None
        assert text(data(tags=whole[:cut]), Command.DATA_SM) is None
    assert text(data(tags=whole), Command.DATA_SM) == TEXT.decode()


def test_a_payload_beside_a_short_message_is_the_text() -> None:
    assert text(deliver(b"see payload", tags=tag(0x424, TEXT))) == TEXT.decode()


@pytest.mark.parametrize("esm", [0x00, 0x80, 0x01, 0x02, 0x03, 0x83])
def test_modes_and_a_reply_path_change_no_text(esm: int) -> None:
    assert text(deliver(TEXT, esm=esm)) == TEXT.decode()


def test_a_reply_path_beside_a_header_still_joins() -> None:
    found = taken(deliver(joined(7, 2, 1, b"KZ-71"), esm=0xC0))
    assert isinstance(found, Part)
    assert found.join is not None
    assert found.payload == b"KZ-71"


@pytest.mark.parametrize(
    ("coding", "said"),
    [
        *((coding, TEXT) for coding in (0x00, 0xF0, 0xF1, 0xF2, 0xF3, 0xF8, 0xF9, 0xFA, 0xFB, 0x10, 0xC0, 0xD8)),
        *((coding, TEXT) for coding in (0x01, 0x02, 0x03, 0x04, 0x06, 0xF4, 0xF5, 0xF6, 0xF7, 0xFC, 0xFF)),
    ],
)  # fmt: skip
def test_latin_texts_are_read_in_every_class_and_alphabet(coding: int, said: bytes) -> None:
    assert text(deliver(said, coding=coding)) == said.decode()


@pytest.mark.parametrize(
    ("coding", "body"),
    [(8, CYRILLIC[:-1]), (8, b"\0"), (8, b"\xd8\x3d"), (8, CYRILLIC + b"\xd8\x3d"), (0, b"\x80"), (1, b"\x80"), (4, b"\xff\xfe\xfa"), (5, b"x"), (7, b"x"), (0x0A, b"x")],
)  # fmt: skip
def test_illegal_bytes_are_never_half_a_text(coding: int, body: bytes) -> None:
    assert text(deliver(body, coding=coding)) is None


@pytest.mark.parametrize(("total", "number"), [(0, 0), (0, 1), (1, 1), (2, 0), (2, 3), (1, 255), (255, 0)])
@pytest.mark.parametrize("width", [8, 16])
def test_a_part_that_cannot_be_is_a_text_of_its_own(total: int, number: int, width: int) -> None:
    found = taken(deliver(joined(0xF7, total, number, TEXT, width), esm=0x40))
    assert isinstance(found, Part)
    assert slot_of(found, KEY) is None
    sar = tag(0x20C, b"\0\7") + tag(0x20E, bytes([total])) + tag(0x20F, bytes([number]))
    found = taken(deliver(TEXT, tags=sar))
    assert isinstance(found, Part)
    assert slot_of(found, KEY) is None


def test_references_of_8_and_16_bits_and_of_parameters_never_meet() -> None:
    slots = set()
    for body in (
        deliver(joined(7, 2, 1, b"x"), esm=0x40),
        deliver(joined(7, 2, 1, b"x", 16), esm=0x40),
        deliver(b"x", tags=tag(0x20C, b"\0\7") + tag(0x20E, b"\2") + tag(0x20F, b"\1")),
        deliver(joined(7, 3, 1, b"x"), esm=0x40),
        deliver(joined(7, 2, 1, b"x"), b"77770000001", esm=0x40),
        deliver(joined(7, 2, 1, b"x"), esm=0x40, to=b"9999"),
    ):
        found = taken(body)
        assert isinstance(found, Part)
        slots.add(slot_of(found, KEY))
    assert len(slots) == 6


@pytest.mark.parametrize("header", [b"\x05", b"\x05\0\3\7", b"\xff" + TEXT, b"\x06\x08\x04\0\7\2"])
def test_a_header_that_is_longer_than_the_text_is_odd(header: bytes) -> None:
    found = taken(deliver(header, esm=0x40))
    assert isinstance(found, Odd)
    assert "longer than its text" in found.why
    assert isinstance(taken(deliver(b"", esm=0x40)), Odd)


@pytest.mark.parametrize("header", [b"\x02\0\3", b"\x03\0\x09\1", b"\x01\0", b"\x04\x99\2\1\2", b"\0"])
def test_a_header_whose_elements_are_cut_or_strange_joins_nothing(header: bytes) -> None:
    found = taken(deliver(header + TEXT, esm=0x40))
    assert isinstance(found, Part)
    assert (found.join, found.payload) == (None, TEXT)


@given(st.text(alphabet=gsm7.TABLE.replace("\x1b", ""), max_size=150), st.sampled_from([0, 0xF0, 0x11]))
def test_packed_septets_come_back_as_they_were(written: str, coding: int) -> None:
    septets = gsm7.encode(written)
    assert septets is not None
    found = text(deliver(gsm7.pack(septets), coding=coding), packed=True)
    filled = len(septets) % 8 == 0 and written[-1:] in {
        "@",
        "\r",
    }  # it cannot be told from what fills the octet
    assert found == (written[:-1] if filled else written)


@given(st.text(alphabet="KZ-0379 OPENturnout^{}€", min_size=1, max_size=120))
def test_packed_septets_behind_a_header_begin_at_a_septets_border(written: str) -> None:
    septets = gsm7.encode(written)
    assert septets is not None
    for width, fill_bits in ((8, 1), (16, 0)):
        body = joined(7, 2, 1, gsm7.pack(septets, fill_bits), width)
        found = taken(deliver(body, esm=0x40), packed=True)
        assert isinstance(found, Part)
        assert decode("gsm7", found.payload) == written


def test_other_alphabets_are_never_unpacked() -> None:
    assert text(deliver(CYRILLIC, coding=8), packed=True) == CYRILLIC.decode("utf-16-be")
    assert text(deliver(TEXT, coding=4), packed=True) == TEXT.decode()
    assert text(deliver(b""), packed=True) == ""


@given(st.binary(max_size=80), st.integers(0, 255), st.integers(0, 255))
def test_any_packed_body_is_decoded_or_kept(body: bytes, esm: int, coding: int) -> None:
    assert isinstance(taken(deliver(body, esm=esm, coding=coding), packed=True), Part | Receipt | Odd)


@given(st.binary(max_size=12), st.integers(1, 20))
def test_a_receipt_with_rubbish_behind_it_is_still_one(rubbish: bytes, number: int) -> None:
    body = deliver(b"id:%d stat:DELIVRD err:000" % number, esm=4, tags=rubbish)
    assert isinstance(taken(body), Receipt)
