from __future__ import annotations

import msgspec

from collector.core import recent
from collector.core.recent import Recent
from tests.collector.core.scenes import NOW, seen


def held(*names: str, at: float = NOW, most: int = 100) -> Recent:
    found = Recent(most)
    for name in names:
        found.take([msgspec.json.encode(seen(name, at=at))], [at + 5])
    return found


def test_measurements_become_columns_in_the_order_of_arrival_none_twice() -> None:
    found = Recent(100)
    records = [seen("b", at=NOW + 1), seen("a", at=NOW), seen("b", at=NOW + 1)]
    found.take([msgspec.json.encode(one) for one in records], [NOW + 9, NOW + 8, NOW + 9])
    columns = found.columns()
    assert [columns.roles[target].id for target in columns.target] == ["a", "b"]
    assert list(columns.arrival) == [NOW + 8, NOW + 9]
    assert [columns.id_of(int(row)) for row in columns.row] == [records[1].id, records[0].id]


def test_what_is_old_is_forgotten_by_its_own_time() -> None:
    found = held("a", "b")
    found.take([msgspec.json.encode(seen("old", at=NOW - 60))], [NOW + 9])
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
