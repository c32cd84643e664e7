"""Standard output: everything is written, however slowly it is read; a disk that is full is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LINE = 300_000  # more than a pipe holds, so the writer waits in the middle of a line
# A command of one long line and a short one, whose first write is interrupted once it waits for the reader.
INTERRUPTED = f"""
import argparse, signal, sys
from dabyl import cli
def say(options):
    signal.signal(signal.SIGALRM, lambda *_: print("interrupted", file=sys.stderr, flush=True))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    sys.stdout.buffer.write(b"x" * {LINE} + b"\\n")
    print("the end")
    return 0
def parser():
    made = argparse.ArgumentParser()
    made.set_defaults(run=say)
    return made
cli.make_parser = parser
sys.exit(cli.main([]))
"""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_line_is_whole_though_a_signal_interrupted_its_writing(unbuffered: str) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = (sys.executable, "-c", INTERRUPTED)
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == "interrupted\n"  # nothing was read until now
        assert process.stdout.read() == "x" * LINE + "\nthe end\n"
    assert process.returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_one_clear_line(unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dabyl", "probe", "what"],
            stdout=full, stderr=-1, text=True, check=False, env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "dabyl: No space left on device\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_line_goes_out_when_it_ends_where_python_has_no_buffer(unbuffered: str) -> None:
    script = "import sys; from dabyl import output; output.write_whole(); print(sys.stdout.line_buffering)"
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run([sys.executable, "-c", script], stdout=-1, text=True, env=environment, check=True)
    assert done.stdout == f"{bool(unbuffered)}\n"


def test_where_there_is_no_output_a_command_works_all_the_same() -> None:
    command = f"{sys.executable} -m dabyl probe what >&-"
    done = subprocess.run(command, shell=True, stderr=-1, text=True, check=False)  # noqa: S602  # a shell closes it
    assert (done.returncode, done.stderr) == (0, "")
