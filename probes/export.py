"""Our records, read from lines and written as another project's lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from probes.core.ooni import Refused, to_ooni
from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.records import Measurement

_decode: Final = canonical.Decoder(Measurement)


def read_records(lines: Iterable[bytes], source: str) -> Iterator[Measurement]:
    """One record a line, empty lines passed over; `BadInput` names `source`, line and fault."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _decode(line.strip())
        except BadRecord as error:
            raise BadInput(f"{source}:{number}: {error}") from error


def export_ooni(lines: Iterable[bytes], source: str, out: BinaryIO, software: str) -> Counter[str]:
    """Write OONI measurements, one JSON object a line; returns how many records were left out, and why."""
    left_out: Counter[str] = Counter()
    for found in to_ooni(read_records(lines, source), software):
        if isinstance(found, Refused):
            left_out[found.reason] += 1
        else:
            out.write(canonical.encode(found) + b"\n")
    return left_out
