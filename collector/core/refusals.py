"""Why something was not taken: closed names, each with its HTTP status and whether to try again.

Rules of this file: a name is added, never renamed; the table below is the reference that the
docs and `/openapi.json` repeat; the line for people never carries an address or a secret.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

from wire.errors import DabylError
from wire.receipts import Refusal

Reason = Literal[
    "not_found", "method", "encoding", "slow", "busy", "too_large", "rate", "malformed", "purpose",
    "unknown_probe", "revoked", "role", "signature", "bomb", "schema", "time",
    "conflict", "gaps", "storage", "invite", "invites", "query",
    "copies", "unasked", "hash", "sealed",
]  # fmt: skip
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


class Rule(NamedTuple):
    """What a reason means on the wire."""

    status: int
    retry: bool
    meaning: str


RULES: Final[dict[Reason, Rule]] = {
    "not_found": Rule(404, False, "there is nothing at this path"),
    "method": Rule(405, False, "this path takes another method"),
    "encoding": Rule(415, False, "a Content-Encoding; a batch carries its own compression"),
    "slow": Rule(408, True, "the body did not arrive in time"),
    "busy": Rule(503, True, "too many requests at once"),
    "too_large": Rule(413, False, "more bytes than are allowed"),
    "rate": Rule(429, True, "more requests than are allowed; see Retry-After"),
    "malformed": Rule(400, False, "the first lines are not those of a batch, or name another form"),
    "purpose": Rule(400, False, "signed for another use"),
    "unknown_probe": Rule(401, False, "this key is not enrolled"),
    "revoked": Rule(403, False, "this key was revoked"),
    "role": Rule(403, False, "this key was enrolled for something else"),
    "signature": Rule(401, False, "the signature does not fit"),
    "bomb": Rule(413, False, "expands past the limit"),
    "schema": Rule(422, False, "a record is not as the reference says"),
    "time": Rule(422, False, "a record's time lies in the future or too far back"),
    "conflict": Rule(409, False, "another batch has this sequence already"),
    "gaps": Rule(429, True, "too many gaps below this sequence; send the missing batches first"),
    "storage": Rule(503, True, "it cannot be made durable now; nothing was taken"),
    "invite": Rule(403, False, "the invite is unknown, used or expired"),
    "invites": Rule(403, False, "this key gives out no more invites"),
    "query": Rule(400, False, "a parameter that this path does not know"),
    "copies": Rule(409, False, "this key has sent as many copies of this sheet as are kept"),
    "unasked": Rule(403, False, "no signed sheet that is here names this scan"),
    "hash": Rule(422, False, "the bytes do not have the hash that the address names"),
    "sealed": Rule(403, True, "before the polls close only hashes are shown"),
}


class Refused(DabylError):
    """Something from outside was not taken; `reason` is one of `REASONS`."""

    def __init__(
        self, reason: Reason, detail: str = "", *, wait_s: float = 0.0, retry: bool | None = None
    ) -> None:
        """With the rule's own words and rule of trying again where nothing better is given."""
        rule = RULES[reason]
        super().__init__(detail or rule.meaning)
        self.reason, self.status, self.wait_s = reason, rule.status, wait_s
        self.retry = rule.retry if retry is None else retry

    @property
    def refusal(self) -> Refusal:
        """What is answered."""
        return Refusal(error=self.reason, detail=str(self)[:300], retry=self.retry)
