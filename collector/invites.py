"""Invites and who gave them out, and revoking keys, one or a whole branch; also beside a running collector.

Rules of this file: an issuer is a label or the name of an enrolled key, never a person's name; what
it may give out is limited; of an invite only its print is kept.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Final, NamedTuple

from collector.core.times import seconds_of
from collector.store import Branch, Invite, Revoking, transaction
from wire.enrol import Role, invite_print
from wire.errors import BadInput
from wire.ports import Clock, Randomness

TOKEN_BYTES: Final = 20  # 160 bits, 32 letters: nobody guesses one
DEFAULT_HOURS: Final = 72.0
DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100_000
_HOUR_S: Final = 3_600.0
_ISSUER: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")


class InviteWish(NamedTuple):
    """What an invite is to be good for. `issuer`: "" for the collector's own, which have no limit.

    `limit`: how many the issuer may give out from now on, None to leave that as it is.
    """

    role: Role = "probe"
    hours: float = DEFAULT_HOURS
    issuer: str = ""
    limit: int | None = None


def new_invite(folder: Path, role: Role, hours: float, clock: Clock, randomness: Randomness) -> str:
    """The collector's own invite: a token that enrols one key, once. Raises `BadInput`."""
    return issue(folder, InviteWish(role, hours), clock, randomness)


def issue(folder: Path, wish: InviteWish, clock: Clock, randomness: Randomness) -> str:
    """A token that enrols one key, once; only its print is kept. Raises `BadInput`.

    An invite that expired unused is given back to its issuer; one that was used is not, also when the
    key was revoked since.
    """
    _check(wish)
    token = (
        base64.b32encode(randomness.token(TOKEN_BYTES)).decode().lower()
    )  # easy to read out, never an option
    now = seconds_of(clock.now())
    invite = Invite(
        print=invite_print(token),
        role=wish.role,
        made_ms=round(now * 1000),
        expires_ms=round((now + wish.hours * _HOUR_S) * 1000),
        issuer=wish.issuer,
    )
    with transaction(folder) as session:
        if wish.issuer:
            most = session.limit(wish.issuer, wish.limit, DEFAULT_LIMIT)
            given = session.issued(wish.issuer, invite.made_ms)
            if given >= most:
                raise BadInput(f"{wish.issuer} has given out {given} of {most} invites")
            if session.is_revoked(wish.issuer):
                raise BadInput(f"{wish.issuer} was revoked and invites nobody")
        session.invite(invite)
    return token


def revoke(folder: Path, probe: str, clock: Clock) -> None:
    """Revoke a key by the name it gives its owner; a running collector follows within a second.

    Raises `BadInput` when there is none by that name.
    """
    revoke_branch(folder, probe, clock, subtree=False)


def revoke_branch(
    folder: Path, name: str, clock: Clock, *, past: float = 0.0, subtree: bool = True
) -> list[str]:
    """Revoke a key, and with `subtree` all that it invited, and what those invited; the names that now are.

    `name`: a key's, or with `subtree` an issuer's label. `past`: how much counts what they said before,
    from 0 (nothing) to 1 (all of it). Raises `BadInput` when there is nothing by that name.
    """
    if not 0 <= past <= 1:
        raise BadInput(f"{past:g}: what was said before counts from 0 to 1")
    with transaction(folder) as session:
        names = session.branch(name) if subtree else [name]
        order = Revoking(now_ms=round(seconds_of(clock.now()) * 1000), past=past)
        found = [one for one in names if session.revoke(one, order)]
        if subtree:
            session.silence(name)
    if not found:
        raise BadInput(f"{name[:40]}: no key of that name is enrolled")
    return found


def tree(folder: Path) -> list[Branch]:
    """Everybody who gave out invites, with what became of them; the collector itself is ""."""
    with transaction(folder) as session:
        return session.branches()


def _check(wish: InviteWish) -> None:
    if not 0 < wish.hours <= 24 * 366:
        raise BadInput(f"{wish.hours:g} hours: an invite lasts from now up to a year")
    if wish.issuer and not _ISSUER.fullmatch(wish.issuer):
        raise BadInput(f"{wish.issuer[:40]}: an issuer is 1 to 40 letters, digits, dots, dashes")
    if wish.limit is not None and not (wish.issuer and 0 <= wish.limit <= MAX_LIMIT):
        raise BadInput(f"a limit is that of an issuer, from 0 to {MAX_LIMIT}")
