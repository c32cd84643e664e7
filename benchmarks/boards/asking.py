"""What boards ask, as Grafana asks it, and how long the answer takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import PurePath
from statistics import median
from typing import Any, Final

from msgspec import Struct

from benchmarks.boards.server import Server
from dabyl.system import SystemClock
from dashboards.boards import boards

BACK_S: Final = 6 * 3_600
STEP_S: Final = 30
TIMES: Final = 3
VARIABLES: Final = ("region", "operator", "category")


class Question(Struct, frozen=True, kw_only=True):
    """A query with its variables at "all" where `all_of` says so, else at their first value."""

    board: str
    panel: str
    query: str
    instant: bool


class Asked(Struct, frozen=True, kw_only=True):
    """How long the answer took (median, seconds), and how many series it had."""

    board: str
    panel: str
    took_s: float
    series: int


def everything() -> Iterator[Question]:
    """Every query of every board in English: as the board opens, and of all values of its variables."""
    for path, text in boards().items():
        if path.startswith("en/"):
            board = json.loads(text)
            for panel in board["panels"]:
                for target in panel["targets"]:
                    yield from _questions(PurePath(path).stem, board, panel["title"], target)


def _questions(name: str, board: dict[str, Any], panel: str, target: dict[str, Any]) -> Iterator[Question]:
    first = {one["name"]: one.get("current", {}).get("value") for one in board["templating"]["list"]}
    for title, chosen in ((panel, first), (f"{panel} (all)", dict[str, Any]())):
        query = target["expr"]
        for variable in VARIABLES:
            query = query.replace(f"${variable}", chosen.get(variable) or ".*")
        yield Question(board=name, panel=title, query=query, instant=bool(target.get("instant")))


def asked(server: Server, one: Question) -> Asked:
    """The question, some times over."""
    took, series = [], 0
    for _ in range(TIMES):
        now = SystemClock().now().timestamp()
        began = time.perf_counter()
        found = server.raw(one.query, None if one.instant else (now - BACK_S, now, STEP_S))
        took.append(time.perf_counter() - began)
        series = len(json.loads(found)["data"]["result"])
    return Asked(board=one.board, panel=one.panel, took_s=median(took), series=series)
