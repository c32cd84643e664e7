"""One command at a time: what belongs to its answer, what is a notice, when it is over. A table, no port.

A modem puts its notices (`+CMTI`, `RING`, `+CREG`) wherever it likes, also between the lines of an answer;
an answer that comes after we stopped waiting must not be taken for the next command's.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core.at.lines import Heard

State = Literal["idle", "asked", "told"]
"""idle: no command runs. asked: it was written. told: its text was written, after the prompt."""
Event = Literal["info", "final", "prompt", "notice", "echo"]
Action = Literal["collect", "answer", "write", "escape", "announce", "drop"]
TABLE: Final[dict[tuple[State, Event], tuple[State, Action]]] = {
    ("idle", "info"): ("idle", "drop"),
    ("idle", "final"): ("idle", "drop"),
    ("idle", "prompt"): ("idle", "escape"),
    ("idle", "notice"): ("idle", "announce"),
    ("idle", "echo"): ("idle", "drop"),
    ("asked", "info"): ("asked", "collect"),
    ("asked", "final"): ("idle", "answer"),
    ("asked", "prompt"): ("told", "write"),
    ("asked", "notice"): ("asked", "announce"),
    ("asked", "echo"): ("asked", "drop"),
    ("told", "info"): ("told", "collect"),
    ("told", "final"): ("idle", "answer"),
    ("told", "prompt"): ("told", "drop"),
    ("told", "notice"): ("told", "announce"),
    ("told", "echo"): ("told", "drop"),
}
ESCAPE: Final = b"\x1b"
_FINAL: Final = re.compile(
    r"OK|ERROR|\+CM[ES] ERROR: ?.*|COMMAND NOT SUPPORT|TOO MANY PARAMETERS|NO CARRIER|NO DIALTONE|BUSY",
    re.ASCII,
)
_NOTICE: Final = re.compile(
    r"\+(CMTI|CMT|CDSI|CDS|CBMI?|CRING|CLIP|CCWA|CUSD|CIEV|CPIN|C5?G?E?REG|CTZ[A-Z]*|CGEV|CSSU|PSUTTZ)\b.*"
    r"|RING|RDY|Call Ready|SMS Ready|PB DONE|NORMAL POWER DOWN|UNDER-VOLTAGE.*|[\^%*].*",
    re.ASCII,
)
_WITH_PDU: Final = re.compile(r"\+(CMT|CDS|CBM):", re.ASCII)
_REGISTERED: Final = re.compile(r"\+C5?G?E?REG: ?\d+(,\"[0-9A-Fa-f]*\".*)?", re.ASCII)


class Command(Struct, frozen=True, kw_only=True):
    """A command without its end. `body`: a PDU in hex, for the prompt. `patience_s`: how long to wait."""

    text: str
    body: str = ""
    patience_s: float = 10.0

    @property
    def name(self) -> str:
        """`+CMGL` of `AT+CMGL=4`: what the lines of its answer begin with."""
        found = re.match(r"AT([+^%$][A-Z0-9]+)", self.text)
        return found[1] if found else ""


class Answer(Struct, frozen=True, kw_only=True):
    """What a command gave: its lines, and how it ended: `OK`, or what else the modem said."""

    final: str
    lines: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the command did what it should."""
        return self.final == "OK"


class Notice(Struct, frozen=True, kw_only=True):
    """What the modem says on its own; `pdu` is the line that belongs to a `+CMT` or `+CDS`."""

    line: str
    pdu: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """What is to be done after a piece was heard: bytes to write, notices, the answer when it is whole."""

    write: bytes = b""
    notices: tuple[Notice, ...] = ()
    answer: Answer | None = None


class Talk:
    """A conversation; at most one command runs."""

    def __init__(self) -> None:
        """Nothing was said."""
        self.state: State = "idle"
        self._command = Command(text="")
        self._lines: list[str] = []
        self._half: str = ""

    def ask(self, command: Command) -> bytes:
        """Begin a command; gives what is to be written. A former one that is not over is given up."""
        self.state, self._command, self._lines = "asked", command, []
        return f"{command.text}\r".encode("ascii")

    def give_up(self) -> bytes:
        """Stop waiting; gives what brings a modem back that still waits for a text."""
        self.state, self._lines, self._half = "idle", [], ""
        return ESCAPE

    def hear(self, heard: Heard) -> Said:
        """Take one line or prompt."""
        if self._half and heard.kind == "line":
            notice, self._half = Notice(line=self._half, pdu=heard.text), ""
            return Said(notices=(notice,))
        self.state, action = TABLE[self.state, self._event(heard)]
        return self._do(action, heard.text)

    def _do(self, action: Action, line: str) -> Said:
        if action == "collect":
            self._lines.append(line)
        elif action == "answer":
            return Said(answer=Answer(final=line, lines=tuple(self._lines)))
        elif action == "escape" or (action == "write" and not self._command.body):
            return Said(write=ESCAPE)
        elif action == "write":
            return Said(write=self._command.body.encode("ascii") + b"\x1a")
        elif action == "announce":
            return self._announce(line)
        return Said()

    def _announce(self, line: str) -> Said:
        if _WITH_PDU.match(line):
            self._half = line
            return Said()
        return Said(notices=(Notice(line=line),))

    def _event(self, heard: Heard) -> Event:
        if heard.kind == "prompt":
            return "prompt"
        if heard.text in {self._command.text, self._command.body} or heard.text.startswith("AT+"):
            return "echo"
        if _FINAL.fullmatch(heard.text):
            return "final"
        return "notice" if self._is_notice(heard.text) else "info"

    def _is_notice(self, line: str) -> bool:
        """Whether a line is nobody's answer: `+CREG: 1` always, `+CREG: 0,1` unless `AT+CREG?` runs."""
        if not _NOTICE.fullmatch(line):
            return False
        name = self._command.name
        mine = self.state != "idle" and name != "" and line.startswith(f"{name}:")
        return not mine or _REGISTERED.fullmatch(line) is not None
