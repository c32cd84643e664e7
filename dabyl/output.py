"""Standard output that writes all it is given, or says why it could not."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Final

# Of a disk that takes no more: told in one line, whatever was being written.
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_whole() -> None:
    """Put a buffer before standard output where Python runs without one (PYTHONUNBUFFERED, as in containers).

    There `sys.stdout.buffer` is the bare file, and writing is one system call. While a full pipe waits for
    its reader, a signal, or what uvloop's io_uring leaves to the kernel, ends it after a part of a line, and
    the rest is lost without an error: in 1 of 270 runs with eight slow readers. Each line still goes out.
    """
    if sys.stdout is None:  # closed by whoever started us: else the next socket would take its number
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # open until the end
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = open(  # noqa: SIM115  # it stays open until the process ends
            sys.stdout.fileno(),
            "w",
            buffering=1,
            encoding=sys.stdout.encoding,
            errors=sys.stdout.errors,
            closefd=False,
        )


def forget() -> None:
    """Let the interpreter's own last flush go nowhere: it would fail as ours did."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
