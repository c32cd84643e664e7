from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from collector.core.intake import Intake, Limits
from collector.core.places import place_of
from collector.core.reading import Batch
from collector.core.refusals import RULES, Reason, Refused
from collector.core.roster import Enrolled, Roster
from collector.core.times import stamp
from tests.collector.core.scenes import ASTANA, NOW, key, seen
from tests.collector.harness import BOOT, sealed
from wire.batch import MAX_BATCH_BYTES, MAX_EXPANDED_BYTES
from wire.columns import pack
from wire.enrol import Role
from wire.records import Measurement, StationReport, Step
from wire.signing import to_text

PROBE, STRANGER, REVOKED, GATEWAY = key(1), key(2), key(3), key(4)
GOOD = seen("a", probe=PROBE.id)


def roster() -> Roster:
    members = Roster()
    rows: list[tuple[int, Role, bool]] = [(1, "probe", False), (3, "probe", True), (4, "gateway", False)]
    for number, role, revoked in rows:
        signer = key(number)
        members.put(Enrolled(number, signer.id, signer.public, role, place_of(ASTANA), NOW, revoked, None))
    return members


def by_hand(body: bytes) -> bytes:
    """A signed batch whose body our own code would not make."""
    head = f"dabyl/v1/batch {PROBE.id} {BOOT} 1 columns".encode()
    signature = PROBE.sign("dabyl/v1/batch", head + b"\n" + body)
    return head + b"\n" + to_text(signature).encode() + b"\n" + body


def changed(place: int, value: object) -> bytes:
    """A good batch with another element of its message."""
    whole = msgspec.msgpack.decode(pack([GOOD]))
    whole[place] = value
    return by_hand(zstandard.compress(msgspec.msgpack.encode(whole)))


def tampered() -> bytes:
    raw = bytearray(sealed(PROBE, [GOOD]))
    raw[-1] ^= 1
    return bytes(raw)


def heavy() -> list[Measurement]:
    step = Step(step="http", failure=None, t0=0.0, t=0.0, url="u" * 2_048, location="l" * 2_048)
    return [replace(GOOD, steps=(step,) * 5)] * 1_000


BAD: list[tuple[str, Callable[[], bytes], Reason]] = [
    ("nothing", lambda: b"", "malformed"),
    ("words", lambda: b"GET / HTTP/1.1", "malformed"),
    ("too many bytes", lambda: bytes(MAX_BATCH_BYTES + 1), "too_large"),
    ("a stranger's", lambda: sealed(STRANGER, [GOOD]), "unknown_probe"),
    ("a revoked key's", lambda: sealed(REVOKED, [GOOD]), "revoked"),
    ("a gateway's", lambda: sealed(GATEWAY, [GOOD]), "role"),
    ("a report", lambda: sealed(PROBE, [], purpose="dabyl/v1/report"), "purpose"),
    ("a changed byte", tampered, "signature"),
    ("a zstd bomb", lambda: by_hand(zstandard.compress(bytes(MAX_EXPANDED_BYTES + 1))), "bomb"),
    ("a dictionary that stands for too much", lambda: sealed(PROBE, heavy()), "bomb"),
    ("no frame", lambda: by_hand(b"words"), "schema"),
    ("no columns", lambda: by_hand(zstandard.compress(b"words")), "schema"),
    ("lines", lambda: sealed(PROBE, [GOOD]).replace(b" columns\n", b" lines\n", 1), "malformed"),
    ("JSON of old", lambda: sealed(PROBE, [GOOD]).replace(b" columns\n", b" zstd\n", 1), "malformed"),
    ("another version", lambda: changed(0, 2), "schema"),
    ("a record that is not there", lambda: changed(1, 2), "schema"),
    ("deep nesting", lambda: changed(3, [[[[]]]]), "schema"),
    ("too many records", lambda: changed(1, 2_001), "schema"),
    ("from the future", lambda: sealed(PROBE, [seen("a", probe=PROBE.id, at=NOW + 601)]), "time"),
    ("from long ago", lambda: sealed(PROBE, [seen("a", probe=PROBE.id, at=NOW - 61 * 86_400)]), "time"),
]


