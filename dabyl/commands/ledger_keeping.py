"""`dabyl ledger mirror`, `prove` and `witness`: what parties, NGOs and newsrooms run beside the collector."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dabyl import loop
from dabyl.system import SystemClock, SystemRandom
from wire.errors import BadInput

if TYPE_CHECKING:
    from collector.ledger import Source
    from collector.ledger.witness import Witness
    from wire.notes import NoteKey

_KEY_BYTES: Final = 4_096
_HELD, _FAILED = 0, 1


def add_to(actions: Any) -> None:
    """Register the commands under `dabyl ledger`."""
    mirror = actions.add_parser(
        "mirror",
        help="keep a checked copy of a ledger",
        description=(
            "Fetches what is new, checks everything, and takes it over only when it holds and begins with "
            "the copy that was kept. Exit 1 when not: then the served log was changed, and the kept copy "
            "proves it."
        ),
    )
    mirror.add_argument(
        "where", metavar="URL", help="https://collector.example/ledger, a folder or a tarball"
    )
    mirror.add_argument("folder", type=Path, metavar="DIR", help="the copy; a new or an old one")
    mirror.add_argument(
        "--key", metavar="KEY|FILE", help="the log's verifier key; the kept copy's by default"
    )
    mirror.add_argument(
        "--sheets", action="store_true", help="the published sheets and scans too, once the polls have closed"
    )
    mirror.set_defaults(run=run_mirror)
    _add_prove(actions)
    _add_witness(actions)


def _add_prove(actions: Any) -> None:
    prove = actions.add_parser(
        "prove",
        help="write the proof that an entry stands in a ledger",
        description="Prints a file in the form of c2sp.org/tlog-proof, which holds without any server.",
    )
    prove.add_argument("where", metavar="DIR|FILE.tar.gz|URL", help="a copy, or https://.../ledger")
    prove.add_argument("index", type=int, metavar="INDEX", help="the entry's number, from 0")
    prove.add_argument("--key", metavar="KEY|FILE", help="the log's verifier key")
    prove.set_defaults(run=run_prove)


def _add_witness(actions: Any) -> None:
    witness = actions.add_parser(
        "witness",
        help="cosign a log's checkpoints as long as it only grows",
        description="Answers POST /add-checkpoint (c2sp.org/tlog-witness). Its key is made at the first run.",
    )
    witness.add_argument("--data", type=Path, required=True, metavar="DIR", help="the witness's folder")
    witness.add_argument(
        "--name", required=True, metavar="NAME", help="as it stands under checkpoints: witness.example/ngo"
    )
    witness.add_argument(
        "--log", required=True, action="append", metavar="KEY|FILE", help="a log's verifier key; may repeat"
    )
    witness.add_argument("--listen", default="127.0.0.1:8082", metavar="HOST:PORT", help="%(default)s")
    witness.set_defaults(run=run_witness)


def run_mirror(options: argparse.Namespace) -> int:
    """0 when the copy is up to date, 1 when what is served does not hold."""
    from collector.ledger import MirrorFault, mirror, mirror_published, source_of

    source = source_of(options.where)
    kept = options.folder / "key"
    key = key_of(options.key or (str(kept) if kept.is_file() else None), source)
    try:
        checked = mirror(source, options.folder, key)
    except MirrorFault as fault:
        print(f"NOT taken over: {fault}")
        return _FAILED
    print(f"{options.folder}: {checked.head.size} entries of {key.name}")
    faults = mirror_published(source, options.folder, checked) if options.sheets else []
    for line in faults:
        print(line)
    return _FAILED if faults else _HELD


def run_prove(options: argparse.Namespace) -> int:
    """Print a proof of one entry, after everything was checked."""
    from collector.ledger import check, source_of
    from wire.merkle import inclusion_proof, nodes_of
    from wire.notes import parse_note
    from wire.tlog import Proof

    source = source_of(options.where)
    checked = check(source, key_of(options.key, source))
    if checked.faults:
        raise BadInput(f"the log does not hold: {checked.faults[0]}")
    try:
        path = inclusion_proof(nodes_of(checked.leaves), options.index, checked.head.size)
    except ValueError as error:
        raise BadInput(str(error)) from error
    note = parse_note(source.get("checkpoint") or b"")
    print(Proof(options.index, tuple(path), note), end="")
    return _HELD


def run_witness(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from collector.identity import load_or_make_key
    from collector.ledger.witness import Witness
    from collector.store.schema import make_folder
    from wire.notes import COSIGNATURE, NoteKey, Signer

    make_folder(options.data)
    signer = Signer(options.name, COSIGNATURE, load_or_make_key(options.data, SystemRandom()))
    NoteKey.parse(str(signer.key))  # a name that no note can carry is refused here
    witness = Witness(options.data, signer, _logs(options.log), SystemClock())
    try:
        loop.run_until_stopped(lambda: _serve(witness, options.listen))
    finally:
        witness.close()
    return _HELD


async def _serve(witness: Witness, listen: str) -> None:
    from collector import Settings, listening
    from collector.ledger.witness import app_of

    async with listening(app_of(witness), Settings(listen=listen, data=".")) as address:
        print(f"witness {witness.signer.key}\nlistening on {address}", flush=True)
        await asyncio.Event().wait()


def _logs(given: list[str]) -> Mapping[str, tuple[NoteKey, ...]]:
    keys = [_parsed(one) for one in given]
    return {key.name: tuple(one for one in keys if one.name == key.name) for key in keys}


def key_of(given: str | None, source: Source) -> NoteKey:
    """The key that was given, as itself or in a file; else the one that lies in the copy, which is told."""
    from wire.notes import NoteKey

    if given is not None:
        return _parsed(given)
    published = source.get("key")
    if published is None:
        raise BadInput("the copy holds no key: give the log's with --key")
    print("dabyl: the key came with the copy itself; compare it, or give --key", file=sys.stderr)
    return NoteKey.parse(published.decode(errors="replace"))


def _parsed(given: str) -> NoteKey:
    from wire.notes import NoteKey

    text = given if "+" in given else read_bytes(Path(given), _KEY_BYTES).decode(errors="replace")
    return NoteKey.parse(text)


def read_bytes(path: Path, limit: int) -> bytes:
    """A whole file of at most so many bytes; raises `BadInput`."""
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    if len(raw) > limit:
        raise BadInput(f"{path}: more than {limit} bytes")
    return raw
