"""`dabyl sheets sample` and `compare`: which sheets to compare with paper, and what came of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wire.errors import BadInput
from wire.facts import LANGUAGES

if TYPE_CHECKING:
    from collector.core.paper import MatchReport
    from collector.core.sampling import Plan, Unit

_DIFFERS: Final = 1
_SAMPLE: Final = """
Says how many stations to compare with paper, commits to a seed, and draws the list once the seed is opened.
First --commit SEED: publish the line that it prints. Then, after all sheets are in, --open SEED: the same
list comes out for everybody who has the same file of stations. Several parties may each give a seed.
"""


def add_to(actions: Any) -> None:
    """Register the commands under `dabyl sheets`."""
    sample = actions.add_parser("sample", help="draw the stations to compare with paper", description=_SAMPLE)
    sample.add_argument("stations", type=Path, metavar="STATIONS.csv", help="column station, perhaps sheet")
    sample.add_argument("--risk", default="0.05", metavar="SHARE", help="risk limit; default: %(default)s")
    sample.add_argument(
        "--tolerated",
        default="0.01",
        metavar="SHARE",
        help="share of wrong sheets that may stay unseen; default: %(default)s",
    )
    sample.add_argument("--size", type=int, metavar="N", help="draw more than the risk limit asks for")
    seed = sample.add_mutually_exclusive_group()
    seed.add_argument("--commit", metavar="SEED", help="print the seed's SHA-256, to be published before")
    seed.add_argument(
        "--open", action="append", metavar="SEED", help="draw with this seed; may repeat, one of each party"
    )
    sample.add_argument(
        "--commitment",
        action="append",
        default=[],
        metavar="SHA256",
        help="what was published before; each must be that of an opened seed; may repeat",
    )
    sample.set_defaults(run=run_sample)
    _add_compare(actions)


def _add_compare(actions: Any) -> None:
    compare = actions.add_parser(
        "compare",
        help="compare the drawn sheets with paper; print the match report",
        description=(
            "Sheets that were never published and papers that nobody has read yet count as wrong. Exit 1 "
            "when the sample does not show that the published sheets are right within the tolerated share."
        ),
    )
    compare.add_argument("list", type=Path, metavar="LIST.csv", help="what 'dabyl sheets sample' drew")
    compare.add_argument("paper", type=Path, metavar="PAPER.csv", help="station, sheet, a column each number")
    compare.add_argument(
        "--published", type=Path, required=True, metavar="SHEETS.jsonl", help="a collector's /sheets.jsonl"
    )
    compare.add_argument("--language", choices=LANGUAGES, default="en", help="of the report (%(default)s)")
    compare.add_argument("--format", choices=("lines", "json"), default="lines", help="default: %(default)s")
    compare.set_defaults(run=run_compare)


def run_sample(options: argparse.Namespace) -> int:
    """Say the size; commit; or draw."""
    from collector.core.sample_files import read_units, share
    from collector.core.sampling import Plan, listed

    units = listed(read_units(_text(options.stations)))
    plan = Plan(population=len(units), risk=share(options.risk), tolerated=share(options.tolerated))
    size = plan.size if options.size is None else options.size
    if not plan.size <= size <= plan.population:
        raise BadInput(f"--size is {plan.size} or more here, and no more than {plan.population}")
    if options.open:
        return _draw(options, plan, units, size)
    return _tell(options, plan, units, size)


def _tell(options: argparse.Namespace, plan: Plan, units: list[Unit], size: int) -> int:
    from collector.core.sampling import commitment, print_of

    if options.commit:
        print(f"commitment: sha256 {commitment(options.commit)}")
    print(f"list: sha256 {print_of(units)}")
    print(f"draw {size} of {plan.population}: risk limit {options.risk}, tolerated share {options.tolerated}")
    print(f"if {plan.least_wrong} or more are wrong, all of {size} look right with a chance of ", end="")
    print(f"{float(plan.risk_of(size)):.4f}")
    return 0


def _draw(options: argparse.Namespace, plan: Plan, units: list[Unit], size: int) -> int:
    from collector.core.sample_files import write_list
    from collector.core.sampling import commitment, draw, joined, print_of

    said = {commitment(seed) for seed in options.open}
    if len(said) != len(options.open):
        raise BadInput("a seed is opened twice")
    for promised in options.commitment:
        if promised.lower() not in said:
            raise BadInput(f"no opened seed has the commitment {promised[:64]}")
    if options.commitment and len(options.commitment) < len(said):
        raise BadInput("a seed is opened that nobody committed to")
    if not options.commitment:
        print("dabyl: no --commitment given: nothing shows that the seed was fixed before", file=sys.stderr)
    seed = joined(options.open)
    print(write_list(plan, draw(seed, units, size), seed, print_of(units)), end="")
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Print the match report; 0 when it holds."""
    from collector.core.paper import compare, report
    from collector.core.sample_files import read_list, read_paper, read_published

    plan, units = read_list(_text(options.list))
    paper = read_paper(_text(options.paper))
    published = read_published(_text(options.published).encode().splitlines())
    found = report(plan, [compare(unit, paper, published) for unit in units])
    _print(options, found)
    return 0 if found.holds else _DIFFERS


def _print(options: argparse.Namespace, found: MatchReport) -> None:
    from collector.page.catalogues import words_in
    from collector.page.sampled import report_lines
    from wire import canonical

    if options.format == "json":
        print(canonical.encode(found).decode())
        return
    for line in report_lines(words_in(options.language), found, options.language):
        print(line)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8") from error
