"""The public ledger: an append-only log that anyone can verify (RFC 6962, C2SP tlog-tiles).

`log` appends and signs; `sources` are where copies are read; `checking` checks one, trusting nobody.
"""

from __future__ import annotations

from collector.ledger.beginning import opened_desk
from collector.ledger.checking import Checked, begins_with, check, signed_head
from collector.ledger.desk import Desk
from collector.ledger.giving import add_ledger
from collector.ledger.log import Appended, Head, LedgerFault, Log
from collector.ledger.mirror import MirrorFault, mirror, mirror_published
from collector.ledger.published import published_faults, published_path
from collector.ledger.signers import signature_faults
from collector.ledger.sources import Shelf, Source, add_file, paths_of, source_of, tarball

__all__ = [
    "Appended",
    "Checked",
    "Desk",
    "Head",
    "LedgerFault",
    "Log",
    "MirrorFault",
    "Shelf",
    "Source",
    "add_file",
    "add_ledger",
    "begins_with",
    "check",
    "mirror",
    "mirror_published",
    "opened_desk",
    "paths_of",
    "published_faults",
    "published_path",
    "signature_faults",
    "signed_head",
    "source_of",
    "tarball",
]
