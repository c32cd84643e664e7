"""What the page says on top while incidents last: the detector's word and the figures' word, side by side."""

from __future__ import annotations

import pytest

from collector.core.book import Revision
from collector.core.overview import Overview
from collector.page.answer import answer
from collector.page.catalogues import words_in
from collector.page.lasting import with_incidents
from collector.page.view import View, view
from tests.collector.page.scenes import blind, calm, cut_abroad, evening, never, overview
from tests.collector.page.told import HOUR, NATION, SILENT, incident, revision
from wire.facts import LANGUAGES, Language
from wire.incidents import Incident, Scope

NATION_SILENT = incident("i-all", "connectivity_loss", Scope(level="national"), HOUR / 3, silent=True)
REGION = incident("i-region", "connectivity_loss", Scope(level="region", regions=("KZ-43",)), HOUR)
ROOM = incident("i-room", "connectivity_loss", Scope(level="local", regions=("KZ-43",)), HOUR)
TELEGRAM = incident("i-tg", "service_block", Scope(level="service", targets=("telegram",)), HOUR)
ALLOWLIST = incident("i-list", "allowlist_only", Scope(level="national"), HOUR)

ROWS = [
    ("nothing lasts", calm(), [], None),
    ("what ended says nothing", calm(), [revision(REGION, 1.0, ended_at=REGION.started_at)], None),
    ("what was withdrawn says nothing", calm(), [revision(REGION, 1.0, withdrawn=True)], None),
    ("a room is no headline", calm(), [revision(ROOM, 1.0)], None),
    ("a region is one, however well the rest is", calm(), [revision(REGION, 1.0)], REGION),
    ("a silent region is one", calm(), [revision(SILENT, 1.0)], SILENT),
    ("a blocked messenger is one", calm(), [revision(TELEGRAM, 1.0)], TELEGRAM),
    ("the widest leads", calm(), [revision(TELEGRAM, 1.0), revision(ALLOWLIST, 1.0), revision(REGION, 1.0)], ALLOWLIST),
    ("all probes fell silent at once: that is a cut, not our blindness alone", blind(), [revision(NATION_SILENT, 1.0)], NATION_SILENT),
    ("of one region nothing is known while we are blind", blind(), [revision(REGION, 1.0)], None),
    ("a country that is cut is more than one region", cut_abroad(), [revision(REGION, 1.0)], None),
    ("and more than a messenger", evening(), [revision(TELEGRAM, 1.0)], None),
    ("figures and incident agree", cut_abroad(), [revision(NATION, 1.0)], NATION),
    ("two probes speak for no region", overview(home=1.0, abroad=1.0, probes=2), [revision(REGION, 1.0)], None),
    ("never heard, nothing told", never(), [], None),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "told", "leads"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_an_incident_leads_where_it_says_more(
    seen: Overview, told: list[Revision], leads: Incident | None
) -> None:
    words = words_in("en")
    figures = answer(words, seen)
    found = with_incidents(words, seen, "en", figures, told)
    if leads is None:
        assert found == figures
    else:
        assert found.incident is not None
        assert (found.incident.id, found.lede) == (leads.id, leads.sentence.en)


def shown(seen: Overview, *told: Revision, language: Language = "en") -> View:
    return view(words_in(language), seen, language, told)


def test_where_since_and_how_sure_are_the_incidents_own() -> None:
    made = shown(calm(), revision(REGION, 1.0))
    assert made.answer.headline == "Kyzylorda Region: nothing answers"
    assert made.questions.where == "Kyzylorda Region"
    assert made.questions.since == "Began 1 hour ago"
    assert made.questions.sure == "Very, 83%"


def test_the_figures_headline_borrows_no_incidents_beginning() -> None:
    made = shown(evening(), revision(TELEGRAM, 1.0))
    assert made.answer.headline == "Trouble in 2 regions"
    assert made.questions.since == "Seen in the last 15 minutes"
    assert shown(calm(), revision(ROOM, 1.0)).questions.since == "No trouble now"


def test_blindness_is_said_beside_the_cut() -> None:
    made = shown(blind(), revision(NATION_SILENT, 1.0))
    assert made.answer.blind
    assert made.answer.mark == "silent"
    assert made.answer.notes[0].startswith("Nothing fresh comes from inside the country")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_others_are_counted_in_every_language(language: Language) -> None:
    made = shown(calm(), *(revision(one, 1.0) for one in (ALLOWLIST, REGION, TELEGRAM)), language=language)
    assert any("2" in note for note in made.answer.notes)
    assert made.answer.lede == getattr(ALLOWLIST.sentence, language)
