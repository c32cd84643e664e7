"""Who besides stations may send copies of result sheets: one JSON line a key.

    {"v":1,"by":"observer","name":"Tauelsiz observers","key":"<43 characters>","regions":["KZ-71"]}

`dabyl sheets key` prints such a line; the collector's owner adds it to the file of `[sheets] senders`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.signing import VerifyKey, key_id
from wire.stationkeys import PublicKey, public_key


class Sender(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One key. `name`: as the page shows it. `regions`: whose sheets it may send; none: of every region."""

    v: Literal[1] = 1
    by: Literal["commission", "observer"]
    name: Annotated[str, Meta(min_length=1, max_length=128)]
    key: PublicKey
    regions: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^KZ-[0-9]{2}$(?!\n)")], ...], Meta(max_length=32)
    ] = ()
    revoked: bool = False

    @property
    def id(self) -> str:
        """The name that the ledger gives it, made from its key."""
        return key_id(public_key(self.key))


_sender = canonical.Decoder(Sender)


def read_sender(line: bytes) -> Sender:
    """One line of the file; raises `BadRecord`."""
    found = _sender(line)
    try:
        VerifyKey(public_key(found.key))
    except BadInput as error:
        raise BadRecord(f"{found.name}: {error}") from error
    return found
