"""The secrets of the days' public names: made when a day is first published, gone with its last batch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from msgspec import Struct

from collector.core.naming import SECRET_BYTES
from collector.store import transaction
from collector.store.schema import FILE
from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.ports import Randomness
from wire.signing import from_text, to_text


class SecretLine(Struct, frozen=True, kw_only=True):
    """One day's secret, base64."""

    v: Literal[1] = 1
    day: str
    secret: str


class DaySecrets:
    """Those of a collector's folder. `used`: what was asked for."""

    def __init__(self, folder: Path, randomness: Randomness) -> None:
        """Nothing asked for yet."""
        self._folder, self._randomness = folder, randomness
        self.used: dict[str, bytes] = {}

    def of(self, day: str) -> bytes:
        """A day's secret, made when there is none; raises `BadInput` where no database can keep it."""
        if day not in self.used:
            if not (self._folder / FILE).exists():
                raise BadInput(f"{self._folder}: without the database nothing can be given public names")
            with transaction(self._folder) as session:
                self.used[day] = session.secret(day, self._randomness.token(SECRET_BYTES))
        return self.used[day]


class GivenSecrets:
    """Those that somebody gave us."""

    def __init__(self, lines: Iterable[SecretLine]) -> None:
        """One for each day."""
        self._known = {line.day: from_text(line.secret) for line in lines}
        self.used: dict[str, bytes] = {}

    def of(self, day: str) -> bytes:
        """A day's secret; raises `BadRecord` when it was not given."""
        if day not in self._known:
            raise BadRecord(f"there is no secret of {day[:10]}")
        self.used[day] = self._known[day]
        return self._known[day]


Secrets = DaySecrets | GivenSecrets
_decode = canonical.Decoder(SecretLine)


def secret_lines(used: dict[str, bytes]) -> bytes:
    """The secrets as JSON lines, by day."""
    lines = [SecretLine(day=day, secret=to_text(secret)) for day, secret in sorted(used.items())]
    return b"".join(canonical.encode(line) + b"\n" for line in lines)


def read_secrets(raw: bytes) -> GivenSecrets:
    """From such lines; raises `BadInput`."""
    return GivenSecrets([_decode(line) for line in raw.splitlines()])
