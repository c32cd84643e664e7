"""What modems of several makers answer, and what noise gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.at import faults, replies
from sms_gateway.core.at.replies import Room, Stored
from sms_gateway.core.at.talk import Answer


def _stored(place: int, pdu: str, announced: int = 2, incoming: bool = True) -> Stored:
    return Stored(place=place, incoming=incoming, announced=announced, pdu=pdu)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["+CMGL: 1,0,,2", "000102"], [_stored(1, "000102")]),
        (["+CMGL: 1,1,\"\",2", "000102"], [_stored(1, "000102")]),
        (["+CMGL:1,1,\"Ainur, K.\",2", "000102"], [_stored(1, "000102")]),
        (["+CMGL: 0,2,,2", "000102", "+CMGL: 255,3,,30", "00"], [
            _stored(0, "000102", incoming=False), _stored(255, "00", 30, incoming=False)]),
        (["+CMGL: 1,0,,2", "+CMGL: 2,0,,2", "00"], [_stored(1, ""), _stored(2, "00")]),
        (["0791"], []),
        (["+CMGL: 1,0,,2", "00", "11"], [_stored(1, "00")]),
        (["+CMGL: x"], []),
        ([], []),
    ],
)  # fmt: skip
def test_a_listing_gives_each_place_with_its_pdu(lines: list[str], found: list[Stored]) -> None:
    assert list(replies.stored(lines)) == found


@pytest.mark.parametrize(
    ("pdu", "announced", "fits"),
    [
        ("000102", 2, True), ("0102", 2, True), ("02AABB0102", 2, True), ("0001", 3, False), ("00010", 2, False),
        ("", 0, False), ("0x0102", 2, False), ("000102 ", 2, False), ("FF0102", 2, False),
    ],
)  # fmt: skip
def test_a_pdu_fits_when_it_is_hex_of_its_length(pdu: str, announced: int, fits: bool) -> None:
    assert _stored(1, pdu, announced).fits is fits


def test_one_place_is_read() -> None:
    assert replies.read(7, ["+CMGR: 1,,2", "000102"]) == _stored(7, "000102")
    assert replies.read(7, ['+CMGR: 0,"",2', "000102"]) == _stored(7, "000102")
    assert replies.read(7, ["+CMGR: 0,,2"]) == _stored(7, "")
    assert replies.read(7, []) is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('+CMTI: "SM",3', ("SM", 3)),
        ("+CMTI: ME, 12", ("ME", 12)),
        ('+CDSI: "SR",1', ("SR", 1)),
        ("+CMTI: ,3", None),
        ("RING", None),
    ],
)
def test_a_notice_names_memory_and_place(line: str, found: tuple[str, int] | None) -> None:
    assert replies.arrived(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('+CPMS: ("SM","ME","MT"),("SM","ME"),("SM","ME")', ("SM", "ME")),
        ('+CPMS: ("ME","SM"),("ME"),("ME")', ("SM", "ME")),
        ('+CPMS: ("SM"),("SM"),("SM")', ("SM",)),
        ('+CPMS: ("MT"),("ME"),("ME")', ()),
        ("+CPMS: 1,20,1,20,1,20", ()),
        ("ERROR", ()),
    ],
)
def test_only_the_cards_and_the_modems_own_memory_are_read(line: str, found: tuple[str, ...]) -> None:
    assert replies.memories([line]) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("+CPMS: 3,20,3,20,3,20", Room(used=3, total=20)),
        ('+CPMS: "SM",3,20,"SM",3,20,"ME",0,255', Room(used=3, total=20)),
        ("+CPMS: x", None),
        ("OK", None),
    ],
)
def test_the_room_of_a_memory_is_read(line: str, found: Room | None) -> None:
    assert replies.room([line]) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("+CSQ: 31,99", 1.0),
        ("+CSQ: 0,0", 0.0),
        ("+CSQ: 17,99", 0.55),
        ("+CSQ: 99,99", None),
        ("+CSQ: x", None),
    ],
)
def test_the_signal_is_a_share(line: str, found: float | None) -> None:
    assert replies.signal([line]) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("+CREG: 0,1", "home"), ("+CREG: 1", "home"), ("+CREG: 2,5,\"00AF\",\"1D2C\",7", "roaming"), ("+CREG: 0,2", "searching"),
        ("+CREG: 0,3", "denied"), ("+CREG: 0,0", "none"), ("+CREG: 0,4", "unknown"), ("+CEREG: 0,6", "home"),
        ("+C5GREG: 0,1", "home"), ("+CREG: 0,77", "unknown"), ("noise", "unknown"),
    ],
)  # fmt: skip
def test_the_registration_is_read(line: str, found: str) -> None:
    assert replies.registration([line]) == found


@pytest.mark.parametrize(
    ("final", "line", "found"),
    [
        ("OK", "+CPIN: READY", "ready"), ("OK", "+CPIN: SIM PIN", "pin"), ("OK", "+CPIN: SIM PUK", "puk"),
        ("OK", "+CPIN: PH-SIM PIN", "other"), ("+CME ERROR: 10", "", "none"), ("+CME ERROR: SIM failure", "", "none"),
        ("+CME ERROR: 13", "", "none"), ("ERROR", "", "ready"), ("+CME ERROR: 14", "", "none"), ("+CME ERROR: 100", "", "other"),
    ],
)  # fmt: skip
def test_what_the_card_wants_is_read(final: str, line: str, found: str) -> None:
    assert replies.sim(final, [line]) == found


@pytest.mark.parametrize(
    ("final", "lines", "toll"),
    [
        ("OK", ("+CMGS: 7",), "accepted"), ("OK", ("+CMGS: 255, 1",), "accepted"), ("OK", (), "later"), ("+CMS ERROR: 1", (), "refused"),
        ("+CMS ERROR: 28", (), "refused"), ("+CMS ERROR: 21", (), "refused"), ("+CMS ERROR: 42", (), "slow"),
        ("+CMS ERROR: 314", (), "slow"), ("+CMS ERROR: 38", (), "away"), ("+CMS ERROR: 331", (), "away"),
        ("+CMS ERROR: 500", (), "later"), ("+CMS ERROR: 332", (), "later"), ("+CMS ERROR: no network", (), "later"),
        ("ERROR", (), "later"), ("NO CARRIER", (), "later"), ("+CMS ERROR: ³", (), "later"),
    ],
)  # fmt: skip
def test_a_refusal_says_whose_fault_it_was(final: str, lines: tuple[str, ...], toll: str) -> None:
    assert faults.toll(Answer(final=final, lines=lines)) == toll


READERS: list[Callable[[list[str]], Any]] = [
    replies.stored, replies.memories, replies.room, replies.signal, replies.registration, replies.reference,
    lambda lines: replies.read(1, lines), lambda lines: [replies.arrived(line) for line in lines],
    lambda lines: [replies.fault(line) for line in lines], lambda lines: replies.sim("OK", lines),
]  # fmt: skip
LINES = st.lists(
    st.text(alphabet='+CMGLRPSQTIEDN:=," 0123456789AF?', max_size=40)
    | st.from_regex(r"\+(CMGL|CMGR|CPMS|CSQ|CREG|CMTI|CMGS|CPIN): ?[-0-9,\"SM() ]{0,24}", fullmatch=True),
    max_size=4,
)


@given(LINES)
def test_any_lines_give_a_value_or_nothing(lines: list[str]) -> None:
    for reader in READERS:
        reader(lines)
    for one in replies.stored(lines):
        assert isinstance(one.fits, bool)
