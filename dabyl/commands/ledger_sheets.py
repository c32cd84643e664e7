"""`dabyl ledger verify --sheets` and `export --sheets`: the published sheets and scans beside the log."""

from __future__ import annotations

import argparse
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

from wire.errors import BadInput

if TYPE_CHECKING:
    from collector.ledger import Checked, Shelf, Source
    from wire.signing import VerifyKey


def add_checks(verify: argparse.ArgumentParser) -> None:
    """What `verify` takes."""
    verify.add_argument(
        "--sheets",
        action="store_true",
        help="check every published sheet and scan too (in the copy, or by URL)",
    )
    verify.add_argument(
        "--stations", type=Path, metavar="FILE", help="stations' keys: checks what they sealed and signed too"
    )
    verify.add_argument(
        "--senders", type=Path, metavar="FILE", help="commissions' and observers' keys, for the same"
    )


def add_export(export: argparse.ArgumentParser) -> None:
    """What `export` takes."""
    export.add_argument(
        "--sheets", action="store_true", help="with all sheets and scans: only after the polls have closed"
    )


def faults(options: argparse.Namespace, source: Source, checked: Checked) -> list[str]:
    """What is wrong with signatures, and with what is published; raises `BadInput`."""
    from collector.ledger import published_faults, signature_faults

    wanted = options.stations is not None or options.senders is not None
    keys = _keys(options) if wanted else None
    found = list(published_faults(source.get, checked, keys)) if options.sheets else []
    return found if keys is None else [*signature_faults(checked, keys), *found]


def _keys(options: argparse.Namespace) -> dict[str, tuple[VerifyKey, ...]]:
    from wire.senders import read_sender
    from wire.signing import VerifyKey
    from wire.stationkeys import public_key, public_keys, read_line

    found: dict[str, tuple[VerifyKey, ...]] = {}
    for line in _lines(options.stations):
        station = read_line(line)
        found[station.station] = public_keys(station)
    for line in _lines(options.senders):
        sender = read_sender(line)
        found[sender.id] = (VerifyKey(public_key(sender.key)),)
    return found


def _lines(file: Path | None) -> list[bytes]:
    if file is None:
        return []
    try:
        return [line for line in file.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error


def export(made: tarfile.TarFile, data: Path, shelf: Shelf, size: int) -> None:
    """Add what the first `size` entries tell of; raises `BadInput` where a file is not here."""
    from contextlib import closing

    from collector.ledger import add_file, published_path
    from collector.sheets import SheetStore
    from collector.sheets.store import FOLDER
    from wire.ledger import parse_entry

    done: set[str] = set()
    with closing(SheetStore(data / FOLDER)) as store:
        for raw in shelf.entries(0)[:size]:
            entry = parse_entry(raw)
            path = published_path(entry)
            if entry.kind not in {"sheet", "scan"} or path in done:
                continue
            done.add(path)
            add_file(made, path, store.bytes_of(entry.kind, entry.sha256))
