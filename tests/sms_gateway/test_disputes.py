"""What stations told in two ways: both sides shown by their receipts, and nobody's number."""

from __future__ import annotations

import csv
import io
import sqlite3
from datetime import timedelta

from msgspec.structs import replace

from sms_gateway import inbox
from sms_gateway.core.book import Book
from sms_gateway.core.intake import Taken, receipt_of, take
from sms_gateway.core.message import Message
from sms_gateway.disputes import Dispute, as_csv, disputes
from tests.sms_gateway.harness import DESK, NOW, RULES
from wire.stationkeys import StationKeys
from wire.typed import Typed, written

STATION = "KZ-71-0379"
CODES = ("482913", "071325", "555555")
FIRST, OTHER = "+77011234567", "+77779998811"
ENROLLED = replace(DESK, book=Book([StationKeys(station=STATION, codes=CODES)]))


def typed(code: str, kind: str, mark: str = "", count: str = "") -> str:
    """The text that the card prints for a word."""
    words = {"turnout": "ЯВКА", "open": "ОТКРЫТ", "closed": "ЗАКРЫТ"}
    return written(Typed(station=STATION, kind=kind, code=code, mark=mark, count=count), words[kind])


def brought(db: sqlite3.Connection, text: str, sender: str = FIRST, after_s: float = 0.0) -> Taken:
    """A text, taken after so many seconds."""
    message = Message(link="kannel", id=f"{sender}{after_s}", sender=sender, recipient="1234", text=text)
    found = take(message, NOW + timedelta(seconds=after_s), ENROLLED, answers=True)
    inbox.put(db, found, RULES)
    return found


def receipts(found: Dispute) -> list[str]:
    return [side.receipt for side in found.sides]


def test_two_counts_of_one_hour_stand_side_by_side_with_their_receipts(db: sqlite3.Connection) -> None:
    one = brought(db, typed(CODES[0], "turnout", "12", "1250"))
    two = brought(db, typed(CODES[1], "turnout", "12", "1520"), OTHER, 60)
    brought(db, typed(CODES[2], "open"), OTHER, 90)
    (found,) = disputes(db)
    assert (found.station, found.topic) == (STATION, "turnout 12")
    assert [(side.said, side.proof, side.witnesses) for side in found.sides] == [
        ("turnout 12 1250", "code", 1), ("turnout 12 1520", "code", 1),
    ]  # fmt: skip
    assert one.report is not None
    assert two.report is not None
    assert receipts(found) == [receipt_of(one.report), receipt_of(two.report)]
    assert [side.texts for side in found.sides] == [(one.text,), (two.text,)]


def test_two_strangers_who_say_the_opposite_are_told_too(db: sqlite3.Connection) -> None:
    brought(db, "свет есть 71 379")
    brought(db, "света нет 71 379", OTHER, 60)
    (found,) = disputes(db)
    assert [(side.said, side.proof, side.texts) for side in found.sides] == [
        ("power on", "none", ("свет есть 71 379",)), ("power off", "none", ("света нет 71 379",)),
    ]  # fmt: skip


def test_a_code_that_was_spent_on_something_else_is_shown_beside_it(db: sqlite3.Connection) -> None:
    one = brought(db, typed(CODES[0], "open"))
    other = brought(db, typed(CODES[0], "closed"), OTHER, 60)
    (found,) = disputes(db)
    assert [(side.said, bool(side.receipt), side.texts) for side in found.sides] == [
        ("open", True, (one.text,)), ("closed", False, (other.text,)),
    ]  # fmt: skip


def test_a_witness_adds_to_a_side_and_his_other_words_are_shown(db: sqlite3.Connection) -> None:
    brought(db, typed(CODES[0], "turnout", "12", "1250"))
    again = typed(CODES[0], "turnout", "12", "1250").lower().replace("-", " ")
    brought(db, again, OTHER, 30)
    brought(db, typed(CODES[1], "turnout", "12", "1520"), OTHER, 60)
    (found,) = disputes(db)
    assert [side.witnesses for side in found.sides] == [2, 1]
    assert again in found.sides[0].texts


def test_nobodys_number_is_shown_not_even_one_that_was_typed(db: sqlite3.Connection) -> None:
    brought(db, "свет есть 71 379")
    brought(db, "света нет 71 379", OTHER, 60)
    db.execute("UPDATE inbox SET text = text || ' +7 701 123-45-67 87779998811' ")
    told = as_csv(disputes(db))
    assert "свет есть 71 379 ... ..." in told
    assert not any(number[2:] in told for number in (FIRST, OTHER))


def test_the_csv_has_a_line_a_side_and_no_formula(db: sqlite3.Connection) -> None:
    brought(db, "свет есть 71 379")
    brought(db, "=света нет 71 379", OTHER, 60)
    rows = list(csv.DictReader(io.StringIO(as_csv(disputes(db)))))
    assert [(row["station"], row["topic"], row["said"], row["text"]) for row in rows] == [
        (STATION, "power", "power on", "свет есть 71 379"),
        (STATION, "power", "power off", "'=света нет 71 379"),
    ]


def test_what_agrees_is_no_dispute(db: sqlite3.Connection) -> None:
    brought(db, "свет есть 71 379")
    brought(db, "свет бар 71 379", OTHER, 60)
    brought(db, "света нет 71 379", OTHER, 3600)
    assert disputes(db) == []


def test_many_disputes_are_found_in_one_look_at_the_texts(db: sqlite3.Connection) -> None:
    """Each look once went through all texts: on an election day nothing was acknowledged for a quarter minute."""
    for number in range(1, 4):
        brought(db, f"свет есть 71 {number}", after_s=number)
        brought(db, f"света нет 71 {number}", OTHER, 60 + number)
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    found = disputes(db)
    db.set_trace_callback(None)
    assert [side.texts for one in found for side in one.sides] == [
        (f"{said} 71 {number}",) for number in (3, 2, 1) for said in ("свет есть", "света нет")
    ]
    assert sum("FROM inbox" in one for one in asked) == 1
