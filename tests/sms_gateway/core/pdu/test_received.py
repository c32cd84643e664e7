"""What a modem hands over, against PDUs that others published and PDUs that were built by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.pdu import Deliver, Join, StatusReport, received
from tests.sms_gateway.core.pdu.build import deliver, join8, join16, name, number, packed7, report
from wire import BadRecord

# From public tutorials and the tests of other programs: sender, time, text.
PUBLISHED = [
    ("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37",
     "27838890001", "2099-03-29T13:16:59.000Z", "hellohello"),
    ("07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07",
     "+31641600986", "2002-08-26T19:37:41.000Z", "How are you?"),
    ("0791448720003023240DD0E474D81C0EBB010000111011315214000BE474D81C0EBB5DE3771B",
     "diafaan", "2011-01-11T13:25:41.000Z", "diafaan.com"),
    ("07914306073011F0040B914316709807F2000880604290224080084E2D5174901A8BAF",
     "+34610789702", "2008-06-24T07:22:04.000Z", "中兴通讯"),
    ("0791447758100650040C914497716247010000909010711423400A2050EC468B81C4733A",
     "+447917267410", "2009-09-01T16:41:32.000Z", "  1741 bst"),
]  # fmt: skip


def _text(octets: bytes, announced: int | None = None) -> Deliver:
    found = received(octets, announced)
    assert isinstance(found, Deliver)
    return found


@pytest.mark.parametrize(("octets", "sender", "at", "text"), PUBLISHED)
def test_published_pdus_are_read_as_published(octets: str, sender: str, at: str, text: str) -> None:
    found = _text(bytes.fromhex(octets))
    assert (found.sender.value, found.at, found.text) == (sender, at, text)


def test_a_text_built_by_hand_is_read() -> None:
    found = _text(deliver("71 379 OPEN"))
    assert found.text == "71 379 OPEN"
    assert (found.sender.kind, found.sender.value) == ("international", "+77011234567")
    assert found.at == "2026-11-21T23:00:00.000Z"
    assert (found.join, found.silent, found.data) == (None, False, False)


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("62112240000002", "2026-11-21T23:00:00.000Z"),  # 20 quarters of an hour ahead
        ("62112240000042", "2026-11-21T22:00:00.000Z"),
        ("62112240000000", "2026-11-22T04:00:00.000Z"),
        ("6211224000000A", "2026-11-22T09:00:00.000Z"),  # behind
        ("62112240000071", "2026-11-21T23:45:00.000Z"),
    ],
)
def test_times_have_a_zone(time: str, at: str) -> None:
    assert _text(deliver(time=time)).at == at


@pytest.mark.parametrize(
    "time", ["FFFFFFFFFFFFFF", "00000000000000", "62002240000002", "A2112240000002", "621122400000F0"]
)
def test_a_time_that_cannot_be_costs_no_text(time: str) -> None:
    found = _text(deliver("71 379 OPEN", time=time))
    assert (found.text, found.at) == ("71 379 OPEN", "")


@pytest.mark.parametrize(
    ("source", "kind", "value"),
    [
        (number("77011234567"), "international", "+77011234567"),
        ("048141" + "41", "other", "1414"),
        ("0A A1 07 21 43 65 87", "national", "7012345678"),
        (name("EGOV"), "name", "EGOV"),
        (name("KCELL"), "name", "KCELL"),
        (name("Tele2"), "name", "Tele2"),
        (name("ABCDEFG"), "name", "ABCDEFG"),
        (name("ABCDEFGH"), "name", "ABCDEFGH"),
        ("0E" + name("Activ K")[2:], "name", "Activ K"),  # as centres that count whole octets write it
        (name("ABCDEFGHIJK"), "name", "ABCDEFGHIJK"),
        ("0080", "other", ""),
        ("0091", "international", ""),
        ("05A1BA0CFD", "national", "*#a0b"),
        ("00D0", "name", ""),
    ],
)
def test_every_kind_of_sender_is_told(source: str, kind: str, value: str) -> None:
    found = _text(deliver("71 379 OPEN", source=source))
    assert found.text == "71 379 OPEN"
    assert (found.sender.kind, found.sender.value) == (kind, value)


@pytest.mark.parametrize("width", range(1, 24))
def test_a_text_behind_a_header_of_any_length_begins_at_the_right_bit(width: int) -> None:
    head = f"{width + 1:02X}70{width - 1:02X}" + "AA" * (width - 1)
    assert _text(deliver("71 379 open, all is well", head=head)).text == "71 379 open, all is well"


@pytest.mark.parametrize(
    ("head", "join"),
    [
        (join8(7, 3, 2), Join(reference=7, width=8, total=3, part=2)),
        (join16(0xABCD, 255, 255), Join(reference=0xABCD, width=16, total=255, part=255)),
        (join8(7, 0, 0), None),
        (join8(7, 2, 3), None),
        (join8(7, 2, 0), None),
        ("0500020702", None),
        ("0A" + join8(1, 2, 1)[2:] + join8(9, 2, 2)[2:], Join(reference=9, width=8, total=2, part=2)),
        ("0B" + join8(1, 2, 1)[2:] + join16(9, 4, 3)[2:], Join(reference=9, width=16, total=4, part=3)),
        ("08" + "7001AA" + join8(1, 2, 1)[2:], Join(reference=1, width=8, total=2, part=1)),
        ("06" + join8(1, 2, 1)[2:] + "00", Join(reference=1, width=8, total=2, part=1)),
        ("050009010201", None),
        ("00", None),
    ],
)
def test_headers_say_which_part_it_is(head: str, join: Join | None) -> None:
    assert _text(deliver("71 379 OPEN", head=head)).join == join


@pytest.mark.parametrize(
    ("coding", "body", "alphabet", "text"),
    [
        ("08", "0448043D", "ucs2", "шн"),
        ("08", "D83DDE00", "ucs2", "😀"),
        ("08", "0448D83D", "ucs2", None),
        ("08", "044804", "ucs2", None),
        ("08", "FEFF0448", "ucs2", "ш"),
        ("08", "FFFE4804", "ucs2", "ш"),
        ("18", "0448", "ucs2", "ш"),
        ("48", "0448", "ucs2", "ш"),
        ("E0", "0448", "ucs2", "ш"),
        ("EA", "0448", "ucs2", "ш"),
        ("04", "4F50454E", "octets", "OPEN"),
        ("F5", "D188", "octets", "ш"),
        ("F6", "FF", "octets", None),
        ("20", "C834", "unknown", None),
        ("28", "0448", "unknown", None),
    ],
)
def test_every_coding_scheme_is_read_by_the_standard(
    coding: str, body: str, alphabet: str, text: str | None
) -> None:
    found = _text(deliver(coding=coding, body=body))
    assert (found.alphabet, found.text) == (alphabet, text)


@pytest.mark.parametrize(
    "coding", ["00", "0C", "10", "11", "80", "90", "B8", "C0", "C8", "D0", "D9", "F0", "F1"]
)
def test_all_other_schemes_are_the_default_alphabet(coding: str) -> None:
    found = _text(deliver(coding=coding, body=packed7("OPEN"), length="04"))
    assert (found.alphabet, found.text) == ("gsm7", "OPEN")


@pytest.mark.parametrize("head", ["03240101", "03250101"])
def test_a_national_table_is_not_guessed(head: str) -> None:
    assert _text(deliver("OPEN", head=head)).text is None


@pytest.mark.parametrize("head", ["0605040B8423F0", "04040201 02"])
def test_what_is_for_a_program_says_so(head: str) -> None:
    assert _text(deliver("OPEN", head=head.replace(" ", ""))).data


def test_a_text_that_a_phone_would_not_show_is_silent() -> None:
    assert _text(deliver(protocol="40")).silent
    assert not _text(deliver(protocol="41")).silent


def test_a_modem_may_leave_the_message_centre_out() -> None:
    whole = deliver("71 379 OPEN")
    bare = whole[8:]
    assert _text(bare, len(bare)).text == "71 379 OPEN"
    assert _text(whole, len(bare)).text == "71 379 OPEN"
    assert _text(b"\0" + bare, len(bare)).text == "71 379 OPEN"
    assert _text(whole + b"\xff\xff").text == "71 379 OPEN"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, "delivered"), (1, "delivered"), (2, "delivered"), (0x1F, "delivered"), (0x20, "waiting"), (0x30, "waiting"),
        (0x40, "failed"), (0x46, "expired"), (0x5F, "failed"), (0x60, "failed"), (0x65, "failed"), (0xFF, "failed"),
    ],
)  # fmt: skip
def test_a_status_report_says_what_became_of_a_text(status: int, state: str) -> None:
    found = received(report(42, status))
    assert isinstance(found, StatusReport)
    assert (found.reference, found.recipient.value, found.state) == (42, "+77011234567", state)
    assert found.at == found.ended_at == "2026-11-21T23:00:00.000Z"


def test_a_published_status_report_is_read() -> None:
    found = received(bytes.fromhex("07914356060013F1065A098136395339F6219011700463802190117004638030"))
    assert isinstance(found, StatusReport)
    assert (found.reference, found.recipient.value, found.state) == (90, "639335936", "waiting")


@pytest.mark.parametrize(
    ("octets", "line"),
    [
        (b"", "the PDU ends inside its message centre"),
        (b"\x07\x91", "the PDU ends inside its message centre"),
        (deliver()[:9], "the PDU ends inside its sender"),
        (deliver()[:-1], "the PDU ends inside its text"),
        (deliver(length="A1"), "a text of 161; 160 are allowed"),
        (deliver(coding="08", body="0448", length="8D"), "a text of 141; 140 are allowed"),
        (deliver(source="1591" + "11" * 11), "21 digits in its sender; 20 are allowed"),
        (deliver(first="44", body="FF00", coding="04"), "a header that is longer than its text"),
        (deliver(first="05"), "a report about sending, where a text was expected"),
    ],
)
def test_what_is_no_pdu_is_one_clear_line(octets: bytes, line: str) -> None:
    with pytest.raises(BadRecord) as error:
        received(octets)
    assert str(error.value) == line


@pytest.mark.parametrize("announced", [0, 5, 99, len(deliver("71 379 OPEN"))])
def test_a_length_that_is_announced_wrongly_costs_no_text(announced: int) -> None:
    assert _text(deliver("71 379 OPEN"), announced).text == "71 379 OPEN"


@given(octets=st.binary(max_size=200), announced=st.none() | st.integers(0, 200))
def test_any_bytes_give_a_record_or_a_clean_error(octets: bytes, announced: int | None) -> None:
    try:
        found = received(octets, announced)
    except BadRecord as error:
        assert str(error).isascii()
        return
    assert isinstance(found, StatusReport) or found.text is None or len(found.text) <= 160


@given(
    place=st.integers(0, 60),
    flip=st.integers(1, 255),
    head=st.sampled_from(["", join8(1, 2, 1), join16(1, 2, 1), "03240101"]),
)
def test_a_good_pdu_with_one_wrong_octet_gives_a_record_or_a_clean_error(
    place: int, flip: int, head: str
) -> None:
    octets = bytearray(deliver("71 379 OPEN, ALL IS WELL", head=head))
    octets[place % len(octets)] ^= flip
    try:
        received(bytes(octets))
    except BadRecord as error:
        assert str(error)


@given(
    text=st.text(alphabet="abc XYZ019@£_ΔΩ\n", max_size=140),
    head=st.sampled_from(["", join8(1, 2, 1), join16(1, 2, 1)]),
)
def test_a_text_that_was_packed_bit_by_bit_comes_out(text: str, head: str) -> None:
    assert _text(deliver(text, head=head)).text == text
