"""Targets files: CSV with a header, `url,category,name,side`; further columns are kept aside.

Rules of this file: a broken row is named by file and line; nothing is silently left out.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, cast
from urllib.parse import SplitResult, urlsplit

from wire.errors import BadInput
from wire.facts import read_text
from wire.names import CATEGORIES, Side
from wire.records import Target

REQUIRED: Final = ("url", "category")
MAX_TARGETS: Final = 10_000
MAX_URL_CHARS: Final = 2_048
MAX_NAME_CHARS: Final = 200
SENSITIVE: Final = "sensitive"
SIDES: Final = ("domestic", "foreign", "")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII)


class Row(NamedTuple):
    """A row of a file; `sensitive`: measuring it might bring a volunteer into trouble."""

    target: Target
    sensitive: bool


def read_rows(lines: Iterable[str], source: str, schemes: frozenset[str]) -> list[Row]:
    """Every row of a file; `source` names it in errors, `schemes` are those with a prober.

    A row is sensitive when its column `risk` says so; a file without that column has none that are.
    Raises `BadInput` with file, line and reason for the first row that cannot be used.
    """
    reader = csv.DictReader(lines, restkey="", restval="")
    found: list[Row] = []
    try:
        _check_header(reader.fieldnames, source)
        for row in reader:
            target = _target(row, f"{source}:{reader.line_num}", schemes)
            found.append(Row(target, (row.get("risk") or "").strip() == SENSITIVE))
            if len(found) > MAX_TARGETS:
                raise BadInput(f"{source}: more than {MAX_TARGETS} targets")
    except csv.Error as error:
        raise BadInput(f"{source}:{reader.line_num}: {error}") from error
    _check_unique([row.target for row in found], source)
    return found


def read_targets(lines: Iterable[str], source: str, schemes: frozenset[str]) -> list[Target]:
    """The targets of a file that are not sensitive; raises `BadInput`."""
    return [row.target for row in read_rows(lines, source, schemes) if not row.sensitive]


def target_of_url(url: str, schemes: frozenset[str]) -> Target:
    """A single URL as a target with no category of its own (`kz`); raises `BadInput`."""
    full = url if _SCHEME.match(url) else f"https://{url}"
    return _target({"url": full, "category": "kz"}, url[:80], schemes)


def default_rows(schemes: frozenset[str]) -> list[Row]:
    """The shipped list (certainty A and B)."""
    return read_rows(read_text("targets.csv").splitlines(), "targets.csv", schemes)


def default_targets(schemes: frozenset[str]) -> list[Target]:
    """The shipped list, less what might bring a volunteer into trouble."""
    return [row.target for row in default_rows(schemes) if not row.sensitive]


def split_url(url: str) -> SplitResult:
    """The parts of a target's URL; raises `BadInput` when there is no host or the port is wrong."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadInput(f"{url[:80]}: {_reason(error)}") from error
    if not parts.hostname:
        raise BadInput(f"{url[:80]}: there is no host in it")
    if port == 0:
        raise BadInput(f"{url[:80]}: port 0 cannot be reached")
    return parts


def _reason(error: ValueError) -> str:
    return "the port is no number from 1 to 65535" if "ort" in str(error) else str(error)


def _check_header(names: Iterable[str] | None, source: str) -> None:
    missing = [name for name in REQUIRED if name not in (names or ())]
    if missing:
        raise BadInput(f"{source}:1: the header has no column {missing[0]!r}")


def _target(row: dict[str, str], where: str, schemes: frozenset[str]) -> Target:
    url, category = row["url"].strip(), row["category"].strip()
    _check_url(url, where, schemes)
    if category not in CATEGORIES:
        raise BadInput(f"{where}: category {category[:40]!r} is none of {', '.join(CATEGORIES)}")
    side = (row.get("side") or "").strip()
    if side not in SIDES:
        raise BadInput(f"{where}: side {side[:40]!r} is neither domestic nor foreign nor empty")
    name = (row.get("name") or "").strip() or cast("str", split_url(url).hostname)
    if len(name) > MAX_NAME_CHARS:
        raise BadInput(f"{where}: a name of {len(name)} characters; {MAX_NAME_CHARS} are allowed")
    return Target(id=name, url=url, category=category, side=cast("Side", side))


def _check_url(url: str, where: str, schemes: frozenset[str]) -> None:
    if not url:
        raise BadInput(f"{where}: the row has no url")
    if len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url:
        raise BadInput(f"{where}: the url is too long or holds a space or a control character")
    scheme = url.partition("://")[0]
    if scheme not in schemes:
        raise BadInput(f"{where}: no prober for {scheme[:20]!r}; there is {', '.join(sorted(schemes))}")
    try:
        split_url(url)
    except BadInput as error:
        raise BadInput(str(error) if url.startswith(where) else f"{where}: {error}") from error


def _check_unique(found: list[Target], source: str) -> None:
    for first, second in _neighbours(sorted((target.id, target.url) for target in found)):
        if first == second:
            raise BadInput(f"{source}: {second[1][:80]} stands twice under the name {second[0][:80]}")


def _neighbours(items: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    return itertools.pairwise(items)
