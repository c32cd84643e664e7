"""What a probe and its measurements are called in public: names of one day and one network, by a keyed hash.

Rules of this file: the same probe has another name every day (UTC, by when it measured) and at every
operator, so that nobody can follow a person; a measurement's own id names the probe's life and is
hashed too. Who has the day's secret and the signed batch can compute both and see that they fit: a
bundle of evidence for a court holds both, what is published holds neither. When a day is forgotten its
secret is destroyed, and then nobody can, not even we.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from collector.core.places import place_of
from wire.records import Measurement, Network, StationReport

SECRET_BYTES: Final = 32
_NAME_BYTES: Final = 10  # 80 bits: 16 letters
_PRIVATE_STEPS: Final = frozenset({"line"})  # what a machine's clock and line are like would name it
SecretOf = Callable[[str], bytes]


def public_probe(secret: bytes, network: Network, probe: str) -> str:
    """A probe's name on the day of the secret, at its operator."""
    return f"p-{_name(secret, 'probe', place_of(network).operator, probe)}"


def public_measurement(secret: bytes, measurement: str) -> str:
    """A measurement's name; `secret`: of the day on which it was made."""
    return f"m-{_name(secret, 'measurement', measurement)}"


def published_measurement(record: Measurement, secret_of: SecretOf) -> Measurement:
    """A measurement for everybody's eyes: other names, and nothing of the probe's own machine."""
    secret = secret_of(day_of(record.at))
    steps = tuple(
        replace(step, clock_offset_s=None, resolver="", gateway="")
        for step in record.steps
        if step.step not in _PRIVATE_STEPS
    )
    return replace(
        record,
        id=public_measurement(secret, record.id),
        probe=public_probe(secret, record.network, record.probe),
        steps=steps,
    )


def published_report(report: StationReport) -> StationReport:
    """A polling station's word without the print of the number that it came from."""
    return replace(report, sender="", link="")


def day_of(at: str) -> str:
    """The UTC day of a wire time; an offset in it is passed over, for ours are UTC."""
    return at[:10]


def _name(secret: bytes, *parts: str) -> str:
    message = "\0".join(("dabyl/v1/public", *parts)).encode()
    digest = hmac.digest(secret, message, hashlib.sha256)
    return base64.b32encode(digest[:_NAME_BYTES]).decode().lower()
