"""From the ledger's entries to Prometheus' figures."""

from __future__ import annotations

from collector.core.families import text_of
from collector.core.sheets.figures import Audit, SheetFigures
from collector.core.times import epoch_seconds
from tests.collector.core.sheets.scenes import HASH_B, at, claim, sheet
from wire.ledger import Entry


def told(*entries: Entry, seen: float | None = None) -> SheetFigures:
    figures = SheetFigures()
    for index, entry in enumerate(entries):
        figures.take(index, entry, seen)
    return figures


def test_what_came_is_counted_by_region_and_road() -> None:
    found = told(claim(), sheet(), sheet(HASH_B, by="observer"), claim(station="KZ-99-0001"))
    assert found.received == {("KZ-71", "sms"): 1, ("KZ-71", "https"): 2, ("unknown", "sms"): 1}


def test_a_mismatch_has_the_road_of_the_claim_where_one_is_in_it() -> None:
    bad = [Entry(kind="mismatch", at=at(3), station="KZ-71-0379", of=of) for of in ((0, 1), (1, 2))]
    found = told(claim(), sheet(HASH_B), sheet(by="observer"), *bad)
    assert found.mismatches == {("KZ-71", "sms"): 1, ("KZ-71", "https"): 1}


def test_only_what_came_since_the_start_has_a_delay() -> None:
    assert sum(told(claim()).to_public.counts) == 0
    found = told(claim(), Entry(kind="match", at=at(0), of=(0, 0)), seen=epoch_seconds(at(0)) + 2.5)
    assert (sum(found.to_public.counts), found.to_public.sum) == (1, 2.5)


def test_an_audit_is_told_once_there_was_one() -> None:
    figures = SheetFigures()
    assert "\ndabyl_ledger_audit_ok " not in text_of(figures.families(0.0)).decode()
    for faults, told_as in (((), "1.0"), (("entry 3: changed",), "0.0")):
        figures.audit = Audit(17.0, faults)
        text = text_of(figures.families(0.0)).decode()
        assert f"dabyl_ledger_audit_ok {told_as}\n" in text
        assert "dabyl_ledger_audit_timestamp_seconds 17.0\n" in text
