"""`dabyl station`: a polling station's key and card, its sealed texts, and what the gateway believes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wire.errors import BadInput, BadRecord

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    """Register the command."""
    station = commands.add_parser("station", help="a polling station's keys, card and sealed texts")
    actions = station.add_subparsers(metavar="ACTION", required=True)
    _add_new(actions)
    _add_seal(actions)
    _add_check(actions)
    _add_enrol(actions)
    _add_cards(actions)
    _add_page(actions)


def _add_new(actions: Any) -> None:
    new = actions.add_parser(
        "new", help="make a station's key and codes; print its line for the file of keys"
    )
    new.add_argument("--station", required=True, metavar="ID", help="KZ-71-0379")
    new.add_argument("--key", type=Path, required=True, metavar="FILE", help="where the secret key goes")
    new.add_argument("--codes", type=int, default=60, metavar="N", help="one-time codes; 60 unless told")
    new.set_defaults(run=run_new)


def _add_seal(actions: Any) -> None:
    seal = actions.add_parser("seal", help="print the text that carries a sheet's hash or a word, signed")
    seal.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="64 hex digits, or Ed25519 as PEM"
    )
    seal.add_argument("--station", required=True, metavar="ID", help="KZ-71-0379")
    what = seal.add_mutually_exclusive_group(required=True)
    what.add_argument("--sheet", type=Path, metavar="FILE.json", help="the sheet, a JSON object")
    what.add_argument("--say", nargs="+", metavar="WORD", help="open; power off; turnout 12 1250; ...")
    seal.add_argument(
        "--number", type=int, default=1, metavar="N", help="which of the station's sheets, 1 to 15"
    )
    seal.add_argument("--at", metavar="TIME", help="RFC 3339; now unless told")
    seal.set_defaults(run=run_seal)


def _add_check(actions: Any) -> None:
    check = actions.add_parser("check", help="print a typed text with its check digits")
    check.add_argument("--station", required=True, metavar="ID", help="KZ-71-0379")
    check.add_argument("--code", required=True, metavar="CODE", help="six digits of the card")
    check.add_argument(
        "say", nargs="+", metavar="WORD", help="open; power off; turnout 12 1250; in any language"
    )
    check.set_defaults(run=run_check)


def _add_enrol(actions: Any) -> None:
    enrol = actions.add_parser("enrol", help="take the election commission's stations into the file of keys")
    enrol.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="one JSON line a station; see docs/sms.md"
    )
    enrol.add_argument("--keys", type=Path, required=True, metavar="FILE", help="the gateway's file of keys")
    enrol.add_argument("--revoke", nargs="+", default=[], metavar="ID", help="stations to believe no longer")
    enrol.add_argument(
        "--data", type=Path, metavar="DIR", help="the gateway's folder, where phones are listed"
    )
    enrol.set_defaults(run=run_enrol)


def _add_cards(actions: Any) -> None:
    cards = actions.add_parser("cards", help="print the stations' cards: PDF, A4, a page each, kk and ru")
    cards.add_argument("--keys", type=Path, required=True, metavar="FILE", help="the file of keys")
    cards.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    cards.add_argument("--station", nargs="+", default=[], metavar="ID", help="only these")
    cards.add_argument(
        "--secrets", type=Path, metavar="DIR", help="secret keys (ID.key): as a QR for the station's page"
    )
    cards.add_argument(
        "--key-cards",
        type=Path,
        metavar="FILE.pdf",
        help="put the secret keys on cards of their own, for the chairs alone; needs --secrets",
    )
    cards.set_defaults(run=run_cards)


def _add_page(actions: Any) -> None:
    page = actions.add_parser(
        "page", help="make the page that seals sheets on a phone, offline: one HTML file"
    )
    where = page.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--out", type=Path, metavar="FILE.html", help="the one file, to be handed from phone to phone"
    )
    where.add_argument(
        "--folder", type=Path, metavar="DIR", help="the same for a server, as a page that can be installed"
    )
    page.add_argument(
        "--election", type=Path, metavar="FILE.json", help="its sheets and choices; see docs/station-page.md"
    )
    page.add_argument("--gateway", default="", metavar="NUMBER", help="where texts go, +77001234567")
    page.add_argument(
        "--collector", default="", metavar="URL", help="where it may upload; without one it can reach nobody"
    )
    page.set_defaults(run=run_page)


def run_new(options: argparse.Namespace) -> int:
    """Make a key file of mode 0600 that does not exist yet, and print the line."""
    from dabyl.system import SystemRandom
    from sms_gateway import new_station, write_secret
    from wire import canonical
    from wire.sealed import station_number

    station_number(options.station)
    _, seed, line = new_station(options.station, SystemRandom(), options.codes)
    write_secret(options.key, seed)
    print(canonical.encode(line).decode())
    return 0


def run_seal(options: argparse.Namespace) -> int:
    """Print one line: the text."""
    from sms_gateway import signing_key
    from wire.sealed import seal_sheet

    key, at = signing_key(options.key), _seconds(options.at)
    if options.say:
        print(_sealed_word(key, options, at))
        return 0
    print(seal_sheet(key, options.station, _sheet_hash(options), at, options.number))
    return 0


def _sealed_word(key: Any, options: argparse.Namespace, at: int) -> str:
    from wire.sealed import seal_status

    typed = _typed(options.station, "000000", options.say)
    turnout = (typed.mark, int(typed.count)) if typed.kind == "turnout" else None
    return seal_status(key, options.station, (typed.kind, typed.value), at, turnout)


def run_check(options: argparse.Namespace) -> int:
    """Print one line: the text as the card would print it."""
    from wire.typed import written

    typed = _typed(options.station, options.code, options.say)
    words = [word for word in options.say if not word[:1].isdigit()]
    print(written(typed, " ".join(words).upper()))
    return 0


def run_enrol(options: argparse.Namespace) -> int:
    """Write the file of keys anew and say what changed."""
    from sms_gateway import enrol, prints_key, revoke

    if options.file is None:
        if not options.revoke:
            raise BadInput("a file to take in, or --revoke, is needed")
        told = revoke(options.keys, options.revoke)
    else:
        prints = None if options.data is None else prints_key(options.data)
        told = enrol(options.keys, options.file, options.revoke, prints)
    print(f"{told.new} new, {told.changed} changed, {told.revoked} revoked")
    return 0


def run_cards(options: argparse.Namespace) -> int:
    """Write the PDF."""
    from dabyl.system import SystemClock
    from sms_gateway import read_keys
    from sms_gateway.cards import write_cards
    from sms_gateway.key_cards import write_key_cards

    apart: Path | None = options.key_cards
    if apart and not options.secrets:
        raise BadInput("--key-cards needs --secrets, the folder of the secret keys")
    stations = [
        one for one in read_keys(options.keys) if not options.station or one.station in options.station
    ]
    missing = set(options.station) - {one.station for one in stations}
    if missing:
        raise BadInput(f"{options.keys}: no {', '.join(sorted(missing))}")
    valid = [one for one in stations if not one.revoked]
    now = SystemClock().now()
    count = write_cards(options.out, valid, None if apart else options.secrets, now)
    print(f"{options.out}: {count} cards")
    if apart:
        print(f"{apart}: {write_key_cards(apart, valid, options.secrets, now)} key cards")
    return 0


def run_page(options: argparse.Namespace) -> int:
    """Write the page and print its hash, so that others can compare."""
    from sms_gateway.station_page import PageOptions, read_election, write_folder, write_page

    made = PageOptions(
        election=None if options.election is None else read_election(options.election),
        gateway=options.gateway,
        collector=options.collector.rstrip("/"),
        served=options.folder is not None,
    )
    written = write_page(options.out, made) if options.out else write_folder(options.folder, made)
    print(f"{options.out or options.folder / 'index.html'}: SHA-256 {written}")
    return 0


def _typed(station: str, code: str, words: list[str]) -> Any:
    """What words say, as the grammar reads them; raises `BadInput`."""
    from sms_gateway import Rejected, read_text
    from wire.typed import Typed

    found = read_text(f"{station} {' '.join(words)}")
    if isinstance(found, Rejected) and found.error == "unproven":
        return Typed(station=station, kind=found.understood.split()[1], code=code)
    if isinstance(found, Rejected):
        raise BadInput(f"{found.error}: {' '.join(words)}")
    count = found.value if found.kind == "turnout" else ""
    value = "" if count else found.value
    return Typed(station=station, kind=found.kind, value=value, code=code, count=count, mark=found.mark)


def _sheet_hash(options: argparse.Namespace) -> bytes:
    import json

    from wire import jcs

    try:
        raw = options.sheet.read_bytes()
    except OSError as error:
        raise BadInput(f"{options.sheet}: {error.strerror}") from error
    try:
        digest = jcs.sha256(raw)
    except BadInput as error:
        raise BadInput(f"{options.sheet}: {error}") from error
    named = json.loads(raw).get("station", options.station)
    if named != options.station:
        raise BadInput(f"{options.sheet}: this is a sheet of {named}")
    return digest


def _seconds(at: str | None) -> int:
    from dabyl.system import SystemClock
    from wire.times import parse_time

    try:
        moment: datetime = SystemClock().now() if at is None else parse_time(at)
    except BadRecord as error:
        raise BadInput(f"--at: {error}") from error
    return int(moment.astimezone(UTC).timestamp())
