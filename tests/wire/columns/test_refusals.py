"""What somebody else's bytes may try: every row is a body that our own code would not make."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.judge.scenes import SITE, WELL, leaf, measured
from wire.columns import MAX_RECORDS, MAX_STEPS, pack, records_of, unpack
from wire.errors import BadRecord, TooMuch
from wire.records import Step

encode = msgspec.msgpack.encode
RECORDS = [replace(measured(SITE, WELL), id=f"m{number}") for number in range(3)]
RAW = pack(RECORDS)
STEPS = 12
NAMES = ["dns", "tcp", "tls", "http"]
RECORD, STEP, NAMED, CERTIFICATE = 4, 5, 6, 7  # the parts of a message


def body(change: Callable[[list[Any]], object]) -> bytes:
    """A good body, changed."""
    whole = msgspec.msgpack.decode(RAW)
    change(whole)
    return encode(whole)


def parts(whole: list[Any]) -> list[list[Any]]:
    """All lists of columns."""
    return [whole[RECORD], whole[STEP], *whole[NAMED], whole[CERTIFICATE]]


def column(name: str, values: object = None, index: bytes | None = None) -> bytes:
    """A good body with another column of that name."""

    def change(whole: list[Any]) -> None:
        for found in (one for part in parts(whole) for one in part if one[0] == name):
            found[1] = found[1] if values is None else values
            found[2] = found[2] if index is None else index

    return body(change)


def of_step(step: str, name: str, values: object, index: bytes = b"") -> bytes:
    """A good body with one column more for the steps of that name."""
    return body(lambda whole: whole[NAMED][NAMES.index(step)].append([name, values, index]))


def without(name: str) -> bytes:
    def change(whole: list[Any]) -> None:
        for part in parts(whole):
            part[:] = [one for one in part if one[0] != name]

    return body(change)


def seconds(*found: float) -> bytes:
    return struct.pack(f"<{STEPS}d", *found, *[0.0] * (STEPS - len(found)))


def texts(*found: str) -> list[object]:
    return ["".join(found), struct.pack(f"<{len(found)}H", *map(len, found))]


BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("nothing", lambda: b"", "truncated"),
    ("words", lambda: b"words", "array"),
    ("a map", lambda: encode({}), "array"),
    ("cut", lambda: RAW[:-1], "truncated"),
    ("something behind", lambda: RAW + b"\x00", "trailing"),
    ("another version", lambda: body(lambda whole: whole.__setitem__(0, 2)), "Invalid enum value 2"),
    ("too many records", lambda: body(lambda whole: whole.__setitem__(1, MAX_RECORDS + 1)), "records; 2000"),
    ("too many steps", lambda: body(lambda whole: whole.__setitem__(2, MAX_STEPS + 1)), "steps; 100000"),
    ("fewer than none", lambda: body(lambda whole: whole.__setitem__(1, -1)), ">= 0"),
    ("too many certificates", lambda: body(lambda whole: whole.__setitem__(3, 65_536)), "certificates; 65535"),
    ("one record more", lambda: body(lambda whole: whole.__setitem__(1, 4)), "bytes"),
    ("one step more", lambda: body(lambda whole: whole.__setitem__(2, STEPS + 1)), "bytes"),
    ("a column twice", lambda: body(lambda whole: whole[RECORD].append(whole[RECORD][0])), "stands twice"),
    ("257 columns", lambda: body(lambda whole: whole[STEP].extend([str(n), 0, b""] for n in range(257))), "length"),
    ("no ids", lambda: without("id"), "id is missing"),
    ("no targets", lambda: without("target"), "target is missing"),
    ("no verdicts", lambda: without("verdict"), "verdict is missing"),
    ("no names of steps", lambda: without("step"), "step is missing"),
    ("no times", lambda: without("at"), "column at has 0 bytes"),
    ("no t", lambda: without("t"), "column t has 0 bytes"),
    ("times of another size", lambda: column("at", b"1234"), "column at has 4 bytes"),
    ("a time before the calendar", lambda: column("at", struct.pack("<3q", 0, -1, 0)), "no calendar"),
    ("a time behind the calendar", lambda: column("at", struct.pack("<3q", 0, 0, 1 << 62)), "no calendar"),
    ("steps that are not there", lambda: column("steps", struct.pack("<3H", 4, 4, 5)), "have 13 steps"),
    ("a step of 86,401 s", lambda: column("t", seconds(86_401)), "from 0 to 86400"),
    ("a step that is not a number", lambda: column("t", seconds(float("nan"))), "from 0 to 86400"),
    ("a step before the record", lambda: column("t0", seconds(-0.5)), "from 0 to 86400"),
    ("an index beyond", lambda: column("host", index=b"\x02" * 3), "points at no value"),
    ("an index of no verdict", lambda: column("verdict", index=b"\x00\x01\x01"), "points at no value"),
    ("a short index", lambda: column("host", index=b"\x01"), "index of host has 1 bytes"),
    ("two values and no index", lambda: column("host", texts("a", "b"), b""), "no index"),
    ("names of steps without columns", lambda: column("step", texts(*NAMES, "quic")), "names of steps"),
    ("one name less", lambda: body(lambda whole: whole[NAMED].pop()), "names of steps"),
    ("an index of no step", lambda: column("step", index=b"\x00" * STEPS), "points at no value"),
    ("a number for a name", lambda: column("host", [7, b""]), "Expected `str`, got `int`"),
    ("names in an array", lambda: column("host", ["a"]), "array"),
    ("a name of 257 letters", lambda: column("host", texts("x" * 257)), "256 each are allowed"),
    ("half a length", lambda: column("host", ["a", b"\x01"]), "half a length"),
    ("more letters than there are", lambda: column("host", ["a", b"\x02\x00"]), "2 letters, 1 are there"),
    ("letters of no length", lambda: column("host", ["ab", b"\x01\x00"]), "1 letters, 2 are there"),
    ("a port of 65,536", lambda: column("port", [65_536]), "<= 65535"),
    ("a state of no list", lambda: column("verdict", [{"state": "bad"}], b""), "Invalid enum value 'bad'"),
    ("a region of no form", lambda: column("network", [{"region": "kz"}], b""), "regex"),
    ("17 in a chain", lambda: column("chain", [[0] * 17]), "length <= 16"),
    ("a chain of nothing", lambda: column("chain", [[1]]), "not there"),
    ("a certificate without a print", lambda: without("sha256"), "sha256 is missing"),
    ("33 headers", lambda: of_step("http", "headers", [{f"h{n}": "" for n in range(33)}]), "length <= 32"),
    ("not a number", lambda: of_step("tcp", "rtt_s", [float("nan")]), ">= 0.0"),
    ("an address as bytes", lambda: of_step("dns", "cname", [b"x", b""]), "Expected `str`"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "why"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_refused_and_why(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(BadRecord, match=why) as refusal:
        unpack(make())
    assert "\n" not in str(refusal.value)


def test_what_is_not_changed_is_taken() -> None:
    assert list(records_of(unpack(body(lambda _: None)), "control")) == RECORDS


def test_a_key_that_stands_twice_in_a_map_is_refused() -> None:
    raw = of_step("http", "headers", [{"a": "1", "b": "2"}])
    with pytest.raises(BadRecord, match="key twice"):
        unpack(raw.replace(b"\xa1b\xa12", b"\xa1a\xa12"))


def test_nesting_without_end_is_refused() -> None:
    deep = b"\x91" * 100_000 + b"\x90"
    with pytest.raises(BadRecord, match=r"recursion|nested|depth"):
        unpack(of_step("dns", "later", None).replace(b"\xa5later\xc0", b"\xa5later" + deep))


def test_what_a_newer_probe_adds_is_passed_over() -> None:
    later = of_step("dns", "later", [1])
    later = b"\x99" + later[1:] + encode("more")
    assert list(records_of(unpack(later), "control")) == RECORDS
    target = {"id": "site", "url": "https://site.example/", "category": "news", "side": "foreign", "later": 1}
    assert list(records_of(unpack(column("target", [target], b"")), "control")) == RECORDS


def heavy(records: int, steps: int, letters: int) -> list[Any]:
    step = Step(step="http", failure=None, t0=0.0, t=0.0, url="u" * letters, location="l" * letters)
    return [measured(SITE, [step] * steps)] * records


@pytest.mark.parametrize(
    ("records", "steps", "letters"), [(2_000, 2, 2_048), (1, 256, 2_048), (100, 256, 512)]
)
def test_little_that_stands_for_much_is_refused(records: int, steps: int, letters: int) -> None:
    raw = pack(heavy(records, steps, letters))
    assert len(raw) < 300_000
    with pytest.raises(TooMuch, match="are allowed"):
        unpack(raw)


def test_much_that_is_said_once_is_taken() -> None:
    step = Step(step="http", failure=None, t0=0.0, t=0.0)
    long = [replace(step, url=f"{n}" + "u" * 2_040, title="t" * 250) for n in range(200)]
    records = [measured(SITE, [*long[:50], *[step] * 150])] * 2 + [measured(SITE, [step] * 250)] * 300
    assert unpack(pack(records)).records == 302


def test_chains_are_weighed_with_their_certificates() -> None:
    large = replace(leaf(), subject="s" * 2_048, issuer="i" * 2_048)
    step = Step(step="tls", failure=None, t0=0.0, t=0.0, chain=(large,) * 16)
    assert unpack(pack([measured(SITE, [step] * 15)])).steps == 15
    with pytest.raises(TooMuch, match="a record of"):
        unpack(pack([measured(SITE, [step] * 30)]))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_cleanly(raw: bytes) -> None:
    with pytest.raises(BadRecord) as refusal:
        unpack(raw)
    assert "\n" not in str(refusal.value)


@given(st.lists(st.tuples(st.integers(0, len(RAW) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_bytes_give_records_or_a_clean_refusal(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(RAW)
    for place, value in changes:
        raw[place] = value
    try:
        assert len(list(records_of(unpack(bytes(raw)), "control"))) <= MAX_RECORDS
    except BadRecord as refusal:
        assert "\n" not in str(refusal)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=4) | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip
names = st.sampled_from(sorted({one[0] for part in parts(msgspec.msgpack.decode(RAW)) for one in part}))


@given(names, plain, st.binary(max_size=STEPS))
def test_any_column_gives_records_or_a_clean_refusal(name: str, values: object, index: bytes) -> None:
    try:
        assert len(list(records_of(unpack(column(name, values, index)), "control"))) == len(RECORDS)
    except BadRecord as refusal:
        assert "\n" not in str(refusal)
