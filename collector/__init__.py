"""The collector: takes in signed batches, keeps them, aggregates, and shows.

`core` decides and is pure; `store` keeps; `api` and `page` speak HTTP; `serve` puts them together.
"""

from __future__ import annotations

from collector.core.detect import detect
from collector.detecting import detect_streams
from collector.forked import can_fork, forked
from collector.invites import InviteWish, issue, new_invite, revoke, revoke_branch, tree
from collector.serve import Collector, listening, opened, serve
from collector.settings import DEFAULT_LISTEN, Late, Settings, read_settings
from collector.store import StoreEnded

__all__ = [
    "DEFAULT_LISTEN",
    "Collector",
    "InviteWish",
    "Late",
    "Settings",
    "StoreEnded",
    "can_fork",
    "detect",
    "detect_streams",
    "forked",
    "issue",
    "listening",
    "new_invite",
    "opened",
    "read_settings",
    "revoke",
    "revoke_branch",
    "serve",
    "tree",
]
