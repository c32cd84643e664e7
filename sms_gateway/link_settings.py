"""The settings of links: what all have, what each kind has. The reference of every key is docs/links.md."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from wire.errors import BadInput

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Secret = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,64}$")]
Rate = Annotated[float, Meta(gt=0, le=100_000)]
Folder = Annotated[str, Meta(pattern=r"^/")]
MAX_PORT: Final = 65_535


class LinkSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every link has. `sender`: our own number there; `operator`: whose network it is.

    `send_per_s`, `send_burst`, `send_per_day`: parts that it may send; 0 a day: no cap.
    """

    kind: ClassVar[str]
    name: Name
    sender: Annotated[str, Meta(max_length=20)] = ""
    operator: Annotated[str, Meta(pattern=r"^(AS\d{1,10})?$")] = ""
    send_per_s: Rate = 10.0
    send_burst: Rate = 10.0
    send_per_day: Annotated[int, Meta(ge=0)] = 0

    @property
    def sends(self) -> bool:
        """Whether it can send at all."""
        return True

    def check(self) -> None:
        """What types cannot say; raises `BadInput`."""


class KannelLink(LinkSettings, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="kannel"):
    """A Kannel. `sendsms`: smsbox's address, empty when nothing is answered; `key`: what it must present."""

    kind: ClassVar[str] = "kannel"
    name: Name = "kannel"
    key: Secret = ""
    sendsms: str = ""
    username: str = ""
    password: str = ""
    texts_per_s: Rate = 100.0
    texts_burst: Rate = 1_000.0
    send_per_s: Rate = 100.0
    send_burst: Rate = 100.0

    @property
    def sends(self) -> bool:
        """Whether smsbox's address is known."""
        return bool(self.sendsms)

    def check(self) -> None:
        """An address to send by needs its user."""
        if self.sendsms:
            check_url("sendsms", self.sendsms)
            if not self.username or not self.password:
                raise BadInput("sendsms needs username and password")


class SmppLink(LinkSettings, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="smpp"):
    """An operator's message centre by SMPP 3.4, bound as a transceiver `binds` times.

    `alphabet`: of texts whose data coding is 0; `packed`: their septets come packed, eight in seven octets;
    `receipts`: whether delivery receipts are asked for.
    """

    kind: ClassVar[str] = "smpp"
    name: Name = "smpp"
    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=MAX_PORT)] = 2775
    tls: bool = False
    system_id: Annotated[str, Meta(pattern=r"^[ -~]{0,15}$")]
    password: Annotated[str, Meta(pattern=r"^[ -~]{0,64}$")] = ""
    system_type: Annotated[str, Meta(pattern=r"^[ -~]{0,12}$")] = ""
    binds: Annotated[int, Meta(ge=1, le=16)] = 1
    window: Annotated[int, Meta(ge=1, le=1_000)] = 10
    enquire_s: Annotated[float, Meta(gt=0, le=3_600)] = 30.0
    answer_s: Annotated[float, Meta(gt=0, le=3_600)] = 10.0
    alphabet: Literal["gsm7", "latin1", "ascii"] = "gsm7"
    packed: bool = False
    receipts: bool = True


class ModemLink(LinkSettings, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="modem"):
    """A GSM modem on a serial port; several of them are a bank. `sender`: the number of its card.

    `poll_s`: how often it is asked, whatever it announces; `valid_minutes`: how long the network tries.
    """

    kind: ClassVar[str] = "modem"
    name: Name = "modem"
    device: Annotated[str, Meta(pattern=r"^(/|socket://)")]
    baud: Annotated[int, Meta(ge=1_200, le=4_000_000)] = 115_200
    pin: Annotated[str, Meta(pattern=r"^(\d{4,8})?$")] = ""
    poll_s: Annotated[float, Meta(gt=0, le=3_600)] = 30.0
    answer_s: Annotated[float, Meta(gt=0, le=600)] = 10.0
    valid_minutes: Annotated[int, Meta(ge=5, le=635_040)] = 360
    receipts: bool = False
    send_per_s: Rate = 0.2
    send_burst: Rate = 5.0


class GammuLink(LinkSettings, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="gammu"):
    """A gammu-smsd by its folders; without `outbox` nothing is sent. `poll_s`: between two looks."""

    kind: ClassVar[str] = "gammu"
    name: Name = "gammu"
    inbox: Folder
    outbox: Folder | Literal[""] = ""
    poll_s: Annotated[float, Meta(gt=0, le=3_600)] = 1.0
    send_per_s: Rate = 0.2
    send_burst: Rate = 5.0

    @property
    def sends(self) -> bool:
        """Whether there is a folder to put texts into."""
        return bool(self.outbox)


class AndroidLink(LinkSettings, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="android"):
    """A phone with SMS Gateway for Android. `api`: its local server, to send by. `sim`: from 1; 0: any."""

    kind: ClassVar[str] = "android"
    name: Name = "android"
    signing_key: Annotated[str, Meta(min_length=8, max_length=256)]
    api: str = ""
    username: str = ""
    password: str = ""
    sim: Annotated[int, Meta(ge=0, le=3)] = 0
    send_per_s: Rate = 0.2
    send_burst: Rate = 5.0

    @property
    def sends(self) -> bool:
        """Whether its local server's address is known."""
        return bool(self.api)

    def check(self) -> None:
        """An address to send by needs its user."""
        if self.api:
            check_url("api", self.api)
            if not self.username or not self.password:
                raise BadInput("api needs username and password")


class TermuxLink(LinkSettings, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="termux"):
    """A phone with Termux. `command`: what reaches it, `["ssh", "phone"]`; empty when we run on it."""

    kind: ClassVar[str] = "termux"
    name: Name = "termux"
    command: Annotated[tuple[Annotated[str, Meta(min_length=1)], ...], Meta(max_length=32)] = ()
    poll_s: Annotated[float, Meta(gt=0, le=3_600)] = 5.0
    answer_s: Annotated[float, Meta(gt=0, le=600)] = 30.0
    sim: Annotated[int, Meta(ge=0, le=3)] = 0
    send_per_s: Rate = 0.2
    send_burst: Rate = 5.0


AnyLink = KannelLink | SmppLink | ModemLink | GammuLink | AndroidLink | TermuxLink


def check_url(key: str, url: str) -> None:
    """An address without anything that does not belong there; raises `BadInput`."""
    try:
        found = urlsplit(url)
        port_fits = found.port is None or found.port > 0
    except ValueError as error:
        raise BadInput(f"{key}: {error}") from error
    if found.scheme not in {"http", "https"} or not found.hostname or not port_fits:
        raise BadInput(f"{key}: {url!r} is not an http(s) address")
    if found.query or found.fragment or found.username:
        raise BadInput(f"{key}: only scheme, host, port and path are wanted")
