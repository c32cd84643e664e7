"""Making invites and revoking keys, also beside a running collector."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from collector.core.times import seconds_of
from collector.store import Invite, transaction
from wire.enrol import Role, invite_print
from wire.errors import BadInput
from wire.ports import Clock, Randomness

TOKEN_BYTES: Final = 20  # 160 bits, 32 letters: nobody guesses one
DEFAULT_HOURS: Final = 72.0
_HOUR_S: Final = 3_600.0


def new_invite(folder: Path, role: Role, hours: float, clock: Clock, randomness: Randomness) -> str:
    """A token that enrols one key, once; only its print is kept. Raises `BadInput`."""
    if not 0 < hours <= 24 * 366:
        raise BadInput(f"{hours:g} hours: an invite lasts from now up to a year")
    token = (
        base64.b32encode(randomness.token(TOKEN_BYTES)).decode().lower()
    )  # easy to read out, never an option
    now = seconds_of(clock.now())
    invite = Invite(
        print=invite_print(token),
        role=role,
        made_ms=round(now * 1000),
        expires_ms=round((now + hours * _HOUR_S) * 1000),
    )
    with transaction(folder) as session:
        session.invite(invite)
    return token


def revoke(folder: Path, probe: str, clock: Clock) -> None:
    """Revoke a key by the name it gives its owner; a running collector follows within a second.

    Raises `BadInput` when there is none by that name.
    """
    with transaction(folder) as session:
        found = session.revoke(probe, round(seconds_of(clock.now()) * 1000))
    if not found:
        raise BadInput(f"{probe[:40]}: no key of that name is enrolled")
