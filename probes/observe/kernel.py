"""What the kernel knows of a connection better than a busy event loop does, where it tells."""

from __future__ import annotations

import socket
import struct
import sys
from typing import Final

# struct tcp_info of <linux/tcp.h>: eight bytes, then words; of these the time since data last came, the
# round trip, and how often anything was sent again.
_LAST_DATA_AT: Final = 52
_RTT_AT: Final = 68
_RESENT_AT: Final = 100
_WORD: Final = 4
_TCP_INFO: Final = getattr(socket, "TCP_INFO", None)
_LINGER_NOT: Final = struct.pack("ii", 1, 0)


def rtt_s(sock: socket.socket) -> float | None:
    """The round-trip time."""
    found = _word(sock, _RTT_AT)
    return None if found is None else found / 1e6


def resent(sock: socket.socket) -> int | None:
    """How many packets were sent again: of a connection that has just been made, its first ones."""
    found = _word(sock, _RESENT_AT)
    return None if found is None else min(found, 255)


def waited_s(sock: socket.socket) -> float:
    """How long ago data last came: so long it may have waited for us. To some milliseconds."""
    return (_word(sock, _LAST_DATA_AT) or 0) / 1e3


def forget(sock: socket.socket) -> None:
    """Let closing drop what was not acknowledged.

    Otherwise the kernel goes on sending it for a minute or two, and a censor who closes an address to
    whoever says a name would hear that name again and again.
    """
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    except OSError:  # it is closed already
        return


def _word(sock: socket.socket, at: int) -> int | None:
    if _TCP_INFO is None:
        return None
    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, at + _WORD)
    except OSError:  # it is closed already
        return None
    return int.from_bytes(raw[at : at + _WORD], sys.byteorder)
