"""Measurements as columns: the body of a batch, tight on the line and quick to add up.

Rules of this package: what is packed comes back bit for bit as the same JSON; nothing here needs
numpy; bytes from outside become a `Table` whose every value was checked, or a `BadRecord`.
The layout stands in docs/protocol.md, the reasons in docs/design/005-columns.md.
"""

from __future__ import annotations

from wire.columns.layout import MAX_RECORDS, MAX_STEPS
from wire.columns.packing import pack
from wire.columns.records import records_of
from wire.columns.table import Dictionary, Part, Table, Values
from wire.columns.unpacking import unpack

__all__ = [
    "MAX_RECORDS",
    "MAX_STEPS",
    "Dictionary",
    "Part",
    "Table",
    "Values",
    "pack",
    "records_of",
    "unpack",
]
