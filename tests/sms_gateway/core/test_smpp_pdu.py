"""SMPP's bytes: cut, read and written; any bytes give a PDU or a clean end."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.incoming import Odd, Part, Receipt
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.smpp import BadFrame, Framer, Pdu, decoder, piece_of
from sms_gateway.core.smpp.commands import Command, Status
from sms_gateway.core.smpp.pdu import answer, c_string, nack, pack
from sms_gateway.core.smpp.receipt import forms
from tests.servers.smsc import data, deliver, joined, tag
from wire import BadInput

DECODE = decoder("gsm7")


def _deliver(body: bytes, command: int = Command.DELIVER_SM) -> Part | Receipt | Odd:
    return DECODE(piece_of(Pdu(command, 0, 9, body)))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=6), st.lists(st.integers(1, 40), max_size=30))
def test_pdus_come_out_whole_however_the_stream_is_cut(bodies: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pack(Command.DELIVER_SM, number, body) for number, body in enumerate(bodies, 1))
    framer, found = Framer(), list[Pdu]()
    for size in [*cuts, len(stream)]:
        found += framer.feed(stream[:size])
        stream = stream[size:]
    assert [(pdu.sequence, pdu.body) for pdu in found] == list(enumerate(bodies, 1))


@given(st.binary(max_size=200))
def test_any_stream_gives_pdus_or_a_clean_end(stream: bytes) -> None:
    framer = Framer()
    try:
        assert all(len(pdu.body) < len(stream) for pdu in framer.feed(stream))
    except BadFrame as error:
        assert "bytes" in str(error)


@pytest.mark.parametrize("length", [0, 15, 70_001, 0xFFFFFFFF])
def test_a_length_that_no_pdu_has_ends_the_stream_behind_what_was_good(length: int) -> None:
    framer = Framer()
    assert len(framer.feed(pack(Command.ENQUIRE_LINK, 1) + struct.pack(">IIII", length, 5, 0, 2))) == 1
    with pytest.raises(BadFrame, match=str(length)):
        framer.feed(b"")


def test_answers_carry_the_requests_sequence_and_a_name_only_where_one_belongs() -> None:
    request = Pdu(Command.DELIVER_SM, 0, 77, b"")
    assert answer(request) == bytes.fromhex("00000011 80000005 00000000 0000004d 00")
    assert answer(request, Status.RX_T_APPN) == bytes.fromhex("00000010 80000005 00000064 0000004d")
    assert answer(Pdu(Command.ENQUIRE_LINK, 0, 1, b"")) == bytes.fromhex(
        "00000010 80000015 00000000 00000001"
    )
    assert nack(3, Status.RINVCMDID) == bytes.fromhex("00000010 80000000 00000003 00000003")


def test_a_field_that_is_too_long_or_holds_its_own_end_is_refused() -> None:
    assert c_string("abc", 4) == b"abc\0"
    for text in ("abcd", "a\0b"):
        with pytest.raises(BadInput, match="3 are allowed"):
            c_string(text, 4)


@given(st.binary(max_size=120), st.sampled_from([Command.DELIVER_SM, Command.DATA_SM, 0x1234]))
def test_any_body_is_decoded_or_kept_with_a_reason(body: bytes, command: int) -> None:
    found = _deliver(body, command)
    assert not isinstance(found, Odd) or found.why


@given(st.binary(max_size=100), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=40))
def test_any_text_in_a_sound_body_is_decoded_or_kept(text: bytes, esm: int, coding: int, tail: bytes) -> None:
    found = _deliver(deliver(text, esm=esm, coding=coding, tags=tail))
    assert isinstance(found, Part | Receipt) or found.why


@pytest.mark.parametrize("piece", [b"", b"\0", b"\0\0\0\5"])
def test_a_piece_that_is_too_short_is_odd(piece: bytes) -> None:
    assert isinstance(DECODE(piece), Odd)


@pytest.mark.parametrize(
    ("coding", "alphabet"),
    [(0, "gsm7"), (1, "ascii"), (2, "octets"), (3, "latin1"), (4, "octets"), (5, "unknown"), (6, "cyrillic"), (7, "unknown"), (8, "ucs2"),
     (0x0D, "unknown"), (0x11, "gsm7"), (0x18, "ucs2"), (0x19, "ucs2"), (0xC8, "gsm7"), (0xE8, "ucs2"), (0xF0, "gsm7"), (0xF5, "octets")],
)  # fmt: skip
def test_a_data_coding_names_an_alphabet(coding: int, alphabet: str) -> None:
    found = _deliver(deliver(b"x", coding=coding))
    assert isinstance(found, Part)
    assert found.alphabet == alphabet


def test_data_coding_0_is_what_the_operator_uses() -> None:
    found = decoder("latin1")(piece_of(Pdu(Command.DELIVER_SM, 0, 1, deliver(b"\xe9"))))
    assert isinstance(found, Part)
    assert found.alphabet == "latin1"


@pytest.mark.parametrize(
    ("body", "join", "payload"),
    [
        (deliver(joined(7, 3, 2, b"x"), esm=0x40), Join(reference=7, width=8, total=3, part=2), b"x"),
        (deliver(joined(700, 3, 2, b"x", 16), esm=0x40), Join(reference=700, width=16, total=3, part=2), b"x"),
        (deliver(b"x", tags=tag(0x20C, b"\2\xbc") + tag(0x20E, b"\3") + tag(0x20F, b"\2")), Join(reference=0x102BC, width=16, total=3, part=2), b"x"),
        (deliver(b"x", tags=tag(0x20C, b"\2\xbc") + tag(0x20E, b"\3")), None, b"x"),
        (deliver(b"x", tags=tag(0x20C, b"\7") + tag(0x20E, b"\0\3") + tag(0x20F, b"\0\2")), Join(reference=0x10007, width=16, total=3, part=2), b"x"),
        (deliver(b"x", tags=tag(0x20C, b"\7") + tag(0x20E, b"\1\0") + tag(0x20F, b"\2")), None, b"x"),
        (deliver(b"x", tags=tag(0x20C, b"\1\0\0") + tag(0x20E, b"\3") + tag(0x20F, b"\2")), None, b"x"),
        (deliver(joined(7, 3, 4, b"x"), esm=0x40), None, b"x"),
        (deliver(b"", esm=0x40, tags=tag(0x424, joined(7, 2, 1, b"long" * 60))), Join(reference=7, width=8, total=2, part=1), b"long" * 60),
        (deliver(b"\5\0\3\7\2\1x"), None, b"\5\0\3\7\2\1x"),
        (deliver(b"x", tags=tag(0x20C, b"") + b"\x02"), None, b"x"),
    ],
)  # fmt: skip
def test_parts_say_where_they_belong(body: bytes, join: Join | None, payload: bytes) -> None:
    found = _deliver(body)
    assert isinstance(found, Part)
    assert (found.join, found.payload) == (join, payload)


def test_a_header_longer_than_its_text_is_odd() -> None:
    assert _deliver(deliver(b"\x09\0\3", esm=0x40)) == Odd(
        why="a header that is longer than its text", raw=b"\x09\0\3", sender="+77011234567"
    )


def test_a_number_in_a_body_that_cannot_be_read_is_hidden_but_for_two_digits() -> None:
    found = _deliver(deliver(b"KZ-71-0379", b"77011234567")[:-3])
    assert isinstance(found, Odd)
    assert b"#########67" in found.raw
    assert b"7701" not in found.raw


@pytest.mark.parametrize(
    ("sender", "ton", "seen"),
    [(b"77011234567", 1, "+77011234567"), (b"+77011234567", 1, "+77011234567"), (b"Beeline KZ", 5, "Beeline KZ"), (b"1414", 3, "1414"), (b"", 0, ""), (b"\xe9\xff", 1, "éÿ")],
)  # fmt: skip
def test_a_sender_keeps_its_kind(sender: bytes, ton: int, seen: str) -> None:
    found = _deliver(deliver(b"x", sender, ton=ton))
    assert isinstance(found, Part)
    assert (found.sender, found.recipient) == (seen, "1234")


def test_a_data_sm_is_a_text_too() -> None:
    found = _deliver(data(coding=8, tags=tag(0x424, b"\x04\x41")), Command.DATA_SM)
    assert isinstance(found, Part)
    assert (found.alphabet, found.payload) == ("ucs2", b"\x04\x41")


RECEIPT = b"id:%b sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:%b err:%b text:KZ"


@pytest.mark.parametrize(
    ("body", "first", "forms_", "state", "why"),
    [
        (deliver(RECEIPT % (b"0000A1", b"DELIVRD", b"000"), esm=4), "0000a1", {"a1", "161"}, "delivered", ""),
        (deliver(RECEIPT % (b"161", b"UNDELIV", b"21"), esm=4), "161", {"a1"}, "failed", "error 21"),
        (deliver(b"", esm=4, tags=tag(0x1E, b"A1\0") + tag(0x427, b"\3") + tag(0x423, b"\3\0\x15")), "a1", {"161"}, "expired", "network 3, error 21"),
        (deliver(b"", tags=tag(0x1E, b"msg-77\0") + tag(0x427, b"\2")), "msg-77", set(), "delivered", ""),
        (deliver(RECEIPT % (b"9", b"ENROUTE", b"000"), esm=0x20), "9", set(), "waiting", ""),
        (data(esm=4, tags=tag(0x1E, b"77") + tag(0x427, b"\x63")), "77", {"4d"}, "unknown", ""),
        (deliver(RECEIPT % (b"7", b"WEIRD", b"0"), esm=4), "7", set(), "unknown", ""),
    ],
)  # fmt: skip
def test_a_receipt_names_its_text_in_every_form(
    body: bytes, first: str, forms_: set[str], state: str, why: str
) -> None:
    found = _deliver(
        body,
        Command.DATA_SM if body.startswith(b"\0\1\1") and b"\0\4\0\0\0\x1e" in body else Command.DELIVER_SM,
    )
    assert isinstance(found, Receipt)
    assert found.ids[0] == first
    assert forms_ <= set(found.ids)
    assert (found.state, found.why, found.recipient) == (state, why, "+77011234567")


def test_a_receipt_that_names_nothing_matches_nothing() -> None:
    assert _deliver(deliver(b"delivered!", esm=4)) == Receipt(
        ids=(), recipient="+77011234567", state="unknown"
    )


def test_a_name_has_its_own_form_first() -> None:
    assert list(forms("0010")) == ["0010", "10", "a", "16"]
    assert list(forms("FF-1")) == ["ff-1", "ff-1"]
    assert list(forms("9" * 40)) == ["9" * 40, "9" * 40]
