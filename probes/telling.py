"""Hand a text to a command of the volunteer's: `gammu`, `termux-sms-send`, or what else can send one."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence
from typing import Final

from wire.errors import BadInput

_PATIENCE_S: Final = 120.0


def command_of(line: str) -> tuple[str, ...]:
    """A command line as its words, as a shell would cut it; raises `BadInput`."""
    try:
        return tuple(shlex.split(line))
    except ValueError as error:
        raise BadInput(f"--text-command: {error}") from error


async def tell(command: Sequence[str], text: str) -> str:
    """Run the command with the text on its standard input; gives why it failed, empty when it did not."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await process.communicate(f"{text}\n".encode("ascii"))
    except TimeoutError:
        return f"{command[0]} did not end within {_PATIENCE_S:g} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return f"{command[0]} ended with {process.returncode}" if process.returncode else ""
