# SPDX-License-Identifier: GPL-2.0-only
"""The helper's rights: all but one are given up before the first command is read."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Final

MEMORY_BYTES: Final = 512 * 1024 * 1024
NOBODY: Final = 65_534
CAP_NET_RAW: Final = 13
_CAPABILITY_VERSION_3: Final = 0x20080522
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 8, 38


def keep_only_net_raw() -> None:
    """Be nobody, with one right (capabilities(7)); raises `OSError` where that right is not held."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        _must(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    right = 1 << CAP_NET_RAW
    head, rights = (
        (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0),
        (ctypes.c_uint32 * 6)(right, right, 0, 0, 0, 0),
    )
    _must(libc.capset(ctypes.byref(head), ctypes.byref(rights)))
    _must(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _must(libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _must(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
