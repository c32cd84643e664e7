"""Forked workers: they end with the process that made them, even when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from collector.forked import forked

PARENT = """
import os, time
from collector.forked import forked
with forked(2) as pool:
    print(*{future.result() for future in [pool.submit(os.getpid) for _ in range(20)]}, flush=True)
    time.sleep(60)
"""


def test_workers_of_a_process_that_was_killed_are_gone() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline().split()
    parent.send_signal(signal.SIGKILL)
    # Its output ends when the last worker, which inherited it, has ended.
    assert parent.communicate(timeout=30)[0] == b""


def test_each_worker_is_prepared() -> None:
    os.environ.pop("DABYL_PREPARED", None)
    with forked(1, lambda: os.environ.update(DABYL_PREPARED="yes")) as pool:
        assert pool.submit(os.getenv, "DABYL_PREPARED").result() == "yes"
    assert "DABYL_PREPARED" not in os.environ
