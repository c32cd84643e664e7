"""What the simulated probes do: sleep, crash, lie, keep what they cannot send, deliver it late, in order."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dabyl.replay.crowd import ABROAD, Crowd, Habits, awake, gather, online
from dabyl.replay.rounds import (
    BAD,
    FOREIGN,
    GOOD,
    HOME,
    LINE_DOWN,
    LISTED,
    MESSENGER,
    SORTS,
    Rounds,
    simulate,
)  # fmt: skip
from dabyl.replay.script import PROFILES, Script
from dabyl.replay.speaking import TARGETS, speakers
from wire import batch
from wire.signing import VerifyKey

CYCLE_S = 600.0
START = 1_641_081_600.0


def script(*levels: float, hours: int = 24) -> Script:
    """Equal spans of the day at those levels, for all profiles and kinds of access."""
    steps = hours * 2
    level = np.repeat(np.array(levels), steps // len(levels))
    whole = np.broadcast_to(level, (len(PROFILES), len(level)))
    return Script(START, whole, whole, whole >= 0, whole < 0, whole >= 0)


def crowd(probes: int = 60, liars: float = 0.0, seed: int = 1) -> Crowd:
    return gather(probes, Habits(liars=liars, cycle_s=CYCLE_S), np.random.default_rng(seed))


def rounds(story: Script, who: Crowd | None = None, seed: int = 2) -> Rounds:
    return simulate(story, who or crowd(), CYCLE_S, np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_rounds() -> None:
    one, other = rounds(script(1.0)), rounds(script(1.0))
    assert np.array_equal(one.at, other.at)
    assert np.array_equal(one.outcome, other.outcome)
    assert not np.array_equal(one.at[:50], rounds(script(1.0), seed=3).at[:50])


def test_every_region_and_some_abroad_have_probes() -> None:
    who = crowd(500)
    assert len(who) == 500 + ABROAD
    assert len({one.region for one in who.networks}) == 20 + 1, "the regions of today, and abroad"
    assert who.outside.sum() == ABROAD


def test_half_sleep_at_night_and_all_are_there_by_day() -> None:
    who, chance = crowd(300), np.random.default_rng(5)
    at = START + np.arange(0, 86_400, CYCLE_S)
    there = np.array([awake(who, probe, at, chance)[0] for probe in range(len(who))])
    by_hour = there.reshape(len(who), 24, 6).mean(axis=(0, 2))
    assert by_hour[21] == pytest.approx(0.5, abs=0.1), "three in the morning in Almaty"
    assert by_hour[10] == pytest.approx(0.97, abs=0.03)


def test_a_crash_begins_a_new_life_after_a_gap() -> None:
    who = dataclasses.replace(crowd(40), night_h=np.zeros(40 + ABROAD))
    at = START + np.arange(0, 20 * 86_400, CYCLE_S)
    chance, crashes = np.random.default_rng(6), 0
    for probe in range(40):
        there, life = awake(who, probe, at, chance)
        for born in np.flatnonzero(np.diff(life)):
            crashes += 1
            assert there[born + 1 : born + 4].sum() <= 1, "it is down for half an hour at least"
        assert (np.diff(life) >= 0).all()
    assert 40 < crashes < 130, "one in ten days"


def test_on_a_calm_day_each_round_is_a_batch_and_arrives_at_once() -> None:
    found = rounds(script(1.0), dataclasses.replace(crowd(), skew_s=np.zeros(60 + ABROAD)))
    delay = found.arrival - found.at
    assert 0.5 <= delay.min() <= delay.max() <= 5.0
    assert len(found.first) - 1 == len(found.at)
    assert (found.outcome == BAD).mean() == pytest.approx(0.01, abs=0.005)


def test_what_was_kept_in_a_cut_comes_when_it_ends_oldest_first() -> None:
    found = rounds(script(1.0, 0.0, 1.0))
    back = START + 16 * 3600
    late = found.arrival - found.at > 1000
    assert late.sum() > 1000
    assert (found.arrival[late] >= back).all()
    assert (found.arrival[late] <= back + 620).all()
    inside = late & (found.at < START + 15 * 3600)
    assert (found.outcome[inside] == LINE_DOWN).all(), "who is cut off says so"
    for probe in range(60):
        assert (np.diff(found.at[(found.probe == probe) & late]) > 0).all()


def test_what_is_never_delivered_is_not_told() -> None:
    found = rounds(script(1.0, 0.0))
    assert found.at[~crowd().outside[found.probe]].max() < START + 12 * 3600 + 300


def test_an_allowlist_lets_the_listed_through_only() -> None:
    story = script(1.0, 0.0, 1.0)
    story = dataclasses.replace(story, listed_only=story.fixed == 0.0)
    found = rounds(story)
    listed = (found.at > START + 9 * 3600) & (found.at < START + 15 * 3600) & ~crowd().outside[found.probe]
    assert (found.outcome[listed, LISTED] == GOOD).all()
    for sort in (HOME, FOREIGN, MESSENGER):
        assert (found.outcome[listed, sort] == BAD).all()


def test_messengers_are_blocked_inside_only() -> None:
    story = dataclasses.replace(script(1.0), messengers=np.zeros((len(PROFILES), 48), bool))
    found = rounds(story)
    outside = crowd().outside[found.probe]
    assert (found.outcome[~outside, MESSENGER] == BAD).all()
    assert (found.outcome[outside, MESSENGER] == BAD).mean() < 0.1


def test_from_abroad_the_country_is_dark_when_the_script_says_so() -> None:
    story = dataclasses.replace(script(1.0), from_abroad=np.zeros((len(PROFILES), 48), bool))
    found = rounds(story)
    outside = crowd().outside[found.probe]
    assert (found.outcome[outside][:, [LISTED, HOME]] == BAD).all()
    assert (found.outcome[outside, FOREIGN] == BAD).mean() < 0.1


def test_liars_toss_a_coin() -> None:
    who = crowd(200, liars=0.2)
    assert who.lies.sum() == pytest.approx(40, abs=15)
    found = rounds(script(1.0), who)
    assert (found.outcome[who.lies[found.probe]] == BAD).mean() == pytest.approx(0.5, abs=0.02)


def test_a_share_of_the_probes_is_online_as_the_script_says() -> None:
    assert online(script(0.3), crowd(1000))[:1000].mean() == pytest.approx(0.3, abs=0.05)


def test_batches_are_signed_numbered_without_a_gap_and_told_apart_by_their_lives() -> None:
    who = crowd(6)
    found, voices = rounds(script(1.0, 0.0, 1.0), who), speakers(who, 1)
    heard: dict[tuple[str, str], list[int]] = {}
    records = 0
    for _, which, _ in found.batches():
        voice = voices[int(found.probe[which.start])]
        envelope = batch.take_apart(voice.say(found, which))
        batch.verify(envelope, VerifyKey(voice.key.public), "dabyl/v1/batch")
        heard.setdefault((envelope.probe, envelope.boot), []).append(envelope.sequence)
        records += len(batch.measurements(envelope))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in heard.values())
    assert records == SORTS * len(found.at)


def test_a_record_says_where_when_and_what() -> None:
    who = crowd(5)
    found, voices = rounds(script(1.0), who), speakers(who, 1)
    _, which, _ = next(found.batches())
    number = int(found.probe[which.start])
    for one in batch.measurements(batch.take_apart(voices[number].say(found, which))):
        assert one.network == who.networks[number]
        assert one.target in [target for sort in TARGETS for target in sort]
        assert one.received_at is None
