"""`dabyl probe uplink`: whether a camera fits through this line, by an upload test with a budget."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from wire.records import Step

DEFAULT_BUDGET_BYTES: Final = 1_000_000
MAX_BUDGET_BYTES: Final = 50_000_000
DEFAULT_NEED_BPS: Final = 500_000
MAX_NEED_BPS: Final = 1_000_000_000
_UPLINK: Final = """
Posts random bytes to an address that takes them, a little first and then more, until the line's rate is known
or the budget is spent. Only that address is contacted. Nothing else runs this test.
"""


def add_to(actions: Any) -> None:
    """Register the command under `dabyl probe`."""
    uplink = actions.add_parser(
        "uplink", help="test whether a camera fits through this line", description=_UPLINK
    )
    uplink.add_argument("--to", required=True, metavar="URL", help="where to post: it must answer 2xx")
    uplink.add_argument(
        "--budget",
        type=_number(MAX_BUDGET_BYTES, "bytes"),
        default=DEFAULT_BUDGET_BYTES,
        metavar="BYTES",
        help="how much may be sent (%(default)s)",
    )
    uplink.add_argument(
        "--needs",
        type=_number(MAX_NEED_BPS, "bits a second"),
        default=DEFAULT_NEED_BPS,
        metavar="BPS",
        help="what a camera needs, in bits a second (%(default)s)",
    )
    uplink.add_argument(
        "--format", choices=("table", "jsonl"), default="table", help="for people, or one step as JSON"
    )
    uplink.set_defaults(run=_run)


def _number(most: int, of_what: str) -> Any:
    def read(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text[:12]) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no number of {of_what} from 1 to {most}")
        return int(text)

    return read


def _run(options: argparse.Namespace) -> int:
    import msgspec

    from dabyl import loop
    from dabyl.system import SystemClock, SystemRandom
    from probes.post import new_session
    from probes.uplink import Uplink, measure_uplink
    from wire.errors import BadInput
    from wire.targets import split_url

    if not options.to.startswith(("http://", "https://")):
        raise BadInput(f"--to {options.to[:80]}: neither http:// nor https://")
    split_url(options.to)
    uplink = Uplink(url=options.to, budget_bytes=options.budget, needed_bps=options.needs)

    async def measure() -> Step:
        async with new_session() as session:
            return await measure_uplink(uplink, session, SystemClock(), SystemRandom())

    step = loop.run(measure())
    print(msgspec.json.encode(step).decode() if options.format == "jsonl" else _told(step, options.needs))
    return 0


def _told(step: Step, needed_bps: int) -> str:
    """One line for a person."""
    if step.bitrate_bps is None:
        return f"uplink: nothing can be said ({step.failure})"
    enough = "too thin" if step.stream_state == "thin" else "enough"
    cut_short = f"; it ended early ({step.failure})" if step.failure else ""
    rate = f"{step.bitrate_bps / 1000:,.0f} kbit/s"
    return f"uplink: {rate}, {enough} for a camera of {needed_bps / 1000:,.0f} kbit/s{cut_short}"
