"""DNS inside TLS: messages with their length in front (RFC 7858), or in a URL (RFC 8484)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Final

from probes.core.dns_message import Answer, Question, ask, read_answer
from wire import names

_LENGTH_BYTES: Final = 2
DOH_PATH: Final = "/dns-query"


class Framed:
    """A machine: one question over a stream, and the first message that comes back."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._heard = bytearray()
        self.done = False
        self.failure: str | None = None
        self.answer: Answer | None = None

    def start(self) -> bytes:
        """The question."""
        return len(self._question.raw).to_bytes(_LENGTH_BYTES, "big") + self._question.raw

    def feed(self, data: bytes) -> bytes:
        """Take bytes; there is nothing to send back."""
        self._heard += data
        size = int.from_bytes(self._heard[:_LENGTH_BYTES], "big")
        if len(self._heard) >= _LENGTH_BYTES + size and len(self._heard) > _LENGTH_BYTES and not self.done:
            message = bytes(self._heard[_LENGTH_BYTES : _LENGTH_BYTES + size])
            self.answer, self.done = read_answer(message, self._question), True
        return b""

    def end(self) -> None:
        """The other side has closed."""
        self.fail(names.EOF)

    def fail(self, failure: str) -> None:
        """It was broken off."""
        if not self.done:
            self.failure, self.done = failure, True


def doh_question(name: str) -> tuple[Question, str]:
    """A question with the id 0 (RFC 8484, 4.1), and the path that carries it; raises `ValueError`."""
    question = ask(name, "A", 0)
    return question, f"{DOH_PATH}?dns={urlsafe_b64encode(question.raw).decode().rstrip('=')}"
