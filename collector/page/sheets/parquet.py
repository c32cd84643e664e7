"""The bulk table as Parquet; needs pyarrow (`pip install 'dabyl[parquet]'`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from io import BytesIO
from typing import Any, Final

from collector.page.sheets.columns import COLUMNS, PLAIN, Cell

_COUNTS: Final = frozenset(COLUMNS[len(PLAIN) + 3 : -1])
_NOT_TEXT: Final = {"entry": "int64", "void": "bool"}


def schema(arrow: Any) -> Any:
    """The columns' types: counts are whole numbers, times stay text as in every other file."""
    kinds = [(name, "int64" if name in _COUNTS else _NOT_TEXT.get(name, "string")) for name in COLUMNS]
    return arrow.schema([(name, arrow.type_for_alias(kind)) for name, kind in kinds])


class Table:
    """A file that grows by lots of rows. Use it in one thread at a time."""

    def __init__(self) -> None:
        """No rows yet; raises `ModuleNotFoundError` without pyarrow."""
        self._arrow = import_module("pyarrow")
        self._out, self._schema = BytesIO(), schema(self._arrow)
        writer = import_module("pyarrow.parquet").ParquetWriter
        self._writer = writer(self._out, self._schema, compression="zstd")

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """One more lot."""
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            table = self._arrow.table(dict(zip(COLUMNS, columns, strict=True)), schema=self._schema)
            self._writer.write_table(table)

    def done(self) -> bytes:
        """The whole file."""
        self._writer.close()
        return self._out.getvalue()
