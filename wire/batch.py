r"""A signed batch: what a probe hands over, byte for byte, and what the archive keeps.

    dabyl/v1/batch <probe> <boot> <sequence> columns\\n
    <signature, base64>\\n
    <columns of measurements, or lines of reports and digests, as one zstd frame>

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
from wire.columns import MAX_RECORDS, Table, pack, records_of, unpack
from wire.errors import BadRecord
from wire.records import Measurement, ProbeDigest, StationReport
from wire.signing import SIGNATURE_BYTES, Purpose, SigningKey, VerifyKey, from_text, to_text
from wire.squeeze import expand, squeeze

MAX_BATCH_BYTES: Final = 2 * 1_048_576
MAX_EXPANDED_BYTES: Final = 16 * 1_048_576
_FORMS: Final[dict[Purpose, str]] = {"dabyl/v1/batch": "columns", "dabyl/v1/report": "lines"}
_HEAD: Final = re.compile(
    rb"(?P<purpose>dabyl/v1/(?:batch|report)) (?P<probe>[a-z2-7]{26}) (?P<boot>[0-9a-f]{16})"
    rb" (?P<sequence>[1-9][0-9]{0,14}) (?P<form>columns|lines)"
)
_HEAD_BYTES: Final = 128
_SIGNATURE_CHARS: Final = 86


class Envelope(Struct, frozen=True, kw_only=True):
    """A batch taken apart, not yet verified, its body not yet expanded."""

    purpose: Purpose
    probe: str
    boot: str
    sequence: int
    head: bytes
    signature: bytes
    body: bytes

    @property
    def signed(self) -> bytes:
        """The bytes under the signature, less the purpose line."""
        return self.head + b"\n" + self.body


def seal(key: SigningKey, purpose: Purpose, boot: str, sequence: int, records: Sequence[object]) -> bytes:
    """Records as the bytes of one signed batch. An empty one fills a place whose batch was lost.

    Raises `BadRecord` for a measurement that is another's, or has no place in a batch.
    """
    form = _FORMS[purpose]
    body = squeeze(_columns(key.id, records) if form == "columns" else _lines(records))
    head = f"{purpose} {key.id} {boot} {sequence} {form}".encode()
    signature = key.sign(purpose, head + b"\n" + body)
    return head + b"\n" + to_text(signature).encode() + b"\n" + body


def _columns(probe: str, records: Sequence[object]) -> bytes:
    found = [record for record in records if isinstance(record, Measurement)]
    if len(found) < len(records) or any(record.probe != probe for record in found):
        raise BadRecord("a batch holds the measurements of the probe that signs it")
    return pack(found)


def _lines(records: Sequence[object]) -> bytes:
    return b"".join(canonical.encode(record) + b"\n" for record in records)


def take_apart(raw: bytes) -> Envelope:
    """The envelope of a batch; raises `BadRecord` when the two first lines are not ours."""
    if len(raw) > MAX_BATCH_BYTES:
        raise BadRecord(f"a batch of {len(raw)} bytes; {MAX_BATCH_BYTES} are allowed")
    head, _, _ = raw[: _HEAD_BYTES + 1].partition(b"\n")
    found = _HEAD.fullmatch(head) if len(head) <= _HEAD_BYTES else None
    begin = len(head) + 1
    end = begin + _SIGNATURE_CHARS
    if found is None or raw[end : end + 1] != b"\n":
        raise BadRecord("not a batch of ours: the first lines are wrong")
    purpose, probe, boot, sequence, form = (part.decode() for part in found.groups())
    if form != _FORMS[cast("Purpose", purpose)]:
        raise BadRecord(f"a {purpose} in {form}")
    return Envelope(
        purpose=cast("Purpose", purpose),
        probe=probe,
        boot=boot,
        sequence=int(sequence),
        head=head,
        signature=_signature(raw[begin:end]),
        body=raw[end + 1 :],
    )


def verify(envelope: Envelope, key: VerifyKey, purpose: Purpose) -> None:
    """Nothing when the batch was signed by this key for this purpose; else `BadSignature` or `BadRecord`."""
    if envelope.purpose != purpose:
        raise BadRecord(f"made for {envelope.purpose}, not for {purpose}")
    key.verify(purpose, envelope.signed, envelope.signature)


Told = StationReport | ProbeDigest
"""What a gateway tells."""
_decode_report = canonical.Decoder(StationReport)
_decode_digest = canonical.Decoder(ProbeDigest)
# Inside a JSON text its quotes would be escaped: a station's report cannot pass for a digest.
_IS_DIGEST: Final = b'"kind":"digest"'


def table(envelope: Envelope) -> Table:
    """The measurements of a verified batch as columns; raises `BadRecord`."""
    return unpack(_expanded(envelope))


def measurements(envelope: Envelope) -> list[Measurement]:
    """The measurements of a verified batch; raises `BadRecord`."""
    return list(each_measurement(envelope))


def each_measurement(envelope: Envelope) -> Iterator[Measurement]:
    """The same, one at a time: who lets go of each makes do with a third of the time."""
    return records_of(table(envelope), envelope.probe)


def told(envelope: Envelope) -> list[Told]:
    """What a gateway's verified batch holds, in its order; raises `BadRecord`."""
    found = _expanded(envelope).split(b"\n")
    if found.pop():
        raise BadRecord("the last line has no end")
    if len(found) > MAX_RECORDS:
        raise BadRecord(f"{len(found)} records; {MAX_RECORDS} are allowed")
    return [told_of(line) for line in found]


def told_of(line: bytes) -> Told:
    """One line of it; raises `BadRecord`."""
    return _decode_digest(line) if _IS_DIGEST in line else _decode_report(line)


def reports(envelope: Envelope) -> list[StationReport]:
    """The station reports among it; raises `BadRecord`."""
    return [one for one in told(envelope) if isinstance(one, StationReport)]


def _expanded(envelope: Envelope) -> bytes:
    return expand(envelope.body, "zstd", MAX_EXPANDED_BYTES)


def _signature(text: bytes) -> bytes:
    raw = from_text(text.decode("ascii", "replace"))
    if len(raw) != SIGNATURE_BYTES:
        raise BadRecord("not a signature")
    return raw
