"""The files of a bundle that follow from its signed batches: made at export, made again at the check.

Rules of this file: what everybody may see follows from what only a court may, and bears public
names; the reports follow from either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from collector.core.brought import Once
from collector.core.naming import published_measurement, published_report
from collector.core.reading import Batch
from collector.core.recount import Recount
from collector.core.refusals import Refused
from collector.core.selection import ControlUsed, Selection, Summary, measurements_of, reports_of
from collector.core.times import epoch_seconds
from collector.evidence.lines import Fault, Line
from collector.evidence.report import LANGUAGES, csv_report, html_report
from collector.evidence.secrets import Secrets, secret_lines
from collector.store.archive import KeptLine
from wire import canonical
from wire.errors import BadInput

BATCHES: Final = "batches.jsonl"
CONTROL_BATCHES: Final = "control-batches.jsonl"
CONTROL: Final = "control.jsonl"
MEASUREMENTS: Final = "measurements.jsonl"
REPORTS: Final = "stations.jsonl"
PUBLISHED: Final = "published.jsonl"
PUBLISHED_REPORTS: Final = "published-stations.jsonl"
PRINTS: Final = "batches.sha256"
SECRETS: Final = "secrets.jsonl"
CSV: Final = "report.csv"
MANY: Final = 10_000_000  # digests that are told apart in one bundle


class Derived:
    """Writes what follows from batches into a folder, as they come in the order of arrival."""

    def __init__(self, folder: Path, selection: Selection, secrets: Secrets) -> None:
        """The folder is there and empty."""
        self._folder, self._selection, self._secrets = folder, selection, secrets
        self._summary, self._counts = Summary(), {"batches": 0, "measurements": 0, "stations": 0}
        self._digests = Once(MANY)
        names = (MEASUREMENTS, REPORTS, PUBLISHED, PUBLISHED_REPORTS, PRINTS)
        self._files = {name: (folder / name).open("wb") for name in names}

    def __enter__(self) -> Derived:
        """Its files are closed in the end, whatever happened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closed twice is closed."""
        for file in self._files.values():
            file.close()

    def take(self, found: Batch) -> set[str]:
        """A verified batch; whose keys what it tells rests on, nobody's where the bundle is not about it."""
        measurements = measurements_of(found, self._selection, self._digests)
        reports = reports_of(found, self._selection)
        for record in measurements:
            self._write(MEASUREMENTS, record)
            self._write(PUBLISHED, published_measurement(record, self._secrets.of))
            self._summary.add(record)
        for report in reports:
            self._write(REPORTS, report)
            self._write(PUBLISHED_REPORTS, published_report(report))
        concerns = bool(measurements or reports)
        if concerns:
            self._files[PRINTS].write(hashlib.sha256(found.raw).hexdigest().encode() + b"\n")
        self._counts["batches"] += concerns
        self._counts["measurements"] += len(measurements)
        self._counts["stations"] += len(reports)
        return {found.member.id, *(record.probe for record in measurements)} if concerns else set()

    def finish(self, control: ControlUsed) -> dict[str, int]:
        """Write the control table, the secrets and the reports; how much of what there is."""
        for file in self._files.values():
            file.close()
        (self._folder / CONTROL).write_bytes(control.lines())
        (self._folder / SECRETS).write_bytes(secret_lines(self._secrets.used))
        write_reports(self._folder, self._selection, self._counts, self._summary)
        return self._counts

    def _write(self, name: str, record: object) -> None:
        self._files[name].write(canonical.encode(record) + b"\n")


def write_reports(folder: Path, selection: Selection, counts: Mapping[str, int], summary: Summary) -> None:
    """The reports for people."""
    rows = list(summary.rows())
    (folder / CSV).write_text(csv_report(rows), encoding="utf-8")
    for language in LANGUAGES:
        page = html_report(language, selection, counts, rows)
        (folder / f"report.{language}.html").write_text(page, encoding="utf-8")


def checked(
    recount: Recount, lines: Iterable[Line | Fault], faults: list[Fault]
) -> Iterator[tuple[KeptLine, Batch]]:
    """The batches that hold; the others go to the faults."""
    for one in lines:
        if isinstance(one, Fault):
            faults.append(one)
            continue
        try:
            found = recount.check(one.kept.raw, epoch_seconds(one.kept.received_at))
            recount.place(found)
        except (Refused, BadInput) as error:
            faults.append(Fault(one.file, one.number, str(error)))
            continue
        yield one.kept, found
