"""What a status means for the text that it answers, and for the connection."""

from __future__ import annotations

from typing import Final, Literal

from sms_gateway.core.smpp.commands import Status

Toll = Literal["accepted", "later", "refused", "slow", "away"]
_SLOW: Final = frozenset({Status.RTHROTTLED, Status.RMSGQFUL})
_AWAY: Final = frozenset({Status.RINVBNDSTS, Status.RBINDFAIL, Status.RINVPASWD, Status.RINVSYSID})
_REFUSED: Final = frozenset({
    Status.RINVMSGLEN, Status.RINVCMDLEN, Status.RINVSRCADR, Status.RINVDSTADR, Status.RINVSERTYP,
    Status.RINVESMCLASS, Status.RINVSRCTON, Status.RINVSRCNPI, Status.RINVDSTTON, Status.RINVDSTNPI,
    Status.RX_P_APPN, Status.RX_R_APPN, Status.RINVDCS,
})  # fmt: skip


def toll_of(status: int) -> Toll:
    """From the status of a `submit_sm_resp` or a `generic_nack`. What we do not know may pass: later."""
    if status == Status.ROK:
        return "accepted"
    if status in _SLOW:
        return "slow"
    if status in _AWAY:
        return "away"
    return "refused" if status in _REFUSED else "later"


def name_of(status: int) -> str:
    """`ESME_RTHROTTLED`, or the number of one that has no name here."""
    try:
        return f"ESME_{Status(status).name}"
    except ValueError:
        return f"status 0x{status:08X}"
