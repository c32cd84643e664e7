"""What two parts must agree on: records, canonical bytes, signatures, the verdict, names.

Rules of this floor: no socket, no clock, no file (but the shipped data, in `wire.facts`), no
randomness, no log. It imports no other floor. Its modules are its face: `wire.records`,
`wire.batch`, `wire.judge`, ...; what everybody needs stands here.
"""

from __future__ import annotations

from wire.errors import BadInput, BadRecord, BadSignature, DabylError
from wire.ports import Clock, Randomness
from wire.records import Certificate, Measurement, Network, StationReport, Step, Target, Verdict

__all__ = [
    "BadInput",
    "BadRecord",
    "BadSignature",
    "Certificate",
    "Clock",
    "DabylError",
    "Measurement",
    "Network",
    "Randomness",
    "StationReport",
    "Step",
    "Target",
    "Verdict",
]
