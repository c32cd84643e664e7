"""Rounds of reading: what is ready, what is awaited, what is odd, what came before."""

from __future__ import annotations

from sms_gateway.core.again import Came
from sms_gateway.core.incoming import Decoded, Odd, Part, Receipt
from sms_gateway.core.joining import WHOLE_S, Piece, Round, Table
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.reassembly import Assembly

KEY = bytes(32)
AT = "2026-11-22T04:00:00.000Z"


def _decode(raw: bytes) -> Decoded:
    """`sender|number|text` is a part of two, `sender|text` a text, `receipt`, and anything else odd."""
    if raw == b"receipt":
        return Receipt(ids=("1",), state="delivered")
    match raw.decode().split("|"):
        case [sender, number, text]:
            return Part(
                sender=sender,
                alphabet="ascii",
                payload=text.encode(),
                join=Join(reference=1, width=8, total=2, part=int(number)),
            )
        case [sender, text]:
            return Part(
                sender=sender,
                alphabet="ucs2" if text == "half" else "ascii",
                payload=text.encode() + b"\0" * (text == "half"),
            )
    return Odd(why="no idea", raw=raw)


def _piece(raw: str, name: str = "1.0", session: str = "s1", at_s: float = 1_000.0) -> Piece:
    return Piece(link="a", session=session, name=name, raw=raw.encode(), at=AT, at_s=at_s)


def _take(table: Table, *pieces: Piece) -> Round:
    found = Round()
    for piece in pieces:
        table.take(found, piece, (), _decode)
    return found


def _table(assemblies: tuple[Assembly, ...] = (), lately: tuple[Came, ...] = ()) -> Table:
    return Table(KEY, assemblies, lately)


def test_a_round_sorts_what_came() -> None:
    found = _take(
        _table(),
        _piece("x|hello", "1.0"),
        _piece("y|half", "1.1"),
        _piece("receipt", "1.2"),
        _piece("???", "1.3"),
    )
    assert [(one.message.text, one.message.id, one.message.at) for one in found.ready] == [
        ("hello", "1.0", AT),
        (None, "1.1", AT),
    ]
    assert found.ready[1].odd == Odd(why="not ucs2", raw=b"half\0", sender="y")
    assert [link for link, _ in found.receipts] == ["a"]
    assert [odd.why for _, odd in found.odd] == ["no idea"]
    assert len(found.came) == 4


def test_parts_of_several_rounds_are_one_text_with_the_name_of_its_last_piece() -> None:
    table = _table()
    first = _take(table, _piece("x|2|world", "1.0"))
    assert first.ready == []
    (kept,) = first.changed.values()
    assert kept is not None
    restarted = _table((kept,))
    second = _take(restarted, _piece("x|1|hello ", "2.0"))
    assert [(one.message.text, one.message.id) for one in second.ready] == [("hello world", "2.0.0")]


def test_a_part_that_comes_again_after_its_text_was_whole_is_known() -> None:
    table = _table()
    _take(table, _piece("x|2|b"), _piece("x|1|a"))
    again = _take(table, _piece("x|1|a", "9.0", session="s1"))
    assert (again.ready, again.again) == ([], ["a"])


def test_a_piece_of_a_session_that_is_over_is_known_when_it_comes_again_and_without_sessions_it_is_not() -> (
    None
):
    table = _table(lately=tuple(_take(_table(), _piece("x|hello")).came))
    assert _take(table, _piece("x|hello", "2.0", session="s2", at_s=1_010.0)).again == ["a"]
    assert (
        len(_take(table, _piece("x|hello", "3.0", session=""), _piece("x|hello", "3.1", session="")).ready)
        == 2
    )


def test_what_is_late_is_shown_once_and_what_was_whole_is_forgotten() -> None:
    table = _table()
    _take(table, _piece("x|1|only"), _piece("y|1|a", "1.1"), _piece("y|2|b", "1.2"))
    assert next(iter(table.late(1_000.0 + 3_600, partial_s=7_200))).whole
    late = Round()
    for assembly in table.late(1_000.0 + WHOLE_S + 8_000, partial_s=7_200):
        table.give_up(late, assembly)
    (shown,) = late.ready
    assert (shown.message.text, shown.message.partial, shown.message.link) == ("only [...] ", True, "a")
    assert set(late.changed.values()) == {None}
    assert list(table.late(1e12, partial_s=1)) == []
