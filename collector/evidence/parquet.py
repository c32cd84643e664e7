"""Published measurements as Parquet, for analysts: the same public names and selection as in a bundle.

Rules of this file: pyarrow is an extra and is imported here alone; memory holds one group of rows,
however large the archive is. The file is no evidence: what is to be proven is a bundle's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final

from collector.core.brought import Once
from collector.core.naming import published_measurement
from collector.core.recount import Recount
from collector.core.selection import Selection, measurements_of
from collector.evidence.bundle import all_lines, check_selection
from collector.evidence.deriving import MANY, checked
from collector.evidence.lines import Fault
from collector.evidence.secrets import DaySecrets
from collector.evidence.source import Source, members, opened
from wire.errors import BadInput
from wire.ports import Randomness
from wire.records import Measurement
from wire.times import parse_time

GROUP: Final = 50_000  # rows that are held and written at once
TEXTS: Final = (
    "id", "probe", "channel", "asn", "region", "access", "probe_side", "target", "url", "category",
    "target_side", "state", "stage", "mechanism", "rule",
)  # fmt: skip


def export_parquet(
    folder: Path, selection: Selection, out: Path, randomness: Randomness
) -> tuple[int, list[Fault]]:
    """Write the measurements of a selection; how many, and the lines of the archive that were left out.

    Raises `BadInput`, also when pyarrow is not installed.
    """
    check_selection(selection)
    arrow, parquet = _library()
    faults: list[Fault] = []
    count, temporary = 0, out.with_name(f"{out.name}.tmp")
    schema = _schema(arrow)
    try:
        with opened(folder) as source, parquet.ParquetWriter(temporary, schema, compression="zstd") as writer:
            rows = _rows(source, selection, DaySecrets(folder, randomness), faults)
            while group := list(islice(rows, GROUP)):
                writer.write_table(arrow.Table.from_pylist(group, schema=schema))
                count += len(group)
        temporary.replace(out)
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # it never was, or is the file now
            temporary.unlink()
    return count, faults


def _library() -> tuple[Any, Any]:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise BadInput("Parquet needs pyarrow: pip install 'dabyl[parquet]'") from error
    return arrow, parquet


def _schema(arrow: Any) -> Any:
    moment = arrow.timestamp("ms", tz="UTC")
    # A dictionary keeps words that repeat as numbers, in the file and in pandas.
    words = [(name, arrow.string()) for name in TEXTS]
    failures = ("failures", arrow.list_(arrow.string()))
    return arrow.schema([("at", moment), ("received_at", moment), *words, failures])


def _rows(
    source: Source, selection: Selection, secrets: DaySecrets, faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    recount, digests = Recount(members(source.keys())), Once(MANY)
    for _, found in checked(recount, all_lines(source), faults):
        for record in measurements_of(found, selection, digests):
            yield row_of(published_measurement(record, secrets.of))


def row_of(record: Measurement) -> dict[str, Any]:
    """A published measurement as one flat row. `failures`: `step:failure` of each step that failed."""
    network, target, verdict = record.network, record.target, record.verdict
    texts = (
        record.id, record.probe, record.channel, network.asn, network.region, network.access, network.side,
        target.id, target.url, target.category, target.side, verdict.state, verdict.stage, verdict.mechanism,
        verdict.rule,
    )  # fmt: skip
    return {
        "at": parse_time(record.at),
        "received_at": None if record.received_at is None else parse_time(record.received_at),
        **dict(zip(TEXTS, texts, strict=True)),
        "failures": [f"{step.step}:{step.failure}" for step in record.steps if step.failure is not None],
    }
