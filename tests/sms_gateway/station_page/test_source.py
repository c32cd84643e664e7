"""The page's sources: a language and a library that phones of 2017 know, texts in three languages, no loose ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import esprima  # type: ignore[import-untyped]  # it carries no types
import pytest

from sms_gateway.station_page.facts import source, texts
from wire.facts import LANGUAGES
from wire.typed import QUERIES, WORD_NUMBERS

FOLDER = Path(__file__).parents[3] / "sms_gateway" / "station_page"
SCRIPTS = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "source").rglob("*.js"))
MOST_LINES = 200
# Names that browsers learned after Chrome 60; `clipboard` and `BarcodeDetector` are asked for and not relied on.
TOO_NEW = {
    "AbortController", "BigInt", "allSettled", "any", "arrayBuffer", "checkVisibility", "finally", "findLast",
    "flat", "flatMap", "fromEntries", "globalThis", "hasOwn", "matchAll", "queueMicrotask", "randomUUID",
    "replaceAll", "replaceChildren", "requestSubmit", "showModal", "stream", "structuredClone", "subtle",
    "toggleAttribute", "toReversed", "toSorted", "trimEnd", "trimStart",
}  # fmt: skip
TOO_NEW_STYLE = (
    "gap:",
    "clamp(",
    "min(",
    "max(",
    ":focus-visible",
    ":is(",
    ":where(",
    ":has(",
    "aspect-ratio",
    "inset:",
)
CATALOGUE: dict[str, dict[str, str]] = json.loads(source("texts.json"))


def tokens(name: str) -> list[tuple[str, str]]:
    return [(token.type, token.value) for token in esprima.tokenize(source(name))]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_in_the_language_of_2017(name: str) -> None:
    esprima.parseScript(source(name))


@pytest.mark.parametrize("newer", ["a?.b", "a ?? b", "try {} catch {}", "1n", "await 1", "class A { #x }"])
def test_what_is_newer_would_be_noticed(newer: str) -> None:
    with pytest.raises(esprima.Error):
        esprima.parseScript(newer)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if not name.endswith("worker.js")])
def test_a_script_names_nothing_that_old_browsers_lack(name: str) -> None:
    members = re.findall(r"\.\s*([A-Za-z]+)", re.sub(r"//.*", "", source(name)))
    roots = [value for kind, value in tokens(name) if kind == "Identifier"]
    assert ".at(" not in source(name)
    used = set(members) | {root for root in roots if root[0].isupper()}
    assert used & TOO_NEW == set()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_writes_no_markup_and_evaluates_no_text(name: str) -> None:
    names = {value for kind, value in tokens(name) if kind == "Identifier"}
    assert (
        names & {"innerHTML", "outerHTML", "insertAdjacentHTML", "write", "eval", "Function", "random"}
        == set()
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_short(name: str) -> None:
    assert len(source(name).splitlines()) <= MOST_LINES


def test_the_style_uses_nothing_that_old_browsers_lack() -> None:
    style = re.sub(r"/\*.*?\*/", "", source("source/page.css"), flags=re.DOTALL)
    assert [newer for newer in TOO_NEW_STYLE if newer in style] == []


def test_the_cores_touch_no_page_no_clock_and_no_storage() -> None:
    for name in SCRIPTS:
        if "/core/" in name:
            names = {value for kind, value in tokens(name) if kind == "Identifier"}
            touched = {
                "document",
                "window",
                "localStorage",
                "sessionStorage",
                "indexedDB",
                "Date",
                "navigator",
                "facts",
            }
            assert names & touched == set(), name


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_a_text_stands_in_every_language_with_the_same_places(name: str) -> None:
    said = CATALOGUE[name]
    assert list(said) == list(LANGUAGES)
    assert all(text.strip() == text != "" for text in said.values())
    places = {tuple(sorted(re.findall(r"\{[a-z]+\}", text))) for text in said.values()}
    assert len(places) == 1


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    scripts = "".join(source(name) for name in SCRIPTS)
    asked = set(re.findall(r"\b(?:say|notice|heading|button|way)\(\s*\"([a-z-]+)\"", scripts))
    written = set(re.findall(r"\"([a-z]+(?:-[a-z]+)*)\"", scripts))
    assert asked - CATALOGUE.keys() == {"upload-", "word-"}  # their ends are put on when they are said
    made = {name for name in CATALOGUE if name.startswith(("word-", "upload-"))}
    assert CATALOGUE.keys() - written - made == set()


def test_every_word_that_can_be_sealed_has_a_name() -> None:
    words = {f"word-{kind}-{value}".rstrip("-") for kind, value in WORD_NUMBERS if kind not in QUERIES}
    assert {name for name in CATALOGUE if name.startswith("word-")} == words


def test_every_end_of_an_upload_is_told() -> None:
    ends = set(re.findall(r"\"(in|away|refused|lost)\"", source("source/phone/sending.js")))
    assert {f"upload-{end}" for end in ends} <= CATALOGUE.keys()


def test_kazakh_is_written_with_its_own_letters_and_no_russian_or_english_text_slipped_in() -> None:
    kazakh, russian, english = (texts()[language] for language in LANGUAGES)
    same = {name for name in CATALOGUE if kazakh[name] == russian[name] or russian[name] == english[name]}
    assert same <= {"form-title"}
    assert [name for name, text in english.items() if re.search("[а-яёәғқңөұүһі]", text, re.IGNORECASE)] == []
    assert [name for name, text in russian.items() if re.search("[әғқңөұүһі]", text, re.IGNORECASE)] == []
