"""The collector's settings: the command line's, over those of a TOML file, over the defaults."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from collector.core.few import LEAST_PROBES
from collector.core.intake import Limits, Positive
from collector.core.networks import Networks
from collector.core.pictures import EVERY_S
from wire.errors import BadInput

DEFAULT_LISTEN: Final = "127.0.0.1:8080"
LEAST_DAYS: Final = 15  # detection looks back for 14
MAX_PORT: Final = 65_535
Count = Annotated[int, Meta(ge=1)]


class Late(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where figures go that came late; nowhere when both `remote_write` and `blocks` are empty.

    `remote_write`: a URL. `token_file`: holds a bearer token for it. `window_s`: how far back it takes
    samples, an hour less than Prometheus' `out_of_order_time_window`. `blocks`: Prometheus' own folder, for
    what is older; without it a text is left in the folder `late`. `promtool`: the program that makes blocks.
    `settle_s`, `longest_s`: figures wait until nothing more came for so long, at most so long. `every_s`:
    between two looks at what waits. `forget_s`: minutes older than that are not told apart any more.
    """

    remote_write: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    token_file: str = ""
    window_s: Positive = 47 * 3_600.0
    blocks: str = ""
    promtool: str = "promtool"
    settle_s: Positive = 300.0
    longest_s: Positive = 1_800.0
    every_s: Positive = 30.0
    forget_s: Positive = 61 * 86_400.0

    @property
    def wanted(self) -> bool:
        """Whether anybody asks for late figures."""
        return bool(self.remote_write or self.blocks)

    def token(self) -> str:
        """The bearer token, read anew each time; empty without a file. Raises `OSError`."""
        if not self.token_file:
            return ""
        return Path(self.token_file).read_text(encoding="utf-8", errors="replace").strip()


class Witness(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One that cosigns the ledger. `url`: where it is asked. `key`: the line that it prints at its start."""

    url: str
    key: str


class Ledger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public ledger. `name`: as it stands in checkpoints, never changed; empty: made from our own key.

    `head`: the folder of the last checkpoint, best on another disk; empty: beside the log. `audit_every_s`:
    how often the collector checks its own ledger and sheets.
    """

    name: str = ""
    head: str = ""
    witness: tuple[Witness, ...] = ()
    audit_every_s: Positive = 600.0


class Sheets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Result sheets: whose are taken, and from when on they are shown.

    `stations`: the file of keys that `dabyl station enrol` writes; `senders`: the lines of
    `dabyl sheets key`, for commissions and observers; empty: those of these names in the folder `sheets`.
    `polls_close`: until then only hashes are shown; empty: everything at once. `station_list`: a CSV with
    the columns `station` and `district`.
    `uploads_per_s`, `uploads_burst`: rate of each key. `copies`: how many of one sheet a key may send.
    `scan_timeout_s`: how long a scan may take to arrive; `max_scans`: how many may be under way at once.
    """

    stations: str = ""
    senders: str = ""
    polls_close: str = ""
    station_list: str = ""
    uploads_per_s: Positive = 2.0
    uploads_burst: Positive = 200.0
    copies: Count = 20
    scan_timeout_s: Positive = 180.0
    max_scans: Count = 16


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set; the keys of the TOML file are these names.

    `listen`: HOST:PORT, port 0 for any free one. `data`: the folder of all that is kept.
    `keep_rows_s`: how long archived batches also stay in the database, at least the window of 15 minutes.
    `archive_every_s`: how often batches move to the archive.
    `detect_every_s`, `detect_hours`, `detect_records`: how often incidents are looked for, in how many
    hours, and in how many measurements at most. `body_timeout_s`: how long a body may
    take to arrive. `idle_timeout_s`: how long a connection may go without a whole request.
    `max_bodies`: how many bodies may be under way at once.
    `keep_days`: for how many days batches are kept, None: for ever; `purge_every_s`: how often older ones are
    looked for. `picture_every_s`: how often what the map shows is kept. `publish_from`: how many probes
    must stand behind what is published. `networks`: a table of networks, "" for none. `behind_proxy`: whether
    the last address in X-Forwarded-For is that of who asks.
    """

    listen: str = DEFAULT_LISTEN
    data: str
    keep_rows_s: Annotated[float, Meta(ge=900)] = 3_600.0
    archive_every_s: Positive = 60.0
    detect_every_s: Positive = 60.0
    detect_hours: Positive = 24.0
    detect_records: Count = 3_000_000
    body_timeout_s: Positive = 20.0
    idle_timeout_s: Positive = 75.0
    max_bodies: Count = 256
    keep_days: Annotated[int, Meta(ge=LEAST_DAYS)] | None = None
    purge_every_s: Positive = 3_600.0
    picture_every_s: Annotated[float, Meta(gt=0, le=EVERY_S)] = EVERY_S
    networks: str = ""
    behind_proxy: bool = False
    publish_from: Annotated[int, Meta(ge=1, le=1_000)] = LEAST_PROBES
    limits: Limits = Limits()
    late: Late = Late()
    ledger: Ledger = Ledger()
    sheets: Sheets = Sheets()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data)


def read_settings(file: Path | None, listen: str | None, data: str | None) -> Settings:
    """The settings of a file (None: no file) under those of the command line; raises `BadInput`."""
    given = {} if file is None else _read(file)
    over = {"listen": listen, "data": data}
    given |= {name: value for name, value in over.items() if value is not None}
    if "data" not in given:
        raise BadInput('the collector needs a folder: --data DIR, or data = "DIR" in the settings file')
    try:
        settings = msgspec.convert(given, Settings)
    except msgspec.ValidationError as error:
        raise BadInput(f"{file or 'settings'}: {error}") from error
    split_address(settings.listen)
    return settings


def read_networks(file: str) -> Networks:
    """The table of networks in a file, an empty one when none is named; raises `BadInput`."""
    try:
        return Networks(Path(file).read_text(encoding="utf-8").splitlines()) if file else Networks()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error
    except (BadInput, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{file}: {error}") from error


def split_address(listen: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT` or `[IPv6]:PORT`; raises `BadInput`."""
    host, colon, port = listen.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not colon or not bare or (":" in bare and not host.startswith("[")):
        raise BadInput(f"{listen[:80]}: an address to listen on is HOST:PORT or [IPV6]:PORT")
    if not (port.isascii() and port.isdigit() and int(port) <= MAX_PORT):
        raise BadInput(f"{listen[:80]}: the port is no number from 0 to {MAX_PORT}")
    return bare, int(port)


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: {error}") from error
