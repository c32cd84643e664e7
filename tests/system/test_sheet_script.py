"""The page's script against the ground floor's Python: hundreds of mangled notes, keys and bundles, one verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from collector.page.assets import verifier
from tests.browser import Tab, browser
from tests.collector.page.sheet_scenes import SIGNER
from tests.wire.test_merkle import ENTRIES, ROOTS
from tests.wire.test_notes import GO_KEY, GO_NOTE
from wire.errors import BadInput
from wire.merkle import leaf_hash, root
from wire.notes import COSIGNATURE, Checkpoint, Note, NoteKey, Signer, parse_note, verified
from wire.signing import SigningKey
from wire.tiles import Tile, bundle, entries_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEAD = Checkpoint(SIGNER.name, 1_234, leaf_hash(b"x"), ("a further line",))
WITNESS = Signer("witness.example/ngo", COSIGNATURE, SigningKey(b"w" * 32))
NOTE = str(Note(HEAD.text, (SIGNER.sign(HEAD.text), WITNESS.sign(HEAD.text, 1_795_000_000))))
KEY = str(SIGNER.key)
PIECES = ["\n", " ", "+", "=", "A", "0", "9", "—", "\t", "ң", "\u00a0", "a", "/", "\r", ""]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tab]:
    """A page of the script alone: no server, no form."""
    page = tmp_path_factory.mktemp("script") / "page.html"
    page.write_text("<!doctype html><meta charset=utf-8><title>-</title>", encoding="utf-8")
    async with browser() as made:
        await made.open(page.as_uri())
        await made.value(f"(0, eval)({json.dumps(verifier())}); 0")
        yield made


def mangled(text: str, count: int) -> Iterator[str]:
    """The text itself, then with one piece of it left out, doubled or replaced; the same in every run."""
    yield text
    for number in range(count):
        drawn = hashlib.sha256(f"{number}{text[:9]}".encode()).digest()
        at, end = int.from_bytes(drawn[:2], "big") % len(text), drawn[2] % 3
        piece = PIECES[drawn[3] % len(PIECES)]
        yield text[:at] + piece + text[at + end :]


def accepted(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except BadInput:
        return False
    return True


def read_head(text: str) -> Checkpoint:
    note = parse_note(text.encode())
    verified(note, [SIGNER.key])
    head = Checkpoint.parse(note.text)
    if head.origin != SIGNER.name:
        raise BadInput("another log")
    return head


async def verdicts(tab: Tab, call: str, cases: list[Any]) -> list[bool]:
    found = await tab.value(
        f"{json.dumps(cases)}.map(one => {{ try {{ {call}; return true; }} catch (error) {{"
        " if (!(error instanceof dabyl.Fault)) throw error; return false; } })"
    )
    return [bool(one) for one in found]


async def test_a_mangled_checkpoint_is_judged_alike(tab: Tab) -> None:
    cases = list(mangled(NOTE, 400))
    ours = [accepted(read_head, text) for text in cases]
    assert await verdicts(tab, f"dabyl.signedHead(one, dabyl.readKey({json.dumps(KEY)}))", cases) == ours
    assert ours[0]
    assert 3 < sum(ours) < 200  # a witness's line may be mangled: nobody here knows its key


async def test_a_mangled_key_is_judged_alike(tab: Tab) -> None:
    cases = [*mangled(KEY, 300), str(WITNESS.key), "", "+", "++", "a+b+c+d"]
    ours = [accepted(_log_key, text) for text in cases]
    assert await verdicts(tab, "dabyl.readKey(one)", cases) == ours
    assert ours[0]


def _log_key(text: str) -> NoteKey:
    key = NoteKey.parse(text)
    if key.kind == COSIGNATURE:
        raise BadInput("a witness's key signs no log")
    return key


async def test_a_mangled_cosignature_is_judged_alike(tab: Tab) -> None:
    line = NOTE.splitlines()[-1]
    cases = [NOTE.replace(line, one) for one in mangled(line, 200)]

    def cosigned(text: str) -> None:
        if WITNESS.key not in verified(parse_note(text.encode()), [SIGNER.key, WITNESS.key]):
            raise BadInput("the witness has not cosigned this")

    ours = [accepted(cosigned, text) for text in cases]
    call = (
        f"dabyl.cosignedAt(dabyl.readNote(one), dabyl.readKey({json.dumps(str(WITNESS.key))}, dabyl.WITNESS))"
    )
    assert await verdicts(tab, call, cases) == ours
    assert ours[0]
    said = await tab.value(call.replace("one", json.dumps(NOTE), 1))
    assert said == "2026-11-18T11:06:40.000Z"


async def test_keys_that_sign_nothing_are_refused(tab: Tab) -> None:
    zero, one = NoteKey(SIGNER.name, 1, bytes(32)), NoteKey(SIGNER.name, 1, b"\x01" + bytes(31))
    assert await verdicts(tab, "dabyl.readKey(one)", [str(zero), str(one), KEY]) == [False, False, True]


async def test_a_mangled_bundle_is_judged_alike(tab: Tab) -> None:
    raw = bundle([b"", b"one entry", b"x" * 300, b"\x00"])
    cases = [raw, raw + b"\x00", raw[:-1], raw[2:], b""]
    for number in range(300):
        drawn = hashlib.sha256(b"bundle%d" % number).digest()
        at = drawn[0] * 2 % len(raw)
        cases.append(raw[:at] + bytes([drawn[1] % 4]) + raw[at + drawn[2] % 2 :])
    ours = [accepted(lambda _, one=one: entries_of(one, 4), "") for one in cases]  # type: ignore[misc]  # the row's own
    told = await verdicts(tab, "dabyl.entriesOf(Uint8Array.from(one), 4, '-')", [list(one) for one in cases])
    assert told == ours
    assert sum(ours) > 10


async def test_paths_and_roots_are_the_same(tab: Tab) -> None:
    tiles = [
        Tile(level, index, width)
        for level in (None, 0, 3)
        for index in (0, 7, 999, 1_000, 1_234_067)
        for width in (1, 256)
    ]
    wanted = [["entries" if one.level is None else one.level, one.index, one.width] for one in tiles]
    assert await tab.value(f"{json.dumps(wanted)}.map(one => dabyl.tilePath(...one))") == [
        one.path for one in tiles
    ]
    leaves = [leaf_hash(b"%d" % number) for number in range(256)]
    given = json.dumps([list(one) for one in leaves])
    assert (
        await tab.value(f"dabyl.hex(dabyl.tileRoot({given}.map(one => Uint8Array.from(one))))")
        == root(leaves).hex()
    )


async def test_sizes_past_32_bits_are_reckoned_right(tab: Tab) -> None:
    """A proof for a tree that no machine holds: its nodes are made up, its shape is not."""
    script = """(async () => {
      const nodes = async (level, index) => dabyl.hash(dabyl.utf8(`${level}/${index}`));
      const size = 2 ** 40 + 12345, index = 2 ** 33 + 7;
      const path = await dabyl.inclusionProof(nodes, index, size);
      return path.length;
    })()"""
    assert await tab.value(script) == 41


async def test_the_script_gives_the_published_vectors(tab: Tab) -> None:
    """The same as tests/wire tries on the Python: RFC 6962's roots, Go's signed note, every small tree."""
    assert await tab.value("dabyl.hex(dabyl.hash(dabyl.utf8('abc')))") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    await tab.value(
        "window.nodesOf = leaves => { const nodes = async (level, index) => level"
        " ? dabyl.nodeHash(await nodes(level - 1, 2 * index), await nodes(level - 1, 2 * index + 1)) : leaves[index];"
        " return nodes; }; 0"
    )
    leaves = json.dumps([list(entry) for entry in ENTRIES])
    roots = await tab.value(
        f"(async () => {{ const leaves = {leaves}.map(one => dabyl.leafHash(Uint8Array.from(one)));"
        " const found = []; for (let size = 0; size <= 8; size += 1)"
        " found.push(dabyl.hex(await dabyl.rangeRoot(nodesOf(leaves), 0, size))); return found; })()"
    )
    assert roots == ROOTS
    wrong = await tab.value(SMALL_TREES)
    assert wrong == []
    assert await tab.value(
        f"(() => {{ const note = dabyl.readNote({json.dumps(GO_NOTE)}); return dabyl.isSigned(note.text, note.signatures[0].body, dabyl.readKey({json.dumps(GO_KEY)})); }})()"
    )


SMALL_TREES = """(async () => {
  const wrong = [], leaves = Array.from({ length: 24 }, (_, n) => dabyl.leafHash(dabyl.utf8(String(n))));
  const nodes = nodesOf(leaves);
  for (let size = 1; size <= 24; size += 1) {
    const root = await dabyl.rangeRoot(nodes, 0, size);
    for (let index = 0; index < size; index += 1) {
      const path = await dabyl.inclusionProof(nodes, index, size);
      if (!dabyl.isIncluded(leaves[index], index, size, path, root)) wrong.push(["included", index, size]);
      if (dabyl.isIncluded(leaves[index], index + 1, size, path, root)) wrong.push(["shifted", index, size]);
      if (dabyl.isIncluded(leaves[index], index, size, [...path, root], root)) wrong.push(["longer", index, size]);
    }
    for (let old = 0; old <= size; old += 1) {
      const path = await dabyl.consistencyProof(nodes, old, size);
      const before = { size: old, root: await dabyl.rangeRoot(nodes, 0, old) };
      if (!dabyl.isConsistent(before, { size, root }, path)) wrong.push(["consistent", old, size]);
      const false_ = { size: old, root: dabyl.leafHash(before.root) };
      if (dabyl.isConsistent(false_, { size, root }, path)) wrong.push(["forked", old, size]);
    }
  }
  return wrong;
})()"""
