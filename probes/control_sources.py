"""All controls of a running probe: the collector's signed table, kept on disk, and what its owner names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from probes.control_store import ControlStore
from probes.controls import fetch_table, parse_controls, read_source
from probes.core.meter import Meter
from probes.core.signed_table import Signature, why_not
from probes.disk import Disk
from probes.enrol import collector_key
from wire.errors import BadInput
from wire.judge import ControlTable
from wire.ports import Clock
from wire.records import Measurement
from wire.times import format_time

TABLE: Final = "/v1/control"
REFRESH_S: Final = 3_600.0
RETRY_S: Final = 300.0
_COMPRESSED: Final = 8  # about so much smaller it comes by the network
Say = Callable[[str], None]


class Keep(NamedTuple):
    """Where a table is kept, by which clock, who is told, who counts, and the probe's own name."""

    folder: Path
    disk: Disk
    clock: Clock
    say: Say
    meter: Meter
    own: str


class ControlSources:
    """Read at the start of each round what may have changed; what cannot be had now is as it was."""

    def __init__(self, sources: Sequence[str], collectors: Sequence[str], keep: Keep) -> None:
        """`sources`: files and URLs of the owner's; each collector's own table is asked for too."""
        self._own = [f"{url.rstrip('/')}{TABLE}" for url in collectors]
        self._sources = list(dict.fromkeys([*sources, *self._own]))
        self._keep = keep
        self._store = ControlStore(keep.folder, keep.disk)
        self._found: dict[str, list[Measurement]] = {}
        self._next: dict[str, float] = {}
        self._trouble: dict[str, str] = {}
        self._remembered = False

    async def learn(self) -> ControlTable:
        """Every control that can be had, from the disk, from files, from the network."""
        if not self._remembered:
            self._remember()
        for source in self._sources:
            if self._keep.clock.monotonic() >= self._next.get(source, 0.0):
                await self._read(source)
        return self.table()

    def table(self) -> ControlTable:
        """Every control that is known now. A vantage is not compared with what it saw itself before."""
        found = chain.from_iterable(self._found.values())
        return ControlTable(one for one in found if one.probe != self._keep.own)

    def _remember(self) -> None:
        self._remembered = True
        kept = self._store.load(self._pinned())
        if kept is None or not self._own:
            return
        body, signature = kept
        try:
            records = parse_controls(body, "the kept control table")
        except BadInput as error:
            self._keep.say(f"{error}; it is not used")
            return
        self._found[self._own[0]] = records
        if records:
            self._keep.say(f"{len(records)} controls are known from {signature.at[:16] or 'before'}")

    async def _read(self, source: str) -> None:
        wait_s = 0.0 if "://" not in source else RETRY_S
        try:
            self._found[source] = await (self._table(source) if source in self._own else read_source(source))
            if "://" in source and self._found[source]:
                wait_s = REFRESH_S
            self._tell(source, "")
        except BadInput as error:
            self._tell(source, f"{error}; judging by the controls from before")
        self._next[source] = self._keep.clock.monotonic() + wait_s

    async def _table(self, source: str) -> list[Measurement]:
        """A collector's own table, checked before it is parsed, and kept."""
        body, bare = await fetch_table(source)
        self._keep.meter.exchange(source, len(body) // _COMPRESSED)
        if reason := why_not(body, bare, self._pinned()):
            raise BadInput(f"the control table of {source[:120]} was not taken: {reason}")
        records = parse_controls(body, source[:120])
        if records or not self._found.get(source):
            self._put_away(body, replace(bare, at=format_time(self._keep.clock.now())))
        return records or self._found.get(source, [])

    def _put_away(self, body: bytes, signature: Signature) -> None:
        try:
            self._store.keep(body, signature)
        except OSError:  # a full disk: the spool says so already
            return

    def _pinned(self) -> str:
        """The key that the collector told at enrolment, else the first that was met."""
        return collector_key(self._keep.folder, self._keep.disk) or self._store.first_key()

    def _tell(self, source: str, trouble: str) -> None:
        if trouble and trouble != self._trouble.get(source):
            self._keep.say(trouble)
        self._trouble[source] = trouble
