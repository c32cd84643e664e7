"""What the collector keeps: batches, marks, keys, invites, and the archive of exact signed bytes."""

from __future__ import annotations

from collector.store.contents import Arrived
from collector.store.rows import Branch, Found, Invite, Kept, NewBatch, NewProbe, Revoking
from collector.store.store import Loaded, Store, load, locked, open_store, transaction
from collector.store.writer import Listener, StoreEnded

__all__ = [
    "Arrived",
    "Branch",
    "Found",
    "Invite",
    "Kept",
    "Listener",
    "Loaded",
    "NewBatch",
    "NewProbe",
    "Revoking",
    "Store",
    "StoreEnded",
    "load",
    "locked",
    "open_store",
    "transaction",
]
