"""Files as gammu-smsd writes them, broken ones, and any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core import gammu
from sms_gateway.core.incoming import Odd, Part
from sms_gateway.core.pdu.header import Join

NAME = "IN20261122_040000_00_+77011234567_00.txt"
TAIL = "Folder = 1\nLength = 3\nClass = -1\nReplySMSC = False\nRejectDuplicates = False\nReplaceMessage = 0\nMessageReference = 0\n\n"


def section(
    text: str = "", *, coding: str = "Default_No_Compression", udh: str = "", raw: str = "", number: int = 0
) -> str:
    """As 1.42.0 writes it: some lines end with a carriage return, some do not."""
    sender = "+77011234567"
    body = raw or text.encode("utf-16-be").hex().upper()
    lines = "".join(
        f"Text{at // 400:02} = {body[at : at + 400]}\r\n" for at in range(0, max(1, len(body)), 400)
    )
    comment = "".join(f"; {line}\n" for line in text.split("\n"))
    return (
        f'[SMSBackup{number:03}]\n{comment}SMSC = "+77740430900"\r\nPDU = Deliver\nDateTime = 20261122T040000\r\nState = UnRead\n'
        f'Number = "{sender}"\r\nNumberUnicode = {sender.encode("utf-16-be").hex().upper()}\r\nName = ""\r\nNameUnicode = \r\n'
        f"{f'UDH = {udh}{chr(13)}{chr(10)}' if udh else ''}{lines}Coding = {coding}\n{TAIL}"
    )


def _file(*sections: str) -> bytes:
    return (
        "; This file format was designed for Gammu and is compatible with Gammu+\n\n" + "".join(sections)
    ).encode()


def _read(*sections: str) -> list[object]:
    return [gammu.decode(piece, "+7777") for piece in gammu.pieces(NAME, _file(*sections))]


@pytest.mark.parametrize(
    "text",
    [
        "71 379 OPEN",
        "71 380 ашылды",
        "a\nb = c\n[SMSBackup001]x\n; d",
        "😀",
        "x" * 450,
        "Coding = 8bit",
        "",
        " ",
    ],
)
def test_a_text_comes_out_as_it_was_sent(text: str) -> None:
    [found] = _read(section(text))
    assert isinstance(found, Part)
    assert (found.sender, found.recipient, found.alphabet) == ("+77011234567", "+7777", "ucs2")
    assert found.payload.decode("utf-16-be") == text
    assert found.join is None


def test_parts_come_out_with_their_headers() -> None:
    found = _read(section("71 381 O", udh="050003010201"), section("PEN", udh="050003010202", number=1))
    assert [one.join for one in found if isinstance(one, Part)] == [
        Join(reference=1, width=8, total=2, part=1),
        Join(reference=1, width=8, total=2, part=2),
    ]
    assert len({one.id for one in found if isinstance(one, Part)}) == 2


def test_eight_bits_are_octets() -> None:
    [found] = _read(section(coding="8bit", raw="4F50FF"))
    assert isinstance(found, Part)
    assert (found.alphabet, found.payload) == ("octets", b"OP\xff")


def test_the_same_file_has_the_same_id_and_another_another() -> None:
    files = [
        gammu.pieces(name, _file(section(text)))[0] for name in (NAME, "IN2") for text in ("a", "b", "a")
    ]
    found = [gammu.decode(one) for one in files]
    assert len({one.id for one in found if isinstance(one, Part)}) == 4


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("", "a file that was cut or is no backup"),
        ("71 379 OPEN +77011234567", "a file that was cut or is no backup"),
        (section("71 379 OPEN")[:-40], "a file that was cut or is no backup"),
        (section("a", coding="Default_Compression"), "coded as 'Default_Compression'"),
        (section(raw="00370"), "no hexadecimal digits where they belong"),
        (section(raw="zz"), "no hexadecimal digits where they belong"),
        (section("a", udh="0605040B8423F0"), "for a program, by its port, or of a national table"),
    ],
)
def test_what_is_broken_is_kept_without_the_number(broken: str, why: str) -> None:
    [found] = _read(broken)
    assert isinstance(found, Odd)
    assert found.why == why
    assert not any(one in b"0123456789" for one in found.raw)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: _file(section(text))[:-5]))
def test_any_file_gives_records(content: bytes) -> None:
    for piece in gammu.pieces("IN\udcff", content):
        assert isinstance(gammu.decode(piece), Part | Odd)


def test_what_goes_out_is_named_by_its_number_and_is_utf_16() -> None:
    name, content = gammu.outgoing("+77011234567", 12, "сәлем")
    assert name == "OUTC20000101_000000_00_+77011234567_12.txt"
    assert content.decode("utf-16") == "сәлем"
