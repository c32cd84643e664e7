"""Our codec held against dnspython's, and against noise."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.dns_message import Answer, Question, ask, is_truncated, read_answer

QUESTION = ask("www.site.kz", "A", 0xBEEF)


def reply(*records: tuple[str, str, str], rcode: str = "NOERROR", question: Question = QUESTION) -> bytes:
    """dnspython's answer to one of our questions."""
    made = dns.message.make_response(dns.message.from_wire(question.raw))
    made.set_rcode(dns.rcode.from_text(rcode))
    for owner, kind, data in records:
        made.answer.append(dns.rrset.from_text(owner, 300, "IN", kind, data))
    return made.to_wire()


@given(
    st.lists(st.text("abcxyz0189-_", min_size=1, max_size=63), min_size=1, max_size=3).map(".".join),
    st.sampled_from(["A", "AAAA"]),
    st.integers(0, 65_535),
)
def test_a_question_is_what_dnspython_would_ask(name: str, qtype: str, number: int) -> None:
    expected = dns.message.make_query(name, qtype, id=number, use_edns=False)
    assert ask(name, qtype, number).raw == expected.to_wire()


@pytest.mark.parametrize("name", ["", "a..b", "a" * 64, ".".join(["a" * 60] * 5), "..", ".", "қ.kz"])
def test_a_name_that_the_dns_cannot_hold_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ask(name, "A", 1)


def test_addresses_behind_aliases_are_read() -> None:
    raw = reply(
        ("www.site.kz.", "CNAME", "edge.cdn.example."),
        ("edge.cdn.example.", "CNAME", "pop1.cdn.example."),
        ("pop1.cdn.example.", "A", "185.1.1.1"),
        ("pop1.cdn.example.", "A", "185.1.1.2"),
    )
    assert read_answer(raw, QUESTION) == Answer(
        rcode="NOERROR", addresses=("185.1.1.1", "185.1.1.2"), cname="pop1.cdn.example"
    )


def test_addresses_of_the_sixth_version_are_read_and_others_passed_over() -> None:
    question = ask("site.kz", "AAAA", 7)
    raw = reply(("site.kz.", "A", "185.1.1.1"), ("site.kz.", "AAAA", "2001:db8::0:1"), question=question)
    assert read_answer(raw, question) == Answer(rcode="NOERROR", addresses=("2001:db8::1",))


@pytest.mark.parametrize("rcode", ["NXDOMAIN", "SERVFAIL", "REFUSED", "NOTIMP", "NOERROR"])
def test_a_refusal_is_told_by_its_code(rcode: str) -> None:
    assert read_answer(reply(rcode=rcode), QUESTION) == Answer(rcode=rcode)


def test_the_case_of_letters_may_change_and_nothing_else() -> None:
    raw = reply(("www.site.kz.", "A", "185.1.1.1"))
    assert read_answer(raw.replace(b"site", b"SiTe", 1), QUESTION) is not None
    assert read_answer(raw.replace(b"site", b"sitf", 1), QUESTION) is None
    assert read_answer(b"\0\0" + raw[2:], QUESTION) is None
    assert read_answer(QUESTION.raw, QUESTION) is None
    assert read_answer(raw, ask("www.site.kz", "AAAA", 0xBEEF)) is None


def test_of_a_truncated_answer_the_whole_records_are_kept() -> None:
    raw = bytearray(reply(*(("www.site.kz.", "A", f"185.1.1.{n}") for n in range(1, 4))))
    raw[2] |= 0x02
    assert is_truncated(bytes(raw))
    got = read_answer(bytes(raw[:-10]), QUESTION)
    assert got is not None
    assert got.addresses == ("185.1.1.1", "185.1.1.2")
    raw[2] &= ~0x02
    assert read_answer(bytes(raw[:-10]), QUESTION) is None


def test_a_pointer_that_leads_to_itself_ends() -> None:
    raw = reply(("www.site.kz.", "CNAME", "x.example."))
    at = raw.rindex(b"\x01x\x07example\0")
    loop = raw[:at] + (0xC000 | at).to_bytes(2, "big") + raw[at + 2 :]
    assert read_answer(loop, QUESTION) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_none(raw: bytes) -> None:
    assert read_answer(raw, QUESTION) is None
    read_answer(QUESTION.raw[:2] + b"\x81\x80" + QUESTION.raw[4:6] + raw, QUESTION)


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_answer_is_an_answer_or_none(at: int, byte: int) -> None:
    raw = bytearray(reply(("www.site.kz.", "CNAME", "x.example."), ("x.example.", "A", "185.1.1.1")))
    raw[at % len(raw)] = byte
    read_answer(bytes(raw), QUESTION)
