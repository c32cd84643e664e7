"""`dabyl ledger`: check, copy and keep the public ledger; no trust in who serves it."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dabyl.commands import ledger_keeping, ledger_sheets
from dabyl.commands.folder import add_folder
from dabyl.commands.ledger_keeping import key_of, read_bytes
from wire.errors import BadInput

if TYPE_CHECKING:
    from collector.ledger import Checked
    from wire.notes import Checkpoint, NoteKey

MAX_SHEET_BYTES: Final = 64 * 1024 * 1024
_FAILED: Final = 1


def add(commands: Any) -> None:
    """Register `dabyl ledger`."""
    ledger = commands.add_parser("ledger", help="verify and copy the public ledger of result sheets")
    actions = ledger.add_subparsers(metavar="ACTION", required=True)
    _add_verify(actions)
    _add_export(actions)
    ledger_keeping.add_to(actions)


def _add_verify(actions: Any) -> None:
    verify = actions.add_parser(
        "verify",
        help="check the whole log, or one sheet's inclusion, offline",
        description=(
            "Reads every tile and every entry of a copy (a folder, a tarball, an address), hashes them again "
            "and compares with the signed checkpoint. Exit 1 when something does not hold."
        ),
    )
    verify.add_argument("where", metavar="DIR|FILE.tar.gz|URL", help="the copy, or https://.../ledger")
    verify.add_argument(
        "--key", metavar="KEY|FILE", help="the log's verifier key; without it that of the copy is taken"
    )
    verify.add_argument(
        "--sheet", type=Path, metavar="FILE", help="a sheet (JSON) or its scan: it must stand in the log"
    )
    verify.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="one kept from before: the log must begin with it"
    )
    ledger_sheets.add_checks(verify)
    verify.set_defaults(run=run_verify)


def _add_export(actions: Any) -> None:
    export = actions.add_parser(
        "export",
        help="write all files of a ledger into a tarball",
        description="Reads the collector's folder, also beside a running server, and changes nothing.",
    )
    add_folder(export)
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE.tar.gz", help="a new file; an old one is kept"
    )
    export.add_argument("--head", type=Path, metavar="DIR", help="where the head lies, if not beside the log")
    ledger_sheets.add_export(export)
    export.set_defaults(run=run_export)


def run_verify(options: argparse.Namespace) -> int:
    """0 when everything holds, 1 when not."""
    from collector.ledger import check, source_of

    source = source_of(options.where)
    key = key_of(options.key, source)
    checked = check(source, key, _asked_hash(options.sheet), _told())
    problems = [
        *checked.faults,
        *_about_sheet(options.sheet, checked),
        *_about_earlier(options, key, checked),
        *ledger_sheets.faults(options, source, checked),
    ]
    for line in problems:
        print(line)
    print(_summary(checked, key, problems))
    return _FAILED if problems else 0


def run_export(options: argparse.Namespace) -> int:
    """Write a tarball."""
    from collector.ledger import Shelf, add_file, paths_of, tarball
    from collector.ledger.keys import FOLDER, read_key

    folder = options.data / FOLDER
    with Shelf(folder, str(read_key(folder)), options.head) as shelf:
        size = shelf.size
        try:
            with tarball(options.out) as made:
                for path in paths_of(size):
                    add_file(made, path, shelf.get(path) or b"")
                if options.sheets:
                    ledger_sheets.export(made, options.data, shelf, size)
        except OSError as error:
            raise BadInput(f"{options.out}: {error.strerror}") from error
    print(f"{options.out}: {size} entries")
    return 0


def _asked_hash(sheet: Path | None) -> str:
    """SHA-256 of the published bytes: a sheet's canonical ones, a scan's as they are."""
    from wire import jcs

    if sheet is None:
        return ""
    raw = read_bytes(sheet, MAX_SHEET_BYTES)
    try:
        return jcs.sha256(raw).hex()
    except BadInput:
        if sheet.suffix.lower() == ".json":
            raise
        return hashlib.sha256(raw).hexdigest()


def _about_sheet(sheet: Path | None, checked: Checked) -> list[str]:
    if sheet is None:
        return []
    for index, entry in checked.found:
        print(f"{sheet}: entry {index}, {entry.kind}, {entry.station}, {entry.at}")
    return [] if checked.found else [f"{sheet}: it does not stand in the log"]


def _about_earlier(options: argparse.Namespace, key: NoteKey, checked: Checked) -> list[str]:
    from collector.ledger import begins_with, signed_head

    if options.checkpoint is None:
        return []
    earlier: Checkpoint = signed_head(read_bytes(options.checkpoint, 262_144), key)
    fault = begins_with(checked, earlier)
    return [f"{options.checkpoint}: {fault}"] if fault else []


def _summary(checked: Checked, key: NoteKey, problems: list[str]) -> str:
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(checked.kinds.items())) or "empty"
    held = f"does NOT hold, faults: {len(problems)}" if problems else "holds"
    return f"{key.name}: {held}; {checked.head.size} entries ({counted})"


def _told() -> Callable[[int, int], None]:
    def tell(done: int, whole: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= whole else ""
            print(f"\r{done} of {whole} entries", end=end, file=sys.stderr, flush=True)

    return tell
