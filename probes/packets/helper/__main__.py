# SPDX-License-Identifier: GPL-2.0-only
"""Sees headers of packets for a program that has no right to: JSON lines in, JSON lines out.

A program of its own, under scapy's licence, since it is made with scapy. It imports nothing of
Dabyl's and nothing of Dabyl imports it (docs/design/004-a-helper-for-packets.md).

Rules of this folder: it only listens; there is no code here that sends. It listens to single
flows, named by both addresses and both ports, one address being this machine's own; it tells
headers, never payloads, and never the address of a router. It keeps no right but CAP_NET_RAW,
and ends when its standard input does.

Run as a folder, `python -I .../helper`, so its files are top-level modules to each other.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any, Final

try:
    from scapy.error import Scapy_Exception
except ImportError:  # told in words to whoever started us
    sys.stdout.write('{"ready":false,"reason":"scapy is not installed"}\n')
    sys.exit(1)

from flows import Refusal, Watch, listen, load_libpcap, parse, read  # type: ignore[import-not-found]  # see above
from rights import keep_only_net_raw  # type: ignore[import-not-found]  # see above

MAX_LINE_BYTES: Final = 1024
MAX_WATCHES: Final = 64
MAX_REPORTS_A_SECOND: Final = 500
MAX_COMMANDS_A_SECOND: Final = 200


@dataclass
class Bucket:
    """So many in a second, and no more."""

    size: int
    second: int = 0
    used: int = 0

    def take(self, now: float) -> bool:
        """Whether there is one left in this second."""
        if int(now) != self.second:
            self.second, self.used = int(now), 0
        self.used += 1
        return self.used <= self.size


class Helper:
    """The loop: commands from standard input, reports to standard output."""

    def __init__(self) -> None:
        self._watches: dict[int, Watch] = {}
        self._listeners: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(0, selectors.EVENT_READ)
        self._pending = b""
        self._commands, self._reports = Bucket(MAX_COMMANDS_A_SECOND), Bucket(MAX_REPORTS_A_SECOND)

    def run(self) -> None:
        """Until standard input ends."""
        while True:
            for key, _ in self._selector.select(self._patience()):
                if isinstance(key.data, Watch):
                    self._hear(key.data)
                elif not self._obey():
                    return
            for watch in [one for one in self._watches.values() if one.until <= time.monotonic()]:
                self._end(watch)

    def _patience(self) -> float | None:
        if not self._watches:
            return None
        next_end: float = min(watch.until for watch in self._watches.values())
        return max(0.0, next_end - time.monotonic())

    def _obey(self) -> bool:
        got = os.read(0, 65_536)
        *lines, self._pending = (self._pending + got).split(b"\n")
        for line in lines:
            self._command(line)
        return bool(got) and len(self._pending) <= MAX_LINE_BYTES

    def _command(self, line: bytes) -> None:
        now = time.monotonic()
        try:
            if len(line) > MAX_LINE_BYTES or not self._commands.take(now):
                raise Refusal("too much at once")
            asked = parse(line, now)
            if isinstance(asked, Watch):
                self._start(asked)
            elif asked in self._watches:
                self._end(self._watches[asked])
        except Refusal as error:
            tell({"refused": str(error)})

    def _start(self, watch: Watch) -> None:
        if watch.id in self._watches:
            raise Refusal("this id is in use")
        if len(self._watches) >= MAX_WATCHES:
            raise Refusal("too much at once")
        try:
            listener = listen(watch)
        except (OSError, Scapy_Exception) as error:
            raise Refusal("the listener could not be opened") from error
        self._watches[watch.id], self._listeners[watch.id] = watch, listener
        self._selector.register(listener, selectors.EVENT_READ, watch)
        tell({"id": watch.id, "watching": True})

    def _hear(self, watch: Watch) -> None:
        if watch.id not in self._watches:  # it was stopped a moment ago
            return
        try:
            told = read(watch, self._listeners[watch.id].recv(65_536))
        except OSError:  # the interface went away; the watch ends at its time
            return
        if told is None or not self._reports.take(time.monotonic()):
            return
        tell({"id": watch.id} | told)
        watch.left -= 1
        if not watch.left:
            self._end(watch)

    def _end(self, watch: Watch) -> None:
        listener = self._listeners.pop(watch.id)
        self._selector.unregister(listener)
        listener.close()
        del self._watches[watch.id]
        tell({"id": watch.id, "ended": True})


def tell(record: dict[str, Any]) -> None:
    """One line to whoever started us."""
    sys.stdout.write(json.dumps(record, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Exit status 0 when standard input ended, 1 when nothing could be seen from here."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the probe, which then closes our input
    try:
        load_libpcap()
    except ImportError:
        tell({"ready": False, "reason": "libpcap is not installed"})
        return 1
    try:
        keep_only_net_raw()
        with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0):
            pass
    except OSError:
        tell({"ready": False, "reason": "CAP_NET_RAW is not held"})
        return 1
    tell({"ready": True})
    Helper().run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
