"""The three catalogues hold the same messages, all of them used, none missing, plurals right."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, Resource, SelectExpression, VariableReference, Variant
from fluent.syntax.visitor import Visitor

import collector.page
from collector.page.catalogues import catalogue, words_in
from wire.facts import LANGUAGES, Language
from wire.names import CATEGORIES

PAGE = Path(collector.page.__file__).parent
KAZAKH_LETTERS = "әғқңөұүһі"


class _Seen(Visitor):
    """What stands inside a message: its variables, and the plural forms of its choices."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.forms: list[set[str]] = []

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 - the visitor's own naming
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: SelectExpression) -> None:  # noqa: N802 - the visitor's own naming
        self.forms.append({_form(variant) for variant in node.variants})
        self.generic_visit(node)


def _form(variant: Variant) -> str:
    key = variant.key
    return str(getattr(key, "name", getattr(key, "value", "")))


@cache
def parsed(language: Language) -> Resource:
    return FluentParser().parse(catalogue(language))


@cache
def messages(language: Language) -> dict[str, Message]:
    return {one.id.name: one for one in parsed(language).body if isinstance(one, Message)}


def seen(message: Message) -> _Seen:
    found = _Seen()
    found.visit(message)
    return found


def _asked_in_templates() -> Iterator[str]:
    for template in sorted(PAGE.glob("templates/*.j2")):
        yield from re.findall(r"""\bt\(["']([a-z-]+)["']""", template.read_text(encoding="utf-8"))


def _texts_in_code() -> Iterator[str]:
    for module in sorted(PAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _asked_in_code() -> Iterator[str]:
    for module in sorted(PAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words":
                yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def test_no_catalogue_has_a_line_that_is_no_message() -> None:
    for language in LANGUAGES:
        kinds = {type(one).__name__ for one in parsed(language).body}
        assert kinds <= {"Message", "Comment", "GroupComment", "ResourceComment"}, language


def test_all_catalogues_hold_the_same_messages_in_the_same_order() -> None:
    assert list(messages("kk")) == list(messages("ru")) == list(messages("en"))


def test_no_message_stands_twice() -> None:
    for language in LANGUAGES:
        names = [one.id.name for one in parsed(language).body if isinstance(one, Message)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("name", messages("en"))
def test_a_message_needs_the_same_values_in_every_language(name: str) -> None:
    needs = [seen(messages(language)[name]).variables for language in LANGUAGES]
    assert needs[0] == needs[1] == needs[2]


def test_every_message_that_is_asked_for_exists() -> None:
    categories = {f"category-{name}" for name in CATEGORIES}
    asked = set(_asked_in_templates()) | set(_asked_in_code()) | categories
    assert asked <= set(messages("kk"))


def test_no_message_is_left_that_nobody_asks_for() -> None:
    categories = {f"category-{name}" for name in CATEGORIES}
    asked = set(_asked_in_templates()) | set(_texts_in_code()) | categories
    assert set(messages("kk")) <= asked


def test_russian_counts_have_one_few_and_many() -> None:
    counted = {"one", "few", "many"}
    for name, message in messages("ru").items():
        for forms in seen(message).forms:
            # A choice on 1 and 2 alone, or after a preposition that takes one case, needs less.
            assert counted <= forms or name in {"answer-few", "answer-too-few", "probes-of"}, name


def test_english_counts_have_one_and_other() -> None:
    for name, message in messages("en").items():
        for forms in seen(message).forms:
            assert forms >= {"one", "other"} or name in {"answer-few", "answer-too-few"}, name


def test_kazakh_nouns_do_not_change_after_a_number() -> None:
    for name, message in messages("kk").items():
        assert all(forms <= {"0", "1", "other"} for forms in seen(message).forms), name


def test_kazakh_is_written_with_its_own_letters() -> None:
    text = catalogue("kk").lower()
    assert [letter for letter in KAZAKH_LETTERS if letter not in text and letter != "һ"] == []
    assert "і" in text
    assert not re.search(r"[а-яәғқңөұүһі]i|i[а-яәғқңөұүһі]", text)  # a Latin i between Cyrillic letters


@pytest.mark.parametrize(
    ("count", "kk", "ru", "en"),
    [
        (0, "зонд жоқ", "нет зондов", "no probes"),
        (1, "1 зонд", "1 зонд", "1 probe"),
        (2, "2 зонд", "2 зонда", "2 probes"),
        (5, "5 зонд", "5 зондов", "5 probes"),
        (11, "11 зонд", "11 зондов", "11 probes"),
        (21, "21 зонд", "21 зонд", "21 probes"),
        (22, "22 зонд", "22 зонда", "22 probes"),
        (112, "112 зонд", "112 зондов", "112 probes"),
    ],
)
def test_counts_read_right(count: int, kk: str, ru: str, en: str) -> None:
    assert [words_in(language)("probes", probes=count) for language in LANGUAGES] == [kk, ru, en]


def test_a_missing_message_raises() -> None:
    with pytest.raises(LookupError):
        words_in("kk")("no-such-message")


def test_a_missing_value_raises() -> None:
    with pytest.raises(KeyError, match="percent"):
        words_in("kk")("percent")
