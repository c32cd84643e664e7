"""A modem, running: the shell around its life's table. It wakes, unlocks, sets, sweeps and sends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from sms_gateway.core.at import life, replies
from sms_gateway.core.at.life import Action, Event, State
from sms_gateway.core.at.talk import Answer, Command, Notice
from sms_gateway.core.delivery import pause_s
from sms_gateway.link_settings import ModemLink
from sms_gateway.links.link import Health, Outgoing, Sent
from sms_gateway.links.modem import sending, unlocking
from sms_gateway.links.modem.port import Gone, Port, Silent
from sms_gateway.links.modem.sweep import Sweep
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_TRIES: Final = 3
_SIM_S: Final = 1.0
_SIM_TRIES: Final = 15
_SESSION_BYTES: Final = 8
_TIRED: Final = 5
_FELL: Final = "it restarted by itself"
_ON_AIR: Final = frozenset({"home", "roaming"})
_BUSY: Final = frozenset({"14", "314", "SIM busy"})
_BORN_AGAIN: Final = ("RDY", "+CPIN:", "^SYSSTART", "NORMAL POWER DOWN")


class Modem:
    """One modem of the bank."""

    def __init__(self, office: Office, link: ModemLink) -> None:
        """Not yet running."""
        self._office, self._link = office, link
        self._bell = asyncio.Event()
        self._port = Port(link.device, link.baud, self._heard, self._bell.set)
        self._sweep = self._new_sweep()
        self._state: State = "closed"
        self._why = ""
        self._failures = 0
        self._registration: replies.Registration = "unknown"
        self._signal: float | None = None
        self._heard_at = self._look_at = 0.0
        self._restarted = False
        self._direct: list[tuple[int, str]] = []
        self._reference = office.randomness.token(1)[0]
        self._actions: dict[Action, Callable[[], Awaitable[Event]]] = {
            "open": self._open, "wake": self._wake, "ask": self._ask_card, "unlock": self._unlock,
            "set": self._set, "work": self._work, "nudge": self._nudge, "restart": self._restart,
            "rest": self._rest,
        }  # fmt: skip

    async def run(self) -> None:
        """Live by the table, for ever."""
        self._state, action = life.START
        try:
            while True:
                self._state, action = life.step(self._state, await self._do(action))
        finally:
            await self._close()

    async def send(self, text: Outgoing) -> Sent:
        """Send a text, part by part."""
        if self._state != "ready" or self._registration not in _ON_AIR:
            return Sent(toll="away", why=self.health().why or self._state)
        self._reference = (self._reference + 1) % 256
        try:
            return await sending.send(self._port, self._link, text, self._reference)
        except (Silent, Gone) as error:
            self._bell.set()  # so that the loop notices as well
            return Sent(toll="later", why=type(error).__name__.lower())

    def health(self) -> Health:
        """Whether it is ready, on the air, and has room for texts."""
        why = self._why
        if self._state == "ready" and not why:
            on_air = self._registration in _ON_AIR
            why = "" if on_air else f"registration: {self._registration}"
        return Health(
            up=self._state == "ready" and not why,
            state=self._state,
            why=why,
            signal=self._signal,
            heard_at=self._heard_at,
        )

    async def _do(self, action: Action) -> Event:
        try:
            return await self._actions[action]()
        except Silent as error:
            self._trouble(_FELL if self._restarted else f"no answer to {error.args[0].split('=')[0]}")
            return "silent"
        except Gone as error:
            self._trouble(str(error))
            return "gone"

    async def _open(self) -> Event:
        await self._port.open()
        self._sweep = self._new_sweep()
        self._office.journal.live.add(self._sweep.session)
        return "opened"

    async def _wake(self) -> Event:
        """A modem that sets its speed by what it hears needs a few."""
        for _ in range(_TRIES):
            try:
                await self._port.ask(Command(text="AT", patience_s=min(1.0, self._link.answer_s)))
            except Silent:
                await self._port.nudge()
            else:
                return "answered"
        raise Silent("AT")

    async def _nudge(self) -> Event:
        await self._port.nudge()
        return await self._wake()

    async def _ask_card(self) -> Event:
        """What the card wants; it may take its time after the modem was switched on."""
        card: replies.Sim = "other"
        for _ in range(_SIM_TRIES):
            answer = await self._ask("AT+CPIN?")
            card = replies.sim(answer.final, answer.lines)
            if card == "ready":
                return "sim_ready"
            if card == "pin":
                return "pin_wanted"
            if card == "puk":
                break
            await asyncio.sleep(_SIM_S)
        self._trouble("the card is locked: it wants its PUK" if card == "puk" else "no card")
        return "failed" if card == "puk" else "no_sim"

    async def _unlock(self) -> Event:
        refused = await unlocking.unlock(self._office, self._link, self._port)
        if refused:
            self._trouble(refused)
            return "failed"
        return "answered"

    async def _set(self) -> Event:
        for command in ("ATE0", "AT+CMEE=1", "AT+CREG=1"):
            await self._ask(command)
        # Phase 2 and no `+CNMA`: the modem itself acknowledges what it has stored.
        await self._ask("AT+CSMS=0")
        if not (await self._ask("AT+CMGF=0")).ok:
            self._trouble("it has no PDU mode")
            return "failed"
        await self._set_notices()
        self._sweep.memories = await self._memories()
        self._restarted, self._look_at = False, 0.0
        return "answered"

    async def _memories(self) -> tuple[str, ...]:
        """A card that was just unlocked is busy for some seconds."""
        for _ in range(_SIM_TRIES):
            answer = await self._ask("AT+CPMS=?")
            if replies.fault(answer.final) not in _BUSY:
                break
            await asyncio.sleep(_SIM_S)
        return replies.memories(answer.lines)

    async def _set_notices(self) -> None:
        """Texts are stored and announced; receipts, if wanted, are handed over."""
        for wanted in (f"2,1,0,{int(self._link.receipts)},0", "2,1,0,0,0", "1,1,0,0,0"):
            if (await self._ask(f"AT+CNMI={wanted}")).ok:
                return
        _log.warning(
            "%s: it announces nothing; texts are found every %g s", self._link.name, self._link.poll_s
        )

    async def _work(self) -> Event:
        while not self._restarted:
            self._bell.clear()
            try:
                await self._look_now_and_then()
                await self._bring()
            except StoreFailed as error:
                _log.error("%s: %s", self._link.name, error)
                await asyncio.sleep(1.0)
                continue
            if self._sweep.refused >= _TIRED:
                self._trouble("its memories cannot be read")
                return "failed"
            await self._wait()
        self._trouble(_FELL)
        return "silent"

    async def _bring(self) -> None:
        """Whatever is there, into the journal."""
        while self._direct:
            await self._sweep.keep(*self._direct[0])
            del self._direct[0]
        if await self._sweep.round():
            self._heard_at = self._office.now_s()
        self._failures = 0
        self._why = f"{self._sweep.full} is full" if self._sweep.full else ""

    async def _look_now_and_then(self) -> None:
        now = self._office.clock.monotonic()
        if now >= self._look_at:
            await self._look()
            self._look_at = now + self._link.poll_s

    async def _look(self) -> None:
        """Signal and registration: the watchdog's questions, too."""
        self._signal = replies.signal((await self._ask("AT+CSQ")).lines)
        circuit = await self._ask("AT+CREG?")
        found = replies.registration(circuit.lines)
        if found not in _ON_AIR:
            # A modem on 4G alone is registered there only; one that can say neither is believed.
            packet = await self._ask("AT+CEREG?")
            there = replies.registration(packet.lines)
            found = there if there in _ON_AIR else found if circuit.ok or packet.ok else "home"
        self._registration = found

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._link.poll_s):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _restart(self) -> Event:
        await self._ask("AT+CFUN=1,1")
        return "answered"

    async def _rest(self) -> Event:
        await self._close()
        await asyncio.sleep(pause_s(self._failures, self._office.randomness.uniform(0, 1)))
        self._failures += 1
        return "answered"

    async def _close(self) -> None:
        await self._port.close()
        self._office.journal.live.discard(self._sweep.session)

    async def _ask(self, command: str) -> Answer:
        return await self._port.ask(Command(text=command, patience_s=self._link.answer_s))

    def _heard(self, notice: Notice) -> None:
        """Something was said by the modem on its own."""
        if notice.pdu and not notice.line.startswith("+CBM"):  # a broadcast is no text
            length = notice.line.rpartition(",")[2].rpartition(":")[2].strip()
            self._direct.append((int(length) if length.isdecimal() else 0, notice.pdu))
        elif notice.line.startswith("+CREG:"):
            self._registration = replies.registration([notice.line])
        elif self._state == "ready" and notice.line.startswith(_BORN_AGAIN):
            self._restarted = True
            self._port.distrust()
        self._bell.set()

    def _trouble(self, why: str) -> None:
        if why != self._why:
            _log.warning("%s: %s", self._link.name, why)
        self._why, self._registration, self._signal = why, "unknown", None

    def _new_sweep(self) -> Sweep:
        session = self._office.randomness.token(_SESSION_BYTES).hex()
        return Sweep(self._link, session, self._port, self._office.journal)
