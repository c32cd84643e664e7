r"""A signed batch: what a probe hands over, byte for byte, and what the archive keeps.

    dabyl/v1/batch <probe> <boot> <sequence> <encoding>\\n
    <signature, base64>\\n
    <compressed lines>

The signature covers the purpose line, the first line and the compressed bytes, so it can be
checked before anything is expanded or parsed. `boot` names one life of the probe's spool,
`sequence` counts from 1 within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from msgspec import Struct

from wire import canonical
from wire.errors import BadRecord
from wire.records import Measurement, StationReport
from wire.signing import SIGNATURE_BYTES, Purpose, SigningKey, VerifyKey, from_text, to_text
from wire.squeeze import Encoding, expand, squeeze

MAX_BATCH_BYTES: Final = 2 * 1_048_576
MAX_EXPANDED_BYTES: Final = 16 * 1_048_576
MAX_RECORDS: Final = 2_000
_HEAD: Final = re.compile(
    rb"(dabyl/v1/(?:batch|report)) ([a-z2-7]{26}) ([0-9a-f]{16}) ([1-9][0-9]{0,14}) (zstd|gzip)"
)
_HEAD_BYTES: Final = 128
_SIGNATURE_CHARS: Final = 86


class Envelope(Struct, frozen=True, kw_only=True):
    """A batch taken apart, not yet verified, its body not yet expanded."""

    purpose: Purpose
    probe: str
    boot: str
    sequence: int
    encoding: Encoding
    head: bytes
    signature: bytes
    body: bytes

    @property
    def signed(self) -> bytes:
        """The bytes under the signature, less the purpose line."""
        return self.head + b"\n" + self.body


def seal(key: SigningKey, purpose: Purpose, boot: str, sequence: int, records: Sequence[object]) -> bytes:
    """Records as the bytes of one signed batch. An empty one fills a place whose batch was lost."""
    body = squeeze(b"".join(canonical.encode(record) + b"\n" for record in records))
    head = f"{purpose} {key.id} {boot} {sequence} zstd".encode()
    signature = key.sign(purpose, head + b"\n" + body)
    return head + b"\n" + to_text(signature).encode() + b"\n" + body


def take_apart(raw: bytes) -> Envelope:
    """The envelope of a batch; raises `BadRecord` when the two first lines are not ours."""
    if len(raw) > MAX_BATCH_BYTES:
        raise BadRecord(f"a batch of {len(raw)} bytes; {MAX_BATCH_BYTES} are allowed")
    head, _, rest = raw.partition(b"\n")
    found = _HEAD.fullmatch(head) if len(head) <= _HEAD_BYTES else None
    if found is None or rest[_SIGNATURE_CHARS : _SIGNATURE_CHARS + 1] != b"\n":
        raise BadRecord("not a batch of ours: the first lines are wrong")
    purpose, probe, boot, sequence, encoding = (part.decode() for part in found.groups())
    return Envelope(
        purpose=cast("Purpose", purpose),
        probe=probe,
        boot=boot,
        sequence=int(sequence),
        encoding=cast("Encoding", encoding),
        head=head,
        signature=_signature(rest[:_SIGNATURE_CHARS]),
        body=rest[_SIGNATURE_CHARS + 1 :],
    )


def verify(envelope: Envelope, key: VerifyKey, purpose: Purpose) -> None:
    """Nothing when the batch was signed by this key for this purpose; else `BadSignature` or `BadRecord`."""
    if envelope.purpose != purpose:
        raise BadRecord(f"made for {envelope.purpose}, not for {purpose}")
    key.verify(purpose, envelope.signed, envelope.signature)


_decode_measurement = canonical.Decoder(Measurement)
_decode_report = canonical.Decoder(StationReport)


def measurements(envelope: Envelope) -> list[Measurement]:
    """The measurements of a verified batch; raises `BadRecord`."""
    return list(each_measurement(envelope))


def each_measurement(envelope: Envelope) -> Iterator[Measurement]:
    """The same, one at a time: who lets go of each makes do with a third of the time."""
    return (_decode_measurement(line) for line in lines(envelope))


def reports(envelope: Envelope) -> list[StationReport]:
    """The station reports of a verified batch; raises `BadRecord`."""
    return [_decode_report(line) for line in lines(envelope)]


def lines(envelope: Envelope) -> list[bytes]:
    """The records of a verified batch as they stand there, one a line; raises `BadRecord`."""
    found = expand(envelope.body, envelope.encoding, MAX_EXPANDED_BYTES).split(b"\n")
    if found.pop():
        raise BadRecord("the last line has no end")
    if len(found) > MAX_RECORDS:
        raise BadRecord(f"{len(found)} records; {MAX_RECORDS} are allowed")
    return found


def _signature(text: bytes) -> bytes:
    raw = from_text(text.decode("ascii", "replace"))
    if len(raw) != SIGNATURE_BYTES:
        raise BadRecord("not a signature")
    return raw
