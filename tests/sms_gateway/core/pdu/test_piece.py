"""What a modem's pieces are decoded into: a text, a receipt, or what is kept and listed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sms_gateway.core.incoming import Odd, Part, Receipt
from sms_gateway.core.pdu import piece
from sms_gateway.core.pdu.header import Join
from tests.sms_gateway.core.pdu.build import deliver, join8, name, report

DIGITS = ("77011234567", "7710214365F7", "7710214365")


def _piece(octets: bytes) -> bytes:
    return piece.write(len(octets) - 1 - octets[0], octets.hex().upper())


def test_a_text_is_a_part_with_all_that_the_network_said() -> None:
    octets = deliver("71 379 OPEN", head=join8(7, 2, 1))
    assert piece.decode(_piece(octets), "+77770001122") == Part(
        sender="+77011234567",
        recipient="+77770001122",
        alphabet="gsm7",
        payload=b"71 379 OPEN",
        id=octets.hex(),
        at="2026-11-21T23:00:00.000Z",
        join=Join(reference=7, width=8, total=2, part=1),
    )


def test_a_sender_in_letters_is_a_sender() -> None:
    found = piece.decode(_piece(deliver(source=name("EGOV"))))
    assert isinstance(found, Part)
    assert found.sender == "EGOV"


def test_a_status_report_is_a_receipt_that_names_the_text_as_sending_did() -> None:
    assert piece.decode(_piece(report(42, 0))) == Receipt(
        ids=("42",), recipient="+77011234567", state="delivered", why="status 0"
    )


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (deliver(protocol="40"), "a text that is not to be shown"),
        (deliver(head="0605040B8423F0"), "for a program, by its port"),
        (deliver(head="03240101"), "compressed, or of a national table"),
        (deliver(coding="20", body="00"), "compressed, or of a national table"),
        (deliver(first="05"), "a report about sending, where a text was expected"),
        (deliver(length="A1"), "a text of 161; 160 are allowed"),
    ],
)
def test_what_cannot_be_a_text_is_kept_with_the_reason_and_without_the_number(
    octets: bytes, why: str
) -> None:
    found = piece.decode(_piece(octets))
    assert isinstance(found, Odd)
    assert found.why == why
    assert len(found.raw) == len(octets)
    assert not any(digits.lower() in found.raw.hex() for digits in DIGITS)


@pytest.mark.parametrize(
    "octets", [b"\0" + deliver(protocol="40")[8:], deliver(protocol="40")], ids=["no centre", "a centre"]
)
@pytest.mark.parametrize("counted", [0, 1])
def test_a_number_is_not_kept_where_the_modem_counts_the_centre_in(octets: bytes, counted: int) -> None:
    found = piece.decode(piece.write(len(octets) - 1 + counted, octets.hex()))
    assert isinstance(found, Odd)
    assert "214365" not in found.raw.hex()


@pytest.mark.parametrize("cut", range(9, 18))
def test_a_pdu_that_is_cut_inside_its_sender_keeps_none_of_the_number(cut: int) -> None:
    found = piece.decode(piece.write(cut - 8, deliver()[:cut].hex()))
    assert isinstance(found, Odd)
    assert "1021" not in found.raw.hex()


@example(report(42, 0), b"\x13", 8, 5)
@given(
    st.sampled_from([deliver(), deliver(head=join8(7, 2, 1)), report(42, 0)]),
    st.binary(max_size=12),
    st.integers(0, 9),
    st.integers(0, 60),
)
def test_a_pdu_that_is_bent_or_cut_keeps_none_of_the_number(
    octets: bytes, before: bytes, begin: int, end: int
) -> None:
    bent = before + octets[begin : 18 + end]
    for announced in (len(bent), len(bent) - 8, 0):
        found = piece.decode(piece.write(announced, bent.hex()))
        assert not isinstance(found, Odd) or "1021436" not in found.raw.hex()


@pytest.mark.parametrize(
    "raw", [b"", b":", b"x:00", b"24:", b"24:0g", b"24:7701123456g", b"24:\xff\xfe", b"-1:00"]
)
def test_what_is_not_even_hexadecimal_is_kept_without_digits(raw: bytes) -> None:
    found = piece.decode(raw)
    assert isinstance(found, Odd)
    assert not any(one in b"0123456789" for one in found.raw)


@given(
    st.binary(max_size=60)
    | st.builds(
        lambda n, raw: b"%d:%s" % (n, raw.hex().encode()), st.integers(0, 300), st.binary(max_size=180)
    )
)
def test_any_bytes_give_a_record(raw: bytes) -> None:
    assert isinstance(piece.decode(raw), Part | Receipt | Odd)
