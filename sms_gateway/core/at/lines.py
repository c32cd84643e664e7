"""What a serial port gives, cut into lines and prompts. Noise never grows beyond one line's limit."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

MOST_BYTES: Final = 4_096
"""The longest line that a modem sends is a PDU of 176 octets; whatever is longer is noise and is dropped."""
_PROMPTS: Final = frozenset({b"> ", b">"})  # some modems leave the space out


class Heard(Struct, frozen=True, kw_only=True):
    """A line without its end, never empty, or the prompt that asks for a text."""

    kind: Literal["line", "prompt"]
    text: str = ""


class Lines:
    """Cuts bytes as they come, in any pieces."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._rest = b""

    def feed(self, data: bytes) -> list[Heard]:
        """What is complete now. Bytes that are not ASCII become `?`: no command of a modem has them."""
        *whole, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        found = [_line(one) for one in whole if one.strip(b" \0") and len(one) <= MOST_BYTES]
        if self._rest.lstrip(b"\0") in _PROMPTS:
            self._rest = b""
            found.append(Heard(kind="prompt"))
        self._rest = self._rest[: MOST_BYTES + 1]
        return found

    def clear(self) -> None:
        """Forget what is incomplete, after a silence."""
        self._rest = b""


def _line(raw: bytes) -> Heard:
    text = raw.decode("ascii", "replace").replace("\ufffd", "?").strip(" \0")
    # Some modems end the prompt like a line.
    return Heard(kind="prompt") if text == ">" else Heard(kind="line", text=text.removeprefix("> "))
