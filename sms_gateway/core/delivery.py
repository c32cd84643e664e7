"""What the collector's answer to a batch of reports means for the batch."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from wire.canonical import Decoder
from wire.errors import BadRecord
from wire.receipts import Receipt, Refusal

Step = Literal["done", "again", "later", "enrol", "new_boot", "set_aside"]
"""done: it is there. again: soon. later: not before somebody mends something. enrol: make us known
first. new_boot: another batch has its place. set_aside: these very bytes will never be taken."""

_OK: Final = 200
_CANNOT: Final = frozenset({"too_large", "bomb", "schema", "time"})
_receipt = Decoder(Receipt)
_refusal = Decoder(Refusal)


class Decision(Struct, frozen=True, kw_only=True):
    """The step, why (one word and a line, for the log), and the receipt when it is there."""

    step: Step
    why: str = ""
    receipt: Receipt | None = None


def decide(status: int, body: bytes) -> Decision:
    """From the collector's answer; what cannot be read is tried again: it may be a proxy's.

    `status` 0: no answer came, and `body` names the reason.
    """
    if status == 0:
        return Decision(step="again", why=f"no answer: {body.decode('ascii', 'replace')}")
    try:
        if status == _OK:
            return Decision(step="done", receipt=_receipt(body))
        refusal = _refusal(body)
    except BadRecord:
        return Decision(step="again", why=f"HTTP {status}, not the collector's")
    return Decision(step=_step(refusal), why=f"{refusal.error}: {refusal.detail}")


def _step(refusal: Refusal) -> Step:
    if refusal.retry:
        return "again"
    if refusal.error in _CANNOT:
        return "set_aside"
    return {"conflict": "new_boot", "unknown_probe": "enrol"}.get(refusal.error, "later")  # type: ignore[return-value]  # both are steps


def pause_s(failures: int, chance: float) -> float:
    """Seconds before the next try after `failures` in a row: doubling to a minute; `chance` is 0 to 1."""
    return min(60.0, 0.5 * 2.0 ** min(failures, 8)) * (0.5 + chance / 2)
