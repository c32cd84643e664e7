"""What boards are made of: panels with our palette, a word for "unknown", a description, one datasource.

Rules of this file: nothing from outside Grafana is loaded; a panel without data says so in words; a state is
never told by colour alone; a share stands beside its n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from grafana_foundation_sdk.builders import (
    common,
    prometheus,
    stat,
    statetimeline,
    table,
    timeseries,
)
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColor,
    FieldColorModeId,
    ThresholdsConfig,
    ValueMapping,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.boards.naming import label_words, level_steps, level_words, ratio_steps, steps
from dashboards.boards.words import Words
from wire.levels import COLOURS

SOURCE: Final = DataSourceRef(type_val="prometheus", uid="${source}")
WIDTH: Final = 24
RATIO: Final = "percentunit"
SECONDS: Final = "s"
COUNT: Final = "short"
AGO: Final = "dateTimeFromNow"
CALM: Final = COLOURS["ok"]
Panel = Any  # the SDK's builders share no base class


def query(expression: str, legend: str = "", *, instant: bool = False, form: str = "time_series") -> Any:
    """One question to Prometheus; `instant`: the newest value only; `form`: `table` for tables."""
    made = prometheus.Dataquery().expr(expression).legend_format(legend or "__auto").datasource(SOURCE)
    made = made.ref_id("A").format(_FORMS[form])
    return made.instant() if instant else made.range()


_FORMS: Final[Mapping[str, Any]] = {
    "time_series": PromQueryFormat.TIME_SERIES,
    "table": PromQueryFormat.TABLE,
}


def placed(panel: Panel, words: Words, name: str, size: tuple[int, int]) -> Panel:
    """What every panel has: title, description, place, datasource, a word for "no data"."""
    width, height = size
    return (
        panel.title(words(name))
        .description(words(f"{name}-about"))
        .datasource(SOURCE)
        .span(width)
        .height(height)
        .no_value(words("no-data"))
    )


def figure(
    words: Words, name: str, expression: str, unit: str = COUNT, *, size: tuple[int, int] = (4, 4)
) -> Panel:
    """One number, the newest."""
    panel = placed(stat.Panel(), words, name, size).with_target(query(expression, instant=True)).unit(unit)
    return (
        panel.thresholds(Built(steps((None, CALM))))
        .color_mode(kinds.BigValueColorMode.NONE)
        .graph_mode(kinds.BigValueGraphMode.NONE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    )


def level(words: Words, name: str, expression: str, *, size: tuple[int, int] = (6, 6)) -> Panel:
    """One level, as a word on its colour."""
    return (
        figure(words, name, expression, "none", size=size)
        .mappings(level_words(words))
        .color_mode(kinds.BigValueColorMode.BACKGROUND_SOLID)
        .text_mode(kinds.BigValueTextMode.VALUE)
        .thresholds(Built(level_steps()))
    )


def levels_in_time(words: Words, name: str, expression: str, legend: str, *, size: tuple[int, int]) -> Panel:
    """Levels as bands over time, a row each."""
    panel = (
        placed(statetimeline.Panel(), words, name, size).with_target(query(expression, legend)).unit("none")
    )
    return (
        panel.mappings(level_words(words))
        .thresholds(Built(level_steps()))
        .show_value(kinds.VisibilityMode.NEVER)
        .merge_values(True)
        .row_height(0.9)
        .legend(common.VizLegendOptions().display_mode(kinds.LegendDisplayMode.LIST).show_legend(True))
    )


def lines(
    words: Words,
    name: str,
    queries: Iterable[tuple[str, str]],
    unit: str = COUNT,
    *,
    size: tuple[int, int] = (12, 8),
) -> Panel:
    """Lines over time; `queries`: expression and legend."""
    panel = placed(timeseries.Panel(), words, name, size).unit(unit).min(0)
    for number, (expression, legend) in enumerate(queries):
        panel = panel.with_target(query(expression, legend).ref_id(_letter(number)))
    if unit == RATIO:
        panel = panel.max(1).thresholds(Built(ratio_steps()))
    else:
        panel = panel.thresholds(Built(steps((None, CALM))))
    return (
        panel.line_width(2)
        .fill_opacity(0)
        .color_scheme(Built(FieldColor(mode=FieldColorModeId.PALETTE_CLASSIC_BY_NAME)))
        .legend(common.VizLegendOptions().display_mode(kinds.LegendDisplayMode.TABLE).show_legend(True))
    )


class Column:
    """A column of a table: which query fills it, its heading, its unit, and how it is coloured."""

    def __init__(
        self,
        expression: str,
        heading: str,
        unit: str = COUNT,
        colours: ThresholdsConfig | None = None,
        said: list[ValueMapping] | None = None,
    ) -> None:
        """`heading`: a message's name. `said`: values as words."""
        self.expression, self.heading, self.unit, self.colours = expression, heading, unit, colours
        self.said = said


def rows(
    words: Words,
    name: str,
    keys: Mapping[str, str],
    columns: Iterable[Column],
    *,
    size: tuple[int, int] = (12, 8),
) -> Panel:
    """A table of the newest values, a row for each set of labels; `keys`: label to the heading's message."""
    given = list(columns)
    panel = placed(table.Panel(), words, name, size).unit(COUNT).thresholds(Built(steps((None, CALM))))
    panel = panel.mappings(label_words(words))
    names = [
        f"Value #{chr(ord('A') + number)}" if len(given) > 1 else "Value" for number in range(len(given))
    ]
    for number, column in enumerate(given):
        asked = query(column.expression, instant=True, form="table").ref_id(_letter(number))
        panel = panel.with_target(asked)
    for column in given:
        panel = panel.override_by_name(words(column.heading), _cell(column))
    for label in (one for one in keys if one in DEEPER):
        panel = panel.override_by_name(words(keys[label]), [_deeper(words, label)])
    headings = {label: words(heading) for label, heading in keys.items()}
    headings |= {field: words(column.heading) for field, column in zip(names, given, strict=True)}
    return panel.with_transformation(DataTransformerConfig(id_val="merge", options={})).with_transformation(
        DataTransformerConfig(id_val="organize", options={"excludeByName": _HIDDEN, "renameByName": headings})
    )


# The board that tells more of a value of a label.
DEEPER: Final = frozenset({"region", "operator"})


def _deeper(words: Words, label: str) -> DynamicConfigValue:
    """A value that leads to its own board, at the same time and in the same language."""
    address = f"/d/dabyl-{label}-{words('language')}?var-{label}=${{__value.raw}}&${{__url_time_range}}"
    return DynamicConfigValue(id_val="links", value=[{"title": words(f"{label}-title"), "url": address}])


_HIDDEN: Final = {"Time": True, "__name__": True, "job": True, "instance": True}


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _cell(column: Column) -> list[DynamicConfigValue]:
    found = [DynamicConfigValue(id_val="unit", value=column.unit)]
    if column.colours is not None:
        found.append(DynamicConfigValue(id_val="thresholds", value=column.colours))
        found.append(DynamicConfigValue(id_val="custom.cellOptions", value={"type": "color-background"}))
    if column.said is not None:
        found.append(DynamicConfigValue(id_val="mappings", value=column.said))
    return found


class Built:
    """A record in the place where the SDK wants a builder."""

    def __init__(self, record: Any) -> None:
        self._record = record

    def build(self) -> Any:
        """The record."""
        return self._record
