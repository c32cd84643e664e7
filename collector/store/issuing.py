"""Who gave out invites, how many, and who came by them: the part of a transaction that the tree needs."""

from __future__ import annotations

import sqlite3

from collector.store.rows import Branch

NOBODY = 0  # the limit of an issuer who was revoked


class Issuing:
    """Questions and answers about issuers."""

    _connection: sqlite3.Connection

    def limit(self, issuer: str, most: int | None, usual: int) -> int:
        """How many invites an issuer may give out; `most` sets it, `usual` is a new issuer's."""
        execute = self._connection.execute
        execute("INSERT OR IGNORE INTO issuers VALUES (?, ?)", (issuer, usual))
        if most is not None:
            execute("UPDATE issuers SET most = ? WHERE name = ?", (most, issuer))
        row = execute("SELECT most FROM issuers WHERE name = ?", (issuer,)).fetchone()
        return int(row[0])

    def most(self, issuer: str, usual: int) -> int:
        """How many an issuer may give out; `usual` where nobody said otherwise."""
        row = self._connection.execute("SELECT most FROM issuers WHERE name = ?", (issuer,)).fetchone()
        return usual if row is None else int(row[0])

    def issuer_of(self, token_print: str) -> str | None:
        """Who gave out an invite; None when there is none of that print."""
        row = self._connection.execute(
            "SELECT issuer FROM invites WHERE print = ?", (token_print,)
        ).fetchone()
        return None if row is None else str(row[0])

    def issued(self, issuer: str, now_ms: int) -> int:
        """How many an issuer has given out that were used or can be."""
        row = self._connection.execute(
            "SELECT count(*) FROM invites WHERE issuer = ? AND (used_at IS NOT NULL OR expires_at > ?)",
            (issuer, now_ms),
        ).fetchone()
        return int(row[0])

    def is_revoked(self, issuer: str) -> bool:
        """Whether the issuer is a key that was revoked."""
        row = self._connection.execute("SELECT revoked_at FROM probes WHERE id = ?", (issuer,)).fetchone()
        return row is not None and row[0] is not None

    def silence(self, issuer: str) -> None:
        """Let an issuer give out no more, and let expire what it gave out and nobody used."""
        self._connection.execute(
            "INSERT INTO issuers VALUES (?, ?) ON CONFLICT DO UPDATE SET most = excluded.most",
            (issuer, NOBODY),
        )
        for one in (issuer, *self.branch(issuer)):
            self._connection.execute(
                "UPDATE invites SET expires_at = made_at WHERE issuer = ? AND used_at IS NULL", (one,)
            )

    def branch(self, name: str) -> list[str]:
        """The keys of a branch: the one of that name, those that it invited, and so on; each once."""
        rows = self._connection.execute(
            "WITH RECURSIVE below (name) AS (SELECT ? UNION SELECT id FROM invites JOIN probes"
            " ON probes.number = used_by JOIN below ON issuer = below.name)"
            " SELECT id FROM probes JOIN below ON id = name ORDER BY number",
            (name,),
        )
        return [row[0] for row in rows]

    def branches(self) -> list[Branch]:
        """Every issuer, by its name."""
        execute = self._connection.execute
        limits = dict(execute("SELECT name, most FROM issuers"))
        given = dict(execute("SELECT issuer, count(*) FROM invites GROUP BY issuer"))
        keys: dict[str, list[str]] = {}
        gone: dict[str, list[str]] = {}
        for issuer, key, revoked in execute(
            "SELECT issuer, id, revoked_at FROM invites JOIN probes ON number = used_by ORDER BY number"
        ):
            keys.setdefault(issuer, []).append(key)
            if revoked is not None:
                gone.setdefault(issuer, []).append(key)
        return [
            Branch(
                issuer=name,
                most=limits.get(name),
                given=given.get(name, 0),
                keys=tuple(keys.get(name, ())),
                revoked=tuple(gone.get(name, ())),
            )
            for name in sorted(limits.keys() | given.keys())
        ]
