"""The ledger of a collector as its settings say: its name, its key, where its head lies, who cosigns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from collector.ledger.cosigning import Known
from collector.ledger.desk import Desk, opened
from collector.ledger.keys import FOLDER, load_or_make_signer
from collector.settings import Settings
from wire.notes import NoteKey
from wire.ports import Clock, Randomness
from wire.signing import SigningKey


@asynccontextmanager
async def opened_desk(
    settings: Settings, key: SigningKey, clock: Clock, randomness: Randomness
) -> AsyncIterator[Desk]:
    """The desk; `key`: the collector's own, of which a ledger without a name gets one. Raises `BadInput`."""
    folder, chosen = settings.folder / FOLDER, settings.ledger
    signer = load_or_make_signer(folder, chosen.name or f"{key.id}.invalid/ledger", randomness)
    witnesses = tuple(Known(one.url, NoteKey.parse(one.key)) for one in chosen.witness)
    head = Path(chosen.head) if chosen.head else None
    async with opened(folder, signer, clock, witnesses, head) as desk:
        yield desk
