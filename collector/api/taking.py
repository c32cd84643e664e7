"""What comes in: batches, reports, enrolments. Acknowledged means durable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from aiohttp import web

from collector.api.answers import answer
from collector.api.body import Gate, read_body
from collector.core.bucket import Buckets
from collector.core.intake import Intake, Kind
from collector.core.late import is_late
from collector.core.live import Live, moved_to
from collector.core.networks import placed
from collector.core.reading import Batch
from collector.core.refusals import Refused
from collector.core.times import seconds_of, stamp
from collector.settings import Settings, read_networks
from collector.store import Invite, Kept, NewBatch, NewProbe, Store
from wire import canonical
from wire.batch import MAX_BATCH_BYTES
from wire.enrol import (
    Enrolled,
    Enrolment,
    Vouched,
    Vouching,
    check_enrolment,
    check_vouching,
    invite_print,
)
from wire.errors import BadInput, BadSignature
from wire.ports import Clock
from wire.receipts import Receipt
from wire.records import Network
from wire.signing import SigningKey, key_id, to_text

MAX_ENROLMENT_BYTES: Final = 4_096
HOUR_S: Final = 3_600.0
_decode_vouching = canonical.Decoder(Vouching)
_decode_enrolment = canonical.Decoder(Enrolment)


class Secrets(NamedTuple):
    """What nobody else knows: the collector's key, and the salt of the prints of callers."""

    key: SigningKey
    salt: bytes


class Taking:
    """The handlers of `POST`."""

    def __init__(self, live: Live, store: Store, settings: Settings, clock: Clock, secrets: Secrets) -> None:
        """All share one live picture and one store."""
        self._live, self._store, self._settings, self._clock = live, store, settings, clock
        limits = settings.limits
        self._intake = Intake(live.roster, limits)
        self._gate = Gate(settings.max_bodies)
        self._enrolments = Buckets(limits.enrolments_per_s, limits.enrolments_burst)
        self._salt, self._public = secrets.salt, to_text(secrets.key.public)
        self._networks = read_networks(settings.networks)

    async def measurements(self, request: web.Request) -> web.Response:
        """`POST /v1/measurements`."""
        return await self._batch(request, "dabyl/v1/batch")

    async def reports(self, request: web.Request) -> web.Response:
        """`POST /v1/reports`."""
        return await self._batch(request, "dabyl/v1/report")

    async def enrol(self, request: web.Request) -> web.Response:
        """`POST /v1/enrol`."""
        with self._gate.place():
            if (wait_s := self._enrolments.spend(self._caller(request), self._now())) > 0:
                raise Refused("rate", wait_s=wait_s)
            raw = await self._body(request, MAX_ENROLMENT_BYTES)
            return answer(await self.admit(raw, self._networks.of(self._address(request))))

    async def admit(self, raw: bytes, seen: Network | None = None) -> Enrolled:
        """Enrol who proves a key and an invite; raises `Refused`. `seen`: where the address is that asked."""
        row = await self._store.enrol(new_probe(raw, self._now(), seen))
        self._live.enrol([row])
        return Enrolled(probe=row.id, role=row.role, collector_key=self._public, network=seen)

    async def invites(self, request: web.Request) -> web.Response:
        """`POST /v1/invites`: a probe invites another one."""
        with self._gate.place():
            if (wait_s := self._enrolments.spend(self._caller(request), self._now())) > 0:
                raise Refused("rate", wait_s=wait_s)
            invite = vouched(await self._body(request, MAX_ENROLMENT_BYTES), self._now())
            left = await self._store.vouch(invite, self._settings.limits.invites_per_key)
        until = stamp(invite.expires_ms / 1000)
        return answer(Vouched(issuer=invite.issuer, expires_at=until, left=left))

    async def _batch(self, request: web.Request, kind: Kind) -> web.Response:
        with self._counting_refusals(), self._gate.place():
            return answer(await self._taken(await self._body(request, MAX_BATCH_BYTES), kind))

    async def take(self, raw: bytes, kind: Kind) -> Receipt:
        """A batch whose bytes are here; raises `Refused`. The receipt is given once it is durable."""
        with self._counting_refusals():
            return await self._taken(raw, kind)

    async def _taken(self, raw: bytes, kind: Kind) -> Receipt:
        began = self._clock.monotonic()
        batch = self._intake.take(raw, kind, self._now())
        began = self._spent("check", began)
        late = self._settings.late.wanted and is_late(batch)
        kept = await self._store.keep(new_batch(batch, late=late))
        began = self._spent("store", began)
        if kept.result == "new":
            self._live.take(batch)
            self._spent("aggregate", began)
        return receipt(batch, kept)

    async def _body(self, request: web.Request, max_bytes: int) -> bytes:
        return await read_body(request, max_bytes, self._settings.body_timeout_s)

    def _now(self) -> float:
        return seconds_of(self._clock.now())

    def _caller(self, request: web.Request) -> str:
        # A rate needs to know who asks, nobody else does: a print with a salt that dies with this process.
        return hashlib.blake2b(self._address(request).encode(), key=self._salt, digest_size=8).hexdigest()

    def _address(self, request: web.Request) -> str:
        """Who asks. It lives as long as the request and is written nowhere."""
        if self._settings.behind_proxy:
            # The last entry is the proxy's own word, for some on a line of its own; the rest is anybody's.
            return ",".join(request.headers.getall("X-Forwarded-For", ())).rpartition(",")[2].strip()
        return request.remote or ""

    @contextmanager
    def _counting_refusals(self) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            self._live.totals.rejected[refused.reason] += 1
            raise

    def _spent(self, stage: str, began: float) -> float:
        """Count how long a stage took, and tell when it ended."""
        ended = self._clock.monotonic()
        self._live.totals.work[stage,].add(ended - began)
        return ended


def new_batch(batch: Batch, *, late: bool = False) -> NewBatch:
    """What is kept of a batch. `late`: with the mark of what is to be told late."""
    return NewBatch(
        probe=batch.member.number,
        boot=batch.envelope.boot,
        sequence=batch.envelope.sequence,
        raw=batch.raw,
        received_ms=round(batch.arrived * 1000),
        network=moved_to(batch),
        control=batch.control,
        reports=batch.reports,
        late=late,
    )


def new_probe(raw: bytes, now: float, seen: Network | None = None) -> NewProbe:
    """An enrolment whose key proved itself; raises `Refused` ("schema", "signature")."""
    try:
        request = _decode_enrolment(raw)
        public = check_enrolment(request)
    except BadSignature as error:
        raise Refused("signature", str(error)) from error
    except BadInput as error:
        raise Refused("schema", str(error)) from error
    return NewProbe(
        id=key_id(public),
        key=public,
        network=placed(request.network, seen),
        invite=invite_print(request.invite),
        now_ms=round(now * 1000),
    )


def vouched(raw: bytes, now: float) -> Invite:
    """An invite that a key gives out; raises `Refused` ("schema", "signature")."""
    try:
        request = _decode_vouching(raw)
        issuer = check_vouching(request)
    except BadSignature as error:
        raise Refused("signature", str(error)) from error
    except BadInput as error:
        raise Refused("schema", str(error)) from error
    return Invite(
        print=request.print,
        role="probe",
        made_ms=round(now * 1000),
        expires_ms=round((now + request.hours * HOUR_S) * 1000),
        issuer=issuer,
    )


def receipt(batch: Batch, kept: Kept) -> Receipt:
    """What is answered to a batch that is kept."""
    return Receipt(
        result=kept.result,
        boot=batch.envelope.boot,
        high_water=kept.mark.high_water,
        missing=kept.mark.missing(),
    )
