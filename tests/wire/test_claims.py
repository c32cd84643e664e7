"""Reports of one station that speak of the same: which is believed, and which cannot both be true."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wire.claims import CONTRADICTION_S, claim, contradicts, is_proven, order, topic
from wire.names import Proof, StationKind
from wire.records import StationReport
from wire.times import after

AT = "2026-11-22T04:00:00.000Z"


def said(
    kind: StationKind, value: str = "", after_s: float = 0.0, *,
    mark: str = "", sender: str = "one", proof: Proof = "none", id_: str = "a",
) -> StationReport:  # fmt: skip
    return StationReport(
        id=id_, station="KZ-71-0379", kind=kind, value=value, at=after(AT, after_s), mark=mark,
        sender=sender, proof=proof,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("report", "about", "what"),
    [
        (said("open"), "door", "open"),
        (said("closed"), "door", "closed"),
        (said("power", "off"), "power", "off"),
        (said("net", "on"), "net", "on"),
        (said("turnout", "1250", mark="12"), "turnout 12", "1250"),
        (said("sheet", "abc", mark="2"), "sheet 2", "abc"),
    ],
)
def test_a_report_says_something_of_its_topic(report: StationReport, about: str, what: str) -> None:
    assert (topic(report), claim(report)) == (about, what)


class Row(NamedTuple):
    name: str
    one: StationReport
    other: StationReport
    torn: bool


TABLE = [
    Row("open and closed by two people at a time", said("open"), said("closed", sender="two"), True),
    Row("open, and closed by the same person", said("open"), said("closed"), False),
    Row("open and closed, at the edge", said("open"), said("closed", after_s=CONTRADICTION_S, sender="two"), True),
    Row("open, and closed in the evening", said("open"), said("closed", after_s=CONTRADICTION_S + 1, sender="two"), False),
    Row("power on and off", said("power", "on"), said("power", "off", sender="two"), True),
    Row("no power, and closed", said("power", "off"), said("closed", sender="two"), False),
    Row("the same twice", said("power", "off"), said("power", "off", sender="two"), False),
    Row("two counts of one hour, hours apart", said("turnout", "10", mark="12"), said("turnout", "90", 9_000, mark="12"), True),
    Row("counts of two hours", said("turnout", "10", mark="12"), said("turnout", "90", mark="14", sender="two"), False),
    Row("counts of no hour", said("turnout", "10"), said("turnout", "90", sender="two"), False),
    Row("two hashes of one sheet", said("sheet", "a", mark="1"), said("sheet", "b", 90_000, mark="1"), True),
    Row("hashes of two sheets", said("sheet", "a", mark="1"), said("sheet", "b", mark="2"), False),
    Row("proven against anybody", said("open", proof="code"), said("closed", sender="two"), False),
    Row("a code against a seal", said("open", proof="code"), said("closed", sender="two", proof="seal"), True),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_cannot_both_be_true_contradicts(row: Row) -> None:
    assert contradicts(row.one, row.other) is row.torn
    assert contradicts(row.other, row.one) is row.torn


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (said("open", proof="code"), said("closed", after_s=3_600)),
        (said("open", proof="seal"), said("closed", after_s=3_600)),
        (said("open", after_s=1), said("closed")),
        (said("open", after_s=1, proof="seal"), said("closed", proof="code")),
        (said("open", id_="b"), said("closed", id_="a")),
    ],
)
def test_proven_goes_before_later_goes_before_the_rest(better: StationReport, worse: StationReport) -> None:
    assert order(better) > order(worse)


KINDS: st.SearchStrategy[StationKind] = st.sampled_from(
    ["open", "closed", "power", "net", "turnout", "sheet"]
)
PROOFS: st.SearchStrategy[Proof] = st.sampled_from(["none", "code", "seal"])
REPORTS = st.builds(
    said, KINDS, st.sampled_from(["on", "off", "10"]), st.floats(0, 2_000),
    mark=st.sampled_from(["", "1", "12"]), sender=st.sampled_from(["one", "two"]), proof=PROOFS,
)  # fmt: skip


@given(REPORTS, REPORTS)
def test_nobody_contradicts_himself_and_a_contradiction_is_mutual(
    one: StationReport, other: StationReport
) -> None:
    assert not contradicts(one, one)
    assert contradicts(one, other) == contradicts(other, one)
    if contradicts(one, other):
        assert topic(one) == topic(other)
        assert is_proven(one) == is_proven(other)


@given(st.lists(REPORTS, min_size=1, max_size=6), PROOFS)
def test_who_cannot_prove_anything_never_displaces_a_proof(
    reports: list[StationReport], proof: Proof
) -> None:
    proven = replace(reports[0], proof="code")
    rest = [replace(one, proof="none") for one in reports]
    assert max([*rest, proven], key=order) == proven
