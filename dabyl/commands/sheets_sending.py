"""`dabyl sheets key`, `upload` and `void`: a commission or an observer sends copies by hand."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dabyl.commands.ledger_keeping import read_bytes
from wire.errors import BadInput

if TYPE_CHECKING:
    from wire.signing import SigningKey
    from wire.uploads import Upload

TIMEOUT_S: Final = 180.0
_MAX_ANSWER_BYTES: Final = 65_536
_SENDERS: Final = ("station", "commission", "observer")


def add_to(actions: Any) -> None:
    """Register the commands under `dabyl sheets`."""
    _add_key(actions)
    _add_upload(actions)
    _add_void(actions)


def _add_key(actions: Any) -> None:
    key = actions.add_parser(
        "key",
        help="make a commission's or observer's key; print its line for the collector's file of senders",
    )
    key.add_argument("--by", choices=_SENDERS[1:], required=True, help="what its owner is")
    key.add_argument("--name", required=True, metavar="NAME", help="as the pages show it")
    key.add_argument(
        "--region", action="append", default=[], metavar="KZ-71", help="only of here; may repeat"
    )
    key.add_argument("--key", type=Path, required=True, metavar="FILE", help="where the secret key goes")
    key.set_defaults(run=run_key)


def _add_upload(actions: Any) -> None:
    upload = actions.add_parser(
        "upload",
        help="sign a sheet and send it, with its scan",
        description=(
            "Brings the sheet into its canonical form, signs and sends it; prints its hash and its entry in "
            "the ledger. Without --key the file is an upload that the station page signed and saved."
        ),
    )
    upload.add_argument("sheet", type=Path, metavar="FILE.json", help="the sheet, or a signed upload")
    upload.add_argument("--scan", type=Path, metavar="FILE", help="the photograph: JPEG, PNG or PDF")
    _add_signing(upload, required=False)
    upload.set_defaults(run=run_upload)


def _add_void(actions: Any) -> None:
    void = actions.add_parser(
        "void",
        help="take back what was sent with a key; it stays in the ledger and counts no more",
    )
    void.add_argument("entry", type=int, nargs="+", metavar="ENTRY", help="its index in the ledger")
    void.add_argument("--why", required=True, metavar="TEXT", help="shown on the page, at most 128 letters")
    _add_signing(void)
    void.add_argument("--station", metavar="ID", help="with --by station: whose key it is")
    void.set_defaults(run=run_void)


def _add_signing(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    command.add_argument("--by", choices=_SENDERS, required=required, help="whose key it is")
    command.add_argument(
        "--key", type=Path, required=required, metavar="FILE", help="64 hex digits, or Ed25519 as PEM"
    )
    command.add_argument("--collector", required=True, metavar="URL", help="where it is sent")


def run_key(options: argparse.Namespace) -> int:
    """Make a key file of mode 0600 that does not exist yet, and print the line."""
    from dabyl.system import SystemRandom
    from sms_gateway import write_secret
    from wire import canonical
    from wire.facts import regions
    from wire.senders import Sender
    from wire.signing import SigningKey, to_text

    if strange := sorted(set(options.region) - regions().keys()):
        raise BadInput(f"--region: {strange[0]} is none of the country's, as in KZ-71")
    seed = SystemRandom().token(32)
    line = Sender(
        by=options.by,
        name=options.name,
        key=to_text(SigningKey(seed).public),
        regions=tuple(options.region),
    )
    write_secret(options.key, seed.hex())
    print(canonical.encode(line).decode())
    return 0


def run_upload(options: argparse.Namespace) -> int:
    """Send the sheet, then its scan; exit 1 when the collector refuses."""
    from wire import canonical
    from wire.uploads import MAX_SCAN_BYTES, scan_type

    scan = b"" if options.scan is None else read_bytes(options.scan, MAX_SCAN_BYTES)
    if scan:
        scan_type(scan)
    upload = _upload(options, hashlib.sha256(scan).hexdigest() if scan else "")
    said = _send(f"{options.collector}/v1/sheets", canonical.encode(upload))
    if said is None:
        return 1
    print(f"sheet {said['sha256']}: entry {said['entry']}")
    if not scan:
        return 0
    said = _send(f"{options.collector}/v1/scans/{upload.scan}", scan, "PUT")
    if said is None:
        return 1
    print(f"scan {upload.scan}: entry {said['entry']}")
    return 0


def _upload(options: argparse.Namespace, scan: str) -> Upload:
    """Signed here, or, without a key, as somebody signed it before; raises `BadInput`."""
    from sms_gateway import signing_key
    from wire.sheets import MAX_SHEET_BYTES, parse_sheet, sheet_bytes
    from wire.uploads import MAX_UPLOAD_BYTES, Upload, parse_upload, signed

    if options.key is None:
        upload = parse_upload(read_bytes(options.sheet, MAX_UPLOAD_BYTES))
        if scan and upload.scan != scan:
            raise BadInput(f"{options.scan}: this is not the scan that {options.sheet} names")
        return upload
    if options.by is None:
        raise BadInput("--key needs --by: whose key it is")
    key = signing_key(options.key)
    sheet = parse_sheet(read_bytes(options.sheet, MAX_SHEET_BYTES))
    signer = sheet.station if options.by == "station" else key.id
    text = sheet_bytes(sheet).decode()
    return signed(key, Upload(by=options.by, signer=signer, at=_now(), sheet=text, scan=scan))


def run_void(options: argparse.Namespace) -> int:
    """Send the void; exit 1 when the collector refuses."""
    from sms_gateway import signing_key
    from wire import canonical
    from wire.uploads import parse_void, signed

    key = signing_key(options.key)
    fields = {
        "v": 1,
        "by": options.by,
        "signer": _signer(options, key),
        "at": _now(),
        "of": options.entry,
        "note": options.why,
    }
    void = parse_void(json.dumps(fields).encode())  # our own arguments go through the same checks
    said = _send(f"{options.collector}/v1/voids", canonical.encode(signed(key, void)))
    if said is None:
        return 1
    print(f"taken back: entry {said['entry']}")
    return 0


def _signer(options: argparse.Namespace, key: SigningKey) -> str:
    if options.by != "station":
        return key.id
    if not options.station:
        raise BadInput("--by station needs --station")
    return str(options.station)


def _send(url: str, body: bytes, method: str = "POST") -> dict[str, Any] | None:
    """What the collector answered; None when it refused, which is told. Raises `BadInput`."""
    if not url.startswith(("https://", "http://")):
        raise BadInput("--collector: an address that begins with https://")
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)  # noqa: S310  # the scheme was checked
    try:
        with closing(urllib.request.urlopen(request, timeout=TIMEOUT_S)) as answer:  # noqa: S310  # the scheme was checked
            found: dict[str, Any] = json.loads(answer.read(_MAX_ANSWER_BYTES))
            return found
    except urllib.error.HTTPError as error:
        with closing(error):
            print(f"dabyl: refused: {_refusal(error.read(_MAX_ANSWER_BYTES))}", file=sys.stderr)
        return None
    except (OSError, ValueError) as error:
        raise BadInput(f"{url}: {error}") from error


def _refusal(raw: bytes) -> str:
    try:
        found = json.loads(raw)
        return f"{found['error']}: {found['detail']}"
    except (ValueError, KeyError, TypeError):
        return "the collector does not say why"


def _now() -> str:
    from dabyl.system import SystemClock
    from wire.times import format_time

    return format_time(SystemClock().now())
