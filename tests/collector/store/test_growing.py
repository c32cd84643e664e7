from __future__ import annotations

from pathlib import Path

from collector.core.book import Book, Revision
from collector.store import load, transaction
from collector.store.schema import FILE, TABLES, VERSION, connect, open_database
from tests.collector.core.scenes import NOW
from tests.collector.core.test_book import incident


def test_an_older_folder_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    old = connect(tmp_path / FILE)
    old.executescript(TABLES)
    old.executescript("UPDATE state SET value = 7 WHERE name = 'alive'; PRAGMA user_version = 1")
    old.close()
    new = open_database(tmp_path)
    assert new.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert new.execute("SELECT value FROM state WHERE name = 'alive'").fetchone() == (7,)
    assert new.execute("SELECT count(*) FROM incidents").fetchone() == (0,)
    new.close()


def test_revisions_are_kept_once_and_loaded_in_their_order(tmp_path: Path) -> None:
    first = Revision(known_at=NOW, incident=incident())
    second = Revision(known_at=NOW + 60, incident=incident(revision=2, ended=NOW))
    for revisions in ([second], [first], [first, second]):
        with transaction(tmp_path) as session:
            session.tell(revisions)
    kept = load(tmp_path, 0).incidents
    assert kept == [first, second]
    assert Book(kept).last() == [second]
