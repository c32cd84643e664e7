"""Boards: every query parses and asks for metrics that are there; every panel says what it shows, in three languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from collector.page.catalogues import catalogue as page_catalogue
from dashboards import render, rules
from dashboards.boards import BOARDS, boards
from dashboards.boards.frame import FIRST
from dashboards.boards.map import GROUND, INK
from dashboards.boards.words import catalogue, words_in
from tests.collector.page.test_colours import contrast
from wire import metrics
from wire.facts import LANGUAGES, Language, regions
from wire.levels import COLOURS, LEVELS

FILES = {path: json.loads(text) for path, text in boards().items()}
PANELS = [(path, panel) for path, board in FILES.items() for panel in board["panels"]]
IDS = [f"{path} {panel['title']}" for path, panel in PANELS]
RECORDED = {rule["record"] for group in rules()["groups"] for rule in group["rules"] if "record" in rule}
EXPOSED = {value for name, value in vars(metrics).items() if name.isupper()}
KNOWN = RECORDED | EXPOSED | {f"{name}_bucket" for name in EXPOSED if name.endswith("_seconds")} | {"up"}
COMMITTED = Path(__file__).parents[2] / "deploy"


def queries(board: dict[str, Any]) -> Iterator[str]:
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (one["expr"] for one in board["annotations"]["list"])


def expressions() -> Iterator[str]:
    for group in rules()["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for board in FILES.values():
        yield from queries(board)


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"(?:[a-z_]+:)?dabyl_[a-z0-9_]+(?::[a-z0-9]+)?", expression))


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_a_query_parses_and_asks_for_what_is_there(expression: str) -> None:
    promql_parser.parse(
        expression.replace("$region", ".*").replace("$operator", ".*").replace("$category", ".*")
    )
    assert names_in(expression) <= KNOWN


@pytest.mark.parametrize("rule", sorted(RECORDED))
def test_a_recording_rule_has_a_level_a_metric_and_an_operation(rule: str) -> None:
    assert re.fullmatch(r"[a-z_]+:dabyl_[a-z_]+:(ratio|rate5m|sum|min|max|code|count)", rule)


@pytest.mark.parametrize(("path", "panel"), PANELS, ids=IDS)
def test_a_panel_says_what_it_shows_and_what_no_data_is(path: str, panel: dict[str, Any]) -> None:
    usual = panel["fieldConfig"]["defaults"]
    assert panel["title"]
    assert len(panel["description"]) > 15
    assert usual["unit"]
    assert usual["noValue"] == words_in(path[:2])("no-data")
    assert usual["thresholds"]["steps"]
    assert panel["datasource"]["uid"] == "${source}"
    assert all(target["datasource"]["uid"] == "${source}" for target in panel["targets"])
    assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


@pytest.mark.parametrize(("path", "panel"), PANELS, ids=IDS)
def test_a_panel_uses_our_colours_alone(path: str, panel: dict[str, Any]) -> None:
    found = set(re.findall(r"#[0-9a-fA-F]{6}", json.dumps(panel)))
    assert found <= {*COLOURS.values(), GROUND, INK}
    assert not re.search(r'"(color|fixedColor)": ?"(red|green|yellow|orange|blue|purple)', json.dumps(panel))


@pytest.mark.parametrize(("path", "panel"), PANELS, ids=IDS)
def test_a_table_with_a_share_has_its_n_beside_it(path: str, panel: dict[str, Any]) -> None:
    asked = " ".join(target["expr"] for target in panel["targets"])
    if panel["type"] == "table" and ":dabyl_reachability:ratio" in asked:
        assert "probes" in asked.replace("dabyl_reachability:ratio", "")


@pytest.mark.parametrize("path", FILES)
def test_a_board_is_small_and_asks_nobody_outside(path: str) -> None:
    board = FILES[path]
    assert len(board["panels"]) <= 25
    assert not re.findall(r"https?://", json.dumps(board))
    assert board["uid"] == f"dabyl-{Path(path).stem}-{path[:2]}"
    assert board["timezone"] == "Asia/Almaty"
    assert board["editable"] is False
    (link,) = board["links"]
    assert link["tags"] == [f"dabyl-{path[:2]}"], "links keep the language"


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_is_the_same_in_every_language_but_for_its_words(name: str) -> None:
    asked = [list(queries(FILES[f"{language}/{name}.json"])) for language in LANGUAGES]
    assert asked[0] == asked[1] == asked[2]
    titles = {FILES[f"{language}/{name}.json"]["title"] for language in LANGUAGES}
    assert len(titles) >= 2


def test_panels_do_not_lie_on_each_other() -> None:
    for path, board in FILES.items():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            at = panel["gridPos"]
            cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
            assert not cells & taken, (path, panel["title"])
            taken |= cells


def test_the_countrys_board_asks_only_for_what_was_recorded() -> None:
    raw = {name for query in queries(FILES["en/country.json"]) for name in names_in(query)} - RECORDED
    assert raw == {metrics.INCIDENT_ACTIVE, metrics.INCIDENT_STARTED, metrics.INCIDENT_CONFIDENCE}, (
        "a short list"
    )


def test_the_map_has_a_square_for_each_region() -> None:
    (panel,) = (panel for panel in FILES["kk/country.json"]["panels"] if panel["type"] == "canvas")
    squares = panel["options"]["root"]["elements"]
    assert {one["name"] for one in squares} == set(regions())
    assert all(one["config"]["text"]["field"] == one["name"] for one in squares), "a word, not a colour alone"
    for one in squares:
        assert one["border"]["color"]["field"] == one["name"], "the state is the frame"
        ground, ink = one["background"]["color"]["fixed"], one["config"]["color"]["fixed"]
        assert contrast(ground, ink) >= 4.5
        assert all(contrast(ground, colour) >= 3.0 for colour in COLOURS.values()), (
            "and is seen on its ground"
        )


@pytest.mark.parametrize(("path", "panel"), PANELS, ids=IDS)
def test_a_region_or_an_operator_in_a_table_leads_to_its_own_board(path: str, panel: dict[str, Any]) -> None:
    words = words_in(path[:2])
    links = {
        override["matcher"]["options"]: one["value"][0]["url"]
        for override in panel["fieldConfig"].get("overrides", ())
        for one in override["properties"]
        if one["id"] == "links"
    }
    uids = {board["uid"] for board in FILES.values()}
    assert all(re.match(r"/d/([a-z-]+)\?", url)[1] in uids for url in links.values())  # type: ignore[index]  # it matches
    if panel["type"] == "table":
        headings = set(panel["transformations"][-1]["options"]["renameByName"].values())
        wanted = {words("label-region"), words("label-operator")} & headings
        assert links.keys() == wanted
        assert all(f"-{path[:2]}?var-" in url for url in links.values()), "in the same language"


@pytest.mark.parametrize("path", FILES)
def test_a_board_of_many_places_opens_with_one_of_them(path: str) -> None:
    for one in FILES[path]["templating"]["list"]:
        if one["name"] in FIRST:
            assert one["current"]["value"] == FIRST[one["name"]]


@pytest.mark.parametrize("path", FILES)
def test_levels_are_words_wherever_they_are_colours(path: str) -> None:
    """Each code of a level that a panel may show has its word, in the board's language."""
    words = words_in(path[:2])
    told = {words(f"level-{level}") for level in (*LEVELS, "silent")}
    for panel in FILES[path]["panels"]:
        if any(":dabyl_level:code" in target["expr"] for target in panel["targets"]):
            texts = {
                one["text"]
                for mapping in panel["fieldConfig"]["defaults"]["mappings"]
                for one in (
                    [mapping["options"]["result"]]
                    if "result" in mapping["options"]
                    else mapping["options"].values()
                )
            }
            assert texts == told, panel["title"]


