"""The files of a bundle that follow from its signed batches: made at export, made again at the check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from collector.core.reading import Batch
from collector.core.recount import Recount
from collector.core.refusals import Refused
from collector.core.selection import ControlUsed, Selection, Summary, measurements_of, reports_of
from collector.core.times import epoch_seconds
from collector.evidence.lines import Fault, Line
from collector.evidence.report import LANGUAGES, csv_report, html_report
from collector.store.archive import KeptLine
from wire import canonical
from wire.errors import BadInput

BATCHES = "batches.jsonl"
CONTROL_BATCHES = "control-batches.jsonl"
CONTROL = "control.jsonl"
MEASUREMENTS = "measurements.jsonl"
REPORTS = "stations.jsonl"


class Derived:
    """Writes what follows from batches into a folder, as they come in the order of arrival."""

    def __init__(self, folder: Path, selection: Selection) -> None:
        """The folder is there and empty."""
        self._folder, self._selection = folder, selection
        self._summary, self._counts = Summary(), {"batches": 0, "measurements": 0, "stations": 0}
        self._files = {name: (folder / name).open("wb") for name in (MEASUREMENTS, REPORTS)}

    def take(self, found: Batch) -> bool:
        """A verified batch; whether the bundle is about anything in it."""
        measurements = measurements_of(found, self._selection)
        reports = reports_of(found, self._selection)
        for record in measurements:
            self._files[MEASUREMENTS].write(canonical.encode(record) + b"\n")
            self._summary.add(record)
        for report in reports:
            self._files[REPORTS].write(canonical.encode(report) + b"\n")
        self._counts["batches"] += bool(measurements or reports)
        self._counts["measurements"] += len(measurements)
        self._counts["stations"] += len(reports)
        return bool(measurements or reports)

    def finish(self, control: ControlUsed) -> dict[str, int]:
        """Write the control table and the reports; how much of what there is."""
        for file in self._files.values():
            file.close()
        (self._folder / CONTROL).write_bytes(control.lines())
        rows = list(self._summary.rows())
        (self._folder / "report.csv").write_text(csv_report(rows), encoding="utf-8")
        for language in LANGUAGES:
            page = html_report(language, self._selection, self._counts, rows)
            (self._folder / f"report.{language}.html").write_text(page, encoding="utf-8")
        return self._counts


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
