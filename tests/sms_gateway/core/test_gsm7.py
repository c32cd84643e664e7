"""The GSM alphabet: published packings, the extension, and any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core import gsm7
from sms_gateway.core.gsm import BASIC, EXTENSION, parts

SEPTETS = st.binary(max_size=180).map(lambda raw: bytes(one & 0x7F for one in raw))
TEXTS = st.text(alphabet=sorted(BASIC | EXTENSION), max_size=160)

# As public tutorials print them (dreamfabric, Wikipedia), and by hand after TS 23.038, 6.1.2.1.
PACKED = [
    ("hellohello", "e8329bfd4697d9ec37"),
    ("hello", "e8329bfd06"),
    ("How are you?", "c8f71d14969741f977fd07"),
    ("Hellohello", "c8329bfd4697d9ec37"),
    ("@", "00"),
    ("", ""),
    ("€", "9b32"),
    ("1234567", "31d98c56b3dd00"),
    ("12345678", "31d98c56b3dd70"),
]


@pytest.mark.parametrize(("text", "packed"), PACKED)
def test_published_packings_come_out_as_published(text: str, packed: str) -> None:
    septets = gsm7.encode(text)
    assert septets is not None
    assert gsm7.pack(septets).hex() == packed
    assert gsm7.decode(gsm7.unpack(bytes.fromhex(packed), len(septets))) == text


@pytest.mark.parametrize(
    ("septets", "text"),
    [
        (b"\x1be", "€"),
        (b"a\x1b(b\x1b)", "a{b}"),
        (b"\x1b\x14\x1b/\x1b<\x1b=\x1b>\x1b\x40\x1b\x0a", "^\\[~]|\f"),
        (b"\x1b", " "),
        (b"a\x1b", "a "),
        (b"\x1b\x1b", " "),
        (b"\x1b\x1be", " e"),
        (b"\x1b\x1b\x1be", " €"),
        (b"\x1ba", "a"),
        (b"\x1b\x00", "@"),
        (b"\x10\x13\x11", "ΔΓ_"),
    ],
)
def test_an_escape_reads_as_the_standard_says(septets: bytes, text: str) -> None:
    assert gsm7.decode(septets) == text


def test_an_octet_above_127_is_no_septet() -> None:
    assert gsm7.decode(b"abc\x80") is None


def test_a_character_that_is_missing_makes_the_text_another_alphabets() -> None:
    assert gsm7.encode("привет") is None
    assert gsm7.encode("\x1b") is None


def test_every_character_of_the_table_is_there_once() -> None:
    assert len(gsm7.TABLE) == len(set(gsm7.TABLE)) == 128
    assert not BASIC & EXTENSION


@given(text=TEXTS, fill=st.integers(0, 6))
def test_a_text_survives_encoding_and_packing(text: str, fill: int) -> None:
    septets = gsm7.encode(text)
    assert septets is not None
    assert len(septets) == parts(text).units
    packed = gsm7.pack(septets, fill)
    assert len(packed) == (7 * len(septets) + fill + 7) // 8
    assert gsm7.unpack(packed, len(septets), fill) == septets
    assert gsm7.decode(septets) == text


@given(octets=st.binary(max_size=160), count=st.integers(0, 300), fill=st.integers(0, 6))
def test_any_octets_unpack_to_no_more_septets_than_they_hold(octets: bytes, count: int, fill: int) -> None:
    found = gsm7.unpack(octets, count, fill)
    assert len(found) <= count
    assert 7 * len(found) <= max(0, 8 * len(octets) - fill)
    assert found.isascii()


@given(septets=SEPTETS)
def test_any_septets_are_a_text(septets: bytes) -> None:
    text = gsm7.decode(septets)
    assert text is not None
    assert "\x1b" not in text
