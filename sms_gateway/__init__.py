"""The SMS gateway: reads stations' texts, answers them, and reports to the collector.

`serve` runs it; `read_text` reads one text as a person typed it. Settings are described in docs/sms.md.
"""

from __future__ import annotations

from sms_gateway.core.reading import FAULTS, KINDS, Reading, Rejected
from sms_gateway.enrolling import enrol, new_station, revoke, signing_key, write_keys
from sms_gateway.keys import prints_key, write_secret
from sms_gateway.link_settings import KannelLink, ModemLink, SmppLink
from sms_gateway.reader import Reader, read_book, read_keys, read_line, read_text
from sms_gateway.serve import serve
from sms_gateway.settings import Settings, read_settings
from sms_gateway.store import StoreFailed

__all__ = [
    "FAULTS", "KINDS", "KannelLink", "ModemLink", "Reader", "Reading", "Rejected", "Settings", "SmppLink",
    "StoreFailed", "enrol", "new_station", "prints_key", "read_book", "read_keys", "read_line",
    "read_settings", "read_text", "revoke", "serve", "signing_key", "write_keys", "write_secret",
]  # fmt: skip
