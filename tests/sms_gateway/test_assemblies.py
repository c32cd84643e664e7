"""What joining remembers through a restart, and what it forgets."""

from __future__ import annotations

import sqlite3

from sms_gateway import assemblies
from sms_gateway.assemblies import Oddity
from sms_gateway.core.again import Came
from sms_gateway.core.incoming import Part
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.reassembly import Assembly, Place, add, slot_of


def _assembly() -> Assembly:
    join = Join(reference=1, width=8, total=2, part=1)
    part = Part(sender="+7701", alphabet="ucs2", payload=b"\x04\x41\xff", join=join)
    slot = slot_of(part, bytes(32))
    assert slot is not None
    return add(Place(slot=slot, link="a", now=5.0), None, part).assembly


def test_an_open_text_comes_back_as_it_was(db: sqlite3.Connection) -> None:
    kept = _assembly()
    assemblies.change(db, {kept.slot.print: kept})
    assert assemblies.load(db).assemblies == (kept,)
    assemblies.change(db, {kept.slot.print: None})
    assert assemblies.load(db).assemblies == ()


def test_what_came_lately_comes_back_in_its_order_and_goes_with_its_session(db: sqlite3.Connection) -> None:
    came = [Came(link="a", session="s1", at=float(at), print=b"%d" % at) for at in (0, 50, 100, 130)]
    assemblies.remember(db, came)
    assert list(assemblies.load(db).lately) == came
    assemblies.forget(db, before=10.0)
    assert [one.at for one in assemblies.load(db).lately] == [100.0, 130.0]


def test_what_is_odd_is_listed_the_newest_first_and_forgotten_in_time(db: sqlite3.Connection) -> None:
    odd = [
        Oddity(link="a", at=f"2026-11-2{day}T00:00:00.000Z", why="w", print="", raw=b"\xff")
        for day in (1, 2, 3)
    ]
    assemblies.set_aside(db, odd)
    assert assemblies.oddities(db, 2) == [odd[2], odd[1]]
    assemblies.trim(db, "2026-11-23T00:00:00.000Z")
    assert assemblies.oddities(db, 9) == [odd[2]]
