"""What the page makes is what the ground floor makes, byte for byte: many drawn at once in one real Chromium."""

from __future__ import annotations

import json
import random  # noqa: TID251  # seeded: the same sheets in every run
import unicodedata
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.browser import Tab
from tests.sms_gateway.station_page.phone import CARD, KEY, SEED, STATION, page_tab
from wire import base62, canonical, jcs, uploads
from wire.sealed import seal_sheet, seal_status
from wire.sheets import broken, parse_sheet, schemas, sheet_bytes
from wire.signing import SigningKey, VerifyKey, from_text, to_text
from wire.typed import MARKS, WORD_NUMBERS

FORM = schemas()["kz-count-1"]
LETTERS = "abzABZ019 -_.,'\"\\/<>&=+%$@#[]{}\t\x7fәғқңөұүһіӘҒҚҢӨҰҮҺІёъЁ漢字éß😀𝒳\u2028\u2029"
ODD_NAMES = ("__proto__", "constructor", "toString", "10", "9", "é", "e\u0301", "\ue000", "😀", "ÿ", " a  b ")
SHEETS = 400
SEALS = 60


# One browser for all of them: nothing here changes what the page keeps.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tab]:
    async with page_tab(tmp_path_factory.mktemp("page")) as made:
        await made.value(f"window.seed = dabyl.bytes.fromBase64url({json.dumps(to_text(SEED))}); 0")
        yield made


