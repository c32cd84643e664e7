"""What a modem is given to send, octet by octet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.gsm import parts, split
from sms_gateway.core.pdu import submitted
from wire import BadInput

PHONE = "+77011234567"


def _hex(recipient: str, text: str, report: bool = False) -> list[str]:
    return [one.octets.hex().upper() for one in submitted(recipient, text, 7, report=report)]


def test_a_short_text_is_one_part() -> None:
    # As dreamfabric's page prints it, with 24 hours instead of four days.
    assert _hex("+46708251358", "hellohello") == ["0011000B916407281553F80000A70AE8329BFD4697D9EC37"]


def test_a_cyrillic_text_is_ucs2() -> None:
    assert _hex("1414", "ал") == ["0011000481414100" + "08A7040430043B"]


def test_the_announced_length_leaves_the_message_centre_out() -> None:
    [part] = submitted(PHONE, "hellohello", 0)
    assert part.announced == len(part.octets) - 1 == 23


def test_a_report_is_asked_for_by_a_bit() -> None:
    assert _hex(PHONE, "a", report=True)[0].startswith("0031")


def test_parts_carry_the_reference_their_number_and_fill_bits() -> None:
    first, second = _hex(PHONE, "a" * 161)
    assert first.startswith("0051000B917710214365F70000A7A0050003070201C2")
    assert second.startswith("0051000B917710214365F70000A70F050003070202C2")
    wide = _hex(PHONE, "ж" * 71)
    assert wide[0].startswith("0051000B917710214365F70008A78C0500030702010436")
    assert wide[1].startswith("0051000B917710214365F70008A70E0500030702020436")


@pytest.mark.parametrize(
    ("minutes", "octet"),
    [
        (0, 0),
        (5, 0),
        (6, 1),
        (360, 71),
        (720, 143),
        (721, 144),
        (1440, 167),
        (1441, 168),
        (43_200, 196),
        (43_201, 197),
        (10**9, 255),
    ],
)
def test_validity_is_at_least_what_was_asked_for(minutes: int, octet: int) -> None:
    [part] = submitted(PHONE, "a", 0, valid_min=minutes)
    assert part.octets[-3] == octet


@pytest.mark.parametrize("recipient", ["", "+", "KCELL", "+7701 123", "1" * 21, "+٣٤", "12\n"])
def test_what_cannot_be_dialled_is_refused(recipient: str) -> None:
    with pytest.raises(BadInput, match="a recipient is a number"):
        submitted(recipient, "a", 0)


def test_a_text_of_too_many_parts_is_refused() -> None:
    with pytest.raises(BadInput, match="255 are allowed"):
        submitted(PHONE, "a" * 153 * 256, 0)


@given(st.text(max_size=500))
def test_a_split_text_is_the_text_and_every_part_fits(text: str) -> None:
    pieces = split(text)
    assert "".join(pieces) == text
    assert len(pieces) == parts(text).count
    for one in submitted(PHONE, text, 300):
        assert one.octets[1] & 0x03 == 1
        assert len(one.octets) - 15 <= 140
