"""What a modem's refusal to send means for the text (3GPP TS 27.005, 3.2.5, and TS 24.011, annex E)."""

from __future__ import annotations

from typing import Final, Literal

from sms_gateway.core.at import replies
from sms_gateway.core.at.talk import Answer

Toll = Literal["accepted", "later", "refused", "slow", "away"]
_REFUSED: Final = frozenset({1, 8, 10, 21, 28, 29, 30, 50, 69, 81, 95, 96, 302, 304, 305})
_SLOW: Final = frozenset({42, 47, 314})
_AWAY: Final = frozenset({38, 300, 310, 311, 312, 313, 315, 316, 317, 318, 330, 331, 515})


def toll(answer: Answer) -> Toll:
    """accepted, or whose fault it was: the text's, the pace's, the link's; a fault that says nothing passes.

    An answer without the text's number is `later`: it may have gone out, and twice is better than never.
    """
    if answer.ok:
        return "accepted" if replies.reference(answer.lines) is not None else "later"
    number = replies.fault(answer.final)
    code = int(number) if number.isascii() and number.isdigit() else -1
    if code in _REFUSED:
        return "refused"
    if code in _SLOW:
        return "slow"
    return "away" if code in _AWAY else "later"
