from __future__ import annotations

from collections.abc import Sequence

from collector.core import recent
from collector.core.detect.columns import BAD
from collector.core.naming import public_measurement, public_probe
from collector.core.recent import Heard, Recent
from collector.core.witnesses import named
from tests.collector.core.scenes import ALMATY, ASTANA, NOW, digest, seen
from wire.incidents import Incident, ProbeCount, Scope, Sentence
from wire.records import Measurement


def heard(records: Sequence[Measurement], arrived: float, probe: str = "p") -> Heard:
    rows = digest(records).rows
    assert rows is not None
    return Heard(arrived, probe, rows)


def held(*names: str, at: float = NOW, most: int = 100) -> Recent:
    found = Recent(most)
    for name in names:
        found.take([heard([seen(name, at=at)], at + 5)])
    return found


def test_measurements_become_columns_in_the_order_of_arrival_none_twice() -> None:
    found = Recent(100)
    records = [seen("b", at=NOW + 1), seen("a", at=NOW), seen("b", at=NOW + 1)]
    found.take([heard([records[0]], NOW + 9), heard([records[1]], NOW + 8), heard([records[2]], NOW + 9)])
    columns = found.columns()
    assert [columns.roles[target].id for target in columns.target] == ["a", "b"]
    assert list(columns.arrival) == [NOW + 8, NOW + 9]
    assert [columns.id_of(int(row)) for row in columns.row] == [records[1].id, records[0].id]


def test_what_is_old_is_forgotten_by_its_own_time() -> None:
    found = held("a", "b")
    found.take([heard([seen("old", at=NOW - 60)], NOW + 9)])
    found.forget(NOW - 30)
    assert (len(found), found.floor) == (2, NOW - 30)


def test_beyond_the_bound_the_oldest_arrivals_go_and_the_floor_rises() -> None:
    found = held("a", "b", "c", most=2)
    found.forget(NOW - 60)
    assert (len(found), found.floor) == (2, NOW + 5)


def test_a_revoked_probe_does_not_count() -> None:
    assert len(held("a").columns(without=["p", "nobody"])) == 0


def test_names_that_somebody_makes_up_have_a_bound(monkeypatch: object) -> None:
    monkeypatch.setattr(recent, "MAX_ROLES", 2)  # type: ignore[attr-defined]  # pytest's own
    assert len(held("a", "b", "c", "a2")) == 2


def test_the_id_of_a_row_is_found_whatever_was_forgotten_around_it() -> None:
    found = Recent(100)
    old = [seen(f"old{number}", at=NOW - 60) for number in range(3)]
    batches = [[old[0], seen("a"), seen("b")], [old[1], seen("c")], [old[2], seen("d", at=NOW + 1)]]
    found.take([heard(records, NOW + 5 + number) for number, records in enumerate(batches)])
    found.take([heard([seen("e")], NOW + 9)])
    found.forget(NOW - 30)
    columns = found.columns()
    ids = [columns.id_of(int(row)) for row in columns.row]
    assert [columns.roles[target].id for target in columns.target] == ["a", "b", "c", "d", "e"]
    assert ids == [f"{name}-{at}" for name, at in zip("abcde", [NOW, NOW, NOW, NOW + 1, NOW], strict=True)]


def test_places_outcomes_and_probes_are_those_of_each_record() -> None:
    found = Recent(100)
    records = [seen("a", "blocked"), seen("b", network=ALMATY), seen("a", at=NOW + 1, network=ASTANA)]
    found.take([heard(records, NOW + 5, "one"), heard([seen("b", at=NOW + 2)], NOW + 6, "two")])
    columns = found.columns()
    assert [columns.probes[probe] for probe in columns.probe] == ["one"] * 3 + ["two"]
    assert [columns.places[place].region for place in columns.place] == ["KZ-71", "KZ-75", "KZ-71", "KZ-71"]
    assert [columns.roles[target].id for target in columns.target] == ["a", "b", "a", "b"]
    assert list(columns.outcome) == [2, 1, 1, 1]


def test_what_is_asked_for_by_its_id_is_found_once_and_named_for_everybody() -> None:
    found = Recent(100)
    record, again = seen("a", "blocked", at=NOW), seen("a", "ok", at=NOW)
    found.take([heard([record, seen("b")], NOW + 8, "probe-1"), heard([again], NOW + 9, "probe-2")])
    rows = found.seen([record.id, "nobody-1"])
    assert [(one.probe, one.role.id, one.outcome) for one in rows.values()] == [("probe-1", "a", BAD)]
    told, evidence = named(INCIDENT, rows, lambda _: bytes(32))
    (row,) = evidence
    assert told.witnesses == (row.id,), "who is not found any more is left out, not named"
    assert row.id == public_measurement(bytes(32), record.id)
    assert row.probe == public_probe(bytes(32), ASTANA, "probe-1")
    assert (row.at, row.region, row.operator, row.target, row.saw) == (
        record.at, "KZ-71", "AS9198", "a", "fails",
    )  # fmt: skip


INCIDENT = Incident(
    id="i", kind="service_block", scope=Scope(level="national"), started_at="2026-11-20T08:00:00.000Z",
    ended_at=None, detected_at="2026-11-20T08:03:00.000Z", confidence=0.9, sentence=Sentence(kk="", ru="", en=""),
    probes=ProbeCount(affected=3, reporting=3, expected=3), witnesses=(f"a-{NOW}", "nobody-1"),
)  # fmt: skip


def test_a_full_memory_keeps_a_few_records_of_each_visit_and_finds_their_ids() -> None:
    found = held("first", most=1)
    records = [seen(f"s{n}", at=NOW + 1) for n in range(20)]
    found.take([heard(records[:9], NOW + 9, "q"), heard(records[9:], NOW + 9, "q")])
    columns = found.columns()
    ids = [columns.id_of(int(row)) for row in columns.row]
    names = [columns.roles[target].id for target in columns.target]
    by_id = {one.id: one.target.id for one in [seen("first", at=NOW), *records]}
    assert 4 < len(ids) <= 9
    assert [by_id[one] for one in ids] == names
