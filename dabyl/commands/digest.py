"""`dabyl probe digest`: a round of measurements as one sealed text, for when only texts get through."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dabyl.commands import options as given
from wire.errors import BadInput, BadRecord

if TYPE_CHECKING:
    from wire.records import Measurement


def add_to(probe_actions: Any) -> None:
    """Register the command under `dabyl probe`."""
    digest = probe_actions.add_parser(
        "digest", help="one sealed text that tells a round of measurements: 142 characters"
    )
    digest.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="measurements, JSON lines; - is standard input"
    )
    digest.add_argument("--public", action="store_true", help="print this probe's public key instead")
    given.add_data(digest)
    digest.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the text. Where and when is taken from the newest measurement."""
    from dabyl.system import SystemRandom
    from probes import RealDisk, load_or_make
    from wire.digest import seal
    from wire.signing import to_text
    from wire.times import epoch_seconds

    folder = Path(options.data).expanduser()
    try:
        key = load_or_make(folder, RealDisk(), SystemRandom())
    except OSError as error:
        raise BadInput(f"--data {folder}: {error.strerror}") from error
    if options.public:
        print(to_text(key.public))
        return 0
    found = _measurements(options.file)
    newest = max(found, key=lambda one: epoch_seconds(one.at))
    print(seal(key, found, newest.network, int(epoch_seconds(newest.at))))
    return 0


def _measurements(source: str) -> list[Measurement]:
    """All measurements of a file, at least one; raises `BadInput`."""
    try:
        if source == "-":
            found = list(_decoded(sys.stdin.buffer, "standard input"))
        else:
            with Path(source).open("rb") as lines:
                found = list(_decoded(lines, source))
    except OSError as error:
        raise BadInput(f"{source}: {error.strerror}") from error
    if not found:
        raise BadInput("no measurement: there is nothing to tell")
    return found


def _decoded(lines: Iterable[bytes], source: str) -> Iterable[Measurement]:
    from wire import canonical
    from wire.records import Measurement

    decode = canonical.Decoder(Measurement)
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield decode(line.strip())
            except BadRecord as error:
                raise BadInput(f"{source}: line {number}: {error}") from error