@pytest.mark.parametrize(("make", "reason"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_refused_and_why(make: Callable[[], bytes], reason: Reason) -> None:
    with pytest.raises(Refused) as caught:
        Intake(roster(), Limits()).take(make(), "dabyl/v1/batch", NOW)
    assert caught.value.reason == reason
    assert caught.value.status == RULES[reason].status
    assert len(caught.value.refusal.detail) <= 300


@pytest.mark.parametrize("at", [NOW + 600, NOW, NOW - 59 * 86_400])
def test_what_lies_in_the_allowed_times_is_taken(at: float) -> None:
    batch = Intake(roster(), Limits()).take(
        sealed(PROBE, [seen("a", probe=PROBE.id, at=at)]), "dabyl/v1/batch", NOW
    )
    assert batch.newest == at


def test_an_empty_batch_fills_a_place() -> None:
    assert Intake(roster(), Limits()).take(sealed(PROBE, []), "dabyl/v1/batch", NOW).newest is None


@pytest.mark.parametrize(("ahead", "retry"), [(700, True), (90_000, False)])
def test_a_clock_a_little_ahead_may_try_again(ahead: int, retry: bool) -> None:
    with pytest.raises(Refused) as caught:
        Intake(roster(), Limits()).take(
            sealed(PROBE, [seen("a", probe=PROBE.id, at=NOW + ahead)]), "dabyl/v1/batch", NOW
        )
    assert caught.value.retry == retry


def test_the_rate_is_told_with_the_time_to_wait() -> None:
    intake = Intake(roster(), Limits(batches_per_s=0.5, batches_burst=2))
    for sequence in (1, 2):
        intake.take(sealed(PROBE, [GOOD], sequence), "dabyl/v1/batch", NOW)
    with pytest.raises(Refused) as caught:
        intake.take(sealed(PROBE, [GOOD], 3), "dabyl/v1/batch", NOW)
    assert (caught.value.reason, caught.value.wait_s, caught.value.retry) == ("rate", 2.0, True)
    assert intake.take(sealed(PROBE, [GOOD], 3), "dabyl/v1/batch", NOW + 2).newest == NOW


def test_a_stranger_cannot_use_up_a_probes_rate() -> None:
    intake = Intake(roster(), Limits(batches_burst=1))
    for _ in range(5):
        with pytest.raises(Refused, match="does not fit"):
            intake.take(tampered(), "dabyl/v1/batch", NOW)
    assert intake.take(sealed(PROBE, [GOOD]), "dabyl/v1/batch", NOW).newest == NOW


def test_a_report_is_taken_from_a_gateway_alone() -> None:
    intake = Intake(roster(), Limits())
    assert intake.take(sealed(GATEWAY, [], purpose="dabyl/v1/report"), "dabyl/v1/report", NOW).reports == ()
    with pytest.raises(Refused) as caught:
        intake.take(sealed(PROBE, [], purpose="dabyl/v1/report"), "dabyl/v1/report", NOW)
    assert caught.value.reason == "role"


def outcome(raw: bytes) -> Batch | Refused:
    try:
        return Intake(roster(), Limits()).take(raw, "dabyl/v1/batch", NOW)
    except Refused as refused:
        return refused


@given(st.binary(max_size=600))
@example(b"dabyl/v1/batch \n\n")
def test_any_bytes_give_a_batch_or_a_refusal(raw: bytes) -> None:
    assert isinstance(outcome(raw), Refused)


@given(st.binary(max_size=600))
def test_any_signed_bytes_give_a_batch_or_a_refusal(body: bytes) -> None:
    assert isinstance(outcome(by_hand(zstandard.compress(body))), Batch | Refused)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.integers(0, 5), values)
def test_any_value_in_any_place_gives_a_batch_or_a_refusal(place: int, value: object) -> None:
    assert isinstance(outcome(changed(place, value)), Batch | Refused)


def test_a_station_of_no_region_is_refused() -> None:
    report = StationReport(id="r", station="KZ-99-0001", kind="open", at=stamp(NOW))
    with pytest.raises(Refused, match="no region KZ-99"):
        Intake(roster(), Limits()).take(
            sealed(GATEWAY, [report], purpose="dabyl/v1/report"), "dabyl/v1/report", NOW
        )
