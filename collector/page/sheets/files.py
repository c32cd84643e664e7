"""All published sheets as files: `/sheets.csv`, `/sheets.jsonl`, `/sheets.json`, and Parquet with pyarrow.

A crowd must not cost more than a few readers: so many are served at once, the others are told when to come
back; who has the file already gets 304.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Final, NamedTuple

from aiohttp import web

from collector.core.refusals import Refused
from collector.core.sheets import SheetNow
from collector.page.sheets.columns import COLUMNS, Row, cells_of, csv_text, line_of, rows_of
from collector.page.sheets.source import Source, content_of

MOST_AT_ONCE: Final = 4
BUSY_S: Final = 5.0
LOT_S: Final = 30.0  # a reader takes a lot, some 50 kB compressed, within this or is let go
_LOT: Final = 200  # sheets between two looks at other requests
_HEADERS: Final = {
    "Cache-Control": "public, max-age=10",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}


class Kind(NamedTuple):
    """One format: its media type, how it begins, a lot of rows, and how it ends."""

    media: str
    start: str
    lot: Callable[[Sequence[Row], bool], str]
    end: str


def _lines(rows: Sequence[Row], _: bool) -> str:
    return "".join(f"{line_of(row).decode()}\n" for row in rows)


def _items(rows: Sequence[Row], first: bool) -> str:
    text = ",\n".join(line_of(row).decode() for row in rows)
    return text if first or not text else f",\n{text}"


def _table(rows: Sequence[Row], _: bool) -> str:
    return csv_text(map(cells_of, rows))


KINDS: Final = {
    "csv": Kind("text/csv", csv_text([COLUMNS]), _table, ""),
    "jsonl": Kind("application/jsonl", "", _lines, ""),
    "json": Kind("application/json", '{"v":1,"sheets":[\n', _items, "\n]}\n"),
}
PARQUET: Final = "parquet"


def endings() -> tuple[str, ...]:
    """The files that can be had here: Parquet only where pyarrow is installed."""
    return (*KINDS, PARQUET) if find_spec("pyarrow") else tuple(KINDS)


class Files:
    """The handlers of the bulk files."""

    def __init__(self, source: Source) -> None:
        """Nobody is served yet."""
        self._source, self._busy = source, 0
        self._parquet: tuple[str, bytes] = ("", b"")

    async def text(self, ending: str, request: web.Request) -> web.StreamResponse:
        """A file of lines, streamed."""
        response, kind = self._begun(request, ending), KINDS[ending]
        if response.status != 200:  # noqa: PLR2004  # 304: the reader has it
            return response
        response.content_type, response.charset = kind.media, "utf-8"
        if request.method == "HEAD":  # not compressed: even nothing, compressed, would be bytes
            return response
        response.enable_compression()
        with self._place():
            await response.prepare(request)
            try:
                await self._write(response, kind)
            except TimeoutError:  # a reader that takes nothing must not keep the place
                if request.transport is not None:
                    request.transport.abort()
                return response
        await response.write_eof()
        return response

    async def parquet(self, request: web.Request) -> web.StreamResponse:
        """The table for analysts; made once for each state of the ledger."""
        if find_spec("pyarrow") is None:
            raise Refused("not_found", "Parquet needs pyarrow, which is not installed here; take sheets.csv")
        tag, response = self._tag(PARQUET), self._begun(request, PARQUET)
        if response.status != 200:  # noqa: PLR2004  # 304: the reader has it
            return response
        with self._place():
            if self._parquet[0] != tag:
                self._parquet = (tag, await self._made())
        body = web.Response(body=self._parquet[1], content_type="application/vnd.apache.parquet")
        body.headers.update(response.headers)
        return body

    async def _write(self, response: web.StreamResponse, kind: Kind) -> None:
        await response.write(kind.start.encode())
        first = True
        for rows in self._lots():
            async with asyncio.timeout(LOT_S):
                await response.write(kind.lot(rows, first).encode())
            first = first and not rows
        await response.write(kind.end.encode())

    async def _made(self) -> bytes:
        from collector.page.sheets.parquet import Table  # noqa: PLC0415  # pyarrow is an extra

        table = Table()
        for rows in self._lots():
            await asyncio.to_thread(table.add, [cells_of(row) for row in rows])
        return await asyncio.to_thread(table.done)

    def _lots(self) -> Iterator[list[Row]]:
        every: list[SheetNow] = list(self._source.book())
        content = partial(content_of, self._source)
        for start in range(0, len(every), _LOT):
            yield [row for now in every[start : start + _LOT] for row in rows_of(now, content)]

    def _begun(self, request: web.Request, ending: str) -> web.StreamResponse:
        tag = self._tag(ending)
        same = tag in {one.value for one in request.if_none_match or ()}
        headers = {**_HEADERS, "ETag": f'W/"{tag}"'}
        if not same:
            headers["Content-Disposition"] = f'attachment; filename="sheets.{ending}"'
        return web.StreamResponse(status=304 if same else 200, headers=headers)

    def _tag(self, ending: str) -> str:
        """It changes with every entry of the ledger, and when the sheets are revealed."""
        return f"{ending}-{self._source.book().size}-{'open' if self._source.revealed else 'sealed'}"

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the few places; raises `Refused` when none is free."""
        if self._busy >= MOST_AT_ONCE:
            raise Refused("busy", wait_s=BUSY_S)
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