@pytest.mark.parametrize(("path", "panel"), PANELS, ids=IDS)
def test_what_is_red_is_never_the_only_thing_said(path: str, panel: dict[str, Any]) -> None:
    """A coloured cell holds its number, a coloured figure its word; nothing is a bare lamp."""
    assert panel["type"] in {"stat", "table", "timeseries", "state-timeline", "canvas"}
    if panel["type"] == "stat":
        assert panel["options"].get("textMode", "auto") != "none"
    if panel["type"] == "timeseries":
        assert panel["options"]["legend"]["showLegend"] is True
        assert panel["options"]["legend"]["displayMode"] == "table"


@pytest.mark.parametrize(("path", "panel"), PANELS, ids=IDS)
def test_a_panel_of_few_lines_asks_for_few(path: str, panel: dict[str, Any]) -> None:
    """Every line's query sums over what there are thousands of; `python -m benchmarks boards` counts them."""
    if panel["type"] in {"timeseries", "state-timeline"}:
        for target in panel["targets"]:
            names = names_in(target["expr"])
            assert names <= RECORDED or " by (" in target["expr"] or "sum(" in target["expr"], target["expr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_holds_the_same_messages(language: Any) -> None:
    names = [set(re.findall(r"^([a-z-]+) =", catalogue(one), re.MULTILINE)) for one in (language, "en")]
    assert names[0] == names[1]


# Where nothing is known the boards say "unknown" and "no contact": a cell has no room for the page's "no data".
OWN_WORDS = {"level-unknown", "level-silent"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_boards_call_states_and_kinds_what_the_page_calls_them(language: Language) -> None:
    named = r"^((?:level|kind|camera|category|access|station)-[a-z-]+) = (.+)$"
    boards_say, page_says = (
        dict(re.findall(named, text, re.MULTILINE))
        for text in (catalogue(language), page_catalogue(language))
    )
    shared = boards_say.keys() & page_says.keys() - OWN_WORDS
    assert len(shared) > 30
    assert {name: boards_say[name] for name in shared} == {name: page_says[name] for name in shared}


def test_a_text_that_is_missing_stops_the_build() -> None:
    with pytest.raises(KeyError):
        words_in("kk")("nothing-of-that-name")


def test_the_committed_files_are_those_that_are_built() -> None:
    for path, text in render("http://127.0.0.1:8080").items():
        assert (COMMITTED / path).read_text(encoding="utf-8") == text, (
            f"{path}: run `dabyl dashboards build --out deploy`"
        )
