"""Dialogues with the core that joins parts: whatever the order, every text right and none twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.incoming import Part
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.reassembly import Assembly, Joined, Place, add, alone, given_up, slot_of

KEY = bytes(32)


def _part(
    number: int,
    payload: bytes,
    *,
    sender: str = "+7701",
    reference: int = 7,
    width: int = 8,
    total: int = 3,
    recipient: str = "1234",
) -> Part:
    join = Join(reference=reference, width=width, total=total, part=number)
    return Part(sender=sender, recipient=recipient, alphabet="gsm7", payload=payload, join=join)


class Kept:
    """What a shell keeps: assemblies by slot, texts in the order in which they were ready."""

    def __init__(self) -> None:
        self.assemblies: dict[bytes, Assembly] = {}
        self.texts: list[str | None] = []
        self.partial: list[str | None] = []

    def come(self, *parts: Part) -> None:
        for part in parts:
            slot = slot_of(part, KEY)
            if slot is None:
                self._show(alone(part))
                continue
            step = add(Place(slot=slot, link="a", now=100.0), self.assemblies.get(slot.print), part)
            self.assemblies[slot.print] = step.assembly
            for joined in step.ready:
                self._show(joined)

    def _show(self, joined: Joined) -> None:
        (self.partial if joined.partial else self.texts).append(joined.text)


def test_parts_out_of_order_and_repeated_give_one_text() -> None:
    kept = Kept()
    one, two, three = _part(1, b"a"), _part(2, b"b"), _part(3, b"c")
    kept.come(three, one, three, two, one, two, three)
    assert (kept.texts, kept.partial) == (["abc"], [])


def test_parts_over_two_binds_that_write_one_number_in_two_ways_are_joined() -> None:
    kept = Kept()
    senders = ("+77011234567", "87011234567", "7011234567")
    kept.come(*[_part(place, b"abc"[place - 1 : place], sender=one) for place, one in enumerate(senders, 1)])
    assert (kept.texts, kept.partial) == (["abc"], [])


def test_two_senders_with_one_reference_do_not_mix() -> None:
    kept = Kept()
    for number in (2, 1, 3):
        kept.come(_part(number, b"x", sender="+7701"), _part(number, b"y", sender="+7702"))
    assert kept.texts == ["xxx", "yyy"]


def test_the_same_reference_in_8_and_in_16_bits_to_another_number_or_of_another_total_is_another_text() -> (
    None
):
    kept = Kept()
    kept.come(
        _part(1, b"a", total=2),
        _part(1, b"b", total=2, width=16),
        _part(1, b"c", total=3),
        _part(1, b"d", total=2, recipient="9"),
    )
    kept.come(
        _part(2, b"A", total=2), _part(2, b"B", total=2, width=16), _part(2, b"D", total=2, recipient="9")
    )
    assert kept.texts == ["aA", "bB", "dD"]


def test_a_reference_that_is_used_again_shows_what_came_of_the_former_text() -> None:
    kept = Kept()
    kept.come(_part(1, b"old", total=2), _part(1, b"new ", total=2), _part(2, b"text", total=2))
    assert (kept.texts, kept.partial) == (["new text"], ["old [...] "])


def test_a_reference_that_is_used_again_after_a_whole_text_begins_another() -> None:
    kept = Kept()
    kept.come(
        _part(1, b"a", total=2), _part(2, b"b", total=2), _part(2, b"d", total=2), _part(1, b"c", total=2)
    )
    assert (kept.texts, kept.partial) == (["ab", "cd"], [])


def test_an_escape_and_a_pair_of_units_may_be_cut_in_two() -> None:
    kept = Kept()
    kept.come(_part(1, b"5 \x1b", total=2), _part(2, b"e", total=2))
    halves = "я😀".encode("utf-16-be")
    for number, payload in ((2, halves[4:]), (1, halves[:4])):
        join = Join(reference=1, width=8, total=2, part=number)
        kept.come(Part(sender="+7703", alphabet="ucs2", payload=payload, join=join))
    assert kept.texts == ["5 €", "я😀"]


def test_parts_in_different_alphabets_are_read_each_in_its_own() -> None:
    kept = Kept()
    kept.come(_part(1, b"ok ", total=2))
    kept.come(
        Part(
            sender="+7701",
            recipient="1234",
            alphabet="ucs2",
            payload="жоқ".encode("utf-16-be"),
            join=Join(reference=7, width=8, total=2, part=2),
        )
    )
    assert kept.texts == ["ok жоқ"]


def test_what_never_came_is_marked_where_it_is_missing() -> None:
    kept = Kept()
    kept.come(_part(2, b"b", total=4), _part(4, b"d", total=4))
    (assembly,) = kept.assemblies.values()
    (joined,) = given_up(assembly)
    assert joined == Joined(
        part=_part(2, b"b", total=4), text=" [...] b [...] d", payload=b"bd", partial=True
    )


def test_of_a_whole_text_only_prints_are_remembered() -> None:
    kept = Kept()
    kept.come(_part(1, b"a", total=2), _part(2, b"b", total=2))
    (assembly,) = kept.assemblies.values()
    assert assembly.whole
    assert {one.part for one in assembly.kept} == {None}
    assert given_up(assembly) == ()


def test_an_impossible_header_is_ignored() -> None:
    for number, total in ((0, 3), (4, 3), (1, 1), (1, 0)):
        assert slot_of(_part(number, b"", total=total), KEY) is None


def test_bytes_in_no_alphabet_give_a_text_of_none_with_its_bytes() -> None:
    joined = alone(Part(sender="1", alphabet="ucs2", payload=b"\x04"))
    assert (joined.text, joined.payload) == (None, b"\x04")


@given(
    st.lists(st.binary(max_size=6).map(lambda raw: bytes(one & 0x7F for one in raw)), min_size=2, max_size=6),
    st.randoms(use_true_random=False),
)
def test_any_order_with_any_repetition_gives_the_text_once(payloads: list[bytes], chance) -> None:  # type: ignore[no-untyped-def]  # hypothesis's own Random
    parts = [_part(number, payload, total=len(payloads)) for number, payload in enumerate(payloads, 1)]
    order = parts + chance.choices(parts, k=4)
    chance.shuffle(order)
    kept = Kept()
    kept.come(*order)
    whole = alone(Part(sender="1", alphabet="gsm7", payload=b"".join(payloads))).text
    assert (kept.texts, kept.partial) == ([whole], [])