def drawn_name(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(ODD_NAMES)
    return "".join(chance.choices(LETTERS, k=chance.randint(1, 20))) + "x"


def drawn_draft(chance: random.Random) -> dict[str, Any]:
    """What a person may have typed: some fields left out, names that break careless programs."""
    fields = [field.name for field in FORM.fields if chance.random() < 0.85] or ["voters_on_list"]
    names = {" ".join(_composed(drawn_name(chance)).split()) for _ in range(chance.randint(0, 12))} - {""}
    return {
        "election": drawn_name(chance),
        "counts": {
            name: str(chance.choice([0, 7, 1205, 10_000_000, chance.randrange(10_000)])) for name in fields
        },
        "choices": [[name, str(chance.randrange(100_000))] for name in sorted(names)],
    }


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


async def made(tab: Tab, script: str, given: object) -> Any:
    """What a function of the page makes of every one of a list."""
    return await tab.value(f"JSON.parse({json.dumps(json.dumps(given))}).map({script})")


async def test_the_canonical_bytes_of_hundreds_of_drawn_sheets_are_those_of_the_ground_floor(
    tab: Tab,
) -> None:
    drafts = [drawn_draft(random.Random(number)) for number in range(SHEETS)]
    script = "draft => ({ fault: dabyl.sheet.fault(draft, facts.schema), bytes: dabyl.canonical.written(dabyl.sheet.record(draft, facts.schema, 'KZ-71-0379', 3)) })"
    found = await made(tab, script, drafts)
    assert [one["fault"] for one in found if one["fault"]] == []
    for draft, one in zip(drafts, found, strict=True):
        sheet = parse_sheet(one["bytes"].encode())
        assert sheet_bytes(sheet) == one["bytes"].encode()
        assert sheet.counts == {name: int(typed) for name, typed in draft["counts"].items()}
        assert list(sheet.votes.values()) == [int(dict(draft["choices"])[name]) for name in sheet.votes]
        assert set(sheet.votes) == {name for name, _ in draft["choices"]}
        assert (sheet.station, sheet.sheet, sheet.schema) == (STATION, 3, FORM.id)


async def test_relations_are_flagged_as_the_ground_floor_flags_them(tab: Tab) -> None:
    drafts = [drawn_draft(random.Random(number)) for number in range(SHEETS)]
    for number, draft in enumerate(drafts):
        chance = random.Random(number)  # small numbers, so that relations also hold
        draft["counts"] = {name: str(chance.randrange(3)) for name in draft["counts"]}
        draft["choices"] = [[name, str(chance.randrange(2))] for name, _ in draft["choices"][:2]]
    script = "draft => ({ bytes: dabyl.canonical.written(dabyl.sheet.record(draft, facts.schema, 'KZ-71-0379', 1)), relations: dabyl.sheet.relations(draft, facts.schema) })"
    for one in await made(tab, script, drafts):
        flagged = [
            (found["relation"], found["left"], found["right"])
            for found in one["relations"]
            if found["holds"] is False
        ]
        told = broken(parse_sheet(one["bytes"].encode()), FORM)
        assert flagged == [(found.relation, found.left, found.right) for found in told]


async def test_sealed_sheets_are_the_very_texts_that_the_command_prints(tab: Tab) -> None:
    chance = random.Random(6)
    given = [
        {
            "seed": to_text(chance.randbytes(32)),
            "station": f"KZ-{chance.randrange(100):02}-{chance.randrange(10_000):04}",
            "digest": to_text(bytes(32) if number == 0 else chance.randbytes(32)),
            "at": chance.choice([0, 1_763_700_000, 2**32 - 1, chance.randrange(2**32)]),
            "sheet": chance.randint(1, 9),
        }
        for number in range(SEALS)
    ]
    read = "dabyl.bytes.fromBase64url"
    script = (
        f"one => dabyl.seal.sealSheet({read}(one.seed), one.station, {read}(one.digest), one.at, one.sheet)"
    )
    for one, text in zip(given, await made(tab, script, given), strict=True):
        key = SigningKey(from_text(str(one["seed"])))
        wanted = seal_sheet(
            key,
            str(one["station"]),
            from_text(str(one["digest"])),
            int(str(one["at"])),
            int(str(one["sheet"])),
        )
        assert text == wanted


async def test_sealed_words_are_the_very_texts_that_the_command_prints(tab: Tab) -> None:
    words = [
        (said, number)
        for said, number in WORD_NUMBERS.items()
        if said[0] not in {"info", "tel", "my", "turnout"}
    ]
    script = "number => dabyl.seal.sealStatus(seed, 'KZ-71-0379', number, 1763700000, null)"
    found = await made(tab, script, [number for _, number in words])
    assert found == [seal_status(KEY, STATION, said, 1_763_700_000) for said, _ in words]
    counts = [("", 0), *((mark, 1250) for mark in MARKS), ("24", 9_999)]
    script = "one => dabyl.seal.sealStatus(seed, 'KZ-71-0379', 12, 1763700000, { hour: Number(one[0]), count: one[1] })"
    found = await made(tab, script, counts)
    assert found == [seal_status(KEY, STATION, ("turnout", ""), 1_763_700_000, count) for count in counts]


async def test_a_signed_upload_is_one_that_the_collector_verifies(tab: Tab) -> None:
    drafts = [drawn_draft(random.Random(number)) for number in range(SEALS)]
    script = (
        "(draft, place) => dabyl.seal.signedUpload(seed, { v: 1, by: 'station', signer: 'KZ-71-0379', at: '2026-11-22T15:00:00.000Z',"
        " sheet: dabyl.canonical.written(dabyl.sheet.record(draft, facts.schema, 'KZ-71-0379', 1)), scan: place % 2 ? 'ab'.repeat(32) : '' })"
    )
    for one in await made(tab, script, drafts):
        upload = uploads.parse_upload(json.dumps(one).encode())
        uploads.verify(upload, [VerifyKey(KEY.public)])
        assert uploads.sheet_of(upload)[0].station == STATION


async def test_any_json_of_whole_numbers_has_one_form(tab: Tab) -> None:
    chance = random.Random(8)
    given = [
        {drawn_name(chance): _any(chance, 3) for _ in range(chance.randint(0, 5))} for _ in range(SHEETS)
    ]
    found = await made(tab, "one => dabyl.canonical.written(one)", given)
    assert found == [jcs.canonical_bytes(canonical.encode(one)).decode() for one in given]


def _any(chance: random.Random, depth: int) -> object:
    plain: list[object] = [None, True, False, 0, -1, 2**53 - 1, drawn_name(chance), "\x00\x1f\n\r\b\f"]
    if depth == 0 or chance.random() < 0.6:
        return chance.choice(plain)
    inner = [_any(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    return inner if chance.random() < 0.5 else {drawn_name(chance): one for one in inner}


async def test_what_has_no_one_form_is_refused(tab: Tab) -> None:
    for value in ("0.5", "2 ** 53", "NaN", "Infinity", "'\\ud800'", "'a\\udc00b'"):
        refused = f"(() => {{ try {{ dabyl.canonical.written({{ a: {value} }}); return ''; }} catch (error) {{ return error.message; }} }})()"
        assert await tab.value(refused) in {"whole numbers below 2^53 only", "half of a character"}


async def test_the_key_card_is_read_in_every_form_that_people_give_it(tab: Tab) -> None:
    body = "710379" + base62.encode(SEED)
    typed = body + base62.check(body)
    groups = " ".join(typed[6:][start : start + 5] for start in range(0, len(typed) - 6, 5))
    good = [CARD, f"  {CARD}\n", f"71-0379 {groups}", f"KZ-71-0379 {groups}", f"kz-71-0379\n{groups}", typed]
    found = await made(
        tab,
        "text => { const card = dabyl.card.read(text); return [card.station, card.seed && dabyl.bytes.base64url(card.seed)]; }",
        good,
    )
    assert found == [[STATION, to_text(SEED)]] * len(good)


async def test_every_wrong_character_of_a_typed_key_is_noticed(tab: Tab) -> None:
    body = "710379" + base62.encode(SEED)
    typed = body + base62.check(body)
    wrong = [
        typed[:place] + other + typed[place + 1 :]
        for place in range(len(typed))
        for other in "07aZ"
        if typed[place] != other
    ]
    wrong += [
        typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]
        for place in range(6, len(typed) - 1)
        if typed[place] != typed[place + 1]
    ]
    found = await made(tab, "text => dabyl.card.read(text).fault || 'taken'", wrong)
    assert set(found) <= {"card-typo", "card-none"}


async def test_what_is_no_key_card_is_told(tab: Tab) -> None:
    faults = {
        "": "card-none",
        "hello": "card-none",
        "https://example.org/": "card-none",
        f"dabyl:station?id={STATION}&public={to_text(KEY.public)}": "card-public",
        f"dabyl:station?id={STATION}&key=": "card-typo",
        f"dabyl:station?id={STATION}&key={to_text(SEED)[:-1]}": "card-typo",
        f"dabyl:station?id=KZ-7-0379&key={to_text(SEED)}": "card-typo",
        f"dabyl:station?key={to_text(SEED)}": "card-typo",
    }
    assert await made(tab, "text => dabyl.card.read(text).fault", list(faults)) == list(faults.values())
