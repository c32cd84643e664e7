"""What a fair judge says of a target: the words that rows of the table are written in.

Rules of this file: no packet, no file; only the vocabulary of contract and table.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

ACCUSING: Final = frozenset({"blocked", "likely_blocked", "impaired"})


class Fair(Struct, frozen=True):
    """State, stage and mechanism of a verdict, as the records name them."""

    state: str
    stage: str | None = None
    mechanism: str | None = None

    def __str__(self) -> str:
        """As the table prints it: `likely_blocked tls.timeout.sni`, `down (tcp)`, `ok`."""
        if self.mechanism:
            return f"{self.state} {self.mechanism}"
        return f"{self.state} ({self.stage})" if self.stage else self.state

    def fits(self, got: Fair) -> bool:
        """Whether a verdict is as fair as this: the same, or allowed by one of the two loose forms.

        A mechanism that ends in `.*` stands for itself and every deeper label; the state `unaccused`
        for every verdict that accuses nobody.
        """
        if self.state == UNACCUSED.state:
            return not got.accuses
        return (self.state, self.stage) == (got.state, got.stage) and self.fits_mechanism(got)

    def fits_mechanism(self, got: Fair) -> bool:
        """Whether the mechanism is the expected one, whatever the state."""
        loose = (self.mechanism or "").removesuffix(".*")
        deeper = loose != self.mechanism and (got.mechanism or "").startswith(f"{loose}.")
        return got.mechanism == (loose or None) or deeper

    @property
    def accuses(self) -> bool:
        """True when the verdict says that someone interferes."""
        return self.state in ACCUSING


def _of(state: str, mechanism: str) -> Fair:
    return Fair(state, mechanism.partition(".")[0], mechanism)


def blocked(mechanism: str) -> Fair:
    """Interference that left an artefact: a forged certificate, a block page, an injected answer."""
    return _of("blocked", mechanism)


def likely_blocked(mechanism: str) -> Fair:
    """Fails here, works at the control, and the own line is healthy."""
    return _of("likely_blocked", mechanism)


def unsaid(mechanism: str) -> Fair:
    """Nothing may be said of the target, because of `mechanism` on the own line."""
    return _of("insufficient", mechanism)


def down(stage: str) -> Fair:
    """The target's own fault at `stage`: the control sees it too. It has no mechanism."""
    return Fair("down", stage)


OK: Final = Fair("ok")
UNACCUSED: Final = Fair("unaccused")  # where chance decides how much can be seen
