"""Ages in words with the right plural, and the clock of Kazakhstan."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.page.catalogues import words_in
from collector.page.moments import KAZAKHSTAN, ago, day, exact, moment, narrow, span, window
from wire.facts import LANGUAGES, Language

NOW = "2026-11-20T13:32:05.000Z"
AGES = [
    (-5.0, "жаңа ғана", "только что", "just now"),
    (2.9, "жаңа ғана", "только что", "just now"),
    (3.0, "3 секунд бұрын", "3 секунды назад", "3 seconds ago"),
    (21.9, "21 секунд бұрын", "21 секунду назад", "21 seconds ago"),
    (59.9, "59 секунд бұрын", "59 секунд назад", "59 seconds ago"),
    (60.0, "1 минут бұрын", "1 минуту назад", "1 minute ago"),
    (132.0, "2 минут бұрын", "2 минуты назад", "2 minutes ago"),
    (660.0, "11 минут бұрын", "11 минут назад", "11 minutes ago"),
    (3_600.0, "1 сағат бұрын", "1 час назад", "1 hour ago"),
    (82_800.0, "23 сағат бұрын", "23 часа назад", "23 hours ago"),
    (169_200.0, "47 сағат бұрын", "47 часов назад", "47 hours ago"),
    (172_800.0, "2 күн бұрын", "2 дня назад", "2 days ago"),
    (1_814_400.0, "21 күн бұрын", "21 день назад", "21 days ago"),
]


@pytest.mark.parametrize(("seconds", "kk", "ru", "en"), AGES)
def test_an_age_has_the_right_plural(seconds: float, kk: str, ru: str, en: str) -> None:
    assert [ago(words_in(language), seconds) for language in LANGUAGES] == [kk, ru, en]


SPANS = [
    (5.0, "1 минуттан бері", "уже 1 минуту", "for 1 minute"),
    (1_265.0, "21 минуттан бері", "уже 21 минуту", "for 21 minutes"),
    (7_300.0, "2 сағаттан бері", "уже 2 часа", "for 2 hours"),
    (432_000.0, "5 күннен бері", "уже 5 дней", "for 5 days"),
]


@pytest.mark.parametrize(("seconds", "kk", "ru", "en"), SPANS)
def test_a_span_has_the_right_case(seconds: float, kk: str, ru: str, en: str) -> None:
    assert [span(words_in(language), seconds) for language in LANGUAGES] == [kk, ru, en]


@pytest.mark.parametrize("language", LANGUAGES)
@given(seconds=st.floats(min_value=-1e6, max_value=1e9))
def test_any_age_can_be_told(language: Language, seconds: float) -> None:
    assert ago(words_in(language), seconds)
    assert span(words_in(language), seconds)


def test_the_window_is_told_in_minutes() -> None:
    assert [window(words_in(language), 900.0) for language in LANGUAGES] == [
        "соңғы 15 минут", "последние 15 минут", "the last 15 minutes",
    ]  # fmt: skip
    assert window(words_in("ru"), 60.0) == "последнюю 1 минуту"


def test_a_moment_of_today_needs_no_day() -> None:
    assert (
        exact(words_in("en"), "2026-11-20T13:11:00.000Z", NOW)
        == "18:11:00 in Kazakhstan (UTC+5), 13:11:00 UTC"
    )


def test_the_day_is_that_of_kazakhstan() -> None:
    late = "2026-11-20T19:30:00.000Z"
    assert day(words_in("en"), late) == "21 November 2026"
    assert (
        exact(words_in("en"), late, "2026-11-21T10:00:00.000Z")
        == "00:30:00 in Kazakhstan (UTC+5), 19:30:00 UTC"
    )
    assert exact(words_in("en"), "2026-11-19T10:00:00.000Z", NOW).startswith("19 November 2026, 15:00:00")


def test_a_narrow_column_has_both_clocks_too() -> None:
    assert narrow(words_in("kk"), "2026-11-20T13:11:00.000Z", NOW) == "18:11:00 UTC+5, 13:11:00 UTC"
    assert narrow(words_in("en"), "2026-11-19T10:00:00.000Z", NOW).startswith(
        "19 November 2026, 15:00:00 UTC+5"
    )


def test_days_are_written_as_each_language_does() -> None:
    assert [day(words_in(language), NOW).replace("\u202f", " ").replace("\xa0", " ") for language in LANGUAGES] == [
        "2026 ж. 20 қараша", "20 ноября 2026 г.", "20 November 2026",
    ]  # fmt: skip


def test_machines_get_the_wire_time() -> None:
    assert moment(words_in("en"), "2026-11-20T13:11:00.000Z", NOW).iso == "2026-11-20T13:11:00.000Z"


@pytest.mark.parametrize("zone", ["Asia/Almaty", "Asia/Oral", "Asia/Qostanay", "Asia/Aqtau"])
def test_the_whole_country_keeps_the_time_that_the_page_shows(zone: str) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert at.astimezone(ZoneInfo(zone)).utcoffset() == KAZAKHSTAN.utcoffset(at)
