"""Errors of the system and of name servers by their names on the wire."""

from __future__ import annotations

import errno

import pytest

from probes.core import failures
from wire import names


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ECONNREFUSED, names.REFUSED),
        (errno.ECONNRESET, names.RESET),
        (errno.EPIPE, names.RESET),
        (errno.ETIMEDOUT, names.TIMEOUT),
        (errno.EHOSTUNREACH, names.HOST_UNREACHABLE),
        (errno.EACCES, names.HOST_UNREACHABLE),
        (errno.ENETUNREACH, names.NETWORK_UNREACHABLE),
        (errno.EADDRNOTAVAIL, names.NETWORK_UNREACHABLE),
        (errno.EMFILE, "unknown_failure: EMFILE"),
        (None, "unknown_failure: OSError"),
    ],
)
def test_an_error_of_the_system_has_a_name(number: int | None, expected: str) -> None:
    error = OSError() if number is None else OSError(number, "connect to 10.1.2.3 failed")
    assert failures.of_os_error(error) == expected


@pytest.mark.parametrize(
    ("rcode", "answers", "expected"),
    [
        ("NOERROR", ("185.1.1.1",), None),
        ("NOERROR", (), names.DNS_NO_ANSWER),
        ("NXDOMAIN", (), names.DNS_NXDOMAIN),
        ("SERVFAIL", (), names.DNS_SERVFAIL),
        ("REFUSED", (), names.DNS_REFUSED),
        ("NOTIMP", (), "unknown_failure: dns notimp"),
    ],
)
def test_a_name_servers_code_has_a_name(rcode: str, answers: tuple[str, ...], expected: str | None) -> None:
    assert failures.of_rcode(rcode, answers) == expected
