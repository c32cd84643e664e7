"""What a simulated probe sends: really signed batches, numbered as a real spool numbers them.

The records are summaries (`steps` is empty); all else is as a probe on the street would send it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from collector.core.times import stamp
from dabyl.replay.crowd import Crowd
from dabyl.replay.rounds import BAD, GOOD, LINE_DOWN, Rounds
from wire import batch
from wire.records import Measurement, Network, Target, Verdict
from wire.signing import SigningKey

_LISTED: Final = ("akorda.kz", "inform.kz", "tengrinews.kz")
_HOME: Final = ("egov.kz", "zakon.kz", "nur.kz")
_FOREIGN: Final = ("google.com", "wikipedia.org", "bbc.com", "github.com", "cloudflare.com", "debian.org")
_MESSENGERS: Final = (
    "whatsapp/e1", "whatsapp/web", "telegram/dc1", "telegram/web", "signal/chat", "signal/cdn",
)  # fmt: skip
TARGETS: Final = (
    tuple(Target(id=name, url=f"https://{name}/", category="news", side="domestic") for name in _LISTED),
    tuple(Target(id=name, url=f"https://{name}/", category="news", side="domestic") for name in _HOME),
    tuple(Target(id=name, url=f"https://{name}/", category="control", side="foreign") for name in _FOREIGN),
    tuple(
        Target(
            id=name,
            url=f"tls://{'.'.join(reversed(name.split('/')))}.invalid:443",
            category="messenger",
            side="foreign",
        )
        for name in _MESSENGERS
    ),
)
_VERDICTS: Final = {
    GOOD: Verdict(state="ok", rule="replay"),
    BAD: Verdict(state="likely_blocked", stage="tls", mechanism="tls.timeout.sni", rule="replay"),
    LINE_DOWN: Verdict(state="insufficient", stage="line", mechanism="line.down", rule="replay"),
}


class Speaker:
    """One probe: its key and how far it has counted."""

    def __init__(self, seed: int, number: int, network: Network) -> None:
        """The same seed and number give the same key."""
        self.network = network
        self.key = SigningKey(hashlib.sha256(f"dabyl replay {seed} {number}".encode()).digest())
        self._name = self.key.id
        self._counted: Counter[int] = Counter()

    def say(self, rounds: Rounds, which: slice) -> bytes:
        """The signed batch of some rounds of this probe."""
        life = int(rounds.life[which.start])
        self._counted[life] += 1
        sequence = self._counted[life]
        records = [
            Measurement(
                id=f"{self._name[:10]}-{life}-{sequence}-{number}",
                probe=self._name,
                at=at,
                network=self.network,
                target=TARGETS[sort][target],
                verdict=_VERDICTS[outcome],
            )
            for number, (at, target, sort, outcome) in enumerate(_told(rounds, which))
        ]
        return batch.seal(self.key, "dabyl/v1/batch", f"{life + 1:016x}", sequence, records)


class Said(NamedTuple):
    """The bytes of a batch, when they arrive (Unix seconds), and whether they come again."""

    arrival: float
    raw: bytes
    twice: bool


def spoken(rounds: Rounds, voices: Sequence[Speaker]) -> Iterator[Said]:
    """All batches in the order of delivery. Once: the speakers count."""
    for arrival, which, twice in rounds.batches():
        yield Said(arrival, voices[int(rounds.probe[which.start])].say(rounds, which), twice)


def _told(rounds: Rounds, which: slice) -> list[tuple[str, int, int, int]]:
    """Time, target, sort and outcome of each record."""
    at, target = [stamp(one) for one in rounds.at[which].tolist()], rounds.target[which].tolist()
    return [
        (at[row], target[row][sort], sort, outcome)
        for row, outcomes in enumerate(rounds.outcome[which].tolist())
        for sort, outcome in enumerate(outcomes)
    ]


def speakers(crowd: Crowd, seed: int) -> list[Speaker]:
    """All of the crowd."""
    return [Speaker(seed, number, network) for number, network in enumerate(crowd.networks)]
