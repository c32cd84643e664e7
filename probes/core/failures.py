"""What went wrong, as one of the names on the wire. One table for each boundary."""

from __future__ import annotations

import errno
from typing import Final

from wire import names

_OF_ERRNO: Final[dict[int, str]] = {
    errno.ECONNREFUSED: names.REFUSED,
    errno.ECONNRESET: names.RESET,
    errno.ECONNABORTED: names.RESET,
    errno.EPIPE: names.RESET,
    errno.ETIMEDOUT: names.TIMEOUT,
    errno.EHOSTUNREACH: names.HOST_UNREACHABLE,
    errno.EHOSTDOWN: names.HOST_UNREACHABLE,
    errno.EACCES: names.HOST_UNREACHABLE,  # how Linux reports ICMPv6 "administratively prohibited"
    errno.ENETUNREACH: names.NETWORK_UNREACHABLE,
    errno.ENETDOWN: names.NETWORK_UNREACHABLE,
    errno.EADDRNOTAVAIL: names.NETWORK_UNREACHABLE,  # no address of this family to send from
    errno.EAFNOSUPPORT: names.NETWORK_UNREACHABLE,  # IPv6 is switched off in the kernel
}
_OF_RCODE: Final[dict[str, str]] = {
    "NXDOMAIN": names.DNS_NXDOMAIN,
    "SERVFAIL": names.DNS_SERVFAIL,
    "REFUSED": names.DNS_REFUSED,
}


def of_os_error(error: OSError) -> str:
    """The failure behind an error of the operating system; never its text, which may hold an address."""
    known = _OF_ERRNO.get(error.errno or 0)
    return known or unknown(errno.errorcode.get(error.errno or 0, type(error).__name__))


def of_rcode(rcode: str, answers: tuple[str, ...]) -> str | None:
    """The failure that a name server's answer means; None when it gave addresses."""
    if rcode == "NOERROR":
        return None if answers else names.DNS_NO_ANSWER
    return _OF_RCODE.get(rcode) or unknown(f"dns {rcode.lower()}")


def unknown(what: str) -> str:
    """A failure that has no name of its own, in a few words."""
    return f"{names.UNKNOWN}{what}"
